"""What other thresholds would cost, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.operating import Share, alternatives, cheapest, expected_rate, roc

GOOD = np.array([1.0, 2.0, 3.0, 4.0])
BAD = np.array([3.5, 5.0, 6.0, 7.0])


def test_share_has_its_interval() -> None:
    share = Share.of(1, 20)
    assert share.rate == 0.05
    # Clopper & Pearson for 1 of 20.
    assert (share.low, share.high) == pytest.approx((0.00127, 0.24873), abs=1e-4)


def test_dear_escapes_lower_the_threshold() -> None:
    assert cheapest(GOOD, BAD, 1.0) in {3.25, 4.5}
    assert cheapest(GOOD, BAD, 10.0) == 3.25  # one false reject, no escape
    assert cheapest(GOOD, BAD, 0.1) == 4.5  # no false reject, one escape


def test_of_equal_costs_the_one_with_fewest_escapes() -> None:
    assert cheapest(GOOD, BAD, 1.0) == 3.25


def test_kinds_that_are_apart_are_parted_in_the_middle() -> None:
    assert cheapest(GOOD, GOOD + 10.0, 100.0) == pytest.approx(7.5)


def test_where_all_is_alike_everything_is_rejected_or_nothing() -> None:
    same = np.full(5, 2.0)
    assert cheapest(same, same, 10.0) < 2.0
    assert cheapest(same, same, 0.1) == 2.0


def test_roc_goes_from_nothing_to_everything() -> None:
    points = roc(GOOD, BAD)
    assert points[0] == (0.0, 0.0)
    assert points[-1] == (1.0, 1.0)
    assert (0.0, 0.75) in points
    assert points == sorted(points)


def test_promise_that_gives_a_threshold() -> None:
    ordered = np.arange(1.0, 100.0)
    assert expected_rate(ordered, 98.5) == pytest.approx(0.02)
    assert expected_rate(ordered, 99.0) == pytest.approx(0.01)
    beyond = expected_rate(ordered, 120.0)
    assert 0.0 < beyond < 0.01


def test_alternatives_tell_both_rates() -> None:
    (one,) = alternatives(GOOD, BAD, GOOD.tolist(), [10.0])
    assert one.threshold == 3.25
    assert (one.false_rejects.events, one.escapes.events) == (1, 0)
    assert one.false_reject_rate == pytest.approx(2 / 5)
