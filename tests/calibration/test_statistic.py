"""The final statistic against its definition, spelt out."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.places import DefectSize
from calibration.statistic import statistic


def by_definition(score_map: np.ndarray, cells: float) -> float:
    for level in np.unique(score_map)[::-1]:
        above = (score_map >= level).astype(np.uint8)
        stats = cv2.connectedComponentsWithStats(above, connectivity=8)[2]
        if stats[1:, cv2.CC_STAT_AREA].max() >= cells:
            return float(level)
    return float(score_map.min())


@given(seed=st.integers(0, 10_000), cells=st.floats(0.0, 80.0), levels=st.sampled_from([3, 1000]))
def test_equals_its_definition(seed: int, cells: float, levels: int) -> None:
    random = np.random.default_rng(seed)
    score_map = random.integers(0, levels, (9, 7)).astype(np.float32)
    assert statistic(score_map, DefectSize(1.0, 2.0, 2.0 * cells)) == by_definition(
        score_map, cells
    )


@given(seed=st.integers(0, 10_000), threshold=st.floats(0.0, 1.0), cells=st.integers(1, 20))
def test_exceeds_a_threshold_with_a_large_enough_region(
    seed: int, threshold: float, cells: int
) -> None:
    score_map = np.random.default_rng(seed).random((12, 12), np.float32)
    above = (score_map > np.float32(threshold)).astype(np.uint8)
    stats = cv2.connectedComponentsWithStats(above, connectivity=8)[2]
    region = max(stats[1:, cv2.CC_STAT_AREA], default=0) >= cells
    assert (statistic(score_map, DefectSize(1.0, 1.0, cells)) > np.float32(threshold)) == region


def test_small_peak_is_ignored_and_large_one_is_not() -> None:
    score_map = np.ones((64, 64), np.float32)
    score_map[10, 10] = 9.0
    score_map[40:44, 40:44] = 5.0
    for area, level in ((0.0, 9.0), (17.0, 5.0), (16.0 * 16, 5.0), (16.0 * 16 + 1, 1.0)):
        assert statistic(score_map, DefectSize(4.0, 4.0, area)) == level


@pytest.mark.parametrize("min_area_px", [100.0, 1e9])
def test_more_than_the_whole_map_gives_its_minimum(min_area_px: float) -> None:
    assert statistic(np.array([[2.0, 3.0]], np.float32), DefectSize(1.0, 1.0, min_area_px)) == 2.0
