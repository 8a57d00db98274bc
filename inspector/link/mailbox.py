"""The picture mailbox: newest live pictures in a mapped file, read by any process.

One writer, any number of readers (``mailbox_reader``); ``mailbox_layout`` says how it works.
"""

from __future__ import annotations

import mmap
import secrets
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from inspector.durable.files import storage_errors, write_atomically
from inspector.link.mailbox_layout import (
    HEADER,
    HEADER_BYTES,
    MAGIC,
    SLOT,
    SLOT_HEADER_BYTES,
    meta_bytes,
    packed,
    slot_at,
)
from inspector.link.picture import LivePicture, OtherView

_V = TypeVar("_V", LivePicture, OtherView)

SLOTS = 3
SLOT_BYTES = 4 * 2**20
"""A colour picture of 1280 x 1024 px with its map; larger ones are thinned out to fit."""


class PictureMailbox:
    """The station's end. One thread at a time; ``offer`` never waits for a reader.

    The file is used again when it has the right size, so that readers keep theirs open. Raises
    ``StorageError`` when it cannot be made.
    """

    def __init__(self, path: Path, *, slot_bytes: int = SLOT_BYTES, slots: int = SLOTS) -> None:
        self._slots, self._slot_bytes = slots, slot_bytes
        self._number = 0
        size = HEADER_BYTES + slots * (SLOT_HEADER_BYTES + slot_bytes)
        with storage_errors(path):
            if not path.is_file() or path.stat().st_size != size:
                # Real zeros: writing into a hole of a full disk would kill the process.
                write_atomically(path, bytes(size), private=True)
            with path.open("r+b") as file:
                self._map = mmap.mmap(file.fileno(), size)
        self._begin_generation()

    def _begin_generation(self) -> None:
        """Forget what an earlier station left, then show a new generation."""
        header = (MAGIC, 0, self._slots, self._slot_bytes)
        HEADER.pack_into(self._map, 0, *header)
        for slot in range(self._slots):
            SLOT.pack_into(self._map, slot_at(slot, self._slot_bytes), 0, 0, 0, 0)
        generation = secrets.randbits(63) | 1
        HEADER.pack_into(self._map, 0, MAGIC, generation, self._slots, self._slot_bytes)

    def offer(self, picture: LivePicture) -> bool:
        """Show a picture to whoever looks. False when it is too large even thinned out."""
        fitting = thinned(picture, self._slot_bytes)
        if fitting is None:
            return False
        self._number += 1
        at = slot_at(self._number % self._slots, self._slot_bytes)
        writing = SLOT.unpack_from(self._map, at)[0] | 1
        SLOT.pack_into(self._map, at, writing, 0, 0, 0)
        begin = end = at + SLOT_HEADER_BYTES
        for part in packed(fitting):
            self._map[end : end + len(part)] = part
            end += len(part)
        length = end - begin
        with memoryview(self._map) as whole, whole[begin:end] as content:
            checksum = zlib.crc32(content)
        SLOT.pack_into(self._map, at, writing, self._number, length, checksum)
        SLOT.pack_into(self._map, at, writing + 1, self._number, length, checksum)
        return True

    def close(self) -> None:
        """Let go of the file; readers keep the last picture. Safe to call twice."""
        self._map.close()


def thinned(picture: LivePicture, slot_bytes: int) -> LivePicture | None:
    """The picture with every n-th pixel of it and its map, as large as a slot holds.

    Thinning is quick and only for the eye: verdict and evidence use the whole picture.
    """
    room = slot_bytes - len(meta_bytes(picture)) - 256
    step = 1
    while room > 0:
        fitting = picture
        if step > 1:
            others = tuple(_stepped(other, step) for other in picture.others)
            fitting = replace(_stepped(picture, step), others=others)
        if sum(map(_nbytes, fitting.views)) <= room:
            return fitting
        if fitting.pixels.shape[0] <= 1 and fitting.pixels.shape[1] <= 1:
            return None
        step += 1
    return None


def _stepped(view: _V, step: int) -> _V:
    own_map = None if view.map is None else view.map[::step, ::step]
    return replace(view, pixels=view.pixels[::step, ::step], map=own_map)


def _nbytes(view: OtherView) -> int:
    return view.pixels.nbytes + (0 if view.map is None else view.map.nbytes)
