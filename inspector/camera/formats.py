"""Pixel formats of cameras (SFNC / PFNC names) into those that travel inside Inspector.

Colour filters become RGB by bilinear interpolation. White stays white: where 10, 12 or 14 bits
have no format of their own they are scaled to 16 as ``inspector.core.levels.rescale`` does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.camera.device import Delivered
from inspector.camera.packing import PACKINGS, Unpacking, row_bytes
from inspector.core.errors import CameraError, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels

_FILTERS = {
    "RG": cv2.COLOR_BayerRGGB2RGB,
    "GR": cv2.COLOR_BayerGRBG2RGB,
    "GB": cv2.COLOR_BayerGBRG2RGB,
    "BG": cv2.COLOR_BayerBGGR2RGB,
}
"""By the first two pixels of the first row, as PFNC names them. OpenCV's older names, such as
BayerBG for RGGB, go by the second row and column."""
_YUYV = (0, 0, 3, 1, 1, 2, 2, 3, 3, 4, 1, 5)
_UYVY = (1, 0, 2, 1, 0, 2, 3, 3, 2, 4, 0, 5)
"""Pairs (have, want) of bytes of two pixels, to Y V U Y V U."""
_BLOCK_BYTES = 2**18


class _Scratch:
    """What is needed beside the slot; it grows to the largest frame, once."""

    def __init__(self) -> None:
        self.unpacking = Unpacking()
        self._bytes = np.empty((0,), np.uint8)

    def array(self, shape: tuple[int, ...]) -> Pixels:
        """Room for one array; the one before is gone."""
        size = math.prod(shape)
        if self._bytes.size < size:
            self._bytes = np.empty((size,), np.uint8)
        return self._bytes[:size].reshape(shape)


_Decode = Callable[["_Format", Delivered, Pixels, _Scratch], None]


@dataclass(frozen=True, slots=True)
class _Format:
    internal: PixelFormat
    bits: int
    """Of one pixel in the camera's buffer."""
    decode: _Decode
    code: int = 0
    """OpenCV's conversion."""
    depth: int = 8
    packing: str = ""
    order: tuple[int, ...] = ()

    @property
    def pairs(self) -> bool:
        """Two pixels share their colour."""
        return self.bits == 16 and self.internal is PixelFormat.RGB8


def _bytes(delivered: Delivered, channels: int) -> Pixels:
    """The buffer as uint8[H, W, C], a view."""
    shape = (delivered.height, delivered.width, channels)
    return np.ndarray(shape, np.uint8, delivered.data, 0, (delivered.stride, channels, 1))


def _deep(delivered: Delivered) -> NDArray[np.uint16]:
    """The buffer as uint16[H, W], a view."""
    shape = (delivered.height, delivered.width)
    return np.ndarray(shape, np.uint16, delivered.data, 0, (delivered.stride, 2))


def _copy(form: _Format, delivered: Delivered, out: Pixels, _scratch: _Scratch) -> None:
    out[...] = _bytes(delivered, form.bits // 8)


def _recolour(form: _Format, delivered: Delivered, out: Pixels, _scratch: _Scratch) -> None:
    cv2.cvtColor(_bytes(delivered, form.bits // 8), form.code, dst=out)


def _unpack_mono(form: _Format, delivered: Delivered, out: Pixels, scratch: _Scratch) -> None:
    levels = out.view(np.uint16)[:, :, 0]
    packing = PACKINGS[form.packing]
    scratch.unpacking.unpack(delivered.data, delivered.stride, packing, levels)


def _widen_mono(form: _Format, delivered: Delivered, out: Pixels, _scratch: _Scratch) -> None:
    _to_16_bits(_deep(delivered), form.depth, out.view(np.uint16)[:, :, 0])


def _deep_bayer(form: _Format, delivered: Delivered, out: Pixels, scratch: _Scratch) -> None:
    levels = _deep_levels(form, delivered, scratch)
    cv2.cvtColor(levels, form.code, dst=out.view(np.uint16))


def _deep_levels(form: _Format, delivered: Delivered, scratch: _Scratch) -> NDArray[np.uint16]:
    if form.depth == 16:
        return _deep(delivered)
    room = scratch.array((delivered.height, 2 * delivered.width)).view(np.uint16)
    if form.packing:
        packing = PACKINGS[form.packing]
        scratch.unpacking.unpack(delivered.data, delivered.stride, packing, room)
    _to_16_bits(room if form.packing else _deep(delivered), form.depth, room)
    return room


def _to_16_bits(levels: NDArray[np.uint16], depth: int, out: NDArray[np.uint16]) -> None:
    """White to white. Equal to ``rescale`` at every level, which the tests go through."""
    cv2.multiply(levels, (2**16 - 1) / (2**depth - 1), out)


def _full_range(form: _Format, delivered: Delivered, out: Pixels, scratch: _Scratch) -> None:
    """YUV 4:2:2 whose levels go from 0 to 255, which OpenCV does not know in this packing."""
    height, width = delivered.height, delivered.width
    pairs = np.ndarray(
        (height, width // 2, 4), np.uint8, delivered.data, 0, (delivered.stride, 4, 1)
    )
    step = max(1, min(height, _BLOCK_BYTES // (3 * width)))
    room = scratch.array((step, width // 2, 6))
    for top in range(0, height, step):
        rows = slice(top, min(top + step, height))
        block = room[: rows.stop - top]
        cv2.mixChannels([pairs[rows]], [block], form.order)
        cv2.cvtColor(block.reshape(-1, width, 3), cv2.COLOR_YCrCb2RGB, dst=out[rows])


def _formats() -> dict[str, _Format]:
    rgb8, rgb16 = PixelFormat.RGB8, PixelFormat.RGB16
    found = {
        "Mono8": _Format(PixelFormat.MONO8, 8, _copy),
        "RGB8": _Format(rgb8, 24, _copy),
        "BGR8": _Format(rgb8, 24, _recolour, cv2.COLOR_BGR2RGB),
        "RGBa8": _Format(rgb8, 32, _recolour, cv2.COLOR_RGBA2RGB),
        "BGRa8": _Format(rgb8, 32, _recolour, cv2.COLOR_BGRA2RGB),
        "Mono10": _Format(PixelFormat.MONO10, 16, _copy),
        "Mono12": _Format(PixelFormat.MONO12, 16, _copy),
        "Mono14": _Format(PixelFormat.MONO16, 16, _widen_mono, depth=14),
        "Mono16": _Format(PixelFormat.MONO16, 16, _copy),
    }
    for name, packing in PACKINGS.items():
        internal = PixelFormat.MONO10 if name.startswith("10") else PixelFormat.MONO12
        found[f"Mono{name}"] = _Format(internal, packing.bits, _unpack_mono, packing=name)
    for pattern, code in _FILTERS.items():
        found[f"Bayer{pattern}8"] = _Format(rgb8, 8, _recolour, code)
        for depth in (10, 12, 16):
            found[f"Bayer{pattern}{depth}"] = _Format(rgb16, 16, _deep_bayer, code, depth)
        for name, packing in PACKINGS.items():
            found[f"Bayer{pattern}{name}"] = _Format(
                rgb16, packing.bits, _deep_bayer, code, int(name[:2]), name
            )
    for name in ("YUV422_8", "YCbCr422_8"):
        found[name] = _Format(rgb8, 16, _full_range, order=_YUYV)
    for name in ("YUV422_8_UYVY", "YCbCr422_8_CbYCrY"):
        found[name] = _Format(rgb8, 16, _full_range, order=_UYVY)
    found["YCbCr601_422_8"] = _Format(rgb8, 16, _recolour, cv2.COLOR_YUV2RGB_YUYV)
    found["YCbCr601_422_8_CbYCrY"] = _Format(rgb8, 16, _recolour, cv2.COLOR_YUV2RGB_UYVY)
    for old, new in _OLD_NAMES.items():
        found[old] = found[new]
    return found


_OLD_NAMES = {
    "RGB8Packed": "RGB8",
    "BGR8Packed": "BGR8",
    "RGBA8Packed": "RGBa8",
    "BGRA8Packed": "BGRa8",
    "YUV422Packed": "YUV422_8_UYVY",
    "YUV422_YUYV_Packed": "YUV422_8",
}
"""SFNC before version 2, which older GigE cameras still speak."""
_FORMATS = _formats()


def _format(name: str) -> _Format:
    form = _FORMATS.get(name)
    if form is None:
        known = ", ".join(name for name in _FORMATS if name not in _OLD_NAMES)
        raise ConfigError(
            f"PixelFormat: {name} cannot be unpacked", remedy=f"Set it to one of {known}"
        )
    return form


def internal_format(name: str) -> PixelFormat:
    """What a camera's pixel format becomes. Raises ``ConfigError`` naming those that can be used.

    Colour filters of more than 8 bits become RGB16, Mono14 becomes Mono16.
    """
    return _format(name).internal


class Unpacker:
    """Unpacks the frames of one camera. One thread at a time.

    Scratch is allocated with the first frame and used again for all that follow.
    """

    def __init__(self, made: FrameFormat) -> None:
        self._made = made
        self._scratch = _Scratch()

    def unpack(self, delivered: Delivered, out: Pixels) -> None:
        """Unpack one complete frame into ``out``, a contiguous uint8[H, W, C], written once.

        Raises ``CameraError`` where frame or ``out`` are not of the format agreed upon, or the
        buffer does not hold the frame that it claims to be.
        """
        form = _format(delivered.pixel_format)
        have = FrameFormat(delivered.width, delivered.height, form.internal)
        if have != self._made or out.shape != have.shape or not out.flags.c_contiguous:
            raise CameraError(
                f"a frame of {have.width}x{have.height} px {have.pixel_format} came where "
                f"{self._made.width}x{self._made.height} px {self._made.pixel_format} was expected",
                remedy="Open the camera again after a change of its size or pixel format",
            )
        _check(form, delivered)
        form.decode(form, delivered, out, self._scratch)


def _check(form: _Format, delivered: Delivered) -> None:
    """The buffer must hold all that the decoder will read; nothing behind it is looked at."""
    height, width, stride = delivered.height, delivered.width, delivered.stride
    if form.pairs and width % 2:
        raise CameraError(f"{delivered.pixel_format} of {width} px", remedy="Set an even Width")
    row = row_bytes(width, form.bits)
    if stride < row or delivered.data.size < stride * (height - 1) + row:
        raise CameraError(
            f"a buffer of {delivered.data.size} bytes in rows of {stride} cannot hold "
            f"{width}x{height} px {delivered.pixel_format}",
            remedy="Set Width to a multiple of 4, so that rows begin at whole bytes",
        )
