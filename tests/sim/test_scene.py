"""Rendered parts are repeatable, and their masks tell the truth."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.sim.pictures import RenderedPictures
from inspector.sim.scene import DEFECTS, Defect, WasherScene


def test_the_same_number_is_the_same_part_and_another_is_not() -> None:
    scene = WasherScene(96, 96)
    one, again, other = scene.render(5), scene.render(5), scene.render(6)
    assert np.array_equal(one.pixels, again.pixels)
    assert not np.array_equal(one.pixels, other.pixels)
    assert one.pixels.shape == (96, 96, 1)
    assert one.pixels.dtype == np.uint8


@pytest.mark.parametrize("kind", DEFECTS)
def test_a_defect_changes_the_picture_where_its_mask_says_and_nowhere_far_from_it(
    kind: Defect,
) -> None:
    scene = WasherScene(160, 160)
    for number in range(5):
        good = scene.render_with(number, Defect.NONE).pixels.astype(int)
        bad = scene.render_with(number, kind)
        change = np.abs(bad.pixels.astype(int) - good)[..., 0]
        assert bad.mask.any()
        assert change[bad.mask].mean() > change[~bad.mask].mean() + 4


def test_the_stock_knows_which_parts_are_bad() -> None:
    pictures = RenderedPictures(WasherScene(64, 64, defect_rate=0.5), stock=60)
    pictures.open()
    bad = sum(defect is not Defect.NONE for defect in pictures.defects.values())
    assert 15 < bad < 45
    out = np.empty(pictures.format.shape, np.uint8)
    assert pictures.read(3, out) in pictures.defects
    assert out.any()
