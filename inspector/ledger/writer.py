"""The thread between the line and the disk: bounded, never waited for, never silent."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import cv2

from inspector.core.canonical import Json
from inspector.core.errors import InspectorError
from inspector.core.frame import Pixels, ScoreMap
from inspector.core.ports import Clock, SystemClock
from inspector.core.record import LedgerRecord, RecordKind
from inspector.ledger.chain import SealedRecord, StoredRecord, seal
from inspector.ledger.evidence import Evidence, EvidenceStore
from inspector.ledger.inspection import Inspection
from inspector.ledger.parts import PartIdBlocks
from inspector.ledger.pool import EvidencePool, Lease
from inspector.ledger.segments import Segments
from inspector.ledger.store import JournalFigures, Store

_BATCH_RECORDS = 64
_BATCH_PICTURES = 16
_LOOK_S = 0.02
_BREATH_S = 0.0002
"""Rest after each record: encoding is pure Python, and the inspection thread needs the GIL."""
_FIRST_RETRY_S = 0.1
_LAST_RETRY_S = 5.0
_FOR_REJECTS = 4
"""One of so many buffers for pictures is for rejects alone."""
_ROOM_FOR_NOTES = 1000
"""Events and actions are few and may use this much more of the queue than inspections."""


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """What the writer did so far. ``write_ms`` is the time of the last batch."""

    written: int = 0
    pictures: int = 0
    batches: int = 0
    write_ms: float = 0.0
    longest_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    what: Inspection | LedgerRecord
    lease: Lease | None = None
    dropped: tuple[str, ...] = ()
    context: tuple[tuple[int, Lease], ...] = ()
    """Pictures of other parts, with their numbers."""


@dataclass(frozen=True, slots=True)
class _Batch:
    records: tuple[SealedRecord, ...]
    evidence: tuple[Evidence, ...]
    newest_part: int | None
    told_dropped: int


class LedgerWriter:
    """Writes what the line offers, in order, from a queue of ``queue_records``.

    ``offer_inspection`` and ``note`` come from any thread, take microseconds, never wait and never
    raise. When the disk cannot be written the batch stays in memory and is tried again, ever more
    slowly, while the queue takes what it can hold; ``fault`` says so in words until it is over.
    Evidence is on the disk before the record that names it.
    """

    def __init__(
        self,
        store: Store,
        evidence: EvidenceStore,
        blocks: PartIdBlocks | None = None,
        segments: Segments | None = None,
        *,
        queue_records: int = 20_000,
        queue_evidence: int = 64,
        clock: Clock | None = None,
    ) -> None:
        self._store = store
        self._evidence = evidence
        self._blocks = blocks
        self._segments = segments
        self._room = queue_records
        self._slots = queue_evidence
        self._clock = clock or SystemClock()
        self._pool = EvidencePool(0, 0, 0)
        self._waiting: deque[_Waiting] = deque()
        self._jobs: deque[Callable[[], None]] = deque()
        self._batch: _Batch | None = None
        self._told_dropped = 0
        self._counting = threading.Lock()
        self._closing = threading.Event()
        self._abandoned = threading.Event()
        self._finished = False
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self.dropped_records = 0
        self.dropped_evidence = 0
        self.shedding = False
        """No room on the disk but for rejects; set by who watches it."""
        self.fault: str | None = None
        self.figures = LedgerFigures()
        self.on_stored: tuple[Callable[[Sequence[StoredRecord]], None], ...] = ()
        """Told of what is on the disk, on the writer's thread; must not wait and not raise."""

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def size_evidence(self, image_bytes: int, map_values: int) -> None:
        """Make the buffers for pictures of this size (all views). Not while parts pass."""
        self._pool = EvidencePool(self._slots, image_bytes, map_values)

    @property
    def free_buffers(self) -> int:
        """Parts whose pictures can be taken at this moment."""
        return self._pool.free

    @property
    def spares_rejects(self) -> bool:
        """Whether pictures of passes must give way: disk or buffers are kept for rejects."""
        return self.shedding or self._pool.free <= self._pool.slots // _FOR_REJECTS

    @property
    def backlog(self) -> int:
        """Records that wait for the disk."""
        batch = self._batch
        return len(self._waiting) + (len(batch.records) if batch else 0)

    @property
    def room(self) -> int:
        """Records that may wait before any is dropped."""
        return self._room

    @property
    def journal(self) -> JournalFigures:
        """What is on this disk and waits for the plant's database."""
        return self._store.journal

    def offer_inspection(
        self,
        inspection: Inspection,
        image: Pixels | None = None,
        score_map: ScoreMap | None = None,
    ) -> None:
        """Queue one part's record, with pictures to keep; they are copied before this returns.

        A full queue drops the record, a full pool the pictures alone; both are counted.
        """
        if len(self._waiting) >= self._room:
            self._drop()
            return
        lease: Lease | None = None
        dropped: tuple[str, ...] = ()
        if image is not None or score_map is not None:
            lease = self._pool.copy(image, score_map)
            if lease is None:
                self.dropped_evidence += 1
                dropped = _names(image, score_map)
        self._waiting.append(_Waiting(inspection.without_maps(), lease, dropped))

    def note(self, kind: RecordKind, payload: Mapping[str, Json]) -> None:
        """Queue a record that concerns no single part."""
        if len(self._waiting) >= self._room + _ROOM_FOR_NOTES:
            self._drop()
            return
        record = LedgerRecord(kind, self._clock.utc_us(), dict(payload))
        self._waiting.append(_Waiting(record))

    def note_context(
        self, payload: Mapping[str, Json], pictures: tuple[tuple[int, Lease], ...]
    ) -> None:
        """Queue an event with pictures of parts, by their numbers; they are released here."""
        if len(self._waiting) >= self._room + _ROOM_FOR_NOTES:
            self._drop()
            for _, lease in pictures:
                lease.release()
            return
        record = LedgerRecord(RecordKind.EVENT, self._clock.utc_us(), dict(payload))
        self._waiting.append(_Waiting(record, context=pictures))

    def between_batches(self, job: Callable[[], None]) -> None:
        """Have the writing thread do this once, while nothing of a batch is under way.

        It may write to the store itself. What it raises is told in ``fault``.
        """
        self._jobs.append(job)

    def close(self, timeout_s: float) -> bool:
        """Write what waits, settle the part ids and end the thread; False when time ran out."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
            self._abandoned.set()
            self._thread.join(1.0)
        return self._finished

    @property
    def alive(self) -> bool:
        """True while the thread runs; the store must stay open that long."""
        return self._thread.is_alive()

    def _drop(self) -> None:
        with self._counting:
            self.dropped_records += 1

    def _run(self) -> None:
        retry_s = _FIRST_RETRY_S
        while not self._abandoned.is_set():
            closing = self._closing.is_set()
            try:
                wrote = self._turn()
                if closing and not wrote:
                    self._finish()
                    return
                self.fault, retry_s = None, _FIRST_RETRY_S
                pause_s = 0.0 if wrote else _LOOK_S
            except Exception as error:  # noqa: BLE001  # thread edge: becomes `fault`, tried again
                self.fault = _in_words(error)
                pause_s, retry_s = retry_s, min(2 * retry_s, _LAST_RETRY_S)
            (self._abandoned if closing else self._closing).wait(pause_s)

    def _turn(self) -> bool:
        """Write one batch; False when there was none."""
        if self._batch is None:
            if self._jobs:
                self._jobs.popleft()()
            if self._segments is not None:
                self._segments.close_if_due()
            if self._blocks is not None:
                self._blocks.keep_ahead()
            self._batch = self._collect()
        batch = self._batch
        if batch is None:
            return False
        self._write(batch)
        self._told_dropped = batch.told_dropped
        self._batch = None
        if self._blocks is not None and batch.newest_part is not None:
            self._blocks.settle_behind(batch.newest_part)
        return True

    def _finish(self) -> None:
        if self._blocks is not None:
            self._blocks.close()
        if self._segments is not None:
            self._segments.close()
        self._finished = True

    def _collect(self) -> _Batch | None:
        records: list[SealedRecord] = []
        evidence: list[Evidence] = []
        newest_part = None
        while self._waiting and len(records) < _BATCH_RECORDS and len(evidence) < _BATCH_PICTURES:
            waiting = self._waiting.popleft()
            pictures, record = _recorded(waiting)
            evidence += pictures
            records.append(seal(record))
            newest_part = record.part_id if record.part_id is not None else newest_part
            time.sleep(_BREATH_S)
        dropped = self.dropped_records
        if dropped > self._told_dropped:
            records.append(seal(self._confession(dropped)))
        if not records:
            return None
        return _Batch(tuple(records), tuple(evidence), newest_part, dropped)

    def _confession(self, dropped: int) -> LedgerRecord:
        payload: dict[str, Json] = {
            "event": "records dropped",
            "count": dropped - self._told_dropped,
        }
        return LedgerRecord(RecordKind.EVENT, self._clock.utc_us(), payload)

    def _write(self, batch: _Batch) -> None:
        started = time.perf_counter_ns()
        self._evidence.keep(batch.evidence)
        stored = self._store.append_sealed(batch.records)
        for tell in self.on_stored:
            tell(stored)
        write_ms = (time.perf_counter_ns() - started) / 1e6
        before = self.figures
        self.figures = LedgerFigures(
            written=before.written + len(batch.records),
            pictures=before.pictures + len(batch.evidence),
            batches=before.batches + 1,
            write_ms=write_ms,
            longest_ms=max(before.longest_ms, write_ms),
        )


def _recorded(waiting: _Waiting) -> tuple[list[Evidence], LedgerRecord]:
    """Encode what one part left and build its record; the buffers are free afterwards."""
    if isinstance(waiting.what, LedgerRecord):
        return _with_context(waiting.what, waiting.context)
    pictures: list[Evidence] = []
    marks: list[Json] = [{"name": name, "dropped": True} for name in waiting.dropped]
    if waiting.lease is not None:
        pictures, of_lease = _encoded(waiting.lease)
        marks += of_lease
    return pictures, waiting.what.record(marks)


def _with_context(
    record: LedgerRecord, context: tuple[tuple[int, Lease], ...]
) -> tuple[list[Evidence], LedgerRecord]:
    if not context:
        return [], record
    pictures: list[Evidence] = []
    marks: list[Json] = []
    for part_id, lease in context:
        encoded, of_lease = _encoded(lease)
        pictures += encoded
        marks += [{"part": part_id, **mark} for mark in of_lease]
    return pictures, replace(record, payload={**record.payload, "evidence": marks})


def _encoded(lease: Lease) -> tuple[list[Evidence], list[dict[str, Json]]]:
    """The pictures of a buffer and how a record names them; it is free afterwards."""
    try:
        pictures = lease.encode()
    except (cv2.error, RuntimeError, ValueError) as error:  # a picture must not cost the record
        return [], [{"name": "image", "failed": " ".join(str(error).split())}]
    finally:
        lease.release()
    return pictures, [picture.mark() for picture in pictures]


def _names(image: Pixels | None, score_map: ScoreMap | None) -> tuple[str, ...]:
    given = (("image", image), ("map", score_map))
    return tuple(name for name, picture in given if picture is not None)


def _in_words(error: Exception) -> str:
    if isinstance(error, InspectorError):
        return str(error)
    return f"{type(error).__name__}: {error}"
