"""The picture mailbox: newest live pictures in a mapped file, read by any process.

One writer, any number of readers. Layout (little-endian)::

    header    magic, generation, slot count, bytes per slot
    slot 0..  sequence, picture number, length, checksum, then the packed picture

A slot's sequence is odd while it is written (a seqlock: Hemminger 2002, Linux ``seqlock_t``). A
reader takes the newest even slot, copies it, and keeps the copy only when sequence, number,
checksum and the file's generation still fit. The generation changes when a station starts.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from inspector.core.frame import Pixels, ScoreMap
from inspector.core.judgement import Region
from inspector.durable.files import storage_errors, write_atomically
from inspector.link.picture import LivePicture

SLOTS = 3
SLOT_BYTES = 4 * 2**20
"""A colour picture of 1280 x 1024 px with its map; larger ones are thinned out to fit."""

_MAGIC = b"INSPPIC1"
_HEADER = struct.Struct("<8sQIQ")
_SLOT = struct.Struct("<QQQI")
_HEADER_BYTES = 64
_SLOT_HEADER_BYTES = 64
_META_BYTES = struct.Struct("<I")


class _Meta(msgspec.Struct, frozen=True):
    part_id: int
    utc_us: int
    passed: bool
    cause: str
    shape: tuple[int, int, int]
    map_shape: tuple[int, int] | None
    score: float
    threshold: float
    regions: tuple[Region, ...]


_meta = msgspec.msgpack.Decoder(_Meta)


class PictureMailbox:
    """The station's end. One thread at a time; ``offer`` never waits for a reader.

    The file is used again when it has the right size, so that readers keep theirs open. Raises
    ``StorageError`` when it cannot be made.
    """

    def __init__(self, path: Path, *, slot_bytes: int = SLOT_BYTES, slots: int = SLOTS) -> None:
        self._slots, self._slot_bytes = slots, slot_bytes
        self._number = 0
        size = _HEADER_BYTES + slots * (_SLOT_HEADER_BYTES + slot_bytes)
        with storage_errors(path):
            if not path.is_file() or path.stat().st_size != size:
                # Real zeros: writing into a hole of a full disk would kill the process.
                write_atomically(path, bytes(size), private=True)
            with path.open("r+b") as file:
                self._map = mmap.mmap(file.fileno(), size)
        self._begin_generation()

    def _begin_generation(self) -> None:
        """Forget what an earlier station left, then show a new generation."""
        header = (_MAGIC, 0, self._slots, self._slot_bytes)
        _HEADER.pack_into(self._map, 0, *header)
        for slot in range(self._slots):
            _SLOT.pack_into(self._map, _slot_at(slot, self._slot_bytes), 0, 0, 0, 0)
        generation = secrets.randbits(63) | 1
        _HEADER.pack_into(self._map, 0, _MAGIC, generation, self._slots, self._slot_bytes)

    def offer(self, picture: LivePicture) -> bool:
        """Show a picture to whoever looks. False when it is too large even thinned out."""
        fitting = _thinned(picture, self._slot_bytes)
        if fitting is None:
            return False
        self._number += 1
        at = _slot_at(self._number % self._slots, self._slot_bytes)
        writing = _SLOT.unpack_from(self._map, at)[0] | 1
        _SLOT.pack_into(self._map, at, writing, 0, 0, 0)
        begin = end = at + _SLOT_HEADER_BYTES
        for part in _packed(fitting):
            self._map[end : end + len(part)] = part
            end += len(part)
        length = end - begin
        with memoryview(self._map) as whole, whole[begin:end] as content:
            checksum = zlib.crc32(content)
        _SLOT.pack_into(self._map, at, writing, self._number, length, checksum)
        _SLOT.pack_into(self._map, at, writing + 1, self._number, length, checksum)
        return True

    def close(self) -> None:
        """Let go of the file; readers keep the last picture. Safe to call twice."""
        self._map.close()


class MailboxReader:
    """A client's end. One thread at a time; reads alone, and may die at any moment."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._map: mmap.mmap | None = None
        self._file_id: tuple[int, int] | None = None
        self._seen = (0, 0)

    def newest(self) -> LivePicture | None:
        """The newest picture that was not returned before; None when there is none, or no file."""
        mapped = self._mapped()
        if mapped is None:
            return None
        generation, slots, slot_bytes = _layout(mapped)
        if not generation:
            return None
        after = self._seen[1] if self._seen[0] == generation else 0
        for number, slot in sorted(_numbers(mapped, slots, slot_bytes), reverse=True):
            if number <= after:
                return None
            content = _copy_of(mapped, _slot_at(slot, slot_bytes), number, slot_bytes)
            if content is not None and _layout(mapped)[0] == generation:
                self._seen = (generation, number)
                return _unpacked(content)
        return None

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        if self._map is not None:
            self._map.close()
        self._map, self._file_id = None, None

    def _mapped(self) -> mmap.mmap | None:
        """The file's content; opened anew when another file took its place."""
        try:
            found = self._path.stat()
        except OSError:
            self.close()
            return None
        file_id = (found.st_ino, found.st_size)
        if self._map is None or file_id != self._file_id:
            self.close()
            with contextlib.suppress(OSError, ValueError), self._path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size >= _HEADER_BYTES:
                    self._map = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
                    self._file_id = file_id
        return self._map


def _slot_at(slot: int, slot_bytes: int) -> int:
    return _HEADER_BYTES + slot * (_SLOT_HEADER_BYTES + slot_bytes)


def _layout(mapped: mmap.mmap) -> tuple[int, int, int]:
    """Generation (0: none to read), slots and bytes per slot."""
    magic, generation, slots, slot_bytes = _HEADER.unpack_from(mapped, 0)
    if magic != _MAGIC or _slot_at(slots, slot_bytes) > len(mapped):
        return 0, 0, 0
    return generation, slots, slot_bytes


def _numbers(mapped: mmap.mmap, slots: int, slot_bytes: int) -> list[tuple[int, int]]:
    """Picture number and slot of every slot that is not being written."""
    heads = [_SLOT.unpack_from(mapped, _slot_at(slot, slot_bytes)) for slot in range(slots)]
    return [(head[1], slot) for slot, head in enumerate(heads) if head[0] % 2 == 0]


def _copy_of(mapped: mmap.mmap, at: int, number: int, slot_bytes: int) -> bytes | None:
    """The slot's content, or None when the writer came in between."""
    before = _SLOT.unpack_from(mapped, at)
    sequence, found, length, checksum = before
    if sequence % 2 or found != number or length > slot_bytes:
        return None
    content = mapped[at + _SLOT_HEADER_BYTES : at + _SLOT_HEADER_BYTES + length]
    intact = _SLOT.unpack_from(mapped, at) == before and zlib.crc32(content) == checksum
    return content if intact else None


def _thinned(picture: LivePicture, slot_bytes: int) -> LivePicture | None:
    """The picture with every n-th pixel of it and its map, as large as a slot holds.

    Thinning is quick and only for the eye: verdict and evidence use the whole picture.
    """
    room = slot_bytes - len(_meta_bytes(picture)) - 256
    step = 1
    while room > 0:
        pixels = picture.pixels[::step, ::step]
        own_map = None if picture.map is None else picture.map[::step, ::step]
        if pixels.nbytes + (0 if own_map is None else own_map.nbytes) <= room:
            return picture if step == 1 else replace(picture, pixels=pixels, map=own_map)
        if pixels.shape[0] <= 1 and pixels.shape[1] <= 1:
            return None
        step += 1
    return None


def _meta_bytes(picture: LivePicture) -> bytes:
    height, width, channels = picture.pixels.shape
    map_shape = None if picture.map is None else (picture.map.shape[0], picture.map.shape[1])
    meta = _Meta(
        part_id=picture.part_id,
        utc_us=picture.utc_us,
        passed=picture.passed,
        cause=picture.cause,
        shape=(height, width, channels),
        map_shape=map_shape,
        score=picture.score,
        threshold=picture.threshold,
        regions=picture.regions,
    )
    return msgspec.msgpack.encode(meta)


def _packed(picture: LivePicture) -> list[bytes | memoryview]:
    """The picture as byte strings to be put one behind the other; arrays are not copied."""
    meta = _meta_bytes(picture)
    parts: list[bytes | memoryview] = [_META_BYTES.pack(len(meta)), meta]
    arrays: list[Pixels | ScoreMap] = [picture.pixels]
    if picture.map is not None:
        arrays.append(picture.map)
    parts += [np.ascontiguousarray(array).data.cast("B") for array in arrays]
    return parts


def _unpacked(content: bytes) -> LivePicture:
    (meta_bytes,) = _META_BYTES.unpack_from(content)
    at = _META_BYTES.size + meta_bytes
    meta = _meta.decode(content[_META_BYTES.size : at])
    size = int(np.prod(meta.shape))
    pixels = np.frombuffer(content, np.uint8, size, at).reshape(meta.shape).copy()
    own_map = None
    if meta.map_shape is not None:
        cells = int(np.prod(meta.map_shape))
        values = np.frombuffer(content, np.uint8, 4 * cells, at + size)
        own_map = values.copy().view(np.float32).reshape(meta.map_shape)
    return LivePicture(
        part_id=meta.part_id,
        utc_us=meta.utc_us,
        passed=meta.passed,
        cause=meta.cause,
        pixels=pixels,
        map=own_map,
        score=meta.score,
        threshold=meta.threshold,
        regions=meta.regions,
    )
