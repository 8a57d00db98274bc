"""A check before it has a threshold: from a part's view to a map and a raw score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from calibration.statistic import area_beyond, statistic, top_mean
from inspector.core.check_spec import CheckSpec, DecisionBasis, EngineCheckSpec, PresenceCheckSpec
from inspector.core.detection import Detection
from inspector.core.frame import ScoreMap
from inspector.core.levels import levels_of
from inspector.core.ports import PreparedView
from inspector.core.recipe import Box
from inspector.scoring.kernels import kernel_for
from inspector.scoring.presence import presence_map
from inspector.scoring.zones import zone_weights

MapSource = Callable[[PreparedView, Detection], ScoreMap]


@dataclass(slots=True)
class RawCheck:
    """Calibration and line score by this same object; zones and the minimum size are in it.

    ``level`` is what the statistic ``area`` counts cells beyond; it is learned from good parts.
    One thread at a time.
    """

    spec: CheckSpec
    basis: DecisionBasis
    source: MapSource
    level: float | None = None
    _weights: dict[tuple[Box, tuple[int, ...]], NDArray[np.float32] | None] = field(
        default_factory=dict, repr=False
    )

    @property
    def name(self) -> str:
        """Name in reasons, records and calibrations."""
        return self.spec.check

    def at_level(self, level: float | None) -> RawCheck:
        """The same with what was learned from good parts."""
        return replace(self, level=level)

    def map_of(self, view: PreparedView, detection: Detection) -> ScoreMap:
        """The check's raw map float32[h, w] of the view, times the zones' factors."""
        score_map = self.source(view, detection)
        if not self.basis.zones:
            return score_map
        key = (view.field, score_map.shape)
        if key not in self._weights:
            height, width = score_map.shape
            self._weights[key] = zone_weights(self.basis.zones, view.field, (height, width))
        weights = self._weights[key]
        if weights is None:
            return score_map
        weighted: ScoreMap = score_map * weights
        return weighted

    def score_of(self, score_map: ScoreMap, view: PreparedView) -> float:
        """The raw score of a map that ``map_of`` gave."""
        cell_area_px = view.field_area_px / score_map.size
        if self.spec.statistic == "top-mean":
            return top_mean(score_map, self.spec.top_share)
        if self.spec.statistic == "area":
            if self.level is None:
                raise ValueError(f"{self.name}: the statistic 'area' has learned no level")
            return area_beyond(score_map, self.level, cell_area_px, self.basis.min_area_px)
        return statistic(score_map, cell_area_px, self.basis.min_area_px)


def raw_checks(basis: DecisionBasis) -> tuple[RawCheck, ...]:
    """The checks of a recipe, in its order."""
    return tuple(RawCheck(spec, basis, source_of(spec)) for spec in basis.checks)


def source_of(spec: CheckSpec) -> MapSource:
    """Where a check's map comes from: the engine, the taught pose, or the view's own pixels."""
    if isinstance(spec, EngineCheckSpec):
        return _engine_map
    if isinstance(spec, PresenceCheckSpec):
        return lambda view, detection: presence_map(spec, view)

    def kernel_map(view: PreparedView, detection: Detection) -> ScoreMap:
        levels = levels_of(view.pixels)
        return kernel_for(spec, *levels.shape)(levels)

    return kernel_map


def _engine_map(view: PreparedView, detection: Detection) -> ScoreMap:
    score_map: ScoreMap = detection.maps[view.view]
    return score_map
