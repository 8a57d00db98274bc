"""The engine check: the bundle's own map against the product's own threshold."""

from __future__ import annotations

from calibration.statistic import statistic
from calibration.threshold import Calibration
from inspector.core.detection import Detection
from inspector.core.judgement import CheckResult, Region
from inspector.core.ports import PreparedView
from inspector.scoring.regions import defect_regions


class EngineCheck:
    """Scores a view by the calibrated statistic of the engine's raw map.

    The same statistic made the threshold (``calibration.statistic``), the minimum defect size
    included, so a part fails exactly when at least one region is left to show.
    """

    name = "engine"

    def __init__(
        self, calibration: Calibration, *, min_area_px: float, scale_mm_per_px: float | None
    ) -> None:
        self._calibration = calibration
        self._min_area_px = min_area_px
        self._scale = scale_mm_per_px

    def judge(self, view: PreparedView, detection: Detection) -> CheckResult:
        """Score one view; regions are looked for only when it fails."""
        score_map = detection.maps[view.view]
        cell_area_px = view.field_area_px / score_map.size
        score = statistic(score_map, cell_area_px, self._min_area_px)
        threshold = self._calibration.threshold
        regions: tuple[Region, ...] = ()
        if not score <= threshold:
            regions = defect_regions(
                score_map,
                threshold,
                cell_area_px=cell_area_px,
                min_area_px=self._min_area_px,
                scale_mm_per_px=self._scale,
            )
        return CheckResult(
            check=self.name,
            score=score,
            threshold=threshold,
            p_value=self._calibration.p_value(score),
            regions=regions,
            view=view.view,
            map=score_map,
        )
