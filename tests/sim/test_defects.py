"""Painted defects are what was asked for, where the part is, and nothing else changes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inspector.core.errors import ImageError
from inspector.core.levels import Levels
from inspector.core.recipe import Box
from inspector.sim.defects import PSF_SIGMA_PX, Canvas, Flaw, Kind, Mask, Painted

GREY = 128
KINDS = list(Kind)


def flat(shape: tuple[int, ...] = (160, 200), grey: int = GREY) -> Levels:
    return np.full(shape, grey, np.uint8)


def noisy(shape: tuple[int, ...] = (160, 200)) -> Levels:
    return np.random.default_rng(0).normal(GREY, 4, shape).clip(0, 255).astype(np.uint8)


def disc() -> tuple[Levels, Mask]:
    """A grey part in front of something dark, and where it is."""
    image = np.random.default_rng(1).normal(20, 2, (160, 200)).clip(0, 255).astype(np.uint8)
    part = np.zeros(image.shape, np.uint8)
    cv2.circle(part, (110, 80), 50, 1, -1)
    image[part > 0] += 110
    return image, part > 0


def change(painted: Painted, image: Levels) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return painted.levels.astype(np.int64) - image.astype(np.int64)


def grown(mask: Mask, by: int) -> Mask:
    kernel = np.ones((2 * by + 1, 2 * by + 1), np.uint8)
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


@pytest.mark.parametrize("size", [1.0, 2.5, 6.0, 20.0])
@pytest.mark.parametrize("kind", [Kind.SPOT, Kind.STAIN])
def test_size_and_contrast_add_up_to_what_the_optics_leave_of_them(kind: Kind, size: float) -> None:
    image = flat()
    painted = Canvas(image).paint(Flaw(kind, size, 0.4), seed=3)
    asked = 0.4 * GREY * np.pi / 4 * size**2
    assert -change(painted, image).sum() == pytest.approx(asked, rel=0.1, abs=8)
    assert painted.area_px == pytest.approx(np.pi / 4 * size**2, rel=0.05)


@pytest.mark.parametrize("kind", [Kind.SPOT, Kind.STAIN, Kind.DENT])
def test_a_large_one_has_the_contrast_and_area_asked(kind: Kind) -> None:
    image = flat()
    painted = Canvas(image).paint(Flaw(kind, 24, 0.3), seed=3)
    assert painted.contrast == pytest.approx(0.3, abs=0.02)
    assert np.abs(change(painted, image)).max() == pytest.approx(0.3 * GREY, abs=2)
    assert painted.mask.sum() == pytest.approx(np.pi / 4 * 24**2, rel=0.1)


def test_a_scratch_is_as_long_and_as_wide_as_asked() -> None:
    painted = Canvas(flat()).paint(Flaw(Kind.SCRATCH, 40, 0.3, width_px=2.0), seed=5)
    points = cv2.findNonZero(painted.mask.astype(np.uint8))
    assert 2 * cv2.minEnclosingCircle(points)[1] == pytest.approx(40, abs=2.5)
    assert painted.area_px == pytest.approx(80, rel=0.05)


def test_a_dent_is_bright_on_one_side_and_dark_on_the_other() -> None:
    image = flat()
    difference = change(Canvas(image).paint(Flaw(Kind.DENT, 20, 0.3), seed=2), image)
    assert difference.max() == pytest.approx(-difference.min(), abs=3)
    assert abs(difference.sum()) < 0.05 * np.abs(difference).sum()


def test_a_piece_comes_from_another_place_of_the_part() -> None:
    image = noisy()
    image[:, 100:] //= 2
    for seed in range(5):
        painted = Canvas(image).paint(Flaw(Kind.PIECE, 20, 1.0), seed)
        changed = np.abs(change(painted, image)) > 0
        assert not (changed & ~grown(painted.mask, 3)).any()
        inside = painted.levels[cv2.erode(painted.mask.astype(np.uint8), np.ones((5, 5))) > 0]
        assert set(inside) <= set(image.ravel())
        # Of eight places one lies on the other half.
        assert np.abs(change(painted, image)).max() > 0.3 * GREY


def test_a_piece_has_colours() -> None:
    image = np.dstack([noisy(), flat(), flat(grey=90)])
    image[:, 100:, 2] = 200
    painted = Canvas(image).paint(Flaw(Kind.PIECE, 20, 1.0), seed=2)
    assert np.abs(change(painted, image))[..., 2].max() > 100
    assert not np.abs(change(painted, image))[..., 1].any()


def test_a_spot_below_the_optics_comes_out_fainter() -> None:
    small, large = (Canvas(flat()).paint(Flaw(Kind.SPOT, size, 0.4), 1) for size in (1.0, 8.0))
    assert 0.02 < small.contrast < 0.5 * large.contrast


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not Kind.PIECE])
def test_the_mask_is_where_the_image_changed(kind: Kind) -> None:
    image = noisy()
    for seed in range(5):
        painted = Canvas(image).paint(Flaw(kind, 16, 0.4), seed)
        size = np.abs(change(painted, image))
        # A stain fades out by a quarter of its diameter, the others by the optics alone.
        reach = 5 if kind is Kind.STAIN else int(np.ceil(4 * PSF_SIGMA_PX))
        assert not size[~grown(painted.mask, reach)].any()
        strong = size >= 0.25 * GREY
        assert strong.any()
        assert not (strong & ~grown(painted.mask, 1)).any()


@pytest.mark.parametrize("kind", KINDS)
def test_no_contrast_is_no_change(kind: Kind) -> None:
    image = noisy()
    painted = Canvas(image).paint(Flaw(kind, 10, 0.0), seed=1)
    assert np.array_equal(painted.levels, image)
    assert painted.mask.any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_decides_all(kind: Kind) -> None:
    canvas, flaw = Canvas(noisy()), Flaw(kind, 12, 0.3)
    one, again, other = (canvas.paint(flaw, seed) for seed in ((0, 7), (0, 7), (0, 8)))
    assert np.array_equal(one.levels, again.levels)
    assert np.array_equal(one.mask, again.mask)
    assert not np.array_equal(one.mask, other.mask)


def test_contrasts_meet_the_same_place_and_shape() -> None:
    canvas = Canvas(noisy())
    faint, strong = (canvas.paint(Flaw(Kind.STAIN, 20, c), seed=4) for c in (0.1, 0.4))
    assert np.array_equal(faint.mask, strong.mask)


@pytest.mark.parametrize("kind", KINDS)
def test_defects_lie_on_the_part(kind: Kind) -> None:
    image, part = disc()
    canvas = Canvas(image)
    assert (canvas.part & ~part).sum() == 0
    assert canvas.part.sum() > 0.6 * part.sum()
    for seed in range(20):
        assert not (canvas.paint(Flaw(kind, 10, 0.3), seed).mask & ~part).any()


def test_one_that_is_too_large_for_the_part_still_lies_about_it() -> None:
    image, part = disc()
    painted = Canvas(image).paint(Flaw(Kind.SPOT, 120, 0.3), seed=0)
    assert (painted.mask & part).sum() > 0.7 * part.sum()


@pytest.mark.parametrize("image", [flat(), noisy()], ids=["flat", "noisy"])
def test_where_the_border_shows_the_part_it_is_everywhere(image: Levels) -> None:
    assert Canvas(image).part.all()


def test_defects_stay_in_the_region() -> None:
    box, image = Box(x=120, y=30, width=60, height=50), noisy()
    inside = np.zeros(image.shape, bool)
    inside[30:80, 120:180] = True
    canvas = Canvas(image, box)
    for seed in range(20):
        assert not (canvas.paint(Flaw(Kind.SPOT, 12, 0.4), seed).mask & ~inside).any()


def test_dark_ones_lie_where_it_is_bright_enough_and_turn_bright_where_it_is_nowhere() -> None:
    image = flat(grey=200)
    image[:, :100] = 10
    canvas = Canvas(image)
    for seed in range(10):
        dark = canvas.paint(Flaw(Kind.SPOT, 6, 0.5, dark=True), seed)
        bright = canvas.paint(Flaw(Kind.SPOT, 6, 0.5, dark=False), seed)
        assert dark.dark
        assert not bright.dark
        assert np.nonzero(dark.mask)[1].min() >= 95
        assert np.nonzero(bright.mask)[1].max() <= 105
    white = Canvas(flat(grey=250)).paint(Flaw(Kind.SPOT, 6, 0.1, dark=False), 0)
    assert white.dark


def test_contrast_follows_the_exposure() -> None:
    bright, dim = (Canvas(flat(grey=grey)).paint(Flaw(Kind.SPOT, 9, 0.3), 2) for grey in (160, 40))
    assert change(bright, flat(grey=160)).min() == pytest.approx(-48, abs=2)
    assert change(dim, flat(grey=40)).min() == pytest.approx(-12, abs=1)


@pytest.mark.parametrize("white", [1023, 65535])
def test_deep_levels(white: int) -> None:
    image = np.full((100, 100, 1), white // 2, np.uint16)
    painted = Canvas(image, full_scale=white).paint(Flaw(Kind.SPOT, 10, 0.5), seed=1)
    assert painted.levels.dtype == np.uint16
    assert change(painted, image).min() == pytest.approx(-white / 4, rel=0.05)


def test_colour_a_stain_is_tinted_and_a_spot_is_not() -> None:
    image = flat((100, 100, 3))
    canvas = Canvas(image)
    red, green, blue = -change(canvas.paint(Flaw(Kind.STAIN, 20, 0.4), 1), image).sum((0, 1))
    assert red < green < blue
    assert (red + blue) / 2 == pytest.approx(green, rel=0.05)
    spot = -change(canvas.paint(Flaw(Kind.SPOT, 20, 0.4), 1), image).sum((0, 1))
    assert spot[0] == spot[1] == spot[2] > 0


def test_levels_end_at_black_and_white() -> None:
    image = flat(grey=250)
    painted = Canvas(image).paint(Flaw(Kind.DENT, 20, 0.9), 1)
    assert painted.levels.max() == 255
    assert painted.levels.min() < 60
    assert painted.contrast < 0.9


def test_a_defect_larger_than_the_field_is_refused() -> None:
    with pytest.raises(ImageError, match="a spot of 161 px in a field of 200x160 px"):
        Canvas(flat()).paint(Flaw(Kind.SPOT, 161, 0.3), 0)
