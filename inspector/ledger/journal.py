"""The journal: records on this disk until the plant's database has them.

Append-only segments, one file each, removed when all their records are stored and a later segment
is there. The newest segment always stays: its begin says where the chain and the part ids stand,
so that a station goes on without its database. One thread appends, another reads and discards.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.core.errors import LedgerError
from inspector.durable.files import storage_errors, sync_folder, write_atomically
from inspector.ledger.chain import Head, StoredRecord, next_digest
from inspector.ledger.chain_state import ChainState
from inspector.ledger.journal_file import (
    SUFFIX,
    Preface,
    frame_of,
    read_preface,
    read_records,
    segment_name,
)

_SEGMENT_BYTES = 8 * 2**20


@dataclass(slots=True)
class _Segment:
    path: Path
    before: Head
    bytes: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a reader stands: behind record ``sequence`` of a segment."""

    path: Path
    sequence: int
    offset: int


class Journal:
    """Opens the journal in ``folder``; ``before`` is given where a new one begins.

    What was appended and acknowledged is there, in order, whatever happened since: the half-written
    end that a crash left is not believed, anything else that is wrong is a ``LedgerError``.
    """

    def __init__(
        self,
        folder: Path,
        station: str,
        before: Preface | None = None,
        *,
        segment_bytes: int = _SEGMENT_BYTES,
    ) -> None:
        self._folder = folder
        self._station = station
        self._segment_bytes = segment_bytes
        self._lock = threading.Lock()
        self._file: int | None = None
        self._place: _Place | None = None
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
            for leftover in folder.glob(".*.part"):
                leftover.unlink()
        self._segments = [
            _Segment(path, read_preface(path).before, path.stat().st_size)
            for path in segments_in(folder)
        ]
        self.state = before.state if before else ChainState()
        self.head = before.before if before else Head(0, b"")
        """The newest record that is on the disk."""
        if self._segments:
            self._recover()
        self._begin_segment()

    @property
    def bytes(self) -> int:
        """Size of all segments. Any thread."""
        with self._lock:
            return sum(segment.bytes for segment in self._segments)

    def append(self, records: Sequence[StoredRecord]) -> None:
        """Write the records and flush them. They must follow ``head``.

        After a failure nothing of them counts, and they may be given again, or others instead.
        Raises ``StorageError``.
        """
        data = b"".join(map(frame_of, records))
        with storage_errors(self._folder):
            if self._file is None or self._segments[-1].bytes + len(data) > self._segment_bytes:
                self._begin_segment()
            assert self._file is not None
            try:
                _write(self._file, data)
                os.fsync(self._file)
            except OSError:  # what is in this file after its last flush is not known any more
                self._close_file()
                raise
        with self._lock:
            self._segments[-1].bytes += len(data)
            for record in records:
                self.state.follow(record)
            self.head = Head(records[-1].sequence, records[-1].digest)

    def link_at(self, sequence: int) -> Head | None:
        """The link with this number; None when it is not in the journal (any more)."""
        with self._lock:
            segments, head = list(self._segments), self.head
        if sequence == head.sequence:
            return head
        for segment in segments:
            if segment.before.sequence == sequence:
                return segment.before
        found = self.read(sequence - 1, 1)
        return Head(sequence, found[0].digest) if found else None

    def read(self, after: int, limit: int) -> list[StoredRecord]:
        """At most ``limit`` records behind number ``after``, none that was not acknowledged.

        Empty when there are none, or no more: see ``oldest``. One thread, any but the writer's.
        """
        with self._lock:
            segments, last = list(self._segments), self.head.sequence
        found: list[StoredRecord] = []
        for number, segment in enumerate(segments):
            end = segments[number + 1].before.sequence if number + 1 < len(segments) else last
            if after < segment.before.sequence:  # there is a gap, or it was discarded
                break
            if end <= after:
                continue
            found += self._read_segment(segment, after, min(end, after + limit - len(found)))
            if found:
                after = found[-1].sequence
            if len(found) == limit:
                break
        return found

    @property
    def oldest(self) -> Head:
        """The link before the oldest record that is still here."""
        with self._lock:
            return self._segments[0].before

    def discard(self, stored: int) -> None:
        """Records up to this number are in the database: remove the files that hold no others."""
        with self._lock:
            while len(self._segments) > 1 and self._segments[1].before.sequence <= stored:
                with storage_errors(self._folder):
                    self._segments[0].path.unlink(missing_ok=True)
                self._segments.pop(0)

    def close(self) -> None:
        """Close the file."""
        self._close_file()

    def _recover(self) -> None:
        """Follow the chain through all segments: each ends where the next begins."""
        first = read_preface(self._segments[0].path)
        self.state, self.head = first.state, first.before
        if first.station != self._station:
            raise LedgerError(
                f"{self._folder}: belongs to station {first.station!r}, not {self._station!r}",
                remedy="Use the same station name, or another data_folder",
            )
        ends: list[int | None] = [segment.before.sequence for segment in self._segments[1:]]
        for segment, end in zip(self._segments, [*ends, None], strict=True):
            if segment.before != self.head:
                raise self._damaged(segment.path)
            self._follow(segment, end)

    def _follow(self, segment: _Segment, end: int | None) -> None:
        for record, _ in read_records(segment.path, self._station, 0):
            if end is not None and record.sequence > end:
                break
            follows = record.sequence == self.head.sequence + 1
            if not follows or next_digest(self.head.digest, record.payload) != record.digest:
                raise self._damaged(segment.path)
            self.state.follow(record)
            self.head = Head(record.sequence, record.digest)

    def _damaged(self, path: Path) -> LedgerError:
        return LedgerError(
            f"{path}: the journal is damaged: record {self.head.sequence + 1} is not where it was",
            remedy="Keep the folder as it is and tell the quality department",
        )

    def _read_segment(self, segment: _Segment, after: int, last: int) -> list[StoredRecord]:
        place = self._place
        known = place is not None and (place.path, place.sequence) == (segment.path, after)
        begin = place.offset if known and place is not None else 0
        found: list[StoredRecord] = []
        for record, behind in read_records(segment.path, self._station, begin):
            if record.sequence > after:
                found.append(record)
            if record.sequence == last:
                self._place = _Place(segment.path, last, behind)
                return found
        raise self._damaged(segment.path)

    def _begin_segment(self) -> None:
        """A new file; it replaces one that holds nothing but what was never acknowledged."""
        self._close_file()
        path = self._folder / segment_name(self.head)
        data = Preface(self._station, self.head, self.state).frame()
        write_atomically(path, data)
        with storage_errors(path):
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
        with self._lock:
            if self._segments and self._segments[-1].path == path:
                self._segments.pop()
            self._segments.append(_Segment(path, self.head, len(data)))

    def _close_file(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def segments_in(folder: Path) -> list[Path]:
    """The files of a journal, oldest first; none where there is no journal."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def _write(descriptor: int, data: bytes) -> None:
    remaining = memoryview(data)
    while remaining:
        remaining = remaining[os.write(descriptor, remaining) :]
