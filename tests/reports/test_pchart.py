"""Limits of the p-chart against hand-made sums and the distributions that they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from inspector.reports.pchart import TAIL, Limits, p_chart


def test_binomial_limits_are_the_quantiles() -> None:
    parts, rejects = [200] * 25, [3, 5, 4, 2, 6] * 5
    chart = p_chart(parts, rejects)
    assert chart.limits is Limits.BINOMIAL
    assert chart.centre == pytest.approx(0.02)
    high = round(float(chart.upper[0]) * 200)
    assert binom.cdf(high, 200, 0.02) >= 1 - TAIL > binom.cdf(high - 1, 200, 0.02)
    assert not chart.outside.any()


def test_one_bad_subgroup_of_few_does_not_hide_itself() -> None:
    chart = p_chart([50] * 8, [0, 0, 0, 12, 0, 0, 0, 4])
    assert chart.limits is Limits.BINOMIAL
    assert list(np.flatnonzero(chart.outside)) == [3]


def test_overdispersed_subgroups_get_laneys_limits() -> None:
    rng = np.random.default_rng(4)
    shares = rng.beta(20, 980, 30)
    rejects = rng.binomial(5000, shares)
    chart = p_chart([5000] * 30, list(rejects))
    assert chart.limits is Limits.LANEY
    p = rejects.sum() / 150_000
    sigma = np.sqrt(p * (1 - p) / 5000)
    z = (rejects / 5000 - p) / sigma
    sigma_z = np.abs(np.diff(z)).mean() / 1.128
    assert chart.sigma_z == pytest.approx(sigma_z)
    assert chart.upper[0] == pytest.approx(p + 3 * sigma * sigma_z)
    assert chart.outside.sum() <= 1


def test_false_alarms_of_an_even_process_are_rare_and_laney_seldom_comes() -> None:
    rng = np.random.default_rng(1)
    charts = [p_chart([400] * 30, list(rng.binomial(400, 0.01, 30))) for _ in range(200)]
    assert sum(chart.limits is Limits.LANEY for chart in charts) <= 8
    assert sum(int(chart.outside.sum()) for chart in charts) <= 200 * 30 * 2 * TAIL


@pytest.mark.parametrize(("parts", "rejects"), [([], []), ([50], [1]), ([50] * 9, [0] * 9)])
def test_nothing_to_compare_gives_no_limits(parts: list[int], rejects: list[int]) -> None:
    chart = p_chart(parts, rejects)
    assert chart.limits is Limits.NONE
    assert not chart.outside.any()
