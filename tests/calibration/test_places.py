"""Places of a map against their definition, spelt out cell by cell."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.places import DefectSize, Mask
from calibration.statistic import statistic

Cell = tuple[int, int]


def reach_of(size: DefectSize) -> set[Cell]:
    """Offsets (rows, columns) between cells of one place: two octagons and a step apart."""
    down, right = (int(size.merge_px / side) for side in (size.cell_height_px, size.cell_width_px))
    cut = round((1 - math.sqrt(0.5)) * min(down, right))
    return {
        (y, x)
        for y in range(-down - 1, down + 2)
        for x in range(-right - 1, right + 2)
        # Of the corner of the box that a step of one cell is widened to, this much is missing.
        if max(abs(y) - 1 - (down - 2 * cut), 0) + max(abs(x) - 1 - (right - 2 * cut), 0) <= 2 * cut
    }


def places_of(mask: Mask, size: DefectSize) -> list[list[Cell]]:
    """Places by definition: flood from cell to cell."""
    reach = reach_of(size)
    left = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    found = []
    while left:
        place = open_ones = [left.pop()]
        while open_ones:
            near = {
                cell
                for cell in left
                if any((cell[0] - y, cell[1] - x) in reach for y, x in open_ones)
            }
            left -= near
            place, open_ones = place + list(near), list(near)
        found.append(place)
    return found


def length_of(place: list[Cell], size: DefectSize) -> float:
    """The largest Feret diameter: between any two corners of its cells."""
    corners = {
        ((row + y) * size.cell_height_px, (column + x) * size.cell_width_px)
        for row, column in place
        for y, x in itertools.product((0, 1), repeat=2)
    }
    return max(math.dist(one, other) for one in corners for other in corners)


def counts(place: list[Cell], size: DefectSize) -> bool:
    large = size.min_area_px > 0 and len(place) * size.cell_area_px >= size.min_area_px
    long = size.min_length_px > 0 and length_of(place, size) >= size.min_length_px
    return large or long or size.min_area_px == size.min_length_px == 0


def by_definition(score_map: np.ndarray, size: DefectSize) -> float:
    for level in np.unique(score_map)[::-1]:
        if any(counts(place, size) for place in places_of(score_map >= level, size)):
            return float(level)
    return float(score_map.min())


sizes = st.builds(
    DefectSize,
    cell_width_px=st.sampled_from([1.0, 2.0, 3.0]),
    cell_height_px=st.sampled_from([1.0, 2.0]),
    # Between lengths that cells have: directions may be half a percent short of them.
    min_area_px=st.sampled_from([0.0, 2.0, 7.0, 20.0]),
    min_length_px=st.sampled_from([0.0, 1.2, 2.7, 5.25, 8.2]),
    merge_px=st.sampled_from([0.0, 1.0, 2.0, 3.5, 6.0, 9.0]),
)


@given(seed=st.integers(0, 10_000), size=sizes, levels=st.sampled_from([2, 5, 1000]))
def test_the_statistic_equals_its_definition(seed: int, size: DefectSize, levels: int) -> None:
    random = np.random.default_rng(seed)
    score_map = random.integers(0, levels, (7, 6)).astype(np.float32)
    assert statistic(score_map, size) == by_definition(score_map, size)


@given(seed=st.integers(0, 10_000), size=sizes, share=st.floats(0.0, 1.0))
def test_places_equal_their_definition(seed: int, size: DefectSize, share: float) -> None:
    mask = np.random.default_rng(seed).random((9, 8)) < share
    found, expected = size.places(mask), places_of(mask, size)
    assert sorted(found.cells.tolist()) == sorted(len(place) for place in expected)
    for place in expected:
        labels = {int(found.labels[cell]) for cell in place}
        assert len(labels) == 1
        assert found.counts[labels.pop() - 1] == counts(place, size)
    assert (found.labels > 0).tolist() == mask.tolist()
    assert size.counts_in(mask) == found.counts.any()


@given(seed=st.integers(0, 10_000), size=sizes, share=st.floats(0.05, 0.9))
def test_lengths_are_feret_diameters_within_half_a_percent(
    seed: int, size: DefectSize, share: float
) -> None:
    mask = np.random.default_rng(seed).random((9, 8)) < share
    cells = [(int(row), int(column)) for row, column in np.argwhere(mask)]
    if not cells:
        assert size.length_of(mask) == 0.0
        return
    true = length_of(cells, size)
    assert 0.995 * true <= size.length_of(mask) <= true * (1 + 1e-12)


@pytest.mark.parametrize("merge", [1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 25.0])
@pytest.mark.parametrize("cell", [(1.0, 1.0), (1.5, 1.0), (0.5, 0.5)])
def test_a_gap_is_bridged_in_any_direction_to_within_a_cell(
    merge: float, cell: tuple[float, float]
) -> None:
    size = DefectSize(*cell, merge_px=merge)
    slack = max(math.hypot(*cell), (0.09 if cell[0] == cell[1] else 0.15) * merge)
    for degrees in range(0, 91, 10):
        for gap in np.arange(0.0, 1.3 * merge + 2.0, max(merge / 10, 0.25)):
            turn = math.radians(degrees)
            columns, rows = (
                round(gap * share / side)
                for share, side in zip((math.cos(turn), math.sin(turn)), cell, strict=True)
            )
            mask = np.zeros((rows + 2, columns + 2), bool)
            mask[0, 0] = mask[-1, -1] = True
            true = math.hypot(columns * cell[0], rows * cell[1])
            merged = size.places(mask).cells.size == 1
            assert merged or true > merge - slack
            assert not merged or true <= merge + slack
            if 0 in (columns, rows):
                assert merged == (true <= merge)


def test_a_scratch_counts_by_its_length_and_a_spot_by_its_area() -> None:
    score_map = np.zeros((40, 40), np.float32)
    score_map[5, 5:25] = 3.0
    score_map[20:26, 20:26] = 2.0
    score_map[35, 35] = 9.0
    at = {"cell_width_px": 1.0, "cell_height_px": 1.0}
    assert statistic(score_map, DefectSize(**at)) == 9.0
    assert statistic(score_map, DefectSize(**at, min_area_px=30.0)) == 2.0
    assert statistic(score_map, DefectSize(**at, min_length_px=15.0)) == 3.0
    assert statistic(score_map, DefectSize(**at, min_area_px=30.0, min_length_px=15.0)) == 3.0
    assert statistic(score_map, DefectSize(**at, min_area_px=30.0, min_length_px=25.0)) == 2.0


def test_a_dashed_scratch_counts_as_one_with_a_merging_distance() -> None:
    score_map = np.zeros((40, 60), np.float32)
    for step in range(6):
        score_map[5 + 5 * step, 5 + 8 * step : 8 + 8 * step] = 4.0
    for merge, level in ((0.0, 0.0), (4.0, 0.0), (7.5, 4.0)):
        size = DefectSize(1.0, 1.0, min_length_px=30.0, merge_px=merge)
        assert statistic(score_map, size) == level


def test_merging_reaches_across_the_whole_map_and_no_farther() -> None:
    mask = np.zeros((5, 9), bool)
    mask[0, 0] = mask[4, 8] = True
    assert DefectSize(1.0, 1.0, merge_px=1e6).places(mask).cells.tolist() == [2]
    assert DefectSize(1.0, 1.0).places(np.zeros((5, 9), bool)).cells.tolist() == []
