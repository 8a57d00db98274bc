"""Picture files into pixels; the same reading for teaching, evaluation and replay.

Depth: white becomes white. In a file of 8 bits it is 255, in one of 16 bits 65535, except where 10
or 12 bits are asked for: then the levels are taken as they are, which is how cameras store them,
and one above that white is refused. Depth comes before colour, as in the preparation.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

import cv2
import numpy as np

from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat, Pixels
from inspector.core.levels import Levels, pixels_of, rescale
from inspector.durable.codecs import decode_jpeg_xl, encode_png, is_jpeg_xl

__all__ = ["IMAGE_SUFFIXES", "MIN_SIDE", "decode_image", "encode_png", "read_image"]

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".jxl"})
MIN_SIDE = 32
"""Pictures with a shorter side (px) are refused: no engine sees anything in them."""

_END_OF_JPEG, _SCAN_OF_JPEG = b"\xff\xd9", b"\xff\xda"
_TO_RGB = {1: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}
_TO_MONO = {3: cv2.COLOR_BGR2GRAY, 4: cv2.COLOR_BGRA2GRAY}


def read_image(path: Path, pixel_format: PixelFormat) -> Pixels:
    """Decode one picture file to uint8[H, W, C] in the given format; colours in RGB order.

    Raises ``ImageError`` naming the file when it is missing, corrupt, cut short, not 8 or 16 bits
    deep, brighter than the format's white, or smaller than ``MIN_SIDE``.
    """
    return decode_image(_read_bytes(path), str(path), pixel_format)


def decode_image(data: bytes, name: str, pixel_format: PixelFormat) -> Pixels:
    """Decode the bytes of a picture file; ``name`` is what errors call it."""
    raw = _decoded(data)
    if raw is None or _cut_short(data):
        raise ImageError(
            f"{name}: corrupt picture, or none",
            remedy="Replace the file, or take it out of the folder",
        )
    if raw.dtype not in (np.uint8, np.uint16):
        raise ImageError(f"{name}: levels of {raw.dtype}", remedy="Convert it to 8 or 16 bits")
    height, width = raw.shape[:2]
    if min(height, width) < MIN_SIDE:
        raise ImageError(
            f"{name}: {width}x{height} px is too small",
            remedy=f"Give pictures of at least {MIN_SIDE}x{MIN_SIDE} px",
        )
    return pixels_of(_in_colour(_in_depth(raw, name, pixel_format), pixel_format))


def _decoded(data: bytes) -> Levels | None:
    if is_jpeg_xl(data):
        levels = decode_jpeg_xl(data)
        return None if levels is None else levels[:, :, ::-1]  # as OpenCV gives others
    raw = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
    return None if raw is None else cast("Levels", np.atleast_3d(raw))


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


def _in_depth(raw: Levels, name: str, pixel_format: PixelFormat) -> Levels:
    if raw.dtype == np.uint8:
        return rescale(raw, PixelFormat.MONO8, pixel_format)
    if pixel_format.depth == 8:
        return rescale(raw, PixelFormat.MONO16, pixel_format)
    brightest = int(raw[:, :, :3].max())  # without opacity
    if brightest > pixel_format.white:
        raise ImageError(
            f"{name}: level {brightest}, but white of {pixel_format} is {pixel_format.white}",
            remedy="Set preparation.pixel_format to Mono16, or replace the file",
        )
    return raw


def _in_colour(levels: Levels, pixel_format: PixelFormat) -> Levels:
    code = (_TO_MONO if pixel_format.colours == 1 else _TO_RGB).get(levels.shape[2])
    if code is None:
        return np.ascontiguousarray(levels[:, :, :1])
    return np.atleast_3d(np.asarray(cv2.cvtColor(levels, code), levels.dtype))
