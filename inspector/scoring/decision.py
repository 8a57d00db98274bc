"""The decision on one view: every check of the recipe against its calibrated threshold."""

from __future__ import annotations

from collections.abc import Sequence

from calibration.threshold import Calibration, CheckCalibration
from inspector.core.check_spec import DecisionBasis, EngineCheckSpec, PresenceCheckSpec
from inspector.core.detection import Detection
from inspector.core.frame import ScoreMap
from inspector.core.judgement import CheckResult, Region
from inspector.core.ports import PreparedView
from inspector.scoring.raw_check import RawCheck, raw_checks
from inspector.scoring.regions import defect_regions


class ThresholdCheck:
    """A `Check`: raw score and map against a threshold.

    The threshold follows from the joint calibration, which scored by the same raw check, minimum
    defect size included: a part fails exactly when there is a region to show (but for ``top-mean``,
    which has no size). Without a calibration it is the recipe's provisional one.
    """

    def __init__(
        self,
        raw: RawCheck,
        threshold: float,
        scale_mm_per_px: float | None,
        calibration: CheckCalibration | None = None,
    ) -> None:
        self.name = raw.name
        self._raw = raw
        self._threshold = threshold
        self._calibration = calibration
        self._scale = scale_mm_per_px

    def judge(self, view: PreparedView, detection: Detection) -> CheckResult:
        """Score one view; regions are looked for only when it fails."""
        score_map = self._raw.map_of(view, detection)
        score = self._raw.score_of(score_map, view)
        p_value = extrapolated = None
        if self._calibration is not None:
            p_value = self._calibration.p_value(score)
            extrapolated = min(self._calibration.extrapolated_p(score), p_value)
        return CheckResult(
            check=self.name,
            score=score,
            threshold=self._threshold,
            p_value=p_value,
            extrapolated_p=extrapolated,
            regions=() if score <= self._threshold else self._regions(score_map, view),
            view=view.view,
            map=score_map,
            provisional=self._calibration is None,
            finding=_finding(self._raw, view),
        )

    def _regions(self, score_map: ScoreMap, view: PreparedView) -> tuple[Region, ...]:
        return defect_regions(
            score_map,
            self._threshold if self._raw.level is None else self._raw.level,
            cell_area_px=view.field_area_px / score_map.size,
            min_area_px=self._raw.basis.min_area_px,
            scale_mm_per_px=self._scale,
        )


def _finding(raw: RawCheck, view: PreparedView) -> str:
    """What is wrong with the part as a whole, in the words of the check that says so."""
    if isinstance(raw.spec, PresenceCheckSpec) and view.pose is not None:
        return view.pose.finding
    return ""


class Decision:
    """A recipe's checks with their calibration. Inspection thread, or one that teaches."""

    def __init__(self, calibration: Calibration, scale_mm_per_px: float | None = None) -> None:
        self.calibration = calibration
        self.raw = tuple(
            check.at_level(own.level)
            for check, own in zip(raw_checks(calibration.basis), calibration.checks, strict=True)
        )
        self.checks = tuple(
            ThresholdCheck(raw, own.threshold, scale_mm_per_px, own)
            for raw, own in zip(self.raw, calibration.checks, strict=True)
        )

    def judge(self, view: PreparedView, detection: Detection) -> tuple[CheckResult, ...]:
        """All checks of one view."""
        return tuple(check.judge(view, detection) for check in self.checks)

    def joint(self, results: Sequence[CheckResult]) -> float:
        """The joint score that ``calibration.threshold`` is held against."""
        return self.calibration.joint([result.score for result in results])


def provisional_checks(
    basis: DecisionBasis, scale_mm_per_px: float | None
) -> tuple[ThresholdCheck, ...] | None:
    """Background checks at the recipe's provisional thresholds; None where one has to be taught."""
    checks = []
    for raw in raw_checks(basis):
        if (
            isinstance(raw.spec, EngineCheckSpec | PresenceCheckSpec)
            or raw.spec.statistic == "area"
        ):
            return None
        threshold = raw.spec.provisional_threshold
        checks.append(ThresholdCheck(raw, threshold, scale_mm_per_px))
    return tuple(checks)
