"""A check before it has a threshold: from a part's view to a map and a raw score."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.learned import Learned
from calibration.statistic import area_beyond, statistic, top_mean
from inspector.core.check_spec import (
    DecisionBasis,
    EngineCheckSpec,
    MapCheckSpec,
    MtCheckSpec,
    PresenceCheckSpec,
    RxGlobalCheckSpec,
)
from inspector.core.detection import Detection
from inspector.core.errors import BundleError
from inspector.core.frame import ScoreMap
from inspector.core.levels import levels_of
from inspector.core.ports import PreparedView
from inspector.core.recipe import Box
from inspector.scoring.averages import Averages
from inspector.scoring.global_rx import Backgrounds, from_arrays, global_map
from inspector.scoring.kernels import KernelSpec, kernel_for, pyramid_for
from inspector.scoring.presence import presence_map
from inspector.scoring.sizes import defect_size
from inspector.scoring.zones import zone_weights

MapSource = Callable[[PreparedView, Detection], ScoreMap]


def marks_places(score_map: ScoreMap) -> bool:
    """False for what an engine without a map gives in its place: one cell, the score."""
    return score_map.size > 1


@dataclass(slots=True)
class RawCheck:
    """Calibration and line score by this same object; zones and the minimum size are in it.

    ``level`` is what the statistic ``area`` counts cells beyond; it is learned from good parts.
    One thread at a time.
    """

    spec: MapCheckSpec
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
        """The same with the level that was learned from good parts."""
        return replace(self, level=level)

    def against(self, backgrounds: Backgrounds) -> RawCheck:
        """The same with what good patches are like."""
        return replace(self, source=_global_source(backgrounds))

    def averaging(self, averages: Averages) -> RawCheck:
        """The same with what the engine's map is like at each scale."""
        return replace(
            self, source=lambda view, detection: averages.fused(_engine_map(view, detection))
        )

    def counting(self, gains: tuple[float, ...]) -> RawCheck:
        """The same with what good parts have at each scale of a kernel."""
        assert isinstance(self.spec, KernelSpec)
        return replace(self, source=_kernel_source(self.spec, gains))

    def tops(self, view: PreparedView) -> list[float]:
        """What is highest where a kernel looks, at each of its scales."""
        assert isinstance(self.spec, KernelSpec)
        levels = levels_of(view.pixels)
        maps = list(pyramid_for(self.spec, *levels.shape).maps(levels))
        weights = self.weights(view, (maps[0].shape[0], maps[0].shape[1]))
        found = [float((one if weights is None else one * weights).max()) for one in maps]
        return found + [found[0]] * (self.spec.scales - len(found))

    @property
    def learns(self) -> bool:
        """Whether a calibration has to keep something that it learned."""
        if isinstance(self.spec, EngineCheckSpec | KernelSpec):
            return self.spec.scales > 1
        return isinstance(self.spec, RxGlobalCheckSpec)

    def knowing(self, learned: Learned | None) -> RawCheck:
        """The same with what a calibration kept. Raises ``BundleError`` for anything else."""
        if not self.learns:
            return self
        if learned is None:
            raise _untaught(self.name)
        arrays = learned.unpacked()
        if isinstance(self.spec, KernelSpec):
            return self.counting(gains_from(arrays, self.name, self.spec.scales))
        if isinstance(self.spec, EngineCheckSpec):
            return self.averaging(Averages.from_arrays(arrays, self.spec.scales))
        return self.against(from_arrays(arrays))

    def map_of(self, view: PreparedView, detection: Detection) -> ScoreMap:
        """The check's raw map float32[h, w] of the view, times the zones' factors."""
        score_map = self.source(view, detection)
        if not marks_places(score_map):
            return score_map
        height, width = score_map.shape
        weights = self.weights(view, (height, width))
        if weights is None:
            return score_map
        weighted: ScoreMap = score_map * weights
        return weighted

    def weights(self, view: PreparedView, shape: tuple[int, int]) -> NDArray[np.float32] | None:
        """The zones' factors of a map float32[h, w] of the view; None for all 1."""
        if not self.basis.zones:
            return None
        key = (view.field, shape)
        if key not in self._weights:
            self._weights[key] = zone_weights(self.basis.zones, view.field, shape)
        return self._weights[key]

    def score_of(self, score_map: ScoreMap, view: PreparedView) -> float:
        """The raw score of a map that ``map_of`` gave."""
        if not marks_places(score_map):
            return float(score_map.max())
        if self.spec.statistic == "top-mean":
            return top_mean(score_map, self.spec.top_share)
        size = defect_size(self.basis, view.field, score_map.shape)
        if self.spec.statistic == "area":
            if self.level is None:
                raise ValueError(f"{self.name}: the statistic 'area' has learned no level")
            return area_beyond(score_map, self.level, size)
        return statistic(score_map, size)


@dataclass(frozen=True, slots=True)
class RawFinding:
    """What one check found in one view, before any threshold."""

    score: float
    map: ScoreMap | None


def raw_checks(basis: DecisionBasis) -> tuple[RawCheck, ...]:
    """The checks of a recipe that have a map, in its order."""
    return tuple(
        RawCheck(spec, basis, source_of(spec))
        for spec in basis.checks
        if not isinstance(spec, MtCheckSpec)
    )


def raw_findings(
    checks: Sequence[RawCheck], view: PreparedView, detection: Detection
) -> tuple[RawFinding, ...]:
    """What all checks find in a view."""
    maps = [check.map_of(view, detection) for check in checks]
    return tuple(
        RawFinding(check.score_of(score_map, view), score_map)
        for check, score_map in zip(checks, maps, strict=True)
    )


def source_of(spec: MapCheckSpec) -> MapSource:
    """Where a check's map comes from: the engine, the taught pose, or the view's own pixels."""
    if isinstance(spec, EngineCheckSpec):
        return _engine_map if spec.scales == 1 else _untaught_engine
    if isinstance(spec, PresenceCheckSpec):
        return lambda view, detection: presence_map(spec, view)

    if isinstance(spec, RxGlobalCheckSpec):
        return _untaught_global

    return _kernel_source(spec)


def _kernel_source(spec: KernelSpec, gains: tuple[float, ...] = ()) -> MapSource:
    def kernel_map(view: PreparedView, detection: Detection) -> ScoreMap:
        levels = levels_of(view.pixels)
        return kernel_for(spec, *levels.shape, gains)(levels)

    return kernel_map


def gains_from(arrays: Mapping[str, NDArray[Any]], check: str, scales: int) -> tuple[float, ...]:
    """Gains as a calibration keeps them. Raises ``BundleError`` for anything else."""
    if {name: array.shape for name, array in arrays.items()} != {"gains": (scales,)}:
        raise BundleError(
            f"check {check}: did not learn {scales} scales",
            remedy="Calibrate the product again with this recipe",
        )
    return tuple(arrays["gains"].tolist())


def _engine_map(view: PreparedView, detection: Detection) -> ScoreMap:
    score_map: ScoreMap = detection.maps[view.view]
    return score_map


def _global_source(backgrounds: Backgrounds) -> MapSource:
    return lambda view, detection: global_map(backgrounds, levels_of(view.pixels))


def _untaught_global(view: PreparedView, detection: Detection) -> ScoreMap:
    raise _untaught("rx-global")


def _untaught_engine(view: PreparedView, detection: Detection) -> ScoreMap:
    raise _untaught("engine")


def _untaught(name: str) -> BundleError:
    return BundleError(
        f"check {name}: has learned nothing of good images",
        remedy="Teach or calibrate the product with this recipe",
    )
