"""What checks learn of good parts, so that no image is judged by what it taught itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.learned import Learned, folds_of
from engines.background.mahalanobis_taguchi import MINIMUM_PARTS, UnitSpace
from engines.background.patches import Vectors
from engines.background.pyramid import gains_of
from engines.background.rx import fit_background
from inspector.core.check_spec import EngineCheckSpec, RxGlobalCheckSpec
from inspector.core.errors import DatasetError
from inspector.core.frame import ScoreMap
from inspector.core.levels import levels_of
from inspector.core.ports import PreparedView
from inspector.scoring.averages import HARDLY, Averages, averaged
from inspector.scoring.fusion import AREA, Finding, Fusion
from inspector.scoring.global_rx import Backgrounds, to_arrays, vectors_of
from inspector.scoring.kernels import KernelSpec
from inspector.scoring.raw_check import RawCheck
from inspector.teaching.prepared import Preparer, refuse_lost

CELLS = 2_000
"""Cells of one map that a level is learned from."""
_PATCHES = 200_000
"""Patches that a background is learned from, at most: as many of each image and scale."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learning:
    """A check with what it learned. ``by_image`` judges each calibration image where the check
    learned from these."""

    check: RawCheck
    learned: Learned | None = None
    by_image: tuple[RawCheck, ...] = ()

    @property
    def name(self) -> str:
        """The check's."""
        return self.check.name

    def of(self, image: int) -> RawCheck:
        """What judges a calibration image."""
        return self.by_image[image] if self.by_image else self.check


def learn_backgrounds(
    checks: Sequence[RawCheck],
    preparer: Preparer,
    taught: Sequence[Path],
    calibrating: Sequence[Path],
) -> tuple[Learning, ...]:
    """Let ``rx-global`` learn, from images that were taught or else from those that calibrate.

    Raises ``DatasetError``, ``ImageError`` or ``ConfigError`` as reading does.
    """
    return tuple(
        _learn(check, check.spec.scales, preparer, taught, calibrating)
        if isinstance(check.spec, RxGlobalCheckSpec)
        else Learning(check)
        for check in checks
    )


def _learn(
    check: RawCheck,
    scales: int,
    preparer: Preparer,
    taught: Sequence[Path],
    calibrating: Sequence[Path],
) -> Learning:
    vectors = _vectors(check, scales, preparer, taught or calibrating)
    backgrounds = _fit(vectors)
    final, arrays = check.against(backgrounds), to_arrays(backgrounds)
    if taught:
        return Learning(final, Learned.of(arrays, images=len(taught)))
    folds = folds_of(len(calibrating))
    by_fold = [
        check.against(_fit(own for own, at in zip(vectors, folds, strict=True) if at != fold))
        for fold in np.unique(folds)
    ]
    learned = Learned.of(arrays, images=len(calibrating), folds=len(by_fold))
    return Learning(final, learned, tuple(by_fold[fold] for fold in folds))


def _vectors(
    check: RawCheck, scales: int, preparer: Preparer, paths: Sequence[Path]
) -> list[list[Vectors]]:
    """Some patch vectors [n, d] of each image and scale, where the zones let it be inspected."""
    random = np.random.default_rng(0)
    room = max(_PATCHES // len(paths), 1)
    found = []
    for path in paths:
        view = preparer.view(path)
        refuse_lost(view, path)
        own = []
        for vectors in vectors_of(levels_of(view.pixels), scales):
            height, width, size = vectors.shape
            weights = check.weights(view, (height, width))
            inspected = vectors.reshape(-1, size) if weights is None else vectors[weights > 0]
            count = min(room, len(inspected))
            own.append(inspected[random.choice(len(inspected), count, replace=False)])
        found.append(own)
    return found


def _fit(vectors: Iterable[list[Vectors]]) -> Backgrounds:
    return tuple(fit_background(scale) for scale in zip(*vectors, strict=True))


def learn_averages(
    checks: Sequence[Learning], engine_maps: Callable[[], Iterable[ScoreMap]], images: int
) -> tuple[Learning, ...]:
    """Let an engine of several scales learn from its maps of the images that calibrate."""
    return tuple(
        _averaging(check.check, check.check.spec.scales, engine_maps(), images)
        if isinstance(check.check.spec, EngineCheckSpec) and check.check.spec.scales > 1
        else check
        for check in checks
    )


def _averaging(
    check: RawCheck, scales: int, engine_maps: Iterable[ScoreMap], images: int
) -> Learning:
    random = np.random.default_rng(0)
    cells = []
    for score_map in engine_maps:
        some = random.choice(score_map.size, min(CELLS, score_map.size), replace=False)
        cells.append(np.array([own.ravel()[some] for own in averaged(score_map, scales)]))
    folds = folds_of(images)
    by_fold = []
    for fold in np.unique(folds):
        others = [own for own, at in zip(cells, folds, strict=True) if at != fold]
        by_fold.append(check.averaging(Averages.of(np.concatenate(others, axis=1))))
    averages = Averages.of(np.concatenate(cells, axis=1))
    learned = Learned.of(averages.arrays(), images=images, folds=len(by_fold))
    return Learning(check.averaging(averages), learned, tuple(by_fold[fold] for fold in folds))


def learn_gains(
    checks: Sequence[Learning], preparer: Preparer, paths: Sequence[Path]
) -> tuple[Learning, ...]:
    """Let kernels of several scales learn how these compare, from the images that calibrate."""
    return tuple(
        _counting(one.check, preparer, paths)
        if isinstance(one.check.spec, KernelSpec) and one.check.spec.scales > 1
        else one
        for one in checks
    )


def _counting(check: RawCheck, preparer: Preparer, paths: Sequence[Path]) -> Learning:
    tops = np.array([check.tops(preparer.view(path)) for path in paths])
    folds = folds_of(len(paths))
    by_fold = [check.counting(gains_of(tops[folds != fold])) for fold in np.unique(folds)]
    gains = gains_of(tops)
    learned = Learned.of({"gains": np.array(gains)}, images=len(paths), folds=len(by_fold))
    return Learning(check.counting(gains), learned, tuple(by_fold[fold] for fold in folds))


@dataclass(slots=True)
class Fusing:
    """Features of the calibration images for ``mt``, and the unit spaces that they span.

    ``levels`` are those of all images, and of all but each fold's: features are measured at each.
    """

    fusion: Fusion
    folds: NDArray[np.intp]
    levels: Values
    _features: list[list[tuple[float, ...]]] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, fusion: Fusion, cells: Sequence[ScoreMap], images: int) -> Fusing:
        """Begin. ``cells`` are some of each image's engine map; none where no area is counted.

        Raises ``DatasetError`` for too few images.
        """
        folds = folds_of(images)
        least = images - int(np.bincount(folds).max())
        if least < MINIMUM_PARTS:
            raise DatasetError(
                f"{images} good images to calibrate the check mt with",
                remedy=f"Give at least {MINIMUM_PARTS + 1}",
            )
        others = [folds >= 0, *(folds != fold for fold in np.unique(folds))]
        levels = [
            np.quantile(
                np.concatenate([cells[at] for at in np.flatnonzero(some).tolist()]), 1.0 - HARDLY
            )
            if len(cells)
            else 0.0
            for some in others
        ]
        return cls(fusion, folds, np.array(levels))

    def add(self, view: PreparedView, found: Sequence[Finding]) -> None:
        """Measure the next image."""
        first = self.fusion.features(view, found, float(self.levels[0]))
        if not self.fusion.counts_area:
            self._features.append([first])
            return
        at = self.fusion.names.index(AREA)
        areas = (self.fusion.area(view, found, float(level)) for level in self.levels)
        self._features.append([(*first[:at], area, *first[at + 1 :]) for area in areas])

    def distances(self) -> Values:
        """MD² of each image, float64[n], from the unit space that the other folds span."""
        found = np.empty(len(self.folds))
        for fold in np.unique(self.folds):
            features, own = self._at(fold + 1), self.folds == fold
            found[own] = UnitSpace.of(features[~own], self.fusion.names).distances(features[own])
        return found

    def learned(self) -> Learned:
        """What parts to come are held against: the unit space of all images."""
        space = UnitSpace.of(self._at(0), self.fusion.names)
        known = Fusion(self.fusion.spec, self.fusion.basis, float(self.levels[0]), space)
        return known.learned(len(self.folds), len(self.levels) - 1)

    def _at(self, level: int) -> Values:
        return np.array([parts[level if len(parts) > 1 else 0] for parts in self._features])
