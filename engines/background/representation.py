"""Patches represented by the patches around them: what cannot be is strange.

The atoms of a cell are the patches of the ring around it, outer window less guard. At the borders
the outer window moves inwards, so that every cell chooses among equally many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engines.background.patches import Indexes, Patches, Vectors
from engines.background.pictures import NOISE, Image, check_positive
from engines.background.ring import Ring
from engines.background.strips import for_each_strip
from engines.background.surroundings import Surroundings, surroundings
from inspector.core.errors import ConfigError
from inspector.core.frame import ScoreMap

_FEWEST = 8
"""A ring of fewer atoms has no spread to speak of: score 0."""
_ROOM = 1.001
_BATCH = 64
"""Cells that are solved at a time."""


@dataclass(frozen=True, slots=True)
class Atoms:
    """Rings of b cells: ``away`` float32[b, n, d] is atoms less the patch that they surround.

    ``inside`` [b, n] says which of them count; ``mean`` [b, d] and ``spread`` [b], the variance of
    all entries together, are those of these.
    """

    away: Vectors
    inside: NDArray[np.bool_]
    mean: NDArray[np.float32]
    spread: NDArray[np.float32]


Represent = Callable[[Atoms], NDArray[np.float64]]
"""What remains of the patches, [b, d]."""


class Representation(Protocol):
    """A kernel on the grid of its patches that can also look at some cells alone."""

    @property
    def patches(self) -> Patches:
        """What a cell is."""

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image: float32[h, w] at the grid of the patches."""

    def at(self, vectors: Vectors, chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Judge the ``chosen`` cells [h, w] of an image's patches: float32[their number]."""

    def at_most(self, vectors: Vectors) -> ScoreMap:
        """What no score exceeds, float32[h, w]: at a fraction of the cost."""


@dataclass(frozen=True, slots=True)
class LocalRepresentation:
    """LRB, read here as *local representation by background*.

    The name came without an expansion; this is how we understand it. Of the ring's atoms the
    ``neighbours`` nearest represent the patch, with the weights of locally linear embedding (Roweis
    & Saul, Science 290, 2000): ``w = (Z^T Z + ridge * tr / K * I)^-1 1``, normalised to the sum 1,
    with their differences ``Z`` from the patch. Score: ``|y - sum w_j x_j|`` over the ring's own
    spread. As many neighbours as a vector has entries could represent anything; keep them fewer.
    """

    patches: Patches
    ring: Ring = field(default_factory=Ring)
    neighbours: int = 8
    ridge: float = 0.01
    noise: float = NOISE

    def __post_init__(self) -> None:
        if self.neighbours < 1:
            raise ConfigError(f"neighbours: {self.neighbours}", remedy="Give 1 at least")
        check_positive(noise=self.noise, ridge=self.ridge)

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image: float32[h, w] at the grid of the patches."""
        return self.map_of(self.patches.vectors(image))

    def map_of(self, vectors: Vectors) -> ScoreMap:
        """Judge vectors of any cells, float32[h, w, d]: float32[h, w]."""
        return _everywhere(self, vectors)

    def at(self, vectors: Vectors, chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Judge the ``chosen`` cells [h, w] of an image's patches: float32[their number]."""
        fewest = max(self.neighbours, _FEWEST)
        return _residuals(vectors, chosen, self.ring, self._left, noise=self.noise, fewest=fewest)

    def expected(self, vectors: Vectors) -> Vectors:
        """What the rings make of all cells, float32[h, w, d]."""
        return _expected(vectors, self.ring, self._left, fewest=max(self.neighbours, _FEWEST))

    def at_most(self, vectors: Vectors) -> ScoreMap:
        """What no score exceeds, float32[h, w]: all weight on the nearest atom is no optimum.

        The ``neighbours`` nearest are on average no farther than the whole ring.
        """
        around = surroundings(vectors, self.ring)
        left = around.nearest + self.ridge * (around.off + around.spread + self.noise**2)
        fewest = max(self.neighbours, _FEWEST)
        return _bound(left, around, vectors.shape[2] * self.noise**2, fewest)

    def _left(self, atoms: Atoms) -> NDArray[np.float64]:
        squared = np.where(atoms.inside, _squares(atoms.away), np.inf)
        count = self.neighbours
        nearest = np.argpartition(squared, count - 1, axis=1)[:, :count]
        near = np.take_along_axis(atoms.away, nearest[:, :, None], axis=1).astype(np.float64)
        gram = near @ near.transpose(0, 2, 1)
        ridge = self.ridge * (np.trace(gram, axis1=1, axis2=2) / count + self.noise**2)
        gram += ridge[:, None, None] * np.eye(count)
        weights = np.linalg.solve(gram, np.ones((len(gram), count, 1)))[:, :, 0]
        weights /= weights.sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("bn,bnd->bd", -weights, near))


@dataclass(frozen=True, slots=True)
class Collaborative:
    """CRD: all atoms of the ring together represent the patch; the more unlike, the less they may.

    ``min |y - Xa|² + lambda |G a|²`` with ``G = diag |y - x_i|`` and the weights asked to sum to 1
    by a row of ones (Li & Du, IEEE TGRS 53, 2015). ``lambda = ridge * n / (2 d)``, so that
    ``lambda |y - x_i|²`` is about ``ridge * n * tr(C) / d`` for a patch like its ring; a fixed
    1e-6 would let a ring that spans the space represent anything. The data are centred on the
    ring's mean and the row weighs as much as an atom. For the residual a system of d + 1 unknowns
    is solved, or of n where these are fewer (Woodbury). Score: ``|y - Xa|`` over the ring's own
    spread.
    """

    patches: Patches
    ring: Ring = field(default_factory=Ring)
    ridge: float = 0.1
    noise: float = NOISE

    def __post_init__(self) -> None:
        check_positive(noise=self.noise, ridge=self.ridge)

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image: float32[h, w] at the grid of the patches."""
        return self.map_of(self.patches.vectors(image))

    def map_of(self, vectors: Vectors) -> ScoreMap:
        """Judge vectors of any cells, float32[h, w, d]: float32[h, w]."""
        return _everywhere(self, vectors)

    def at(self, vectors: Vectors, chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Judge the ``chosen`` cells [h, w] of an image's patches: float32[their number]."""
        return _residuals(vectors, chosen, self.ring, self._left, noise=self.noise)

    def expected(self, vectors: Vectors) -> Vectors:
        """What the rings make of all cells, float32[h, w, d]."""
        return _expected(vectors, self.ring, self._left)

    def at_most(self, vectors: Vectors) -> ScoreMap:
        """What no score exceeds, float32[h, w]: the least that all weight on the nearest atom, or
        the same weight on all, leaves of the patch and of the regulariser."""
        around, size = surroundings(vectors, self.ring), vectors.shape[2]
        floor = size * self.noise**2
        share = self.ridge / (2 * size)
        one = around.nearest + share * around.count * (around.nearest + floor)
        every = around.off + share * (around.off + around.spread + floor)
        return _bound(np.minimum(one, every), around, floor)

    def _left(self, atoms: Atoms) -> NDArray[np.float64]:
        cells, count, size = atoms.away.shape
        floor = np.float32(size * self.noise**2)
        share = self.ridge / (2 * size) * atoms.inside.sum(axis=1, keepdims=True)
        weights = atoms.inside / (share * (_squares(atoms.away) + floor))
        raised = np.empty((cells, count, size + 1), np.float32)
        raised[..., :size] = atoms.away - atoms.mean[:, None]
        raised[..., size] = np.sqrt(atoms.spread + floor)[:, None]
        target = np.concatenate([-atoms.mean, raised[:, 0, size:]], axis=1)[..., None]
        raised *= np.sqrt(weights).astype(np.float32)[..., None]
        across = raised.transpose(0, 2, 1)
        if size < count:
            left = np.linalg.solve(across @ raised + np.eye(size + 1), target)
        else:
            drawn = np.linalg.solve(raised @ across + np.eye(count), raised @ target)
            left = target - across @ drawn
        return np.asarray(left[:, :size, 0])


def _everywhere(kernel: Representation, vectors: Vectors) -> ScoreMap:
    grid = vectors.shape[:2]
    return kernel.at(vectors, np.ones(grid, bool)).reshape(grid)


def _residuals(
    vectors: Vectors,
    chosen: NDArray[np.bool_],
    ring: Ring,
    left: Represent,
    *,
    noise: float,
    fewest: int = _FEWEST,
) -> NDArray[np.float32]:
    """What the ring leaves of the chosen patches, over its spread; 0 where there is no ring."""
    size = vectors.shape[2]
    scores = np.zeros(np.count_nonzero(chosen), np.float32)

    def judge(own: Indexes, atoms: Atoms) -> None:
        lengths = np.linalg.norm(left(atoms), axis=1)
        scores[own] = lengths / np.sqrt(atoms.spread + size * noise**2)

    _each_ring(vectors, chosen, ring, judge, fewest)
    return scores


def _expected(vectors: Vectors, ring: Ring, left: Represent, *, fewest: int = _FEWEST) -> Vectors:
    """What the ring makes of each patch; the patch itself where there is no ring."""
    found = vectors.reshape(-1, vectors.shape[2]).copy()

    def draw(own: Indexes, atoms: Atoms) -> None:
        found[own] -= left(atoms).astype(np.float32)

    _each_ring(vectors, np.ones(vectors.shape[:2], bool), ring, draw, fewest)
    return found.reshape(vectors.shape)


def _each_ring(
    vectors: Vectors,
    chosen: NDArray[np.bool_],
    ring: Ring,
    use: Callable[[Indexes, Atoms], None],
    fewest: int,
) -> None:
    """Hand out the rings of the chosen cells, with the cells' numbers among these."""
    height, width, size = vectors.shape
    flat = vectors.reshape(-1, size)
    rows, columns = np.nonzero(chosen)

    def work(first: int, last: int) -> None:
        places, inside = ring.atoms((height, width), rows[first:last], columns[first:last])
        judged = np.flatnonzero(inside.sum(axis=1) >= fewest)
        if not len(judged):
            return
        own = judged + first
        away = np.take(flat, places[judged], axis=0)
        away -= vectors[rows[own], columns[own], None]
        use(own, _atoms(away, inside[judged]))

    for_each_strip(work, len(rows), _BATCH)


def _bound(
    left: NDArray[np.float64], around: Surroundings, floor: float, fewest: int = _FEWEST
) -> ScoreMap:
    """From squared lengths to scores, with room for what float32 rounds."""
    scores = _ROOM * np.sqrt(left / (around.spread + floor))
    return np.where(around.count >= fewest, scores, 0.0).astype(np.float32)


def _atoms(away: Vectors, inside: NDArray[np.bool_]) -> Atoms:
    share = (inside / inside.sum(axis=1, keepdims=True)).astype(np.float32)[:, np.newaxis]
    mean = share @ away
    spread = share @ _squares(away - mean)[..., np.newaxis]
    return Atoms(away, inside, mean[:, 0], spread[:, 0, 0])


def _squares(vectors: Vectors) -> NDArray[np.float32]:
    return np.asarray(np.einsum("bnd,bnd->bn", vectors, vectors), np.float32)
