"""Regions are where the map exceeds the threshold, with the area that they really have."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.scoring.regions import MAX_REGIONS, defect_regions


def test_two_places_strongest_first_with_area_and_box() -> None:
    score_map = np.zeros((20, 40), np.float32)
    score_map[2:4, 4:8] = 5.0
    score_map[10, 30] = 9.0
    regions = defect_regions(
        score_map, 1.0, cell_area_px=16.0, min_area_px=0.0, scale_mm_per_px=0.1
    )
    assert [region.peak for region in regions] == [9.0, 5.0]
    wide = regions[1]
    assert (wide.left, wide.top, wide.width, wide.height) == (0.1, 0.1, 0.1, 0.1)
    assert wide.area_px == 8 * 16
    assert wide.area_mm2 == pytest.approx(8 * 16 * 0.01)


def test_small_ones_are_left_out_and_no_scale_means_no_mm() -> None:
    score_map = np.zeros((10, 10), np.float32)
    score_map[0, 0] = score_map[5, 5:8] = 2.0
    regions = defect_regions(
        score_map, 1.0, cell_area_px=4.0, min_area_px=8.0, scale_mm_per_px=None
    )
    assert len(regions) == 1
    assert regions[0].area_mm2 is None
    assert regions[0].size_in_words() == "12 px"


def test_a_shattered_part_gives_a_bounded_list() -> None:
    score_map = np.zeros((40, 40), np.float32)
    score_map[::2, ::2] = 3.0
    regions = defect_regions(
        score_map, 1.0, cell_area_px=1.0, min_area_px=0.0, scale_mm_per_px=None
    )
    assert len(regions) == MAX_REGIONS


def test_a_spread_out_place_is_measured_at_half_height() -> None:
    y, x = np.mgrid[-20:21, -20:21]
    cone = np.maximum(0.0, 10.0 - np.hypot(x, y)).astype(np.float32)
    (region,) = defect_regions(cone, 2.0, cell_area_px=1.0, min_area_px=150.0, scale_mm_per_px=None)
    assert region.peak == 10.0
    assert region.area_px == pytest.approx(np.pi * 4.0**2, rel=0.1)
    assert region.width == pytest.approx(9 / 41)


def test_two_tops_on_one_foot_are_two_regions() -> None:
    score_map = np.zeros((20, 40), np.float32)
    score_map[5:15, 5:35] = 1.5
    score_map[8:12, 8:12] = 9.0
    score_map[8:12, 28:30] = 8.0
    regions = defect_regions(
        score_map, 1.0, cell_area_px=1.0, min_area_px=0.0, scale_mm_per_px=None
    )
    assert [(region.peak, region.area_px) for region in regions] == [(9.0, 16.0), (8.0, 8.0)]
