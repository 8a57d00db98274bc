"""The judge: every check on every view of a part."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.core.detection import Detection
from inspector.core.frame import Pixels
from inspector.core.judgement import Judgement
from inspector.core.ports import Check, PreparedView
from inspector.core.pose import Expected, Pose
from inspector.core.recipe import Box


class Judge:
    """Applies the recipe's checks. Inspection thread; holds no state between parts."""

    def __init__(
        self, checks: Sequence[Check], field: Box, expected: Expected | None = None
    ) -> None:
        self._checks = checks
        self._field = field
        self._expected = expected

    def judge(
        self, prepared: Pixels, detection: Detection, poses: Sequence[Pose | None] = ()
    ) -> Judgement:
        """Judge uint8[V, h, w, c] prepared views of one part with the engine's answer to them.

        ``poses`` says where the part lies in each view, where it was looked for.
        """
        found = tuple(poses) or (None,) * len(prepared)
        views = [
            PreparedView(pixels, self._field, view, pose, self._expected)
            for view, (pixels, pose) in enumerate(zip(prepared, found, strict=True))
        ]
        results = tuple(check.judge(view, detection) for view in views for check in self._checks)
        return Judgement(results, found if any(found) else ())
