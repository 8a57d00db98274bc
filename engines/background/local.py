"""Pixels against the ring around them: three ways to measure, one set of moments.

The ring's mean ``m`` and covariance ``C`` come from sums over windows. ``noise``² is added to the
diagonal of ``C``, so that flat surroundings have a spread, too. All scores are lengths whose mean
square is 1 over background that is like its ring: local standard deviations, comparable between
kernels, scales and products.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.background.pictures import (
    NOISE,
    Image,
    Picture,
    check_positive,
    picture_of,
)
from engines.background.strips import for_each_strip, threads
from engines.background.windows import Cells, Windows
from inspector.core.frame import ScoreMap

Metric = Callable[[Cells], Cells]
"""Covariances [d, d, h, w] to lower triangular matrices [d, d, h, w]: a score is the length of
matrix times difference."""
Bands = NDArray[Any]
"""[h, rows, W]: a plane as its rows of cells."""

RIDGE = 0.1
"""Regulariser of the collaborative representation, as a share of the ring's mean variance."""
_ROUNDING = 1e-12
_STRIP = 2**17, 2**18
"""Pixels that are worked on at a time, from and to: beyond it they leave a core's cache; with less
two threads wait for the interpreter's lock, which each of many short calls takes again."""
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

    def expected(self, image: Image) -> NDArray[np.float32]:
        """The mean level of each pixel's ring, float32[C, H, W]."""
        picture = picture_of(image, graded=True)
        height, width = picture.channels.shape[1:]
        mean, _ = _moments(picture, self.windows, self.windows.ring_counts(height, width))
        levels = mean[: len(picture.channels)] + picture.centre[:, None, None]
        wide = levels.repeat(self.windows.step, axis=1).repeat(self.windows.step, axis=2)
        return np.asarray(wide[:, :height, :width], np.float32)

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
    inverse = np.zeros_like(matrices)
    for i in range(len(matrices)):
        row = [_dot(inverse[j, : j + 1], matrices[i, : j + 1]) for j in range(i)]
        own = matrices[i, i] - _dot(row, row)
        inverse[i, i] = 1.0 / np.sqrt(np.maximum(own, _ROUNDING * matrices[i, i]))
        for j in range(i):
            inverse[i, j] = -inverse[i, i] * _dot(row[j:], inverse[j:i, j])
    return inverse


def _dot(some: Iterable[Cells], others: Iterable[Cells]) -> Cells:
    return np.asarray(sum(one * other for one, other in zip(some, others, strict=True)))


def _whitening(covariance: Cells) -> Cells:
    return np.asarray(inverse_factor(covariance) / np.sqrt(len(covariance)))


def _standardising(covariance: Cells) -> Cells:
    factor = np.zeros_like(covariance)
    for index in range(len(covariance)):
        factor[index, index] = 1.0 / np.sqrt(covariance[index, index])
    return factor


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
    for index in range(len(mean)):
        covariance[index, index] += noise**2
    enough = counts > _ATOMS * (len(mean) + 1)
    matrix = np.where(enough, metric(covariance), 0.0).astype(np.float32)
    lengths = np.empty((height, width), np.float32)

    def measure(first: int, last: int) -> None:
        away = []
        for band, level in zip(
            _bands(picture, windows, first, last), mean[:, first:last], strict=True
        ):
            usual = _across(level.astype(band.dtype), windows.step, width)
            away.append(np.subtract(band, usual, out=band).astype(np.float32, copy=False))
        out = lengths[first * windows.step : last * windows.step].reshape(away[0].shape)
        _measure(away, matrix[:, :, first:last], windows.step, join, out)

    _for_each_strip(measure, windows, height, width)
    return lengths


def _moments(picture: Picture, windows: Windows, counts: Cells) -> tuple[Cells, Cells]:
    """Mean [d, h, w] and covariance [d, d, h, w] of each cell's ring; 0 where it is empty."""
    depth, (height, width) = picture.depth, picture.channels.shape[1:]
    pairs = [(i, j) for i in range(depth) for j in range(i, depth)]
    sums = np.empty((depth + len(pairs), *counts.shape))

    def collect(first: int, last: int) -> None:
        bands = _bands(picture, windows, first, last)
        down = [np.add.reduce(band, axis=1) for band in bands]
        down += [np.einsum("hsw,hsw->hw", bands[i], bands[j]) for i, j in pairs]
        sums[:, first:last] = windows.sums_across(np.stack(down))

    _for_each_strip(collect, windows, height, width)
    share = 1.0 / np.maximum(counts, 1.0)
    means = [windows.ring_sums(cells) * share for cells in sums]
    mean, covariance = np.stack(means[:depth]), np.empty((depth, depth, *counts.shape))
    for (i, j), product in zip(pairs, means[depth:], strict=True):
        value = product - mean[i] * mean[j]
        covariance[i, j] = covariance[j, i] = value if i != j else np.maximum(value, 0.0)
    return mean, covariance


def _for_each_strip(
    work: Callable[[int, int], None], windows: Windows, height: int, width: int
) -> None:
    """Call ``work(first, last)`` for some rows of whole cells at a time, then for the cut ones."""
    whole = height // windows.step
    pixels = np.clip(height * width / threads(), *_STRIP)
    for_each_strip(work, whole, max(1, int(pixels) // (windows.step * width)))
    if height % windows.step:
        work(whole, whole + 1)


def _bands(picture: Picture, windows: Windows, first: int, last: int) -> list[Bands]:
    """Rows of cells of all planes."""
    height, width = picture.channels.shape[1:]
    planes = picture.planes(first * windows.step, min(last * windows.step, height))
    return [plane.reshape(last - first, -1, width) for plane in planes]


def _measure(
    away: list[Bands], matrix: NDArray[np.float32], step: int, join: np.ufunc, out: Bands
) -> None:
    """``out`` = length of matrix times ``away``, the pixels' differences from their means.

    ``away`` is overwritten: the last row of a triangular matrix is the only one that needs the last
    difference.
    """
    part = np.empty_like(out)
    for i in reversed(range(len(away))):
        away[i] *= _across(matrix[i, i], step, out.shape[2])
        for j in range(i):
            if matrix[i, j].any():
                entry = _across(matrix[i, j], step, out.shape[2])
                away[i] += np.multiply(away[j], entry, out=part)
        away[i] *= away[i]
        if i + 1 < len(away):
            join(away[i], away[i + 1], out=away[i])
    np.sqrt(away[0], out=out)


def _across(cells: NDArray[Any], step: int, width: int) -> NDArray[Any]:
    """Each cell's value for all its columns: [h, w] to [h, 1, width].

    Not interpolated: between a ring with an edge in it and one without, an interpolated mean and
    an interpolated spread belong to no ring, and differ from every pixel.
    """
    return cells.repeat(step, axis=1)[:, np.newaxis, :width]
