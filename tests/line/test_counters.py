"""Percentiles within their bucket's width, whatever the run's length."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inspector.line.counters import LatencyHistogram


@given(st.lists(st.integers(1_000, 10**11), min_size=1, max_size=300))
def test_percentiles_are_within_a_percent_or_so_of_exact_ones(latencies: list[int]) -> None:
    histogram = LatencyHistogram()
    for latency in latencies:
        histogram.add(latency)
    for percent in (50.0, 99.0, 99.9):
        exact = np.percentile(latencies, percent, method="inverted_cdf") / 1e6
        got = histogram.percentile_ms(percent)
        assert exact * 0.999 <= got <= exact * 1.021
    assert histogram.summary().max_ms == max(latencies) / 1e6


def test_an_empty_histogram_says_zero() -> None:
    assert LatencyHistogram().summary().p99_ms == 0.0
