"""Shares estimated from members that were drawn with different probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.sampled import sampled_share


def test_all_looked_at_is_no_estimate() -> None:
    made = sampled_share([1.0] * 50, [(1.0, number < 5) for number in range(50)])
    assert made is not None
    assert (made.share, made.standard_error, made.low, made.high) == (0.1, 0.0, 0.1, 0.1)


def test_a_drawn_member_stands_for_many() -> None:
    population = [1.0] * 100 + [0.1] * 900
    seen = [(1.0, number < 30) for number in range(100)] + [(0.1, n < 9) for n in range(90)]
    made = sampled_share(population, seen)
    assert made is not None
    assert made.share == pytest.approx((30 + 90) / 1000)
    assert made.low < made.share < made.high
    raw = (30 + 9) / 190
    assert raw > 1.5 * made.share, "the weights matter"


def test_none_that_counts_proves_only_a_bound() -> None:
    made = sampled_share([0.01] * 29900, [(0.01, False)] * 299)
    assert made is not None
    assert made.share == made.low == 0.0
    assert made.high == pytest.approx(0.0123, abs=2e-4), "two-sided: 3.7 of 299"


def test_who_had_no_chance_is_told_apart() -> None:
    made = sampled_share([1.0] * 10 + [0.0] * 90, [(1.0, True)] * 10)
    assert made is not None
    assert (made.population, made.chanceless, made.share) == (10, 90, 1.0)
    assert sampled_share([0.0] * 9, []) is None
    assert sampled_share([0.5] * 9, []) is None


def test_a_probability_of_which_nobody_was_seen_widens_the_interval() -> None:
    made = sampled_share([1.0] * 50 + [0.01] * 50, [(1.0, False)] * 50)
    assert made is not None
    assert (made.low, made.high) == (0.0, 0.5)


def test_the_interval_holds_as_often_as_it_says() -> None:
    random = np.random.default_rng(7)
    hits, estimates, errors = 0, [], []
    for _ in range(400):
        near = random.random(300) < 0.2
        far = random.random(5000) < 0.004
        truth = (near.sum() + far.sum()) / 5300
        drawn = random.random(5000) < 0.05
        seen = [(1.0, bool(one)) for one in near] + [(0.05, bool(one)) for one in far[drawn]]
        made = sampled_share([1.0] * 300 + [0.05] * 5000, seen)
        assert made is not None
        hits += made.low <= truth <= made.high
        estimates.append(made.share - truth)
        errors.append(made.standard_error)
    assert hits >= 0.95 * 400
    assert abs(np.mean(estimates)) < 4 * np.std(estimates) / 20, "without bias"
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(np.std(estimates), rel=0.15)
