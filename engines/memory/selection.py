"""Which patch vectors to keep: a bounded random sample, then a greedy core-set of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""float32[n, D]."""

_CANDIDATES = 1024


class Reservoir:
    """A uniform sample of at most ``capacity`` vectors from a stream of unknown length.

    Memory is bounded by ``capacity`` however many images come (Vitter 1985, algorithm R).
    """

    def __init__(self, capacity: int, seed: int) -> None:
        self._capacity = capacity
        self._random = np.random.default_rng(seed)
        self._kept: Vectors | None = None
        self._seen = 0

    def add(self, vectors: Vectors) -> None:
        """Offer float32[n, D]."""
        if self._kept is None:
            self._kept = np.empty((self._capacity, vectors.shape[1]), np.float32)
        fill = min(max(self._capacity - self._seen, 0), len(vectors))
        self._kept[self._seen : self._seen + fill] = vectors[:fill]
        rest = vectors[fill:]
        places = self._random.integers(0, np.arange(len(rest)) + self._seen + fill + 1)
        chosen = places < self._capacity
        self._kept[places[chosen]] = rest[chosen]
        self._seen += len(vectors)

    @property
    def vectors(self) -> Vectors:
        """The sample so far."""
        if self._kept is None:
            raise ValueError("nothing was offered")
        return self._kept[: min(self._seen, self._capacity)]


def greedy_coreset(
    vectors: Vectors, size: int, seed: int, progress: Callable[[float], None], width: int = 64
) -> NDArray[np.int64]:
    """Indices of ``size`` vectors that cover the rest: each is the farthest from those before.

    Distances are taken after a random projection to ``width`` dimensions (Johnson-Lindenstrauss),
    as in Roth et al., CVPR 2022, algorithm 1. Deterministic by seed; ``progress`` may raise.

    Distances to the chosen ones only ever shrink. So the farthest of a few ``_CANDIDATES`` is the
    farthest of all for as long as it is farther than every other vector was when they were taken:
    all vectors are passed through once for hundreds of choices instead of once for each.
    """
    random = np.random.default_rng(seed)
    projection = random.standard_normal((vectors.shape[1], width)).astype(np.float32)
    cloud = _Cloud((vectors - vectors.mean(axis=0)) @ projection)
    size = min(size, len(vectors))
    chosen = [int(random.integers(len(vectors)))]
    cloud.choose(np.array(chosen))
    while len(chosen) < size:
        progress(len(chosen) / size)
        fresh = cloud.farthest(size - len(chosen))
        cloud.choose(fresh)
        chosen.extend(int(index) for index in fresh)
    return np.array(chosen, np.int64)


class _Cloud:
    """Points float32[n, d], each with its squared distance to the nearest chosen one."""

    def __init__(self, points: Vectors) -> None:
        self._points = points
        self._norms = np.einsum("ij,ij->i", points, points)
        self._nearest = np.full(len(points), np.inf, np.float32)

    def choose(self, indices: NDArray[np.int64]) -> None:
        """Take points out, and let all others know their distance to them."""
        chosen, norms = self._points[indices].T, self._norms[indices]
        for start in range(0, len(self._points), 8192):
            part = slice(start, start + 8192)
            squared = self._norms[part, None] + norms - 2.0 * (self._points[part] @ chosen)
            np.minimum(self._nearest[part], squared.min(axis=1), out=self._nearest[part])
        self._nearest[indices] = -np.inf

    def farthest(self, limit: int) -> NDArray[np.int64]:
        """The next choices, one at least and ``limit`` at most, as far as candidates tell them."""
        count = min(_CANDIDATES, len(self._points))
        candidates = np.argpartition(self._nearest, -count)[-count:]
        points, norms = self._points[candidates], self._norms[candidates]
        nearest = self._nearest[candidates]
        bound = nearest.min() if count < len(self._points) else -np.inf
        found: list[int] = []
        while len(found) < limit:
            best = int(nearest.argmax())
            if found and nearest[best] < bound:
                break
            found.append(int(candidates[best]))
            squared = norms + norms[best] - 2.0 * (points @ points[best])
            np.minimum(nearest, squared, out=nearest)
            nearest[best] = -np.inf
        return np.array(found, np.int64)
