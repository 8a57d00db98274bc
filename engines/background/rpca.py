"""Robust principal components: a matrix as the sum of a low-rank and a sparse one.

Columns are observations that share a background; what few entries of a column do not share is
sparse. `pursuit` finds both parts exactly where they can be told apart (Candès, Li, Ma & Wright,
"Robust principal component analysis?", J. ACM 58, 2011); `godec` a part of given rank, faster
(Zhou & Tao, "GoDec", ICML 2011). Matrices are float32 or float64[m, n], computed as they come; of
the longer side only products with the shorter are made. No threads of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.floating[Any]]

TOLERANCE = 1e-6
"""Share of the matrix that low rank and sparse part may leave unexplained, by Frobenius norms."""
_GROWTH = 1.5
"""Of the penalty ``mu``, at each step (Lin, Chen & Ma)."""
_FIRST, _LARGEST = 1.25, 1e7
_ROWS = 2**14
"""Rows whose products are added in float64 at a time."""
_NOTHING = 1e-7
"""Share of the largest singular value below which others are rounding."""


@dataclass(frozen=True, slots=True)
class Split:
    """``low`` of rank ``rank``, and ``sparse``: [m, n] each; found in ``steps`` steps."""

    low: Matrix
    sparse: Matrix
    rank: int
    steps: int


@dataclass(frozen=True, slots=True)
class Subspace:
    """What the columns of a low-rank matrix are made of: ``mean`` [m], ``axes`` [m, r] of length 1,
    the one of the largest variance first."""

    mean: Matrix
    axes: Matrix


def soft(values: Matrix, threshold: float) -> Matrix:
    """Nearer to zero by a threshold, and zero where they were nearer than that."""
    return np.asarray(values - np.clip(values, -threshold, threshold))


def pursuit(
    matrix: Matrix, weight: float | None = None, *, tolerance: float = TOLERANCE, most: int = 100
) -> Split:
    """Principal component pursuit: least ``|L|_* + weight |S|_1`` with ``L + S = matrix``.

    ``weight`` is ``1 / sqrt(max(m, n))`` where it is not given. By the inexact augmented Lagrangian
    of Lin, Chen & Ma (arXiv:1009.5055, 2010), algorithm 5: in turn singular values are shrunk by
    ``1 / mu`` and entries by ``weight / mu``, and ``mu`` grows. Singular vectors come from the
    product of the matrix with itself along its shorter side, in float64, not from a decomposition.
    """
    if matrix.shape[0] < matrix.shape[1]:
        turned = pursuit(matrix.T, weight, tolerance=tolerance, most=most)
        return Split(turned.low.T, turned.sparse.T, turned.rank, turned.steps)
    weight = weight or 1.0 / math.sqrt(max(matrix.shape))
    length, largest = float(np.linalg.norm(matrix)), _largest(matrix)
    low, sparse = np.zeros_like(matrix), np.zeros_like(matrix)
    if not largest:
        return Split(low, sparse, 0, 0)
    multiplier = matrix / max(largest, float(np.abs(matrix).max()) / weight)
    mu = _FIRST / largest
    rank = steps = 0
    while steps < most:
        steps += 1
        low, rank = _shrunk_in_rank(matrix - sparse + multiplier / mu, 1.0 / mu)
        sparse = soft(matrix - low + multiplier / mu, weight / mu)
        left = matrix - low - sparse
        if np.linalg.norm(left) <= tolerance * length:
            break
        multiplier += mu * left
        mu = min(_GROWTH * mu, _FIRST / largest * _LARGEST)
    return Split(low, sparse, rank, steps)


def godec(
    matrix: Matrix,
    rank: int,
    *,
    threshold: float | None = None,
    share: float = 0.05,
    tolerance: float = 1e-4,
    most: int = 100,
) -> Split:
    """A part of ``rank`` at most, and what remains of the rest beyond a threshold.

    With ``threshold`` entries of the rest are shrunk by it (semi-soft GoDec); without, the largest
    ``share`` of them is taken whole. Low rank comes from bilateral random projections, one step's
    from what the step before found. ``matrix - low - sparse`` is noise. Ends when the low-rank part
    moves by ``tolerance`` of its length and no more.
    """
    drawn = np.random.default_rng(0).normal(size=(matrix.shape[1], min(rank, *matrix.shape)))
    right = drawn.astype(matrix.dtype)
    low, sparse, cleaned = (np.zeros_like(matrix) for _ in range(3))
    steps = 0
    while steps < most:
        steps += 1
        np.subtract(matrix, sparse, out=cleaned)
        left = np.linalg.qr(cleaned @ right)[0]
        right = cleaned.T @ left
        moved = left @ right.T
        low -= moved
        change, low = float(np.linalg.norm(low)), moved
        rest = np.subtract(matrix, low, out=cleaned)
        sparse = soft(rest, threshold) if threshold is not None else _largest_entries(rest, share)
        if change <= tolerance * float(np.linalg.norm(right)):
            break
    return Split(low, sparse, right.shape[1], steps)


def subspace(low: Matrix, most: int, *, centred: bool = True) -> Subspace:
    """Mean and principal axes, ``most`` of them, of the columns of a low-rank matrix.

    Without ``centred`` the mean is zero and axes go through the origin. There are fewer axes where
    the columns need no more, and one of zeros where they need none.
    """
    mean = low.mean(axis=1) if centred else np.zeros(len(low), low.dtype)
    around = low - mean[:, None]
    wide = around.shape[0] >= around.shape[1]
    values, vectors = _spectrum(around if wide else around.T)
    kept = max(1, min(most, int((values > _NOTHING * max(values[0], _NOTHING)).sum())))
    axes = vectors[:, :kept]
    if wide:
        axes = around @ axes.astype(low.dtype) / np.maximum(values[:kept], _NOTHING)
    if values[0] <= _NOTHING * float(np.linalg.norm(low)):
        axes = np.zeros_like(axes)
    return Subspace(mean, np.asarray(axes, low.dtype))


def noise_of(rest: Matrix) -> float:
    """Standard deviation of entries of which some are defects: by the median of their sizes."""
    return 1.4826 * float(np.median(np.abs(rest)))


def _largest(matrix: Matrix) -> float:
    """The largest singular value."""
    return float(_spectrum(matrix)[0][0])


def _spectrum(tall: Matrix) -> tuple[Matrix, Matrix]:
    """Singular values [n] and right vectors [n, n] of [m, n], the largest first."""
    products = np.zeros((tall.shape[1],) * 2)
    for rows in _blocks(len(tall)):
        block = tall[rows].astype(np.float64)
        products += block.T @ block
    squares, vectors = np.linalg.eigh(products)
    return np.sqrt(np.maximum(squares[::-1], 0.0)), vectors[:, ::-1]


def _shrunk_in_rank(tall: Matrix, threshold: float) -> tuple[Matrix, int]:
    """Singular values nearer to zero by a threshold; and how many remain."""
    values, vectors = _spectrum(tall)
    kept = int((values > threshold).sum())
    some = vectors[:, :kept]
    shrink = (some * (1.0 - threshold / values[:kept])) @ some.T
    return tall @ shrink.astype(tall.dtype), kept


def _largest_entries(rest: Matrix, share: float) -> Matrix:
    sizes = np.abs(rest)
    least = np.partition(sizes, -max(1, round(share * rest.size)), axis=None)
    return np.where(sizes >= least[-max(1, round(share * rest.size))], rest, rest.dtype.type(0))


def _blocks(rows: int) -> Iterator[slice]:
    for start in range(0, rows, _ROWS):
        yield slice(start, start + _ROWS)
