"""Rendered surfaces: repeatable, differently lit, and defects only where their mask says."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inspector.core.errors import ImageError
from inspector.sim.defects import Flaw, Kind
from inspector.sim.textures import Texture, TexturedScene

EVERY = pytest.mark.parametrize("texture", list(Texture))


@EVERY
def test_a_piece_is_a_function_of_its_number(texture: Texture) -> None:
    scene = TexturedScene(texture, side=96)
    first, again, other = (scene.render(number).levels for number in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.5
    assert (first != TexturedScene(texture, side=96, seed=1).render(3).levels).mean() > 0.5


@EVERY
def test_it_has_contrast_and_clips_nowhere(texture: Texture) -> None:
    levels = TexturedScene(texture, side=128).render(0).levels
    assert levels.std() > 2.0
    assert levels.min() > 5
    assert levels.max() < 250


def test_the_lamp_is_another_for_each_piece_and_can_be_even() -> None:
    def fall(lamp: float) -> list[float]:
        """How much brighter one half is than the other."""
        scene = TexturedScene(Texture.DOTS, side=128, lamp=lamp)
        halves = [np.split(scene.render(number).levels.astype(float), 2) for number in range(8)]
        return [abs(above.mean() / below.mean() - 1.0) for above, below in halves]

    assert np.std(fall(0.5)) > 0.03
    assert max(fall(0.0)) < 0.02


@EVERY
@pytest.mark.parametrize("kind", [Kind.SPOT, Kind.STAIN, Kind.SCRATCH, Kind.DENT])
def test_a_defect_changes_only_its_own_place(texture: Texture, kind: Kind) -> None:
    scene = TexturedScene(texture, side=96)
    good, bad = scene.render(5), scene.render(5, Flaw(kind, 16.0, 0.4))
    assert not good.mask.any()
    assert bad.mask.any()
    near = cv2.dilate(bad.mask.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    changed = np.abs(bad.levels.astype(int) - good.levels.astype(int))
    assert changed[~near].max() <= 2  # a stain fades out
    assert changed[bad.mask].max() > 15


def test_a_defect_is_weaker_where_there_is_less_light() -> None:
    scene = TexturedScene(Texture.WEB, side=128, lamp=1.0)
    change, light = [], []
    for number in range(12):
        good = scene.render(number).levels.astype(float)
        bad = scene.render(number, Flaw(Kind.SPOT, 12.0, 0.3))
        change.append((good - bad.levels)[bad.mask].mean())
        light.append(good[bad.mask].mean())
    assert np.corrcoef(change, light)[0, 1] > 0.9


def test_a_defect_larger_than_the_picture_is_refused() -> None:
    with pytest.raises(ImageError, match="100 px"):
        TexturedScene(Texture.WEB, side=64).render(0, Flaw(Kind.SPOT, 100.0, 0.3))
