"""The judge: every check on every view of a part."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.core.detection import Detection
from inspector.core.frame import Pixels
from inspector.core.judgement import Judgement
from inspector.core.ports import Check, PreparedView
from inspector.core.recipe import Box


class Judge:
    """Applies the recipe's checks. Inspection thread; holds no state between parts."""

    def __init__(self, checks: Sequence[Check], field: Box) -> None:
        self._checks = checks
        self._field = field

    def judge(self, prepared: Pixels, detection: Detection) -> Judgement:
        """Judge uint8[V, h, w, c] prepared views of one part with the engine's answer to them."""
        return Judgement(
            tuple(
                check.judge(PreparedView(pixels, self._field, view), detection)
                for view, pixels in enumerate(prepared)
                for check in self._checks
            )
        )
