"""What the ring around every patch is like, without looking at each atom of each cell."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from engines.background.patches import Vectors
from engines.background.ring import Ring
from engines.background.strips import for_each_strip, threads

Cells = NDArray[np.float64]
"""float64[h, w]: one value for each cell."""

_FAR = np.float32(1e17)
"""An entry of no patch: its square is still a number."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of every cell's ring: ``count`` of atoms, their ``spread`` (variance of all entries together)
    and squared distances from the patch: to the ring's mean ``off`` and to the ``nearest`` atom.

    ``nearest`` is a bound from above: atoms that only a moved window reaches are not looked at.
    """

    count: Cells
    spread: Cells
    off: Cells
    nearest: Cells


def surroundings(vectors: Vectors, ring: Ring) -> Surroundings:
    """Look around all cells of a grid at once."""
    height, width, size = vectors.shape
    centred = np.asarray(vectors - vectors.mean(axis=(0, 1), dtype=np.float64), np.float64)
    values = np.concatenate([centred, (centred**2).sum(axis=2, keepdims=True)], axis=2)
    integral = np.zeros((height + 1, width + 1, size + 1))
    values.cumsum(axis=0, out=integral[1:, 1:]).cumsum(axis=1, out=integral[1:, 1:])
    sums, count = np.zeros_like(values), np.zeros((height, width))
    for sign, windows in ((1, ring.windows), (-1, ring.guards)):
        (top, bottom), (left, right) = windows(height), windows(width)
        above, below = integral[top], integral[bottom]
        sums += sign * (below[:, right] - below[:, left] - above[:, right] + above[:, left])
        count += sign * np.multiply.outer(bottom - top, right - left)
    means = sums / np.maximum(count, 1)[..., None]
    spread = means[..., size] - (means[..., :size] ** 2).sum(axis=2)
    off = ((centred - means[..., :size]) ** 2).sum(axis=2)
    return Surroundings(count, np.maximum(spread, 0.0), off, _nearest(vectors, ring))


def _nearest(vectors: Vectors, ring: Ring) -> Cells:
    """Squared distance to the nearest atom: the grid against itself, moved by each place of the
    ring; of two opposite places one suffices."""
    height, width, size = vectors.shape
    reach, guard = ring.outer // 2, ring.guard // 2
    row = width + reach
    flat = np.full((size, height, row), _FAR)
    flat[..., :width] = np.moveaxis(vectors, 2, 0)
    flat = flat.reshape(size, -1)
    places = product(range(reach + 1), range(-reach, reach + 1))
    moves = [  # along the flattened grid, whose rows end in patches that are far from all others
        down * row + across
        for down, across in places
        if max(down, abs(across)) > guard and (down or across > 0) and down < height
    ]
    found = np.full((threads(), flat.shape[1]), np.inf, np.float32)

    def compare(part: int, _: int) -> None:
        own = found[part]
        for move in moves[part :: len(found)]:
            away = flat[:, move:] - flat[:, :-move]
            squared = np.einsum("dn,dn->n", away, away)
            np.minimum(own[move:], squared, out=own[move:])
            np.minimum(own[:-move], squared, out=own[:-move])

    for_each_strip(compare, len(found), 1)
    return np.asarray(found.min(axis=0).reshape(height, row)[:, :width], np.float64)
