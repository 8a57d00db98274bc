"""Regions are where the map exceeds the threshold, with the area that they really have."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.places import DefectSize
from calibration.statistic import statistic
from inspector.scoring.regions import MAX_REGIONS, defect_regions

PIXELS = DefectSize(1.0, 1.0)


def test_two_places_strongest_first_with_area_and_box() -> None:
    score_map = np.zeros((20, 40), np.float32)
    score_map[2:4, 4:8] = 5.0
    score_map[10, 30] = 9.0
    regions = defect_regions(score_map, 1.0, DefectSize(4.0, 4.0), 0.1)
    assert [region.peak for region in regions] == [9.0, 5.0]
    wide = regions[1]
    assert (wide.left, wide.top, wide.width, wide.height) == (0.1, 0.1, 0.1, 0.1)
    assert wide.area_px == 8 * 16
    assert wide.area_mm2 == pytest.approx(8 * 16 * 0.01)
    assert wide.length_px == pytest.approx(np.hypot(16.0, 8.0), rel=0.005)
    assert wide.length_mm == pytest.approx(0.1 * wide.length_px)


def test_small_ones_are_left_out_and_no_scale_means_no_mm() -> None:
    score_map = np.zeros((10, 10), np.float32)
    score_map[0, 0] = score_map[5, 5:8] = 2.0
    regions = defect_regions(score_map, 1.0, DefectSize(2.0, 2.0, min_area_px=8.0), None)
    assert len(regions) == 1
    assert regions[0].area_mm2 is None
    assert regions[0].size_in_words() == "12 px, 6 px long"


def test_a_shattered_part_gives_a_bounded_list() -> None:
    score_map = np.zeros((40, 40), np.float32)
    score_map[::2, ::2] = 3.0
    regions = defect_regions(score_map, 1.0, PIXELS, None)
    assert len(regions) == MAX_REGIONS


def test_a_spread_out_place_is_measured_at_half_height() -> None:
    y, x = np.mgrid[-20:21, -20:21]
    cone = np.maximum(0.0, 10.0 - np.hypot(x, y)).astype(np.float32)
    (region,) = defect_regions(cone, 2.0, DefectSize(1.0, 1.0, 150.0), None)
    assert region.peak == 10.0
    assert region.area_px == pytest.approx(np.pi * 4.0**2, rel=0.1)
    assert region.width == pytest.approx(9 / 41)


def test_two_tops_on_one_foot_are_two_regions() -> None:
    score_map = np.zeros((20, 40), np.float32)
    score_map[5:15, 5:35] = 1.5
    score_map[8:12, 8:12] = 9.0
    score_map[8:12, 28:30] = 8.0
    regions = defect_regions(score_map, 1.0, PIXELS, None)
    assert [(region.peak, region.area_px) for region in regions] == [(9.0, 16.0), (8.0, 8.0)]


sizes = st.builds(
    DefectSize,
    cell_width_px=st.sampled_from([1.0, 2.5, 8.0]),
    cell_height_px=st.sampled_from([1.0, 4.0]),
    min_area_px=st.sampled_from([0.0, 3.0, 20.0]),
    min_length_px=st.sampled_from([0.0, 2.9, 6.0, 15.0]),
    merge_px=st.sampled_from([0.0, 1.0, 5.0, 30.0]),
)


@given(
    seed=st.integers(0, 10_000),
    kind=st.sampled_from(["noise", "steps", "smooth", "sparse"]),
    size=sizes,
    threshold=st.floats(-0.5, 1.5),
)
def test_a_score_exceeds_a_threshold_just_when_there_is_a_region_to_show(
    seed: int, kind: str, size: DefectSize, threshold: float
) -> None:
    score_map = picture(kind, np.random.default_rng(seed))
    if not size.counts_in(np.ones(score_map.shape, bool)):
        return  # nothing could fail: such a recipe is refused
    own = score_map.ravel()[:5].astype(float)
    for level in (threshold, *own, *(own - 1e-12), *(own + 1e-12)):
        regions = defect_regions(score_map, level, size, None)
        assert (statistic(score_map, size) > level) == bool(regions)


def picture(kind: str, random: np.random.Generator) -> np.ndarray:
    """float32[14, 11] between 0 and 1."""
    noise = random.random((14, 11), np.float32)
    if kind == "steps":
        return np.floor(noise * 4) / 4
    if kind == "smooth":
        return cv2.GaussianBlur(noise, (0, 0), 1.5)
    return noise * (noise > 0.8) if kind == "sparse" else noise


def dashes() -> np.ndarray:
    """Four dashes of different height in a row, two cells apart, and a spot far off."""
    score_map = np.zeros((20, 40), np.float32)
    for number, column in enumerate((2, 7, 12, 17)):
        score_map[5, column : column + 3] = 2.0 + 3 * number
    score_map[15, 30] = 20.0
    return score_map


def test_a_dashed_scratch_is_one_region_with_a_merging_distance() -> None:
    assert len(defect_regions(dashes(), 1.0, PIXELS, None)) == 5
    spot, scratch = defect_regions(dashes(), 1.0, DefectSize(1.0, 1.0, merge_px=2.0), 0.1)
    assert spot.peak == 20.0
    assert spot.length_px == pytest.approx(np.sqrt(2.0))
    assert (scratch.peak, scratch.area_px) == (11.0, 12.0)
    assert scratch.length_px == pytest.approx(18.0, rel=0.005)
    assert scratch.size_in_words() == "0.12 mm², 1.8 mm long"


def test_a_long_thin_place_counts_among_many_that_are_larger_but_short() -> None:
    score_map = np.zeros((60, 60), np.float32)
    for row, column in np.ndindex(6, 8):
        score_map[2 + 7 * row : 7 + 7 * row, 2 + 7 * column : 7 + 7 * column] = 9.0
    score_map[55, 10:22] = 2.0
    (scratch,) = defect_regions(score_map, 1.0, DefectSize(1.0, 1.0, min_length_px=10.0), None)
    assert (scratch.peak, scratch.area_px) == (2.0, 12.0)
