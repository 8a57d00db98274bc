"""A Zstandard file that is written and read piece by piece.

Independent frames, each behind a skippable frame with its length in bytes (uint32, little-endian):
``zstd -d`` and ``tar --zstd`` read it as any other.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from inspector.core.errors import ConfigError, InputError

_SKIPPABLE, _LENGTH_BYTES = 0x184D2A50, 4
_PREFIX = struct.Struct("<III")
_FRAME_BYTES = 4 * 2**20
_MOST_BYTES = 2 * _FRAME_BYTES
_LEVEL = 3
_REMEDY = "Use another copy"
_NO_CODEC = ConfigError(
    "this platform has no Zstandard codec", remedy="Install the package imagecodecs"
)


class FrameWriter:
    """Compresses what is written to it; ``close`` writes what is left. One thread."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        """Take all of it."""
        self._waiting += data
        while len(self._waiting) >= _FRAME_BYTES:
            self._put(bytes(self._waiting[:_FRAME_BYTES]))
            del self._waiting[:_FRAME_BYTES]
        return len(data)

    def close(self) -> None:
        """Write what is left."""
        if self._waiting:
            self._put(bytes(self._waiting))
            self._waiting.clear()

    def _put(self, data: bytes) -> None:
        try:
            from imagecodecs import zstd_encode  # noqa: PLC0415  # absent on some platforms
        except ImportError:
            raise _NO_CODEC from None
        frame = bytes(zstd_encode(data, level=_LEVEL))
        self._file.write(_PREFIX.pack(_SKIPPABLE, _LENGTH_BYTES, len(frame)) + frame)


class FrameReader:
    """Reads what ``FrameWriter`` wrote. Raises ``InputError`` for anything else. One thread."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._waiting = b""

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end alone."""
        pieces = []
        while size > 0:
            if not self._waiting and not self._next():
                break
            pieces.append(self._waiting[:size])
            self._waiting = self._waiting[size:]
            size -= len(pieces[-1])
        return b"".join(pieces)

    def _next(self) -> bool:
        try:
            from imagecodecs import zstd_decode  # noqa: PLC0415
        except ImportError:
            raise _NO_CODEC from None
        prefix = self._file.read(_PREFIX.size)
        if not prefix:
            return False
        if len(prefix) < _PREFIX.size:
            raise self._cut_off()
        magic, length_bytes, length = _PREFIX.unpack(prefix)
        if (magic, length_bytes) != (_SKIPPABLE, _LENGTH_BYTES) or length > _MOST_BYTES:
            raise InputError(f"{self._name}: is no backup of Inspector", remedy="Name another file")
        frame = self._file.read(length)
        if len(frame) < length:
            raise self._cut_off()
        try:
            self._waiting = bytes(zstd_decode(frame, out=_FRAME_BYTES))
        except (RuntimeError, ValueError) as error:  # what the codec raises on damaged bytes
            raise InputError(
                f"{self._name}: damaged ({error})", remedy="Use another copy"
            ) from None
        return True

    def _cut_off(self) -> InputError:
        return InputError(
            f"{self._name}: ends in the middle: this backup is not whole", remedy=_REMEDY
        )
