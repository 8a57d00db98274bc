"""Marks of a person: a box or a mask, and the cells of a grid that they cover."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.core.errors import ImageError
from inspector.core.recipe import Box
from inspector.durable.images import encode_png
from inspector.teaching.marks import marked_cells, mask_png, read_mark


def test_a_box_is_camera_pixels() -> None:
    mask = read_mark("10, 20,4,6", width=100, height=50)
    assert mask.shape == (50, 100)
    assert mask[20:26, 10:14].all()
    assert mask.sum() == 24


def test_a_mask_is_a_file(tmp_path: Path) -> None:
    drawn = np.zeros((40, 60), bool)
    drawn[5:9, 7:20] = True
    (tmp_path / "mask.png").write_bytes(mask_png(drawn))
    assert np.array_equal(read_mark(str(tmp_path / "mask.png"), width=60, height=40), drawn)
    with pytest.raises(ImageError, match=r"mask\.png: 60x40 px, but the image has 40x60"):
        read_mark(str(tmp_path / "mask.png"), width=40, height=60)


def test_marks_of_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "black.png").write_bytes(encode_png(np.zeros((40, 60, 1), np.uint8)))
    for mark in (str(tmp_path / "black.png"), "100,0,5,5", "3,3,0,9"):
        with pytest.raises(ImageError, match="marks nothing"):
            read_mark(mark, width=60, height=40)
    with pytest.raises(ImageError, match=r"1,2,3: cannot be read"):
        read_mark("1,2,3", width=60, height=40)


def test_cells_are_those_that_the_mark_fills() -> None:
    mask = read_mark("16,8,20,8", width=64, height=64)  # two cells of 8 px and half of a third
    cells = marked_cells(mask, None, (8, 8))
    assert np.argwhere(cells).tolist() == [[1, 2], [1, 3], [1, 4]]


def test_a_small_mark_has_a_cell() -> None:
    cells = marked_cells(read_mark("33,50,2,1", width=64, height=64), None, (4, 8))
    assert np.argwhere(cells).tolist() == [[3, 4]]


def test_cells_are_of_the_inspected_field() -> None:
    mask = read_mark("48,32,8,8", width=64, height=64)
    cells = marked_cells(mask, Box(x=32, y=32, width=32, height=16), (2, 4))
    assert np.argwhere(cells).tolist() == [[0, 2]]
    with pytest.raises(ImageError, match="outside of the inspected field"):
        marked_cells(mask, Box(x=0, y=0, width=32, height=32), (4, 4))
