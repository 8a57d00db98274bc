"""The judge: every check on every view of a part."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.core.detection import Detection
from inspector.core.frame import Pixels
from inspector.core.judgement import CheckResult, Judgement
from inspector.core.ports import Check, PreparedView
from inspector.core.pose import Expected, Pose
from inspector.core.recipe import Box


class Judge:
    """Applies the recipe's checks. Inspection thread; holds no state between parts."""

    def __init__(
        self, checks: Sequence[Check], field: Box, expected: Expected | None = None
    ) -> None:
        self.checks = checks
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
        results = [result for view in views for result in judge_view(self.checks, view, detection)]
        return Judgement(tuple(results), found if any(found) else ())


def judge_view(
    checks: Sequence[Check], view: PreparedView, detection: Detection
) -> tuple[CheckResult, ...]:
    """Every check on one view, in their order: each is told what those before it found."""
    results: list[CheckResult] = []
    for check in checks:
        results.append(check.judge(view, detection, results))
    return tuple(results)
