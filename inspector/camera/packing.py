"""Grey levels that cameras pack without gaps, unpacked to 16 bits with the processor's wide words.

Four pixels at a time: five or six bytes become one 64-bit word, whose bits move to four 16-bit
lanes. Bits that move equally far move together, so that a format is a few masks and shifts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import Pixels

_LANES = 4
_BLOCK = 16384
"""Words unpacked at a time: they stay in the processor's cache from the first mask to the last."""

Words = NDArray[np.uint64]
_Item = TypeVar("_Item", np.uint8, np.uint16, np.uint32)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of a camera's buffer, from byte ``start`` on and ``stride`` bytes apart."""

    raw: Pixels
    start: int
    stride: int

    def items(
        self, kind: type[_Item], shape: tuple[int, ...], first: int, step: int
    ) -> NDArray[_Item]:
        """A view of what begins in each row at byte ``first`` and every ``step`` after it."""
        return np.ndarray(shape, kind, self.raw, self.start + first, (self.stride, step))


@dataclass(frozen=True, slots=True)
class Packing:
    """How ``bits`` of a pixel lie in a row; ``moves`` are (mask, bits to the left) of a word."""

    bits: int
    moves: tuple[tuple[np.uint64, int], ...]

    @property
    def group_bytes(self) -> int:
        """Bytes of four pixels."""
        return _LANES * self.bits // 8


def _packing(depth: int, bits: int, place: Callable[[int, int, int], int]) -> Packing:
    masks: dict[int, int] = {}
    for pixel in range(_LANES):
        for bit in range(depth):
            have = place(pixel, bit, depth)
            left = 16 * pixel + bit - have
            masks[left] = masks.get(left, 0) | 1 << have
    return Packing(bits, tuple((np.uint64(mask), left) for left, mask in sorted(masks.items())))


def _p(pixel: int, bit: int, depth: int) -> int:
    """PFNC ``p``: one stream of bits, lowest first."""
    return depth * pixel + bit


def _packed(pixel: int, bit: int, depth: int) -> int:
    """GigE Vision ``Packed``: the high bytes of two pixels, between them a byte of low bits."""
    low = depth - 8
    pair, second = 24 * (pixel // 2), pixel % 2
    return pair + (16 * second + bit - low if bit >= low else 8 + 4 * second + bit)


PACKINGS = {
    "10p": _packing(10, 10, _p),
    "12p": _packing(12, 12, _p),
    "10Packed": _packing(10, 12, _packed),
    "12Packed": _packing(12, 12, _packed),
}


class Unpacking:
    """Unpacks into 16-bit levels in blocks of whole rows; its scratch is allocated once."""

    def __init__(self) -> None:
        self._words = np.empty((0,), np.uint64)
        self._moved = np.empty((0,), np.uint64)
        self._lanes = np.empty((0,), np.uint64)

    def unpack(self, raw: Pixels, stride: int, packing: Packing, out: NDArray[np.uint16]) -> None:
        """Unpack rows of ``raw`` (uint8[bytes], ``stride`` bytes apart) to ``out`` uint16[H, W]."""
        height, width = out.shape
        groups = -(-width // _LANES)
        rows = max(1, min(height, _BLOCK // groups))
        self._grow(rows * groups)
        for top in range(0, height, rows):
            block = _Rows(raw, top * stride, stride)
            self._unpack_rows(block, packing, out[top : top + rows])

    def _grow(self, words: int) -> None:
        if len(self._words) < words:
            self._words, self._moved, self._lanes = np.zeros((3, words), np.uint64)

    def _unpack_rows(self, rows: _Rows, packing: Packing, out: NDArray[np.uint16]) -> None:
        height, width = out.shape
        groups, rest = divmod(width, _LANES)
        if not rest:
            words = self._words[: height * groups].reshape(height, groups)
            _gather(rows, packing, words)
            self._move(words, packing, out.view(np.uint64))
            return
        shape = (height, groups + 1)
        words = self._words[: height * (groups + 1)].reshape(shape)
        if groups:
            _gather(rows, packing, words[:, :groups])
        more = row_bytes(rest, packing.bits)  # a group cut short, with nothing behind the last
        end = rows.items(np.uint8, (height, more), groups * packing.group_bytes, 1)
        words[:, groups:].view(np.uint8)[:, :more] = end
        lanes = self._lanes[: words.size].reshape(shape)
        self._move(words, packing, lanes)
        out[...] = lanes.view(np.uint16)[:, :width]

    def _move(self, words: Words, packing: Packing, lanes: Words) -> None:
        moved = self._moved[: words.size].reshape(words.shape)
        for number, (mask, left) in enumerate(packing.moves):
            target = moved if number else lanes
            np.bitwise_and(words, mask, out=target)
            if left:
                shift = np.left_shift if left > 0 else np.right_shift
                shift(target, abs(left), out=target)
            if number:
                np.bitwise_or(lanes, moved, out=lanes)


def _gather(rows: _Rows, packing: Packing, words: Words) -> None:
    """Groups of bytes into the low end of words: four bytes at once, then the one or two more."""
    step = packing.group_bytes
    words.view(np.uint32)[:, ::2] = rows.items(np.uint32, words.shape, 0, step)
    if step == 5:
        words.view(np.uint8)[:, 4::8] = rows.items(np.uint8, words.shape, 4, step)
    else:
        words.view(np.uint16)[:, 2::4] = rows.items(np.uint16, words.shape, 4, step)


def row_bytes(width: int, bits: int) -> int:
    """Bytes of a row that begins at a whole byte."""
    return -(-width * bits // 8)
