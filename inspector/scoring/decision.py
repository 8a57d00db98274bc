"""The decision on one view: every check of the recipe against its calibrated threshold."""

from __future__ import annotations

from collections.abc import Sequence

from calibration.threshold import Calibration, CheckCalibration
from inspector.core.check_spec import (
    DecisionBasis,
    EngineCheckSpec,
    MtCheckSpec,
    PresenceCheckSpec,
    RxGlobalCheckSpec,
)
from inspector.core.detection import Detection
from inspector.core.frame import ScoreMap
from inspector.core.judgement import CheckResult, Region
from inspector.core.ports import Check, PreparedView
from inspector.scoring.fusion import Fusion, fusion_of
from inspector.scoring.judge import judge_view
from inspector.scoring.raw_check import RawCheck, marks_places, raw_checks
from inspector.scoring.regions import defect_regions
from inspector.scoring.sizes import defect_size

AS_A_WHOLE = "judged as a whole"
"""What a record says of an engine that marks no place."""


class ThresholdCheck:
    """A `Check`: raw score and map against a threshold.

    The threshold follows from the joint calibration, which scored by the same raw check, minimum
    defect size included: a part fails exactly when there is a region to show (but for ``top-mean``,
    which has no size, and an engine that has no map). Without a calibration it is the recipe's
    provisional one.
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

    def judge(
        self, view: PreparedView, detection: Detection, others: Sequence[CheckResult] = ()
    ) -> CheckResult:
        """Score one view; regions are looked for only when it fails."""
        score_map = self._raw.map_of(view, detection)
        score = self._raw.score_of(score_map, view)
        p_value, extrapolated = _p_values(self._calibration, score)
        places = marks_places(score_map)
        failed = score > self._threshold
        return CheckResult(
            check=self.name,
            score=score,
            threshold=self._threshold,
            p_value=p_value,
            extrapolated_p=extrapolated,
            regions=self._regions(score_map, view) if failed and places else (),
            view=view.view,
            map=score_map if places else None,
            provisional=self._calibration is None,
            finding=_finding(self._raw, view),
            explanation="" if places else AS_A_WHOLE,
        )

    def _regions(self, score_map: ScoreMap, view: PreparedView) -> tuple[Region, ...]:
        return defect_regions(
            score_map,
            self._threshold if self._raw.level is None else self._raw.level,
            defect_size(self._raw.basis, view.field, score_map.shape),
            self._scale,
        )


class FusionCheck:
    """A `Check` of what the others found in the same view. It marks no place, and has no map."""

    def __init__(self, fusion: Fusion, calibration: CheckCalibration) -> None:
        self.name = calibration.name
        self._fusion = fusion
        self._calibration = calibration

    def judge(
        self, view: PreparedView, detection: Detection, others: Sequence[CheckResult]
    ) -> CheckResult:
        """Score one view; what the distance is made of is told only when it fails."""
        features = self._fusion.features(view, others)
        score, threshold = self._fusion.distance(features), self._calibration.threshold
        p_value, extrapolated = _p_values(self._calibration, score)
        return CheckResult(
            check=self.name,
            score=score,
            threshold=threshold,
            p_value=p_value,
            extrapolated_p=extrapolated,
            view=view.view,
            explanation="" if score <= threshold else self._fusion.explanation(features),
        )


def _p_values(
    calibration: CheckCalibration | None, score: float
) -> tuple[float | None, float | None]:
    """What ranks say of a score, and what the fitted tail does."""
    if calibration is None:
        return None, None
    p_value = calibration.p_value(score)
    return p_value, min(calibration.extrapolated_p(score), p_value)


def _finding(raw: RawCheck, view: PreparedView) -> str:
    """What is wrong with the part as a whole, in the words of the check that says so."""
    if isinstance(raw.spec, PresenceCheckSpec) and view.pose is not None:
        return view.pose.finding
    return ""


class Decision:
    """A recipe's checks with their calibration. Inspection thread, or one that teaches."""

    def __init__(self, calibration: Calibration, scale_mm_per_px: float | None = None) -> None:
        self.calibration = calibration
        basis = calibration.basis
        checks: list[Check] = []
        for raw in raw_checks(basis):
            own = calibration.of(raw.name)
            known = raw.at_level(own.level).knowing(own.learned)
            checks.append(ThresholdCheck(known, own.threshold, scale_mm_per_px, own))
        fusion = fusion_of(basis)
        if fusion is not None:
            own = calibration.of(fusion.spec.check)
            checks.append(FusionCheck(fusion.knowing(own.learned), own))
        self.checks = tuple(checks)

    def judge(self, view: PreparedView, detection: Detection) -> tuple[CheckResult, ...]:
        """All checks of one view."""
        return judge_view(self.checks, view, detection)

    def joint(self, results: Sequence[CheckResult]) -> float:
        """The joint score that ``calibration.threshold`` is held against."""
        return self.calibration.joint([result.score for result in results])


def provisional_checks(
    basis: DecisionBasis, scale_mm_per_px: float | None, engine: float | None = None
) -> tuple[ThresholdCheck, ...] | None:
    """Checks at the recipe's provisional thresholds; None where one has to be taught.

    ``engine`` is the threshold of the engine's own map, where that needs no teaching.
    """
    if any(isinstance(spec, MtCheckSpec) for spec in basis.checks):
        return None
    checks = []
    for raw in raw_checks(basis):
        if (
            isinstance(raw.spec, PresenceCheckSpec | RxGlobalCheckSpec)
            or raw.spec.statistic == "area"
        ):
            return None
        if isinstance(raw.spec, EngineCheckSpec):
            if engine is None or raw.spec.scales > 1:
                return None
            threshold = engine
        else:
            threshold = raw.spec.provisional_threshold
        checks.append(ThresholdCheck(raw, threshold, scale_mm_per_px))
    return tuple(checks)
