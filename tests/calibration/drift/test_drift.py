"""The monitor keeps its promise where the truth is known, tells drifts, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import ks_2samp

from calibration.drift import Change, Channel, DriftMonitor, DriftState, Promise, Trend
from calibration.drift.charts import Cusum, Distance
from calibration.drift.design import CusumLimits, cusum_limits, half_steps, outward, upward

Values = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Values]
DRAWS: dict[str, Draw] = {
    "gaussian": lambda random, n: random.normal(10.0, 2.0, n),
    "gamma": lambda random, n: random.gamma(2.0, 1.0, n),
    "bimodal": lambda random, n: random.normal(0.0, 0.5, n) + 3.0 * (random.random(n) < 0.3),
    "heavy": lambda random, n: random.standard_t(3, n),
    "rounded": lambda random, n: random.normal(0.0, 1.0, n).round(0),
}


def fed(monitor: DriftMonitor, values: Values) -> list[DriftState]:
    for value in values.tolist():
        monitor.add("s", value)
    return [state for state in monitor.state() if state.alarm]


def alarms(monitor: DriftMonitor, values: Values) -> int:
    count = 0
    for value in values.tolist():
        monitor.add("s", value)
        if any(chart.alarm for chart in monitor.charts("s")):
            count += 1
            monitor.acknowledge("s")
    return count


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize("defects", [0.0, 0.05])
def test_false_alarms_are_as_rare_as_promised_whatever_the_scores(
    kind: str, defects: float
) -> None:
    """Over calibrations of 30 images: not more often than promised, and seldom in any of them."""
    random = np.random.default_rng(3)
    counts = []
    for _ in range(10):
        monitor = DriftMonitor({"s": DRAWS[kind](random, 30)}, promise=Promise(500.0))
        scores = DRAWS[kind](random, 2500) + 50.0 * (random.random(2500) < defects)
        counts.append(alarms(monitor, scores))
    assert sum(counts) <= 10 * 2500 / 500
    assert np.mean(np.array(counts) > 5) <= 0.2


@pytest.mark.parametrize("kind", ["gaussian", "gamma", "bimodal", "heavy"])
@pytest.mark.parametrize(
    ("size", "change"), [(2.0, {Change.RISE}), (-2.0, {Change.FALL, Change.SLOW_FALL})]
)
def test_a_sudden_change_is_told_within_a_hundred_parts(
    kind: str, size: float, change: set[Change]
) -> None:
    random = np.random.default_rng(4)
    good = DRAWS[kind](random, 50)
    monitor = DriftMonitor({"s": good})
    assert not fed(monitor, DRAWS[kind](random, 300))
    told = fed(monitor, DRAWS[kind](random, 100) + size * good.std())
    assert change & {state.change for state in told}
    assert all(abs((state.since or 0) - 300) < 40 for state in told)


def test_a_slow_rise_is_told_before_good_parts_are_rejected_in_numbers() -> None:
    random = np.random.default_rng(5)
    monitor = DriftMonitor({"s": random.normal(size=100)})
    assert fed(monitor, random.normal(size=1500) + np.arange(1500) / 1000.0)


def test_more_spread_is_told_and_a_picture_that_stands_still_too() -> None:
    random = np.random.default_rng(6)
    monitor = DriftMonitor({"s": random.normal(size=100)})
    assert [state.change for state in fed(monitor, random.normal(0.0, 2.5, 250))]
    monitor = DriftMonitor({"s": random.normal(size=100)})
    assert [s.change for s in fed(monitor, np.full(250, 0.1))] == [Change.SHAPE]


def test_a_few_defects_are_no_drift_and_half_the_parts_are() -> None:
    random = np.random.default_rng(7)
    good, defective = random.normal(size=5000), random.random(5000)
    monitor = DriftMonitor({"s": random.normal(size=100)})
    assert not fed(monitor, good + 100.0 * (defective < 0.05))
    assert fed(monitor, good[:300] + 100.0 * (defective[:300] < 0.5))


def test_five_defects_in_a_row_are_no_drift() -> None:
    random = np.random.default_rng(8)
    monitor = DriftMonitor({"s": random.normal(size=30)})
    assert not fed(monitor, np.concatenate([np.full(5, 1e9), random.normal(size=500)]))


def test_an_alarm_stays_until_it_is_acknowledged_and_comes_again_while_the_cause_is_there() -> None:
    random = np.random.default_rng(9)
    monitor = DriftMonitor({"s": random.normal(size=100)})
    before = fed(monitor, random.normal(3.0, 1.0, 100))
    assert fed(monitor, random.normal(size=1000))[: len(before)] == before
    monitor.acknowledge("s")
    assert not any(state.alarm for state in monitor.state())
    assert fed(monitor, random.normal(3.0, 1.0, 100))


def test_fewer_images_ask_for_larger_drifts() -> None:
    def limits(count: int) -> CusumLimits:
        made = cusum_limits(
            upward,
            count,
            shifts=((1.0, 1.0),),
            longest=1e4,
            false_alarm_parts=1e6,
            defect_share=0.05,
            confidence=0.9,
        )
        assert made is not None
        return made

    delays = [limits(count).delay for count in (15, 30, 100, 300)]
    assert all(few > many for few, many in pairwise(delays))
    assert delays[0] > 1.5 * delays[-1]


def test_what_cannot_be_told_is_not_watched() -> None:
    promise = Promise(defect_share=0.6)
    changes = {
        chart.change for chart in DriftMonitor({"s": range(50)}, promise=promise).charts("s")
    }
    assert not {Change.SLOW_RISE, Change.SPREAD} & changes
    assert {Change.FALL, Change.SLOW_FALL} <= changes


def test_the_sum_is_that_of_page_and_hinkley_about_the_known_mean() -> None:
    random = np.random.default_rng(10)
    limits = CusumLimits(0.5, 1e9, 0.0)
    chart = Cusum(Change.RISE, 40, upward, limits)
    places = random.integers(0, 81, 200)
    drifts = np.cumsum(upward(half_steps(40))[places] - 0.5)
    least = np.minimum(np.minimum.accumulate(drifts), 0.0)
    for number, place in enumerate(places.tolist(), 1):
        chart.add(place, number)
        assert chart.statistic == pytest.approx(drifts[number - 1] - least[number - 1])


def test_the_distance_is_the_two_sample_statistic_ties_included() -> None:
    random = np.random.default_rng(11)
    for digits in (8, 0):
        references = np.sort(random.normal(size=60).round(digits))
        window = random.normal(0.4, 1.3, Distance.window).round(digits)
        chart = Distance(references, limit=0.01)
        left = np.searchsorted(references, window, "left")
        right = np.searchsorted(references, window, "right")
        for number, place in enumerate((left + right).tolist(), 1):
            chart.add(place, number)
        assert chart.statistic == pytest.approx(ks_2samp(references, window).statistic)
        assert (chart.alarm, chart.since) == (True, 1)


def test_no_single_part_counts_for_more_than_two_standard_deviations() -> None:
    assert np.abs(upward(half_steps(2000))).max() == 2.0
    assert outward(half_steps(2000)).max() == 4.0


def test_a_trend_may_move_by_its_tolerance_and_no_further() -> None:
    random = np.random.default_rng(12)
    references = random.normal(20.0, 0.1, 200).tolist()
    for moved, told in ((0.9, set()), (-0.9, set()), (1.5, {Change.RISE}), (-1.5, {Change.FALL})):
        monitor = DriftMonitor({}, {"s": Trend(1.0, references=references)})
        assert {s.change for s in fed(monitor, random.normal(20.0 + moved, 0.1, 500))} == told


def test_a_trend_learns_its_reference_once_and_never_again() -> None:
    random = np.random.default_rng(13)
    monitor = DriftMonitor({}, {"s": Trend(0.0, learn_parts=50, spacing_s=2.0)})
    for second in range(99):
        monitor.add("s", float(random.normal()), at_s=float(second))
    assert monitor.references.keys() == {"s"}
    kept = monitor.references["s"]
    assert len(kept) == 50
    assert fed(monitor, random.normal(3.0, 1.0, 5000))
    assert monitor.references["s"] == kept


def test_not_a_number_is_no_part_and_infinity_is_a_strange_one() -> None:
    channel = Channel("s", np.arange(30.0), Promise())
    for value in (float("nan"), float("inf"), float("-inf")):
        channel.add(value)
    assert channel.parts == 2


def test_more_references_than_are_worth_their_work_are_thinned() -> None:
    values = np.random.default_rng(14).normal(size=5000)
    channel = Channel("s", values, Promise())
    assert len(channel.charts) == 6
    for value in (values.min() - 1.0, values.max() + 1.0, 0.0):
        channel.add(float(value))


def test_states_are_frozen_and_name_their_channel() -> None:
    monitor = DriftMonitor({"a": range(20), "b": range(20)})
    states = monitor.state()
    assert {state.channel for state in states} == {"a", "b"}
    with pytest.raises(FrozenInstanceError):
        states[0].statistic = 3.0  # type: ignore[misc]  # that it cannot is what is shown
    monitor.add("unknown", 1.0)
    assert monitor.state() == states
