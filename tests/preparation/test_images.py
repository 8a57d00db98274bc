"""Reading picture files: every bad file is named."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat
from inspector.durable.images import encode_png, read_image

PICTURE = np.random.default_rng(2).integers(0, 256, (40, 50, 3), dtype=np.uint8)


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


def test_sixteen_bits_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.png"
    path.write_bytes(bytes(cv2.imencode(".png", PICTURE.astype(np.uint16))[1]))
    with pytest.raises(ImageError, match="16 bits per channel"):
        read_image(path, PixelFormat.RGB8)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"none\.png: cannot be read"):
        read_image(tmp_path / "none.png", PixelFormat.RGB8)
