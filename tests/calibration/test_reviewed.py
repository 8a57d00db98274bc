from __future__ import annotations

import numpy as np
import pytest

from calibration.reviewed import Advice, ReviewCounts, propose


def test_all_judged_leaves_the_parts_alone_to_chance() -> None:
    rate = ReviewCounts(passed=980, rejected=20, true=10, false=10, unsure=0).rate
    assert rate is not None
    assert rate.rate == pytest.approx(10 / 990)
    assert rate.low < 0.005
    assert 0.0101 < rate.high < 0.02


def test_fewer_judged_and_unsure_ones_widen_the_interval() -> None:
    full = ReviewCounts(980, 20, 10, 10, 0).rate
    half = ReviewCounts(980, 20, 5, 5, 0).rate
    unsure = ReviewCounts(980, 20, 8, 8, 4).rate
    assert full is not None
    assert half is not None
    assert unsure is not None
    assert half.low < full.low < full.high < half.high
    assert unsure.low < full.low < full.high < unsure.high


def test_nothing_judged_says_nothing() -> None:
    assert ReviewCounts(100, 5, 0, 0, 3).rate is None
    assert propose(ReviewCounts(100, 5, 0, 0, 0), 0.01).advice is Advice.JUDGE_MORE


def test_the_interval_holds_the_rate_19_times_out_of_20() -> None:
    random = np.random.default_rng(7)
    held = 0
    for _ in range(300):
        good, bad, rate = 2000, 40, 0.01
        false = int(random.binomial(good, rate))
        rejects = random.permutation([0] * false + [1] * bad)[: (false + bad) // 2]
        judged_false = int((rejects == 0).sum())
        counts = ReviewCounts(
            good - false, false + bad, len(rejects) - judged_false, judged_false, 0
        )
        found = counts.rate
        held += found is not None and found.low <= rate <= found.high
    assert held >= 285


@pytest.mark.parametrize(
    ("false", "promised", "advice"),
    [(40, 0.001, Advice.CALIBRATE), (2, 0.05, Advice.KEEP), (8, 0.01, Advice.JUDGE_MORE)],
)
def test_a_proposal_compares_with_the_promise(false: int, promised: float, advice: Advice) -> None:
    counts = ReviewCounts(1000, 50, 50 - false, false, 0)
    proposal = propose(counts, promised)
    assert proposal.advice is advice
    assert "of good parts are rejected" in proposal.text
