"""Pixels against the ring around them: three ways to measure, one set of moments.

The ring's mean ``m`` and covariance ``C`` come from sums over windows. ``noise``² is added to the
diagonal of ``C``, so that flat surroundings have a spread, too. All scores are lengths whose mean
square is 1 over background that is like its ring: local standard deviations, comparable between
kernels, scales and products.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.background.pictures import (
    NOISE,
    Image,
    Picture,
    Planes,
    check_positive,
    picture_of,
)
from engines.background.strips import for_each_strip
from engines.background.windows import Cells, Windows
from inspector.core.frame import ScoreMap

Metric = Callable[[Cells], Cells]
"""Covariances [d, d, h, w] to lower triangular matrices [d, d, h, w]: a score is the length of
matrix times difference."""
Matrix = list[list[tuple[int, ScoreMap]]]
"""Rows of such matrices: the column and float32[h, w] of each entry that is not zero."""

RIDGE = 0.1
"""Regulariser of the collaborative representation, as a share of the ring's mean variance."""
_ROUNDING = 1e-12
_STRIP = 2**17
"""Pixels that are worked on at a time: they stay in a core's cache, and the memory is reused."""
_ATOMS = 2
"""A ring of fewer pixels than this for each dimension, and one more, says nothing: score 0."""


@dataclass(frozen=True, slots=True)
class LocalZScore:
    """Each channel by itself: ``|y - m| / sqrt(C)``; of several channels the strangest counts."""

    windows: Windows
    noise: float = NOISE

    def __post_init__(self) -> None:
        check_positive(noise=self.noise)

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image: float32[H, W]."""
        return _lengths(picture_of(image), self.windows, self.noise, _standardising, np.maximum)


@dataclass(frozen=True, slots=True)
class LocalRx:
    """Mahalanobis distance to the ring: ``sqrt((y - m)^T C^-1 (y - m) / d)``.

    Of colours, or of level and gradient of a grey image. Reed & Yu, IEEE Trans. ASSP 38 (1990).
    """

    windows: Windows
    noise: float = NOISE

    def __post_init__(self) -> None:
        check_positive(noise=self.noise)

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image: float32[H, W]."""
        return _lengths(picture_of(image, graded=True), self.windows, self.noise, _whitening)


@dataclass(frozen=True, slots=True)
class LocalCollaborative:
    """What the whole ring together, with small weights, cannot represent of a pixel.

    Collaborative representation (Li & Du, IEEE TGRS 53, 2015) with one regulariser for all n atoms,
    ``lambda = ridge * n * tr(C) / d``, about the ring's mean: the residual has the closed form
    ``ridge * t * (C + ridge * t * I)^-1 (y - m)`` with ``t = tr(C) / d``. Its length is divided by
    what it is for the ring itself, root of the mean square. Between ``C^-1`` (ridge 0) and the
    plain distance (ridge large); with one dimension it is the z-score whatever the ridge.
    """

    windows: Windows
    noise: float = NOISE
    ridge: float = RIDGE

    def __post_init__(self) -> None:
        check_positive(noise=self.noise, ridge=self.ridge)

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image: float32[H, W]."""
        return _lengths(picture_of(image, graded=True), self.windows, self.noise, self._residual)

    def _residual(self, covariance: Cells) -> Cells:
        """A factor of ``A² / tr(A C A)`` for ``A = (C + ridge * t * I)^-1``."""
        size = len(covariance)
        ridge = self.ridge * np.trace(covariance) / size
        regular = covariance + np.eye(size)[..., None, None] * ridge
        factor = inverse_factor(np.einsum("ijhw,jkhw->ikhw", regular, regular))
        # A C A = A - ridge t A², and the trace of A² is the sum of its factor's squares
        trace = (inverse_factor(regular) ** 2).sum(axis=(0, 1))
        return np.asarray(factor / np.sqrt(trace - ridge * (factor**2).sum(axis=(0, 1))))


def inverse_factor(matrices: Cells) -> Cells:
    """``W`` lower triangular with ``W^T W = M^-1``, for positive definite ``M`` [d, d, h, w].

    The inverse of Cholesky's factor, written out: thousands of tiny matrices at once. A variance
    that rounding would take away stays at ``_ROUNDING`` of itself.
    """
    size = len(matrices)
    lower, inverse = np.zeros_like(matrices), np.zeros_like(matrices)
    for j in range(size):
        own = matrices[j, j] - (lower[j, :j] ** 2).sum(axis=0)
        lower[j, j] = np.sqrt(np.maximum(own, _ROUNDING * matrices[j, j]))
        for i in range(j + 1, size):
            known = (lower[i, :j] * lower[j, :j]).sum(axis=0)
            lower[i, j] = (matrices[i, j] - known) / lower[j, j]
    for i in range(size):
        inverse[i, i] = 1.0 / lower[i, i]
        for j in range(i):
            inverse[i, j] = -inverse[i, i] * (lower[i, j:i] * inverse[j:i, j]).sum(axis=0)
    return inverse


def _whitening(covariance: Cells) -> Cells:
    return np.asarray(inverse_factor(covariance) / np.sqrt(len(covariance)))


def _standardising(covariance: Cells) -> Cells:
    diagonal = np.eye(len(covariance), dtype=bool)[..., None, None]
    return np.where(diagonal, 1.0 / np.sqrt(np.where(diagonal, covariance, 1.0)), 0.0)


def _lengths(
    picture: Picture,
    windows: Windows,
    noise: float,
    metric: Metric,
    join: np.ufunc = np.add,
) -> ScoreMap:
    """Length of each pixel's difference from its ring's mean, by the metric of its covariance.

    ``join`` makes one number of squared entries: their sum, or ``numpy.maximum``.
    """
    height, width = picture.channels.shape[1:]
    counts = windows.ring_counts(height, width)
    mean, covariance = _moments(picture, windows, counts)
    covariance += np.eye(len(mean))[..., None, None] * noise**2
    enough = counts > _ATOMS * (len(mean) + 1)
    matrix = [
        [(j, np.where(enough, entry, 0.0).astype(np.float32)) for j, entry in found if entry.any()]
        for found in map(enumerate, metric(covariance))
    ]
    lengths = np.empty((height, width), np.float32)

    def measure(first: int, last: int) -> None:
        start, stop = first * windows.step, min(last * windows.step, height)
        planes, out = picture.planes(start, stop), lengths[start:stop]
        for index, level in enumerate(mean):
            planes[index] -= _to_pixels(level[first:last].astype(planes.dtype), windows.step, out)
        rows = [[(j, entry[first:last]) for j, entry in row] for row in matrix]
        _measure(planes.astype(np.float32, copy=False), rows, windows.step, join, out)

    for_each_strip(measure, len(counts), _cell_rows(windows, width))
    return lengths


def _moments(picture: Picture, windows: Windows, counts: Cells) -> tuple[Cells, Cells]:
    """Mean [d, h, w] and covariance [d, d, h, w] of each cell's ring; 0 where it is empty."""
    depth, (height, width) = picture.depth, picture.channels.shape[1:]
    pairs = [(i, j) for i in range(depth) for j in range(i, depth)]
    sums = np.empty((depth + len(pairs), *counts.shape))

    def collect(first: int, last: int) -> None:
        rows = picture.planes(first * windows.step, min(last * windows.step, height))
        planes = _whole_cells(rows, windows.step)
        ones = np.ones_like(planes[0])
        products = [(plane, ones) for plane in planes] + [(planes[i], planes[j]) for i, j in pairs]
        for index, (one, other) in enumerate(products):
            sums[index, first:last] = windows.cell_sums(one, other)

    for_each_strip(collect, len(counts), _cell_rows(windows, width))
    share = 1.0 / np.maximum(counts, 1.0)
    means = [windows.ring_sums(cells) * share for cells in sums]
    mean, covariance = np.stack(means[:depth]), np.empty((depth, depth, *counts.shape))
    for (i, j), product in zip(pairs, means[depth:], strict=True):
        value = product - mean[i] * mean[j]
        covariance[i, j] = covariance[j, i] = value if i != j else np.maximum(value, 0.0)
    return mean, covariance


def _cell_rows(windows: Windows, width: int) -> int:
    return max(1, _STRIP // (windows.step * width))


def _whole_cells(planes: Planes, step: int) -> Planes:
    """The planes, filled up with zeros to whole cells: they add nothing to any sum."""
    rows, columns = (-side % step for side in planes.shape[1:])
    if not rows and not columns:
        return planes
    return np.pad(planes, ((0, 0), (0, rows), (0, columns)))


def _measure(away: Planes, matrix: Matrix, step: int, join: np.ufunc, out: ScoreMap) -> None:
    """``out`` = length of matrix times ``away``, the pixels' differences from their means."""
    out[:] = 0.0
    for row in matrix:
        total = np.zeros_like(out)
        for column, entry in row:
            total += _to_pixels(entry, step, out) * away[column]
        total *= total
        join(out, total, out=out)
    np.sqrt(out, out=out)


def _to_pixels(cells: NDArray[Any], step: int, like: ScoreMap) -> NDArray[Any]:
    """Each cell's value for all its pixels: [rows, columns] to the shape of ``like``.

    Not interpolated: between a ring with an edge in it and one without, an interpolated mean and
    an interpolated spread belong to no ring, and differ from every pixel.
    """
    height, width = like.shape
    return cells.repeat(step, axis=1)[:, :width].repeat(step, axis=0)[:height]
