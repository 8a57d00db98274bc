"""A client's view of the picture mailbox: the newest whole picture, or nothing."""

from __future__ import annotations

import contextlib
import mmap
import os
import zlib
from pathlib import Path

from inspector.link.mailbox_layout import (
    HEADER,
    HEADER_BYTES,
    MAGIC,
    SLOT,
    SLOT_HEADER_BYTES,
    slot_at,
    unpacked,
)
from inspector.link.picture import LivePicture


class MailboxReader:
    """A client's end. One thread at a time; reads alone, and may die at any moment."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._map: mmap.mmap | None = None
        self._file_id: tuple[int, int] | None = None
        self._seen = (0, 0)

    def newest(self, _token: str = "") -> LivePicture | None:
        """The newest picture that was not returned before; None when there is none, or no file.

        Whoever may read the file is asked for no session.
        """
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
            content = _copy_of(mapped, slot_at(slot, slot_bytes), number, slot_bytes)
            if content is not None and _layout(mapped)[0] == generation:
                self._seen = (generation, number)
                return unpacked(content)
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
                if size >= HEADER_BYTES:
                    self._map = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
                    self._file_id = file_id
        return self._map


def _layout(mapped: mmap.mmap) -> tuple[int, int, int]:
    """Generation (0: none to read), slots and bytes per slot."""
    magic, generation, slots, slot_bytes = HEADER.unpack_from(mapped, 0)
    if magic != MAGIC or slot_at(slots, slot_bytes) > len(mapped):
        return 0, 0, 0
    return generation, slots, slot_bytes


def _numbers(mapped: mmap.mmap, slots: int, slot_bytes: int) -> list[tuple[int, int]]:
    """Picture number and slot of every slot that is not being written."""
    heads = [SLOT.unpack_from(mapped, slot_at(slot, slot_bytes)) for slot in range(slots)]
    return [(head[1], slot) for slot, head in enumerate(heads) if head[0] % 2 == 0]


def _copy_of(mapped: mmap.mmap, at: int, number: int, slot_bytes: int) -> bytes | None:
    """The slot's content, or None when the writer came in between."""
    before = SLOT.unpack_from(mapped, at)
    sequence, found, length, checksum = before
    if sequence % 2 or found != number or length > slot_bytes:
        return None
    content = mapped[at + SLOT_HEADER_BYTES : at + SLOT_HEADER_BYTES + length]
    intact = SLOT.unpack_from(mapped, at) == before and zlib.crc32(content) == checksum
    return content if intact else None
