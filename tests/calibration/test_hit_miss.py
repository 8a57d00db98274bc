"""The size that is found, from hits and misses whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binomtest

from calibration.hit_miss import Capability, capability
from calibration.metrics import rate_interval

SIZES = np.array([1, 2, 3, 4, 6, 8, 12, 16], float)
TRIALS = np.full(len(SIZES), 30)
MIDDLE, SLOPE = 4.0, 3.0
TRUE_A90 = MIDDLE * 9 ** (1 / SLOPE)


def simulated(seed: int, trials: int) -> Capability:
    chance = expit(SLOPE * np.log(SIZES / MIDDLE))
    hits = np.random.default_rng(seed).binomial(trials, chance)
    return capability(SIZES, hits, np.full(len(SIZES), trials))


def test_many_trials_recover_the_truth() -> None:
    found = simulated(0, 5000)
    assert found.a90 == pytest.approx(TRUE_A90, rel=0.03)
    assert found.a90 is not None
    assert found.a90_95 is not None
    assert found.a90 < found.a90_95 < 1.05 * TRUE_A90


def test_the_bound_holds_in_95_of_100_cases() -> None:
    found = [simulated(seed, 20) for seed in range(100)]
    too_small = sum(f.a90_95 is not None and f.a90_95 < TRUE_A90 for f in found)
    assert too_small <= 9  # 95 % below this when 5 % are too small
    assert np.median([f.a90 for f in found if f.a90]) == pytest.approx(TRUE_A90, rel=0.1)


def test_more_trials_bring_the_bound_nearer() -> None:
    bounds = [simulated(1, trials).a90_95 or np.inf for trials in (20, 100, 1000)]
    assert np.isfinite(bounds).all()
    assert bounds == sorted(bounds, reverse=True)


def test_a_clean_step_lies_between_the_last_miss_and_the_first_hit() -> None:
    found = capability(SIZES, [0, 0, 0, 30, 30, 30, 30, 30], TRIALS)
    assert found.a90 is not None
    assert found.a90_95 is not None
    assert 3.0 < found.a90 < found.a90_95 <= 4.0


def test_all_found_is_the_smallest_size_and_none_found_is_none() -> None:
    assert capability(SIZES, TRIALS, TRIALS) == Capability(1.0, 1.0)
    assert capability(SIZES, 0 * TRIALS, TRIALS) == Capability(None, None)


def test_nothing_is_said_beyond_the_sizes_tried() -> None:
    rising = capability(SIZES, [0, 0, 0, 1, 2, 4, 9, 15], TRIALS)
    assert rising == Capability(None, None)
    late = capability(SIZES, [0, 0, 0, 0, 0, 1, 15, 28], TRIALS)
    assert late.a90 is not None
    assert late.a90_95 is None


def test_few_trials_prove_nothing() -> None:
    found = capability([4.0, 8.0], [2, 2], [2, 2])
    assert found.a90 is not None
    assert found.a90_95 is None


@pytest.mark.parametrize("hits", [[30, 30, 30, 20, 10, 3, 0, 0], [5] * 8, [15] * 8])
def test_curves_that_do_not_rise_name_no_size(hits: list[int]) -> None:
    assert capability(SIZES, hits, TRIALS) == Capability(None, None)


@pytest.mark.parametrize(("events", "trials"), [(0, 30), (30, 30), (7, 30), (1, 1)])
def test_interval_is_clopper_and_pearson(events: int, trials: int) -> None:
    expected = binomtest(events, trials).proportion_ci(0.95, "exact")
    assert rate_interval(events, trials) == pytest.approx((expected.low, expected.high), abs=1e-9)
