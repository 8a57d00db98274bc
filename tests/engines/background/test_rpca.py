"""Robust principal components: planted parts are found again; against sporco; degenerate ones."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.background.rpca import godec, noise_of, pursuit, soft, subspace

Numbers = NDArray[np.float64]
ROWS, COLUMNS, RANK = 160, 60, 4


def planted(share: float = 0.05) -> tuple[Numbers, Numbers]:
    """A low-rank matrix, and a sparse one of much larger entries."""
    random = np.random.default_rng(0)
    low = random.normal(size=(ROWS, RANK)) @ random.normal(size=(RANK, COLUMNS))
    where = random.random((ROWS, COLUMNS)) < share
    return low, np.where(where, random.uniform(-50, 50, low.shape), 0.0)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_pursuit_recovers_what_was_planted(turned: bool, kind: type) -> None:
    low, sparse = (part.T if turned else part for part in planted())
    found = pursuit((low + sparse).astype(kind))
    assert found.rank == RANK
    assert found.low == pytest.approx(low, abs=2e-3)
    assert found.sparse == pytest.approx(sparse, abs=2e-3)
    assert (np.abs(found.sparse) > 0.01).sum() == (sparse != 0).sum()


def test_least_squares_cannot() -> None:
    """The same rank by an ordinary decomposition: what the sparse entries do to it."""
    low, sparse = planted()
    left, values, right = np.linalg.svd(low + sparse, full_matrices=False)
    plain = (left[:, :RANK] * values[:RANK]) @ right[:RANK]
    robust = pursuit(low + sparse).low
    assert np.abs(plain - low).mean() > 100 * np.abs(robust - low).mean()


def test_pursuit_agrees_with_sporco() -> None:
    rpca = pytest.importorskip("sporco.admm.rpca", reason="the extra dev's sporco is not there")
    matrix = np.add(*planted())
    options = rpca.RobustPCA.Options(
        {"Verbose": False, "MaxMainIter": 300, "RelStopTol": 1e-6, "AutoRho": {"Enabled": True}}
    )
    theirs, _ = rpca.RobustPCA(matrix, None, options).solve()
    assert pursuit(matrix).low == pytest.approx(theirs, abs=2e-3)


def test_godec_takes_the_largest_share_whole() -> None:
    low, sparse = planted()
    share = float((sparse != 0).mean())
    found = godec(low + sparse, RANK, share=share, tolerance=1e-9)
    assert found.low == pytest.approx(low, abs=0.05 * np.abs(low).max())
    assert (found.sparse != 0).mean() == pytest.approx(share, abs=1e-3)


def test_godec_shrinks_beyond_a_threshold() -> None:
    low, sparse = planted()
    noise = np.random.default_rng(1).normal(0, 0.1, low.shape)
    found = godec(low + sparse + noise, RANK, threshold=0.3, tolerance=1e-6)
    rest = low + sparse + noise - found.low
    assert found.sparse == pytest.approx(soft(rest, 0.3), abs=1e-6)
    assert np.median(np.abs(found.low - low)) < 0.1
    assert np.linalg.matrix_rank(found.low) == RANK


def test_soft_threshold_by_hand() -> None:
    assert soft(np.array([-3.0, -0.5, 0.0, 1.0, 2.5]), 1.0).tolist() == [-2.0, 0.0, 0.0, 0.0, 1.5]


@pytest.mark.parametrize("shape", [(30, 8), (8, 30)])
def test_axes_are_those_of_the_decomposition(shape: tuple[int, int]) -> None:
    matrix = np.random.default_rng(2).normal(size=shape)
    found = subspace(matrix, 3)
    left, _, _ = np.linalg.svd(matrix - matrix.mean(axis=1, keepdims=True), full_matrices=False)
    assert found.mean == pytest.approx(matrix.mean(axis=1))
    assert found.axes.T @ found.axes == pytest.approx(np.eye(3), abs=1e-6)
    assert np.abs(np.sum(found.axes * left[:, :3], axis=0)) == pytest.approx(np.ones(3))


def test_through_the_origin() -> None:
    matrix = np.random.default_rng(2).normal(3.0, 1.0, size=(12, 9))
    found = subspace(matrix, 1, centred=False)
    assert not found.mean.any()
    assert abs(float(found.axes[:, 0] @ np.linalg.svd(matrix)[0][:, 0])) == pytest.approx(1.0)


def test_fewer_axes_where_no_more_are_needed() -> None:
    low, _ = planted()
    assert subspace(low, 12).axes.shape == (ROWS, RANK)


@pytest.mark.parametrize("value", [0.0, 0.7])
def test_equal_columns_have_no_axes(value: float) -> None:
    matrix = np.full((20, 6), value)
    found = pursuit(matrix)
    assert found.low == pytest.approx(matrix, abs=1e-4)
    axes = subspace(matrix, 3).axes
    assert axes.shape == (20, 1)
    assert not axes.any()


def test_noise_is_measured_beside_defects() -> None:
    rest = np.random.default_rng(3).normal(0, 0.2, 10_000)
    rest[:500] += 40.0
    assert noise_of(rest) == pytest.approx(0.2, rel=0.1)
