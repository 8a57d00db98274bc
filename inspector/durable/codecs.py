"""Codecs that keep every bit: JPEG XL for levels, Zstandard for floats; PNG where they are absent.

From the package ``imagecodecs``. Each call uses the calling thread alone and lets the GIL go.
"""

from __future__ import annotations

import contextlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.levels import Levels

try:
    from imagecodecs import jpegxl_decode, jpegxl_encode, zstd_decode, zstd_encode
except ImportError:  # a platform without its wheel
    JPEG_XL = False
else:
    JPEG_XL = True

JPEG_XL_SUFFIX = ".jxl"
_STARTS = (b"\xff\x0a", b"\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a")
_ZSTD_LEVEL = 3


def encode_png(levels: Levels) -> bytes:
    """Lossless PNG bytes of [H, W] or [H, W, C], C being 1 or 3 in RGB order; 8 or 16 bits deep.

    Pixels of a deep format are given as ``levels_of`` them.
    """
    if levels.ndim == 3 and levels.shape[2] == 3:
        levels = levels[:, :, ::-1]
    # Default compression: explicit zlib levels were measured slower and larger.
    return bytes(cv2.imencode(".png", levels)[1])


def encode_levels(levels: Levels) -> tuple[str, bytes]:
    """Suffix and bytes of the quickest lossless picture of [H, W, C], as for ``encode_png``."""
    if not JPEG_XL:
        return ".png", encode_png(levels)
    if levels.ndim == 3 and levels.shape[2] not in (1, 3):  # it would pass for opacity
        raise ValueError(f"no picture has {levels.shape[2]} colours")
    plane = levels[:, :, 0] if levels.ndim == 3 and levels.shape[2] == 1 else levels
    plane = np.ascontiguousarray(plane)
    return JPEG_XL_SUFFIX, bytes(jpegxl_encode(plane, effort=1, lossless=True, numthreads=1))


def is_jpeg_xl(data: bytes) -> bool:
    """Whether these are the bytes of a JPEG XL picture."""
    return data.startswith(_STARTS)


def decode_jpeg_xl(data: bytes) -> Levels | None:
    """Levels [H, W, C] in RGB order; None where they cannot be read, or not on this platform."""
    if not JPEG_XL:
        return None
    with contextlib.suppress(RuntimeError, ValueError):  # what the codec raises on damaged bytes
        levels: NDArray[Any] = np.atleast_3d(jpegxl_decode(data, numthreads=1))
        if levels.dtype in (np.uint8, np.uint16):
            return levels
    return None


def encode_floats(values: NDArray[np.float32]) -> bytes:
    """Float32 values, little-endian, in C order; all first bytes, then all second ones, as zstd.

    Bytes of one weight are more alike than those of one number. Needs ``JPEG_XL``.
    """
    weights = np.ascontiguousarray(values, "<f4").view(np.uint8).reshape(-1, 4).T
    return bytes(zstd_encode(weights.tobytes(), level=_ZSTD_LEVEL))


def decode_floats(data: bytes, shape: tuple[int, int]) -> NDArray[np.float32]:
    """The values of ``encode_floats``, bit for bit. Raises ``ValueError``."""
    if not JPEG_XL:
        raise ValueError("the package imagecodecs is missing")
    try:
        raw = zstd_decode(data)
    except RuntimeError as error:
        raise ValueError(f"damaged: {error}") from error
    weights = np.frombuffer(raw, np.uint8).reshape(4, -1)
    return np.ascontiguousarray(weights.T).view("<f4").reshape(shape)
