"""Deep levels: views of the bytes that travel, and their scale."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from inspector.core.frame import PixelFormat
from inspector.core.levels import for_display, level_type, levels_of, pixels_of, rescale

GREY = (PixelFormat.MONO8, PixelFormat.MONO10, PixelFormat.MONO12, PixelFormat.MONO16)


def every_level(pixel_format: PixelFormat) -> np.ndarray:
    return np.arange(pixel_format.white + 1).astype(level_type(pixel_format))[:, None]


@pytest.mark.parametrize(("have", "want"), list(permutations(GREY, 2)))
def test_every_level_is_rescaled_to_the_nearest(have: PixelFormat, want: PixelFormat) -> None:
    levels = every_level(have)
    found = rescale(levels, have, want)
    assert found.dtype == every_level(want).dtype
    assert (found[0], found[-1]) == (0, want.white)
    some = range(0, have.white + 1, max(1, have.white // 997))
    assert [int(found[level, 0]) for level in some] == [
        round(Fraction(level * want.white, have.white)) for level in some
    ]
    back = rescale(found, want, have)
    if want.depth > have.depth:
        assert np.array_equal(back, levels)


def test_what_is_brighter_than_white_becomes_white() -> None:
    wild = np.array([[4095], [4096], [65535]], np.uint16)
    for want in (PixelFormat.MONO8, PixelFormat.MONO16):
        assert (rescale(wild, PixelFormat.MONO12, want) == want.white).all()


@pytest.mark.parametrize(("channels", "colours"), [(2, 1), (6, 3)])
def test_levels_lie_in_the_memory_of_the_pixels(channels: int, colours: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, channels), np.uint8)
    levels = levels_of(pixels[1:4, 2:6])
    assert levels.shape == (3, 4, colours)
    assert np.shares_memory(levels, pixels)
    low, high = pixels[1:4, 2:6, 0::2].astype(int), pixels[1:4, 2:6, 1::2].astype(int)
    assert np.array_equal(levels, low + 256 * high)
    assert np.array_equal(pixels_of(levels), pixels[1:4, 2:6])


def test_eight_bits_are_shown_as_they_are() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    assert np.shares_memory(for_display(pixels, PixelFormat.RGB8), pixels)


@pytest.mark.parametrize("pixel_format", [*GREY[1:], PixelFormat.RGB16])
def test_deep_pixels_are_shown_at_eight_bits(pixel_format: PixelFormat) -> None:
    shape = (16, 16, pixel_format.colours)
    levels = np.linspace(0, pixel_format.white, 16 * 16 * shape[2]).astype(np.uint16).reshape(shape)
    shown = for_display(levels.view(np.uint8), pixel_format)
    assert shown.dtype == np.uint8
    assert shown.shape == shape
    assert np.abs(shown - levels * (255 / pixel_format.white)).max() <= 0.5
