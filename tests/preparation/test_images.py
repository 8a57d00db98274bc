"""Reading picture files: every bad file is named."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat
from inspector.core.levels import levels_of
from inspector.durable.images import encode_png, read_image

PICTURE = np.random.default_rng(2).integers(0, 256, (40, 50, 3), dtype=np.uint8)


def deep_levels(colours: int) -> np.ndarray:
    """Every low and high byte, black and white among them."""
    levels = np.linspace(0, 65535, 41 * 50 * colours).astype(np.uint16)
    return np.random.default_rng(3).permutation(levels).reshape(41, 50, colours)


def test_png_round_trip_keeps_rgb_order(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encode_png(PICTURE))
    assert np.array_equal(read_image(path, PixelFormat.RGB8), PICTURE)


def test_grey_file_is_read_in_both_formats(tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    path.write_bytes(encode_png(PICTURE[:, :, :1]))
    assert np.array_equal(read_image(path, PixelFormat.MONO8), PICTURE[:, :, :1])
    assert np.array_equal(read_image(path, PixelFormat.RGB8), np.repeat(PICTURE[:, :, :1], 3, 2))


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_file_cut_short_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"cut{suffix}"
    data = bytes(cv2.imencode(suffix, PICTURE)[1])
    path.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(ImageError, match=r"cut.*corrupt"):
        read_image(path, PixelFormat.RGB8)


@pytest.mark.parametrize("data", [b"", b"not a picture at all"])
def test_other_content_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(data)
    with pytest.raises(ImageError, match=r"x\.png: corrupt"):
        read_image(path, PixelFormat.RGB8)


def test_one_pixel_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dot.png"
    path.write_bytes(encode_png(PICTURE[:1, :1]))
    with pytest.raises(ImageError, match=r"dot\.png: 1x1 px is too small"):
        read_image(path, PixelFormat.RGB8)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("pixel_format", [PixelFormat.MONO16, PixelFormat.RGB16])
def test_sixteen_bits_come_as_they_are(
    tmp_path: Path, suffix: str, pixel_format: PixelFormat
) -> None:
    levels = deep_levels(pixel_format.colours)
    path = tmp_path / f"deep{suffix}"
    path.write_bytes(bytes(cv2.imencode(suffix, levels[:, :, ::-1])[1]))
    pixels = read_image(path, pixel_format)
    assert pixels.dtype == np.uint8
    assert pixels.shape == (41, 50, pixel_format.channels)
    assert pixels.flags.c_contiguous
    assert np.array_equal(levels_of(pixels), levels)
    assert np.array_equal(pixels[..., 0::2] + 256 * pixels[..., 1::2].astype(int), levels)


@pytest.mark.parametrize("pixel_format", [PixelFormat.MONO10, PixelFormat.MONO12])
def test_ten_and_twelve_bits_stand_unshifted_in_files_of_sixteen(
    tmp_path: Path, pixel_format: PixelFormat
) -> None:
    path = tmp_path / "deep.png"
    levels = np.minimum(deep_levels(1), pixel_format.white)
    path.write_bytes(encode_png(levels))
    assert np.array_equal(levels_of(read_image(path, pixel_format)), levels)
    levels[7, 9] = pixel_format.white + 1
    path.write_bytes(encode_png(levels))
    words = rf"deep\.png: level {pixel_format.white + 1}, but white of {pixel_format}.*Mono16"
    with pytest.raises(ImageError, match=words):
        read_image(path, pixel_format)


def test_deep_files_of_another_depth_are_scaled_white_to_white(tmp_path: Path) -> None:
    deep, flat = tmp_path / "deep.png", tmp_path / "flat.png"
    levels = deep_levels(1)
    deep.write_bytes(encode_png(levels))
    assert np.array_equal(read_image(deep, PixelFormat.MONO8), np.rint(levels / 257))
    flat.write_bytes(encode_png(PICTURE[:, :, :1]))
    for pixel_format in (PixelFormat.MONO10, PixelFormat.MONO12, PixelFormat.MONO16):
        wanted = np.rint(PICTURE[:, :, :1] * (pixel_format.white / 255))
        assert np.array_equal(levels_of(read_image(flat, pixel_format)), wanted)


def test_deep_colour_and_grey_become_each_other(tmp_path: Path) -> None:
    path = tmp_path / "deep.png"
    grey = deep_levels(1)
    path.write_bytes(encode_png(grey))
    assert np.array_equal(levels_of(read_image(path, PixelFormat.RGB16)), np.repeat(grey, 3, 2))
    colour = deep_levels(3)
    path.write_bytes(encode_png(colour))
    wanted = colour @ np.array([0.299, 0.587, 0.114])
    # OpenCV's weights have 15 bits.
    assert np.abs(levels_of(read_image(path, PixelFormat.MONO16))[:, :, 0] - wanted).max() <= 2


def test_opacity_is_no_level(tmp_path: Path) -> None:
    path = tmp_path / "deep.png"
    opaque = np.full((40, 50, 4), 65535, np.uint16)
    opaque[:, :, :3] = 4095
    path.write_bytes(encode_png(opaque))
    assert (levels_of(read_image(path, PixelFormat.MONO12)) == 4095).all()


@pytest.mark.parametrize("kind", [np.float32, np.int16])
def test_other_levels_are_refused(tmp_path: Path, kind: type[np.generic]) -> None:
    path = tmp_path / "odd.tif"
    path.write_bytes(bytes(cv2.imencode(".tif", PICTURE[:, :, 0].astype(kind))[1]))
    with pytest.raises(ImageError, match=rf"odd\.tif: levels of {kind.__name__}"):
        read_image(path, PixelFormat.MONO16)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_deep_file_cut_short_is_refused(tmp_path: Path, suffix: str) -> None:
    data = bytes(cv2.imencode(suffix, deep_levels(1))[1])
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(ImageError, match=r"cut.*corrupt"):
        read_image(path, PixelFormat.MONO16)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"none\.png: cannot be read"):
        read_image(tmp_path / "none.png", PixelFormat.RGB8)
