"""Each kernel written out for one pixel or patch: slow, and plain enough to be believed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def ring(planes: Numbers, row: int, column: int, outer: int, guard: int) -> Numbers:
    """Vectors [n, d] of the pixels in the outer window and not in the guard."""
    _, height, width = planes.shape
    rows = range(max(0, row - outer // 2), min(height, row + outer // 2 + 1))
    columns = range(max(0, column - outer // 2), min(width, column + outer // 2 + 1))
    atoms = [
        planes[:, r, c]
        for r in rows
        for c in columns
        if max(abs(r - row), abs(c - column)) > guard // 2
    ]
    return np.array(atoms, float).reshape(-1, len(planes))


def gradients(image: NDArray[Any]) -> Numbers:
    """Level, and half the difference of the neighbours across and down."""
    framed = np.pad(image.astype(float), 1, mode="edge")
    across = (framed[1:-1, 2:] - framed[1:-1, :-2]) / 2
    down = (framed[2:, 1:-1] - framed[:-2, 1:-1]) / 2
    return np.stack([framed[1:-1, 1:-1], across, down])


def mahalanobis(pixel: Numbers, atoms: Numbers, noise: float) -> float:
    """Root of the mean squared standardised entry; of one dimension the z-score."""
    size = len(pixel)
    away = pixel - atoms.mean(axis=0)
    covariance = np.cov(atoms.T, bias=True).reshape(size, size) + noise**2 * np.eye(size)
    return float(np.sqrt(away @ np.linalg.inv(covariance) @ away / size))


def uniform_residual(pixel: Numbers, atoms: Numbers, ridge: float) -> float:
    """Solve for the weights of all atoms; in units of what remains of the atoms themselves."""
    count, size = atoms.shape
    mean = atoms.mean(axis=0)
    dictionary = (atoms - mean).T
    strength = ridge * count * np.trace(dictionary @ dictionary.T / count) / size
    solver = np.linalg.solve(dictionary.T @ dictionary + strength * np.eye(count), dictionary.T)
    remains = np.eye(size) - dictionary @ solver
    own = (remains @ dictionary) ** 2
    return float(np.linalg.norm(remains @ (pixel - mean)) / np.sqrt(own.sum() / count))


def spread(atoms: Numbers, noise: float) -> float:
    """Root of the variance of all entries together, and of the noise in each."""
    return float(np.sqrt(atoms.var(axis=0).sum() + atoms.shape[1] * noise**2))


def weighted_residual(patch: Numbers, atoms: Numbers, ridge: float, noise: float) -> float:
    """Distance-weighted collaborative representation with a row of ones: n unknowns."""
    count, size = atoms.shape
    mean, unit = atoms.mean(axis=0), spread(atoms, noise)
    dictionary = np.vstack([(atoms - mean).T, np.full(count, unit)])
    target = np.append(patch - mean, unit)
    squared = ((atoms - patch) ** 2).sum(axis=1) + size * noise**2
    penalty = np.diag(ridge * count / (2 * size) * squared)
    weights = np.linalg.solve(dictionary.T @ dictionary + penalty, dictionary.T @ target)
    return float(np.linalg.norm((target - dictionary @ weights)[:size]) / unit)


def nearest_residual(
    patch: Numbers, atoms: Numbers, neighbours: int, ridge: float, noise: float
) -> float:
    """Local representation by background, from the nearest atoms."""
    order = np.argsort(((atoms - patch) ** 2).sum(axis=1), kind="stable")[:neighbours]
    away = atoms[order] - patch
    gram = away @ away.T
    gram += ridge * (np.trace(gram) / neighbours + noise**2) * np.eye(neighbours)
    weights = np.linalg.solve(gram, np.ones(neighbours))
    weights /= weights.sum()
    return float(np.linalg.norm(patch - weights @ atoms[order]) / spread(atoms, noise))


def moved_ring(vectors: Numbers, row: int, column: int, outer: int, guard: int) -> Numbers:
    """Patches [n, d] of a window that is moved inside the grid, less the guard."""
    places = []
    for at, length in ((row, vectors.shape[0]), (column, vectors.shape[1])):
        first = min(max(at - outer // 2, 0), max(length - outer, 0))
        places.append(range(first, min(first + outer, length)))
    return np.array(
        [
            vectors[r, c]
            for r in places[0]
            for c in places[1]
            if max(abs(r - row), abs(c - column)) > guard // 2
        ],
        float,
    ).reshape(-1, vectors.shape[2])
