"""Which patch vectors to keep: a bounded random sample, then a greedy core-set of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""float32[n, D]."""


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
    """
    random = np.random.default_rng(seed)
    projection = random.standard_normal((vectors.shape[1], width)).astype(np.float32)
    points = (vectors - vectors.mean(axis=0)) @ projection
    norms = np.einsum("ij,ij->i", points, points)
    nearest = np.full(len(points), np.inf, np.float32)
    chosen = np.empty(min(size, len(points)), np.int64)
    current = int(random.integers(len(points)))
    for step in range(len(chosen)):
        chosen[step] = current
        distance = points @ points[current]
        distance *= -2.0
        distance += norms
        distance += norms[current]
        np.minimum(nearest, distance, out=nearest)
        nearest[current] = -np.inf
        current = int(nearest.argmax())
        if step % 50 == 0:
            progress(step / len(chosen))
    return chosen
