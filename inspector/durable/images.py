"""Picture files into pixels; the same reading for teaching, evaluation and replay."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat, Pixels

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"})
MIN_SIDE = 32
"""Pictures with a shorter side (px) are refused: no engine sees anything in them."""

_END_OF_JPEG, _SCAN_OF_JPEG = b"\xff\xd9", b"\xff\xda"
_TO_RGB = {1: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}
_TO_MONO = {3: cv2.COLOR_BGR2GRAY, 4: cv2.COLOR_BGRA2GRAY}


def read_image(path: Path, pixel_format: PixelFormat) -> Pixels:
    """Decode one picture file to uint8[H, W, C] in RGB order (or one grey channel).

    Raises ``ImageError`` naming the file when it is missing, corrupt, cut short, not 8 bits deep
    or smaller than ``MIN_SIDE``.
    """
    return decode_image(_read_bytes(path), str(path), pixel_format)


def decode_image(data: bytes, name: str, pixel_format: PixelFormat) -> Pixels:
    """Decode the bytes of a picture file; ``name`` is what errors call it."""
    raw = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
    if raw is None or _cut_short(data):
        raise ImageError(
            f"{name}: corrupt picture, or none",
            remedy="Replace the file, or take it out of the folder",
        )
    if raw.dtype != np.uint8:
        raise ImageError(
            f"{name}: {raw.dtype.itemsize * 8} bits per channel", remedy="Convert it to 8 bits"
        )
    height, width = raw.shape[:2]
    if min(height, width) < MIN_SIDE:
        raise ImageError(
            f"{name}: {width}x{height} px is too small",
            remedy=f"Give pictures of at least {MIN_SIDE}x{MIN_SIDE} px",
        )
    return _in_format(np.asarray(raw, np.uint8).reshape(height, width, -1), pixel_format)


def encode_png(pixels: Pixels | NDArray[np.uint16]) -> bytes:
    """Lossless PNG bytes of [H, W] or [H, W, C], C being 1 or 3 in RGB order; 8 or 16 bits deep."""
    if pixels.ndim == 3 and pixels.shape[2] == 3:
        pixels = pixels[:, :, ::-1]
    # Default compression: explicit zlib levels were measured slower and larger.
    return bytes(cv2.imencode(".png", pixels)[1])


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImageError(
            f"{path}: cannot be read ({error.strerror})", remedy="Check the path and its rights"
        ) from error


def _cut_short(data: bytes) -> bool:
    """Decoders paint the missing rest of a truncated file grey; an inspection must not."""
    if data.startswith(b"\xff\xd8"):
        return data.rfind(_END_OF_JPEG) < data.rfind(_SCAN_OF_JPEG)
    if data.startswith(b"\x89PNG"):
        return b"IEND" not in data[-64:]
    return False


def _in_format(raw: Pixels, pixel_format: PixelFormat) -> Pixels:
    table = _TO_RGB if pixel_format is PixelFormat.RGB8 else _TO_MONO
    code = table.get(raw.shape[2])
    if code is None:
        return np.ascontiguousarray(raw[:, :, :1])
    pixels = np.asarray(cv2.cvtColor(raw, code), np.uint8)
    return pixels.reshape(*pixels.shape[:2], -1)
