"""One preparation for all uses: what it does to pixels, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.core.errors import ConfigError, ImageError
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.recipe import Box, PreparationSpec
from inspector.preparation import Preparation, preparation_hash

RGB = FrameFormat(96, 64, PixelFormat.RGB8)
MONO = FrameFormat(96, 64, PixelFormat.MONO8)


def prepared(spec: PreparationSpec, frame: FrameFormat, image: np.ndarray) -> np.ndarray:
    preparation = Preparation(spec, frame)
    out = np.zeros(preparation.shape, np.uint8)
    preparation.apply(image, out)
    return out


def noise(frame: FrameFormat) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, frame.shape, dtype=np.uint8)


def test_same_size_is_a_copy() -> None:
    image = noise(RGB)
    assert np.array_equal(prepared(PreparationSpec(width=96, height=64), RGB, image), image)


def test_crop_takes_the_region_and_its_area() -> None:
    image = noise(RGB)
    spec = PreparationSpec(region=Box(x=10, y=5, width=48, height=32), width=48, height=32)
    assert np.array_equal(prepared(spec, RGB, image), image[5:37, 10:58])
    assert Preparation(spec, RGB).field_area_px == 48 * 32


def test_shrinking_averages_areas() -> None:
    image = noise(MONO)
    small = prepared(
        PreparationSpec(width=48, height=32, pixel_format=PixelFormat.MONO8), MONO, image
    )
    means = image[:, :, 0].reshape(32, 2, 48, 2).mean(axis=(1, 3))
    assert np.abs(small[:, :, 0] - means).max() <= 0.5


def test_enlarging_interpolates() -> None:
    image = np.zeros(MONO.shape, np.uint8)
    image[:, 48:] = 200
    spec = PreparationSpec(width=192, height=128, pixel_format=PixelFormat.MONO8)
    assert 0 < prepared(spec, MONO, image)[60, 95, 0] < 200


def test_grey_becomes_three_equal_channels() -> None:
    image = noise(MONO)
    colour = prepared(PreparationSpec(width=96, height=64), MONO, image)
    assert np.array_equal(colour, np.repeat(image, 3, axis=2))


def test_colour_becomes_grey_by_rgb_order() -> None:
    image = np.zeros(RGB.shape, np.uint8)
    image[..., 0] = 255
    spec = PreparationSpec(width=96, height=64, pixel_format=PixelFormat.MONO8)
    assert prepared(spec, RGB, image)[0, 0, 0] == 76  # 0.299 * 255: red, not blue


def test_writes_into_one_slice_of_a_batch() -> None:
    batch = np.zeros((2, 32, 32, 3), np.uint8)
    Preparation(PreparationSpec(width=32, height=32), RGB).apply(noise(RGB), batch[1])
    assert batch[1].any()
    assert not batch[0].any()


def test_region_outside_of_the_image_is_refused() -> None:
    spec = PreparationSpec(region=Box(x=60, y=0, width=40, height=40))
    with pytest.raises(ConfigError, match=r"preparation\.region.*96x64"):
        Preparation(spec, RGB)


@pytest.mark.parametrize("key", ["flat_field", "undistort"])
def test_corrections_without_artefact_are_refused(key: str) -> None:
    with pytest.raises(ConfigError, match=f"preparation.{key}"):
        Preparation(PreparationSpec.model_validate({key: True}), RGB)


def test_image_of_another_shape_is_refused() -> None:
    preparation = Preparation(PreparationSpec(width=32, height=32), RGB)
    with pytest.raises(ImageError, match="camera promised"):
        preparation.apply(np.zeros((64, 95, 3), np.uint8), np.zeros((32, 32, 3), np.uint8))


def test_hash_follows_pixels_not_scale() -> None:
    spec = PreparationSpec()
    assert preparation_hash(spec) == preparation_hash(PreparationSpec(scale_mm_per_px=0.1))
    assert preparation_hash(spec) != preparation_hash(PreparationSpec(width=264))
    assert Preparation(spec, RGB).hash == preparation_hash(spec)
