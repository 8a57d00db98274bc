"""The decision on one view: every check of the recipe against its calibrated threshold."""

from __future__ import annotations

from collections.abc import Sequence

from calibration.threshold import Calibration, CheckCalibration
from inspector.core.detection import Detection
from inspector.core.judgement import CheckResult, Region
from inspector.core.ports import PreparedView
from inspector.scoring.raw_check import RawCheck, raw_checks
from inspector.scoring.regions import defect_regions


class CalibratedCheck:
    """A `Check`: raw score and map against the threshold that follows from the joint calibration.

    The same raw check made the threshold, the minimum defect size included, so that a part fails
    exactly when there is a region to show (but for ``top-mean``, which has no size).
    """

    def __init__(
        self, raw: RawCheck, calibration: CheckCalibration, scale_mm_per_px: float | None
    ) -> None:
        self.name = raw.name
        self._raw = raw
        self._calibration = calibration
        self._scale = scale_mm_per_px

    def judge(self, view: PreparedView, detection: Detection) -> CheckResult:
        """Score one view; regions are looked for only when it fails."""
        score_map = self._raw.map_of(view, detection)
        score = self._raw.score_of(score_map, view)
        threshold = self._calibration.threshold
        regions: tuple[Region, ...] = ()
        if not score <= threshold:
            regions = defect_regions(
                score_map,
                threshold if self._raw.level is None else self._raw.level,
                cell_area_px=view.field_area_px / score_map.size,
                min_area_px=self._raw.basis.min_area_px,
                scale_mm_per_px=self._scale,
            )
        p_value = self._calibration.p_value(score)
        return CheckResult(
            check=self.name,
            score=score,
            threshold=threshold,
            p_value=p_value,
            extrapolated_p=min(self._calibration.extrapolated_p(score), p_value),
            regions=regions,
            view=view.view,
            map=score_map,
        )


class Decision:
    """A recipe's checks with their calibration. Inspection thread, or one that teaches."""

    def __init__(self, calibration: Calibration, scale_mm_per_px: float | None = None) -> None:
        self.calibration = calibration
        self.raw = tuple(
            check.at_level(own.level)
            for check, own in zip(raw_checks(calibration.basis), calibration.checks, strict=True)
        )
        pairs = zip(self.raw, calibration.checks, strict=True)
        self.checks = tuple(CalibratedCheck(raw, own, scale_mm_per_px) for raw, own in pairs)

    def judge(self, view: PreparedView, detection: Detection) -> tuple[CheckResult, ...]:
        """All checks of one view."""
        return tuple(check.judge(view, detection) for check in self.checks)

    def joint(self, results: Sequence[CheckResult]) -> float:
        """The joint score that ``calibration.threshold`` is held against."""
        return self.calibration.joint([result.score for result in results])
