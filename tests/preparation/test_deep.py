"""Preparation of 10 to 16 bits: the arithmetic of 8 bits, on the levels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inspector.core.errors import ImageError
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.levels import level_type, levels_of
from inspector.core.recipe import Box, PreparationSpec
from inspector.preparation import Preparation, preparation_hash

DEEP = (PixelFormat.MONO10, PixelFormat.MONO12, PixelFormat.MONO16, PixelFormat.RGB16)
WIDTH, HEIGHT = 96, 64


def spec(want: PixelFormat, width: int, height: int, region: Box | None = None) -> PreparationSpec:
    return PreparationSpec(width=width, height=height, pixel_format=want, region=region)


def prepared(wanted: PreparationSpec, have: PixelFormat, levels: np.ndarray) -> np.ndarray:
    """Levels of the prepared image, by way of the bytes that a slot holds."""
    frame = FrameFormat(levels.shape[1], levels.shape[0], have)
    preparation = Preparation(wanted, frame)
    slot = np.full((2, *preparation.shape), 255, np.uint8)
    preparation.apply(levels.view(np.uint8), slot[1])
    assert (slot[0] == 255).all()
    return levels_of(slot[1])


def ramp(pixel_format: PixelFormat) -> np.ndarray:
    """From black to white along x, a little along y; each colour at its own pace."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    share = (0.9 * x / (WIDTH - 1) + 0.1 * y / (HEIGHT - 1))[:, :, None]
    pace = np.array([1.0, 0.7, 0.4])[: pixel_format.colours]
    levels: np.ndarray = np.rint(share * pace * pixel_format.white).astype(level_type(pixel_format))
    return levels


@pytest.mark.parametrize("pixel_format", DEEP)
def test_crop_is_exact(pixel_format: PixelFormat) -> None:
    random = np.random.default_rng(1)
    shape = (HEIGHT, WIDTH, pixel_format.colours)
    levels = random.integers(0, pixel_format.white + 1, shape, np.uint16)
    region = Box(x=11, y=5, width=47, height=33)
    found = prepared(spec(pixel_format, 47, 33, region), pixel_format, levels)
    assert np.array_equal(found, levels[5:38, 11:58])


@pytest.mark.parametrize("pixel_format", DEEP)
@pytest.mark.parametrize("size", [(48, 32), (40, 37), (131, 97)])
def test_resizing_a_ramp_equals_it_in_real_numbers(
    pixel_format: PixelFormat, size: tuple[int, int]
) -> None:
    levels = ramp(pixel_format)
    shrinks = size[0] <= WIDTH
    wanted = cv2.resize(
        levels.astype(np.float64),
        size,
        interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR,
    )
    found = prepared(spec(pixel_format, *size), pixel_format, levels)
    assert found.shape[:2] == size[::-1]
    assert np.abs(found - wanted.reshape(found.shape)).max() <= 1


@pytest.mark.parametrize("have", [PixelFormat.MONO8, PixelFormat.RGB8, *DEEP])
@pytest.mark.parametrize("want", [PixelFormat.MONO8, PixelFormat.RGB8, *DEEP])
def test_any_format_becomes_any_other(have: PixelFormat, want: PixelFormat) -> None:
    levels = ramp(have)
    scaled = levels * (want.white / have.white)
    if want.colours < have.colours:
        scaled = (scaled @ np.array([0.299, 0.587, 0.114]))[:, :, None]
    found = prepared(spec(want, WIDTH, HEIGHT), have, levels)
    assert found.dtype == level_type(want)
    assert found.shape == (HEIGHT, WIDTH, want.colours)
    # Half a level for the depth; OpenCV weighs colours with 15 bits.
    tolerance = 0.5 if want.colours >= have.colours else 2
    assert np.abs(found - scaled).max() <= tolerance


def test_eight_bits_are_prepared_as_ever() -> None:
    """What bundles of 8 bits were taught with: the hash of the spec, and each byte."""
    wanted = PreparationSpec(width=40, height=37, pixel_format=PixelFormat.MONO8)
    image = np.random.default_rng(5).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    by_hand = cv2.cvtColor(
        cv2.resize(image, (40, 37), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY
    )
    assert np.array_equal(prepared(wanted, PixelFormat.RGB8, image)[:, :, 0], by_hand)
    known = "9c36195b3c4cdfd47f24f0f40c503dc244d9068389df6f5ef0eef5aa02d1278b"
    assert preparation_hash(wanted) == known


def test_levels_where_bytes_were_promised_are_refused() -> None:
    preparation = Preparation(
        spec(PixelFormat.MONO16, 32, 32), FrameFormat(WIDTH, HEIGHT, PixelFormat.MONO16)
    )
    out = np.empty(preparation.shape, np.uint8)
    with pytest.raises(ImageError, match=r"uint16\[64, 96, 1\].*uint8\[64, 96, 2\]"):
        preparation.apply(np.zeros((HEIGHT, WIDTH, 1), np.uint16), out)
