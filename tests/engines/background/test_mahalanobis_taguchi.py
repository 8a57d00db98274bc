"""The unit space measures as its formula says, explains what it says, and picks what helps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import mahalanobis

from engines.background.mahalanobis_taguchi import UnitSpace, orthogonal_array, select
from inspector.core.errors import DatasetError

Values = NDArray[np.float64]


def names(count: int) -> list[str]:
    return [f"feature {index}" for index in range(count)]


def correlated(random: np.random.Generator, count: int, features: int) -> Values:
    mixing = np.random.default_rng(99).normal(size=(features, features)) + 2.0 * np.eye(features)
    return np.asarray(random.normal(size=(count, features)) @ mixing * 7.0 + 100.0)


def test_it_is_the_mahalanobis_distance_over_the_number_of_features() -> None:
    random = np.random.default_rng(0)
    good, parts = correlated(random, 20_000, 5), correlated(random, 10, 5) + 20.0
    space = UnitSpace.of(good, names(5))
    assert space.shrinkage < 0.01
    inverse = np.linalg.inv(np.cov(good.T))
    expected = [mahalanobis(part, good.mean(axis=0), inverse) ** 2 / 5 for part in parts]
    assert space.distances(parts) == pytest.approx(np.array(expected), rel=0.05)


@pytest.mark.parametrize(("parts", "features"), [(30, 8), (100, 8), (12, 20)])
def test_it_is_about_one_for_good_parts(parts: int, features: int) -> None:
    random = np.random.default_rng(1)
    fitted, unseen = [], []
    for _ in range(20):
        good = correlated(random, parts, features)
        space = UnitSpace.of(good, names(features))
        fitted.append(space.distances(good).mean())
        unseen.append(space.distances(correlated(random, 200, features)).mean())
    assert 0.5 < np.mean(fitted) < 1.05
    assert np.mean(unseen) == pytest.approx(1.0, abs=0.4)


def test_the_fewer_parts_the_more_it_is_shrunk() -> None:
    random = np.random.default_rng(2)
    shrunk = [UnitSpace.of(correlated(random, n, 6), names(6)).shrinkage for n in (8, 40, 4000)]
    assert shrunk[0] > shrunk[1] > shrunk[2]
    assert shrunk[2] < 0.02


def test_contributions_sum_to_the_distance_and_point_at_what_is_off() -> None:
    random = np.random.default_rng(3)
    space = UnitSpace.of(correlated(random, 500, 6), names(6))
    parts = correlated(random, 50, 6)
    parts[:, 4] += 200.0
    shares = space.contributions(parts)
    assert (shares >= 0.0).all()
    assert shares.sum(axis=1) == pytest.approx(space.distances(parts))
    assert (shares.argmax(axis=1) == 4).all()


def test_features_without_correlation_contribute_their_own_square() -> None:
    random = np.random.default_rng(4)
    good = random.normal(size=(5000, 3))
    space = UnitSpace.of(good, names(3))
    assert space.contributions([[3.0, 0.0, -1.5]])[0] == pytest.approx([3.0, 0.0, 0.75], abs=0.15)


def test_a_break_of_correlation_is_seen_where_each_feature_alone_is_ordinary() -> None:
    random = np.random.default_rng(5)
    both = random.normal(size=(200, 1))
    good = both + 0.1 * random.normal(size=(200, 2))
    space = UnitSpace.of(good, names(2))
    assert space.distances([[1.5, 1.5], [1.5, -1.5]])[1] > 30 * space.distances([[1.5, 1.5]])[0]


def test_a_constant_feature_counts_for_nothing_and_a_copy_does_no_harm() -> None:
    random = np.random.default_rng(6)
    one = random.normal(size=(50, 1))
    space = UnitSpace.of(np.hstack([one, one, np.full((50, 1), 7.0)]), names(3))
    assert space.used.tolist() == [True, True, False]
    assert space.contributions([[0.0, 0.0, 99.0]])[0, 2] == 0.0
    assert space.distances(np.hstack([one, one, one])).mean() == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    "features", [np.ones((4, 2)), np.ones((10, 2)), np.full((10, 2), np.nan)], ids=str
)
def test_what_spans_no_space_is_refused(features: Values) -> None:
    with pytest.raises(DatasetError):
        UnitSpace.of(features, names(2))


def test_not_a_number_is_no_distance() -> None:
    space = UnitSpace.of(np.random.default_rng(7).normal(size=(20, 2)), names(2))
    assert np.isnan(space.distances([[np.nan, 0.0]])[0])


def test_it_is_kept_as_plain_arrays() -> None:
    random = np.random.default_rng(8)
    space = UnitSpace.of(correlated(random, 30, 4), names(4))
    arrays = space.arrays()
    assert all(array.dtype != object for array in arrays.values())
    again = UnitSpace.from_arrays(space.names, arrays)
    parts = correlated(random, 5, 4)
    assert again.names == space.names
    assert (again.parts, again.shrinkage) == (space.parts, space.shrinkage)
    assert (again.contributions(parts) == space.contributions(parts)).all()


@pytest.mark.parametrize(
    ("factors", "runs"), [(3, 4), (4, 8), (7, 8), (8, 12), (11, 12), (15, 16), (19, 20), (23, 24)]
)
def test_arrays_are_orthogonal_and_begin_with_all_features(factors: int, runs: int) -> None:
    array = orthogonal_array(factors)
    assert array.shape == (runs, factors)
    assert array[0].all()
    signs = np.where(array, 1, -1)
    assert (signs.T @ signs == runs * np.eye(factors)).all()
    assert (signs.sum(axis=0) == 0).all()


@pytest.mark.parametrize("features", [6, 10, 14])
def test_features_that_tell_defects_are_selected_and_noise_is_not(features: int) -> None:
    random = np.random.default_rng(9)
    good = random.normal(size=(100, features))
    defective = random.normal(size=(30, features))
    defective[:, [0, 3]] += 8.0
    chosen = select(good, defective, names(features))
    assert set(chosen.useful) == {"feature 0", "feature 3"}
    # What is left tells the same defects by a larger distance.
    kept = UnitSpace.of(good[:, [0, 3]], names(2)).distances(defective[:, [0, 3]])
    assert kept.mean() > UnitSpace.of(good, names(features)).distances(defective).mean()


@pytest.mark.parametrize("make", [np.empty, np.zeros])
def test_selection_needs_defects(make: Callable[[tuple[int, int]], Values]) -> None:
    with pytest.raises(DatasetError, match="no defective"):
        select(np.random.default_rng(10).normal(size=(20, 3)), make((0, 3)), names(3))


def test_a_feature_that_never_varies_gains_nothing() -> None:
    random = np.random.default_rng(11)
    good, defective = random.normal(size=(30, 3)), random.normal(3.0, 1.0, (10, 3))
    good[:, 1] = 0.0
    chosen = select(good, defective, names(3))
    assert "feature 1" not in chosen.useful
