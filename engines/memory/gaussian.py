"""Gaussians of good patch vectors: one for all places, or one for each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LEAST_SPREAD = 0.1
"""Of a feature, as a share of the spread that features have in the mean: one that hardly ever
moves is not trusted without limit."""
LEAST_SHARE = 0.01
"""Of the covariance that was found, however few vectors there were."""
_WAITING = 16
"""Vectors of a place that are added together."""
_ENTRIES = 2**22
"""Entries of the covariances that are computed at a time."""


@dataclass(frozen=True, slots=True)
class Gaussian:
    """``mean`` float32[places, d], ``whitening`` float32[places, k, d]; one place stands for all.

    The squared length of ``whitening @ (f - mean)`` is 1 on average for good patches ``f``, less
    where what was added to their variances counts.
    """

    mean: NDArray[np.float32]
    whitening: NDArray[np.float32]

    def distances(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """How far vectors float32[places, n, d] are from the mean: float32[places, n]."""
        white = (vectors - self.mean[:, None]) @ self.whitening.transpose(0, 2, 1)
        lengths: NDArray[np.float32] = np.sqrt((white * white).sum(axis=2))
        return lengths


class Moments:
    """Mean and covariance of vectors at each place, of a stream of unknown length.

    Memory is bounded by places x d². Batches are merged as in Chan, Golub & LeVeque (1979), which
    does not cancel.
    """

    def __init__(self, places: int, size: int) -> None:
        exact = np.float64 if places == 1 else np.float32  # one place sees a thousand times more
        self._count = 0
        self._mean: Numbers = np.zeros((places, size))
        self._scatter = np.zeros((places, size, size), exact)
        self._waiting: list[NDArray[np.float32]] = []

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Take in float32[places, n, d]."""
        self._waiting.append(vectors)
        if sum(part.shape[1] for part in self._waiting) >= _WAITING:
            self._merge()

    @property
    def count(self) -> int:
        """Vectors of each place so far."""
        self._merge()
        return self._count

    @property
    def mean(self) -> Numbers:
        """Of each place: float64[places, d]."""
        self._merge()
        return self._mean

    @property
    def pooled(self) -> Numbers:
        """Mean of the covariances of all places: float64[d, d]."""
        self._merge()
        pooled: Numbers = self._scatter.mean(axis=0, dtype=np.float64) / self._count
        return pooled

    def covariances(self) -> Iterator[tuple[slice, Numbers]]:
        """Some places at a time, and their covariances float64[p, d, d]."""
        self._merge()
        for part in _blocks(*self._mean.shape):
            yield part, self._scatter[part].astype(np.float64) / self._count

    def _merge(self) -> None:
        if not self._waiting:
            return
        vectors = np.concatenate(self._waiting, axis=1).astype(self._scatter.dtype)
        self._waiting.clear()
        fresh = vectors.shape[1]
        total = self._count + fresh
        mean = vectors.mean(axis=1, dtype=np.float64)
        moved = mean - self._mean
        vectors -= mean[:, None].astype(vectors.dtype)
        between = (moved * math.sqrt(self._count * fresh / total)).astype(vectors.dtype)
        for part in _blocks(*mean.shape):
            some, step = vectors[part], between[part]
            self._scatter[part] += some.transpose(0, 2, 1) @ some
            self._scatter[part] += step[:, :, None] * step[:, None, :]
        self._mean += moved * (fresh / total)
        self._count = total


def gaussian_of(
    moments: Moments,
    *,
    shared: float,
    added: float,
    components: float = 1.0,
    noise: float = 0.0,
) -> Gaussian:
    """Gaussians whose covariances can be inverted, however few vectors there were.

    Features are first counted in their spreads over all good patches. At each place ``C = (1 - s) S
    + s P + a I`` then, with the covariance ``S`` there, the mean ``P`` of those of all places,
    ``shared`` s and ``added`` a. ``noise`` is a spread that each feature has in any case. Of the
    principal components those of least variance count, ``components`` of them all: defects show
    where good patches hardly vary (Rippel, Mertens & Merhof, ICPR 2020).
    """
    pooled = moments.pooled
    spreads = _spreads(np.diag(pooled) + moments.mean.var(axis=0) + noise**2)
    units = np.outer(spreads, spreads)
    kept = max(1, round(components * len(spreads)))
    floor = shared * pooled / units + np.diag(added + (noise / spreads) ** 2)
    whitening = np.empty((len(moments.mean), kept, len(spreads)), np.float32)
    for part, own in moments.covariances():
        white = _whitening((1.0 - shared) * own / units + floor, kept)
        whitening[part] = white / (spreads * math.sqrt(kept))
    return Gaussian(moments.mean.astype(np.float32), whitening)


def shrinkage_of(moments: Moments) -> float:
    """What is to be ``added`` to the Gaussian of all places for want of vectors, 0..1 and more.

    The oracle approximating shrinkage towards a multiple of the identity (Chen, Wiesel, Eldar &
    Hero, IEEE TSP 58, 2010; its terms 2/d left out), of features counted in their spreads. It needs
    nothing but the covariance, so that vectors need not be kept as for Ledoit and Wolf's.
    """
    spreads = _spreads(np.diag(moments.pooled))
    scaled = moments.pooled / np.outer(spreads, spreads)
    size, count = len(spreads), moments.count
    squares, square = float((scaled**2).sum()), float(np.trace(scaled)) ** 2
    apart = (count + 1.0) * (squares - square / size)
    share = min(1.0, (squares + square) / apart) if apart > 0.0 else 0.0
    return share / max(1.0 - share, LEAST_SHARE)


def _spreads(variances: Numbers) -> Numbers:
    """Spread of each feature, float64[d]; never zero."""
    typical = float(variances.mean())
    return np.sqrt(variances + LEAST_SPREAD**2 * typical) if typical else np.ones(len(variances))


def _whitening(covariances: Numbers, kept: int) -> Numbers:
    """``W`` [p, kept, d]: ``W^T W`` inverts [p, d, d] along its components of least variance."""
    if kept == covariances.shape[-1]:
        return np.linalg.inv(np.linalg.cholesky(covariances))
    variances, axes = np.linalg.eigh(covariances)
    least: Numbers = axes[..., :kept] / np.sqrt(variances[:, None, :kept])
    return least.transpose(0, 2, 1)


def _blocks(places: int, size: int) -> Iterator[slice]:
    step = max(1, _ENTRIES // size**2)
    for start in range(0, places, step):
        yield slice(start, start + step)
