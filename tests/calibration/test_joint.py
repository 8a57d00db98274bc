"""Several checks keep one promise together, whatever their scales and their dependence."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from calibration.joint import Joint, cross_fitted
from calibration.metrics import rate_upper_bound
from calibration.tail import Tail
from calibration.threshold import Calibration, calibrate
from inspector.core.check_spec import DecisionBasis, EngineCheckSpec, LrbCheckSpec, RxCheckSpec
from tests.calibration.engine_info import INFO

Draw = Callable[[np.random.Generator, int], np.ndarray]


def independent(random: np.random.Generator, n: int) -> np.ndarray:
    return np.stack(
        [random.normal(10, 2, n), random.gamma(2.0, 100.0, n), random.standard_t(4, n)], axis=1
    )


def dependent(random: np.random.Generator, n: int) -> np.ndarray:
    common = random.normal(0, 1, n)
    return np.stack([common + 0.3 * random.normal(0, 1, n) for _ in range(3)], axis=1)


def two_kinds(random: np.random.Generator, n: int) -> np.ndarray:
    kind = random.random(n) < 0.3
    first = np.where(kind, random.normal(8, 1, n), random.normal(3, 1, n))
    return np.stack([first, random.gamma(1.0, 1.0, n), random.normal(0, 1, n)], axis=1)


DRAWS: dict[str, Draw] = {
    "independent": independent,
    "dependent": dependent,
    "two kinds": two_kinds,
}


def made(
    scores: np.ndarray, rate: float, weights: tuple[float, ...] = (1.0, 1.0, 1.0)
) -> Calibration:
    checks = (
        EngineCheckSpec(weight=weights[0]),
        LrbCheckSpec(check="lrb", weight=weights[1]),
        RxCheckSpec(check="rx", weight=weights[2]),
    )
    return calibrate(
        scores, rate, DecisionBasis(checks=checks), info=INFO, preparation_hash="b" * 64
    )


def rejected(calibration: Calibration, scores: np.ndarray) -> np.ndarray:
    """What the line rejects, per check: bool[n, C]."""
    return scores > np.array([check.threshold for check in calibration.checks])


@pytest.mark.parametrize("kind", DRAWS)
def test_the_checks_together_keep_the_promise(kind: str) -> None:
    random = np.random.default_rng(7)
    population = DRAWS[kind](random, 20_000)
    rates = [
        rejected(made(DRAWS[kind](random, 99), 0.05), population).any(axis=1).mean()
        for _ in range(60)
    ]
    # Standard error of the mean of 60: 0.022 / sqrt(60) = 0.003.
    assert np.mean(rates) == pytest.approx(0.05, abs=0.012)


def test_equal_weights_share_the_false_rejects() -> None:
    random = np.random.default_rng(8)
    population = independent(random, 20_000)
    shares = np.mean(
        [
            rejected(made(independent(random, 199), 0.05), population).mean(axis=0)
            for _ in range(30)
        ],
        axis=0,
    )
    assert shares == pytest.approx(np.full(3, 0.017), abs=0.006)


def test_a_check_of_small_weight_spends_little() -> None:
    random = np.random.default_rng(9)
    population = independent(random, 20_000)
    weighed = [made(independent(random, 199), 0.05, (10.0, 1.0, 1.0)) for _ in range(20)]
    shares = np.mean([rejected(one, population).mean(axis=0) for one in weighed], axis=0)
    assert shares[0] > 5 * shares[1]
    assert shares[0] > 5 * shares[2]


def test_joint_score_and_thresholds_say_the_same() -> None:
    random = np.random.default_rng(10)
    calibration = made(independent(random, 120), 0.02)
    parts = independent(random, 3000)
    by_joint = np.array([calibration.joint(list(part)) > calibration.threshold for part in parts])
    assert np.array_equal(by_joint, rejected(calibration, parts).any(axis=1))


def test_the_bound_counts_no_fewer_than_the_rank_leaves() -> None:
    """The parts that margins were fitted to exceed too seldom to prove anything by themselves."""
    random = np.random.default_rng(12)
    several = [made(independent(random, 100), 0.05) for _ in range(10)]
    assert min(one.bound95 for one in several) >= rate_upper_bound(4, 100)
    seen = [
        rejected(one, np.array([c.scores for c in one.checks]).T).any(axis=1) for one in several
    ]
    assert min(each.sum() for each in seen) < 4  # what made it needed


def test_one_check_is_its_raw_score() -> None:
    scores = np.random.default_rng(11).gamma(2.0, 1.0, (60, 1))
    joint = Joint.of(scores, [3.0])
    assert joint.score([1.25]) == 1.25
    assert joint.thresholds(0.7) == (0.7,)
    assert np.array_equal(cross_fitted(scores, [3.0]), scores[:, 0])


def test_cross_fitting_makes_no_part_look_usual_to_its_own_margin() -> None:
    """Joint scores of the parts themselves spread as those of new parts do."""
    random = np.random.default_rng(12)
    own, new = [], []
    for _ in range(40):
        scores = independent(random, 60)
        own.append(np.quantile(cross_fitted(scores, [1.0] * 3), 0.95))
        margins = Joint.of(scores, [1.0] * 3)
        new.append(np.quantile([margins.score(part) for part in independent(random, 400)], 0.95))
    assert np.mean(own) == pytest.approx(np.mean(new), abs=0.15)


def test_scores_that_are_all_alike_have_a_finite_joint_score() -> None:
    scores = np.zeros((20, 3))
    calibration = made(scores, 0.05)
    assert not rejected(calibration, scores).any()
    assert math.isfinite(calibration.joint([0.0, 1e6, 0.0]))
    assert rejected(calibration, np.array([[0.0, 1e-3, 0.0]])).any()


@pytest.mark.parametrize("draw", [np.random.default_rng(1).normal, np.random.default_rng(1).gumbel])
def test_survival_and_level_are_inverse_in_the_tail(
    draw: Callable[..., np.ndarray],
) -> None:
    tail = Tail.of(np.sort(draw(size=100)))
    for rate in (0.1, 0.01, 1e-4, 1e-9):
        assert tail.survival(tail.level(rate)) == pytest.approx(rate)
    falling = [tail.survival(score) for score in np.linspace(-4, 40, 500)]
    assert falling == sorted(falling, reverse=True)


def test_one_strange_part_does_not_blunt_the_other_checks() -> None:
    """A calibration part that is beyond all measure to one check raises that one's threshold."""
    random = np.random.default_rng(13)
    scores = independent(random, 75)
    usual = made(scores, 0.01)
    scores[0, 1] = 1e9
    changed = made(scores, 0.01)
    assert changed.checks[1].threshold >= 1e9
    assert not rejected(changed, scores).any()
    population = independent(random, 50_000)
    for place in (0, 2):
        rate = rejected(changed, population)[:, place].mean()
        assert rate >= 0.1 * rejected(usual, population)[:, place].mean()
        assert changed.checks[place].threshold < 1.6 * usual.checks[place].threshold
    assert changed.extrapolated


def test_calibration_scores_are_what_the_line_gives_the_same_parts() -> None:
    scores = independent(np.random.default_rng(14), 80)
    calibration = made(scores, 0.05)
    again = sorted(calibration.joint(list(part)) for part in scores)
    assert list(calibration.scores) == pytest.approx(again)
    above = sum(score > calibration.threshold for score in calibration.scores)
    assert above == rejected(calibration, scores).any(axis=1).sum()
