"""The check ``mt``: all findings of a view together, by the Mahalanobis-Taguchi distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from calibration.learned import Arrays, Learned
from engines.background.mahalanobis_taguchi import UnitSpace
from inspector.core.check_spec import (
    DecisionBasis,
    EngineCheckSpec,
    MtCheckSpec,
    Zone,
    feature_names,
)
from inspector.core.errors import BundleError
from inspector.core.frame import ScoreMap
from inspector.core.ports import PreparedView
from inspector.core.recipe import Box
from inspector.scoring.raw_check import RawCheck, source_of
from inspector.scoring.zones import cells_of

_HIGHEST, _AREA = EngineCheckSpec(), EngineCheckSpec(statistic="area")
AREA = "engine area"
_TOLD, _LEAST = 3, 0.1
"""Features that explain a distance: at most so many, of at least this share each."""


class Finding(Protocol):
    """What another check found in the view."""

    @property
    def score(self) -> float:
        """Its raw score."""

    @property
    def map(self) -> ScoreMap | None:
        """Its map, zones' factors included."""


@dataclass(frozen=True, slots=True)
class Fusion:
    """Features of the other checks' findings, and their distance from those of good parts.

    ``level`` is what cells of the engine's map hardly exceed in good parts. Without ``space``
    features can be measured, but not judged.
    """

    spec: MtCheckSpec
    basis: DecisionBasis
    level: float = 0.0
    space: UnitSpace | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The features, in the order of ``features``."""
        return self.spec.features or feature_names(self.basis.checks, self.basis.zones)

    @property
    def counts_area(self) -> bool:
        """Whether a level has to be learned."""
        return AREA in self.names

    def features(
        self, view: PreparedView, others: Sequence[Finding], level: float | None = None
    ) -> tuple[float, ...]:
        """Values of all features; ``others`` are the findings of the checks before ``mt``.

        ``level`` takes the place of the own one while it is being learned.
        """
        found = {
            check.check: finding for check, finding in zip(self.basis.checks, others, strict=False)
        }
        measured = {f"{name} z": finding.score for name, finding in found.items()}
        if "engine" in found and (engine_map := found["engine"].map) is not None:
            measured |= self._of_engine(engine_map, view, self.level if level is None else level)
        return tuple(float(measured[name]) for name in self.names)

    def area(self, view: PreparedView, others: Sequence[Finding], level: float) -> float:
        """One of them: the area of the engine's map beyond a level, camera pixels."""
        names = [check.check for check in self.basis.checks]
        engine_map = others[names.index("engine")].map
        assert engine_map is not None
        return self._area(engine_map, view, level)

    def distance(self, features: Sequence[float]) -> float:
        """MD² of one view's features. Raises ``BundleError`` where nothing was learned."""
        return float(self._space.distances([features])[0])

    def explanation(self, features: Sequence[float]) -> str:
        """Which features the distance comes from, in shares of it: ``zone rim max 61 %``."""
        parts = self._space.contributions([features])[0]
        total = float(parts.sum())
        if not np.isfinite(total) or total <= 0.0:
            return ""
        shares = sorted(zip(parts / total, self.names, strict=True), reverse=True)[:_TOLD]
        return ", ".join(
            f"{name} {share:.0%}".replace("%", " %") for share, name in shares if share >= _LEAST
        )

    def learned(self, images: int, folds: int) -> Learned:
        """The unit space as a calibration keeps it."""
        arrays = {**self._space.arrays(), "level": np.array(self.level)}
        return Learned.of(arrays, images=images, folds=folds, features=self.names)

    def knowing(self, learned: Learned | None) -> Fusion:
        """The same with what a calibration kept. Raises ``BundleError`` for anything else."""
        if learned is None:
            raise _untaught()
        arrays: Arrays = learned.unpacked()
        level = arrays.pop("level", None)
        if level is None or level.shape != () or learned.features != self.names:
            raise BundleError(
                f"check mt: learned {', '.join(learned.features) or 'no features'}",
                remedy="Calibrate the product again with this recipe",
            )
        space = UnitSpace.from_arrays(learned.features, arrays)
        return Fusion(self.spec, self.basis, float(level), space)

    @property
    def _space(self) -> UnitSpace:
        if self.space is None:
            raise _untaught()
        return self.space

    def _area(self, score_map: ScoreMap, view: PreparedView, level: float) -> float:
        return RawCheck(_AREA, self.basis, source_of(_AREA), level).score_of(score_map, view)

    def _of_engine(
        self, score_map: ScoreMap, view: PreparedView, level: float
    ) -> Mapping[str, float]:
        """Only what is asked for: a statistic of a minimum size takes its time."""
        highest = RawCheck(_HIGHEST, self.basis, source_of(_HIGHEST))
        names = set(self.names)
        measured: dict[str, float] = {}
        if "engine max" in names:
            measured["engine max"] = highest.score_of(score_map, view)
        if "engine mean" in names:
            measured["engine mean"] = float(score_map.mean(dtype=np.float64))
        if "engine p99" in names:
            rank = int(0.99 * (score_map.size - 1))
            measured["engine p99"] = float(np.partition(score_map, rank, axis=None)[rank])
        if AREA in names:
            measured[AREA] = self._area(score_map, view, level)
        height, width = score_map.shape
        for zone in self.basis.zones:
            if (name := f"zone {zone.name} max") in names:
                within = _within(zone, view.field, (height, width))
                alone = np.where(within, score_map, score_map.min())
                measured[name] = highest.score_of(alone, view)
        return measured


def _untaught() -> BundleError:
    return BundleError(
        "check mt: has learned nothing of good parts",
        remedy="Calibrate the product with this recipe",
    )


def fusion_of(basis: DecisionBasis) -> Fusion | None:
    """The recipe's check ``mt``, if it has one."""
    fusing = [spec for spec in basis.checks if isinstance(spec, MtCheckSpec)]
    return Fusion(fusing[0], basis) if fusing else None


@lru_cache(maxsize=64)
def _within(zone: Zone, field: Box, shape: tuple[int, int]) -> NDArray[Any]:
    return cells_of(zone, field, shape)
