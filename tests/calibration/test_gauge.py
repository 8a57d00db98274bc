"""The gauge study recovers spreads and agreements that were put into simulated parts."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from calibration.gauge import (
    gauge_study,
    kappa_between_shows,
    kappa_with_reference,
    repeatability,
)

Flags = list[NDArray[np.bool_]]


def shown(
    random: np.random.Generator, parts: int, shows: int, part: float, repeat: float
) -> list[NDArray[np.float64]]:
    means = random.normal(10.0, part, parts)
    return [mean + random.normal(0.0, repeat, shows) for mean in means]


def test_spreads_are_recovered() -> None:
    random = np.random.default_rng(0)
    found = [repeatability(shown(random, 20, 3, 2.0, 0.5)) for _ in range(300)]
    assert np.mean([f.sigma_repeat**2 for f in found]) == pytest.approx(0.25, rel=0.05)
    assert np.mean([f.sigma_part**2 for f in found]) == pytest.approx(4.0, rel=0.1)
    assert np.mean([f.grr for f in found]) == pytest.approx(0.5 / 4.25**0.5, rel=0.1)
    covered = [f.sigma_repeat_low <= 0.5 <= f.sigma_repeat_high for f in found]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.03)


def test_parts_may_differ_in_their_shows() -> None:
    random = np.random.default_rng(1)
    found = []
    for _ in range(300):
        parts = shown(random, 20, 6, 2.0, 0.5)
        found.append(repeatability([part[: 2 + index % 5] for index, part in enumerate(parts)]))
    assert np.mean([f.sigma_repeat**2 for f in found]) == pytest.approx(0.25, rel=0.05)
    assert np.mean([f.sigma_part**2 for f in found]) == pytest.approx(4.0, rel=0.1)


def test_parts_that_are_all_alike_have_no_spread_of_their_own() -> None:
    found = repeatability(shown(np.random.default_rng(2), 50, 4, 0.0, 1.0))
    assert found.sigma_part < 0.4
    assert found.grr > 0.9


def test_scores_that_repeat_exactly_have_no_distance_in_sigma() -> None:
    study = gauge_study([[1.0, 1.0], [2.0, 2.0]], 1.5)
    assert study.repeatability.sigma_repeat == 0.0
    assert (study.repeatability.grr, study.repeat_over_distance) == (0.0, 0.0)
    assert [part.distance for part in study.parts] == [None, None]


def judged(
    random: np.random.Generator, parts: int, shows: int, error: float
) -> tuple[Flags, Flags]:
    """Parts of which a third are bad; every verdict is wrong with the same chance."""
    bad = random.random(parts) < 1 / 3
    return [flag ^ (random.random(shows) < error) for flag in bad], list(bad)


def true_kappas(error: float) -> tuple[float, float]:
    """Between shows, and with the reference."""
    rejected = (1 - error) / 3 + 2 * error / 3
    between = 1 - 2 * error * (1 - error) / (2 * rejected * (1 - rejected))
    chance = rejected * 2 / 3 + (1 - rejected) / 3
    return between, 1 - error / chance


@pytest.mark.parametrize("error", [0.05, 0.15])
def test_kappas_and_their_intervals_are_those_of_the_truth(error: float) -> None:
    random = np.random.default_rng(3)
    between, reference = true_kappas(error)
    shows, known = [], []
    for _ in range(60):
        rejects, bad = judged(random, 60, 3, error)
        shows.append(kappa_between_shows(rejects))
        known.append(kappa_with_reference(rejects, [bool(flag) for flag in bad]))
    for found, truth in ((shows, between), (known, reference)):
        assert np.mean([k.value for k in found if k.value]) == pytest.approx(truth, abs=0.03)
        covered = [k.low <= truth <= k.high for k in found if k.low and k.high]
        assert np.mean(covered) > 0.87


def test_the_reference_kappa_is_cohens_own() -> None:
    random = np.random.default_rng(4)
    rejects, bad = judged(random, 40, 1, 0.2)
    found = kappa_with_reference(rejects, [bool(flag) for flag in bad])
    assert found.value == pytest.approx(cohen_kappa_score(np.concatenate(rejects), bad))


def test_fleiss_kappa_of_two_shows_by_hand() -> None:
    """3 of 4 agree; 3 of 8 verdicts are rejects: 1 - 0.25 / (2 * 3/8 * 5/8)."""
    rejects = [np.array(pair) for pair in ([True, True], [False, False], [False, False])]
    found = kappa_between_shows([*rejects, np.array([True, False])])
    assert found.value == pytest.approx(1 - 0.25 / (2 * 3 / 8 * 5 / 8))


def test_full_agreement_of_few_parts_proves_little() -> None:
    rejects = [np.full(3, index % 2 == 0) for index in range(10)]
    few = kappa_between_shows(rejects)
    many = kappa_between_shows(rejects * 10)
    assert (few.value, few.high, many.value) == (1.0, 1.0, 1.0)
    assert few.low is not None
    assert many.low is not None
    assert few.low < 0.6
    assert many.low > 0.9


def test_where_all_pass_no_agreement_beyond_chance_can_be_seen() -> None:
    assert kappa_between_shows([np.zeros(3, bool)] * 5).value is None


def test_a_study_counts_parts_near_the_threshold_and_parts_judged_two_ways() -> None:
    random = np.random.default_rng(5)
    means = [8.0, 8.5, 9.95, 10.05, 13.0]
    scores = [random.normal(mean, 0.1, 8) for mean in means]
    study = gauge_study(
        [part.tolist() for part in scores], 10.0, bad=[False, False, False, True, True]
    )
    assert study.near.events == 2
    assert study.alike.events == 3
    assert [part.rejects in {0, 8} for part in study.parts] == [True, True, False, False, True]
    assert study.repeat_over_distance == pytest.approx(0.1 / (10.0 - np.mean(means[:3])), rel=0.3)
    assert study.reference is not None
    assert (study.reference.rejected.events, study.reference.rejected.trials) == (1, 3)
    assert (study.reference.escaped.events, study.reference.escaped.trials) == (1, 2)
    assert study.parts[0].distance == pytest.approx(-20.0, rel=0.4)
    json.dumps(study.to_json(), allow_nan=False)


def test_without_a_reference_the_parts_that_pass_are_the_measure() -> None:
    study = gauge_study([[1.0, 1.2], [1.1, 0.9], [5.0, 5.1]], 3.0, names=["a", "b", "c"])
    assert study.reference is None
    assert study.repeat_over_distance == pytest.approx(
        study.repeatability.sigma_repeat / (3.0 - 1.05)
    )
    assert [part.name for part in study.parts] == ["a", "b", "c"]
