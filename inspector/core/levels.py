"""Levels of deep pixels: uint16 arrays in the memory of the bytes that travel, and their scale.

A format's white is ``2**depth - 1``. From one depth to another white stays white and black black:
``level * white / white``, rounded. 10 and 12 bits stand unshifted in 16, as cameras give them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import PixelFormat, Pixels

Levels = NDArray[np.uint8 | np.uint16]
"""[..., colours]: uint8 for 8 bits, uint16 for more."""


def levels_of(pixels: Pixels) -> Levels:
    """View uint8[..., C] as its levels: uint16[..., C / 2] where two bytes make a colour.

    The low byte comes first, as in the memory of every machine that Inspector runs on.
    """
    if pixels.shape[-1] in (2, 6):
        return pixels.view(np.uint16)
    return pixels


def pixels_of(levels: Levels) -> Pixels:
    """View levels as contiguous bytes; copied only where they are not contiguous."""
    return np.ascontiguousarray(levels).view(np.uint8)


def level_type(pixel_format: PixelFormat) -> type[np.uint8 | np.uint16]:
    """The type that holds one level."""
    return np.uint8 if pixel_format.depth == 8 else np.uint16


def rescale(levels: Levels, have: PixelFormat, want: PixelFormat) -> Levels:
    """Levels at the depth of ``want``; what exceeds the white of ``have`` becomes white.

    In whole numbers, so that every machine gives the same: 65535 squared still fits in 32 bits.
    """
    if have.depth == want.depth:
        return levels
    wide = levels.astype(np.uint32)
    wide *= want.white
    wide += have.white // 2
    wide //= have.white
    np.minimum(wide, want.white, out=wide)
    return wide.astype(level_type(want))


def for_display(pixels: Pixels, pixel_format: PixelFormat) -> Pixels:
    """What a person is shown: uint8[..., 1 or 3]; pixels of 8 bits are handed back as they are."""
    eight = PixelFormat.MONO8 if pixel_format.colours == 1 else PixelFormat.RGB8
    return pixels_of(rescale(levels_of(pixels), pixel_format, eight))
