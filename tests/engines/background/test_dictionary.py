"""Dictionaries and sparse codes against plain computations and libraries."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA, MiniBatchDictionaryLearning, sparse_encode
from sklearn.linear_model import Lasso, Ridge, orthogonal_mp

from engines.background.dictionary import (
    ksvd,
    learned_dictionary,
    omp,
    random_dictionary,
    ridge_codes,
)
from engines.background.shrinkage import ista, objective, shrunk, steps_to_reach
from engines.background.subspaces import first_centres, k_means, subspaces_of

Rows = NDArray[np.float64]


def atoms_of(count: int, size: int, seed: int = 0) -> Rows:
    drawn = np.random.default_rng(seed).normal(size=(count, size))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float64)


def sparse_patches(dictionary: Rows, count: int, sparsity: int, seed: int = 1) -> Rows:
    random = np.random.default_rng(seed)
    codes = np.zeros((count, len(dictionary)))
    for row in codes:
        own = random.choice(len(dictionary), sparsity, replace=False)
        row[own] = random.choice([-1.0, 1.0], sparsity) * random.uniform(1.0, 2.0, sparsity)
    return np.asarray(codes @ dictionary, np.float64)


@pytest.mark.parametrize("sparsity", [1, 3, 6])
def test_matching_pursuit_is_that_of_scikit_learn(sparsity: int) -> None:
    dictionary = atoms_of(40, 20)
    patches = np.random.default_rng(2).normal(size=(50, 20))
    wanted = orthogonal_mp(dictionary.T, patches.T, n_nonzero_coefs=sparsity).T
    assert omp(dictionary, patches, sparsity) == pytest.approx(wanted, abs=1e-8)


def test_matching_pursuit_finds_the_code_and_stops() -> None:
    dictionary = np.concatenate([np.eye(12), atoms_of(6, 12)])
    patches = np.zeros((3, 12))
    patches[0, [2, 7]] = 3.0, -1.0
    patches[1] = 2.0 * dictionary[13]
    codes = omp(dictionary, patches, 5)
    assert codes @ dictionary == pytest.approx(patches)
    assert (codes != 0).sum(axis=1).tolist() == [2, 1, 0]
    assert (omp(dictionary, patches, 5, tolerance=1.1) != 0).sum(axis=1).tolist() == [1, 1, 0]


def test_equal_atoms_are_no_division_by_zero() -> None:
    dictionary = np.concatenate([atoms_of(3, 8), atoms_of(3, 8)])
    codes = omp(dictionary, np.random.default_rng(0).normal(size=(20, 8)), 6)
    assert np.isfinite(codes).all()
    assert (codes != 0).sum(axis=1).max() == 3


def test_dictionary_of_patches_is_drawn_by_seed() -> None:
    patches = np.vstack([np.zeros((5, 9)), 7.0 * atoms_of(10, 9)])
    first, again, other = (
        random_dictionary(patches, 8, np.random.default_rng(seed)) for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.linalg.norm(first, axis=1) == pytest.approx(1.0)
    matches = first @ patches[5:].T / 7.0
    assert matches.max(axis=1) == pytest.approx(1.0)
    assert len(set(matches.argmax(axis=1))) == 8


def test_too_few_patches_are_filled_up() -> None:
    found = random_dictionary(np.zeros((4, 9)), 6, np.random.default_rng(0))
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0)


def test_ksvd_finds_the_dictionary_that_made_the_patches() -> None:
    true = atoms_of(24, 16)
    patches = sparse_patches(true, 1200, 3)
    random = np.random.default_rng(5)
    found, errors = ksvd(patches, random_dictionary(patches, 24, random), 3, 40, random)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0)
    assert errors[-1] < 0.5 * errors[0]
    matches = np.abs(found @ true.T).max(axis=0)
    assert (matches > 0.99).mean() > 0.6


def test_the_error_of_ksvd_falls_at_every_iteration() -> None:
    patches = sparse_patches(atoms_of(12, 8), 300, 2)
    random = np.random.default_rng(0)
    _, errors = ksvd(patches, random_dictionary(patches, 12, random), 2, 12, random)
    assert (np.diff(errors) <= 0.0).all()


def test_learned_atoms_are_as_good_as_those_of_scikit_learn() -> None:
    patches = sparse_patches(atoms_of(24, 16), 400, 2)
    known = sparse_patches(atoms_of(24, 16), 200, 2, seed=9)
    library = MiniBatchDictionaryLearning(24, alpha=0.5, max_iter=8, random_state=0).fit(patches)
    errors = []
    for atoms in (
        learned_dictionary(patches, 24, 2, np.random.default_rng(0)),
        library.components_ / np.linalg.norm(library.components_, axis=1, keepdims=True),
    ):
        codes = sparse_encode(known, atoms, algorithm="omp", n_nonzero_coefs=2)
        assert omp(atoms, known, 2) == pytest.approx(codes, abs=1e-8)
        errors.append(np.square(known - codes @ atoms).mean())
    assert errors[0] < 1.1 * errors[1]


def test_all_atoms_together_are_ridge_regression() -> None:
    dictionary, patches = atoms_of(30, 12), np.random.default_rng(1).normal(size=(5, 12))
    asked, made = ridge_codes(dictionary, 0.2)
    library = Ridge(alpha=0.2 * 30 / 12, fit_intercept=False)  # the mean eigenvalue is 30 / 12
    wanted = [library.fit(dictionary.T, patch).predict(dictionary.T) for patch in patches]
    assert patches @ asked.T @ made == pytest.approx(np.array(wanted))


def test_groups_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(0)
    patches = np.concatenate([random.normal(size=(60, 5)) + 3.0 * row for row in np.eye(5)])
    start = first_centres(patches, 5, random)
    centres, member = k_means(patches, start)
    library = KMeans(5, init=start, n_init=1, tol=0.0).fit(patches)
    assert centres == pytest.approx(library.cluster_centers_)
    assert np.array_equal(member, library.labels_)


def test_each_group_leaves_what_its_principal_directions_leave() -> None:
    random = np.random.default_rng(2)
    patches = np.concatenate([random.normal(size=(50, 6)) * 0.3 + 9.0 * row for row in np.eye(6)])
    found = subspaces_of(patches, 6, 2, random)
    assert len(found.centres) == 6
    for group in range(6):
        own = patches[50 * group : 50 * group + 50]
        library = PCA(2).fit(own)
        wanted = library.inverse_transform(library.transform(own))
        assert found.made(own) == pytest.approx(wanted, abs=1e-8)


def test_groups_of_equal_patches_are_few() -> None:
    found = subspaces_of(np.ones((5, 4)), 3, 2, np.random.default_rng(0))
    assert found.centres.tolist() == [[1.0] * 4]
    assert found.made(np.ones((2, 4))) == pytest.approx(1.0)


def test_atoms_that_nobody_uses_are_replaced() -> None:
    patches = sparse_patches(atoms_of(6, 10), 200, 2)
    start = np.vstack([np.repeat(patches[:1], 5, axis=0), patches[1:4]])
    found, _ = ksvd(patches, start, 2, 8, np.random.default_rng(0))
    matches = np.abs(found @ found.T) - np.eye(8)
    assert matches.max() < 1.0 - 1e-6


@pytest.mark.parametrize("fast", [False, True])
def test_shrinkage_ends_at_the_lasso(fast: bool) -> None:  # a parameter of the test
    dictionary, patches = atoms_of(30, 20), np.random.default_rng(6).normal(size=(4, 20))
    codes = next(islice(ista(dictionary, patches, 0.2, fast=fast), 3000, None))
    for patch, code in zip(patches, codes, strict=True):
        lasso = Lasso(alpha=0.2 / 20, fit_intercept=False, tol=1e-10, max_iter=100_000)
        assert code == pytest.approx(lasso.fit(dictionary.T, patch).coef_, abs=1e-5)


def test_every_step_lowers_the_objective_and_momentum_lowers_it_sooner() -> None:
    dictionary = atoms_of(60, 20)
    patches = sparse_patches(dictionary, 40, 3)
    plain = [
        objective(dictionary, patches, z, 0.1) for z in islice(ista(dictionary, patches, 0.1), 200)
    ]
    assert (np.diff(plain) <= 1e-12).all()
    slow, fast = (
        steps_to_reach(plain[99], dictionary, patches, 0.1, most=200, fast=fast)
        for fast in (False, True)
    )
    assert slow == 100
    assert fast is not None
    assert fast < 50
    assert steps_to_reach(0.0, dictionary, patches, 0.1, most=5) is None


def test_shrunk_values() -> None:
    assert shrunk(np.array([[-3.0, -0.5, 0.0, 0.4, 2.0]]), 0.5).tolist() == [[-2.5, 0, 0, 0, 1.5]]
