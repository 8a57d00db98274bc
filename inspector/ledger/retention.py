"""Deleting pictures that may go: recorded first, in the background, never one that is held."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

import structlog

from inspector.core.canonical import Json
from inspector.core.errors import InspectorError
from inspector.core.line_config import EvidenceConfig, Retention
from inspector.core.ports import Clock
from inspector.core.record import LedgerRecord, RecordKind
from inspector.durable.files import storage_errors, sync_folder
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.evidence_index import DELETED, INDEX, EvidenceIndex, Picture
from inspector.ledger.keeping import EvidenceClass
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.store import Store
from inspector.ledger.writer import LedgerWriter

_log = structlog.get_logger(__name__)

_BATCH = 200
_SHARE = 0.1
"""Of a core's time, at most: the inspection thread needs the GIL."""
_DAY_US = 86_400_000_000
_GIB = 2**30


class EvidenceRetention:
    """Looks every few minutes for pictures that age or size let go, and deletes them.

    A thread of its own finds them; the ledger's writing thread records and deletes, between two
    batches, when no record that would name them can be under way. What a crash leaves between the
    record and the deletion is deleted at the next look: the chain says so.
    """

    def __init__(
        self,
        store: Store,
        evidence: EvidenceStore,
        writer: LedgerWriter,
        config: EvidenceConfig,
        clock: Clock,
    ) -> None:
        self._store = store
        self._evidence = evidence
        self._writer = writer
        self._clock = clock
        self._look_s = 60.0 * config.look_min
        self._policy: Mapping[EvidenceClass, Retention] = {
            EvidenceClass.REJECT: config.reject,
            EvidenceClass.BORDERLINE: config.borderline,
            EvidenceClass.CONTEXT: config.context,
            EvidenceClass.PASS: config.passes,
        }
        self._index = EvidenceIndex(evidence.folder / INDEX)
        self._used_s = 0.0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)
        self.deleted = 0
        """Pictures deleted since it was made."""

    @property
    def wanted(self) -> bool:
        """Whether anything may ever be deleted."""
        return any(one.days or one.gib for one in self._policy.values())

    def start(self) -> None:
        """Begin to look, if anything may be deleted."""
        if self.wanted:
            self._thread.start()

    def close(self) -> None:
        """Come to rest; before the writer is closed."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(10.0)
        self._index.close()

    def look(self) -> int:
        """Delete all that may go now; returns how many pictures. One thread at a time."""
        before, self._used_s = self.deleted, time.thread_time()
        self._index.follow(self._store.reader, self._rest)
        while not self._closing.is_set():
            sized = [kind for kind, one in self._policy.items() if one.gib]
            if not any(self._delete(kind) for kind in (None, *sized)):
                break
            self._closing.wait(0.2)
        return self.deleted - before

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self.look()
            except InspectorError as error:  # the ledger's own alarms tell of its faults
                _log.warning("no evidence was deleted", reason=str(error))
            self._closing.wait(self._look_s)

    def _rest(self) -> bool:
        before, self._used_s = self._used_s, time.thread_time()
        return not self._closing.wait(min((self._used_s - before) * (1 / _SHARE - 1), 5.0))

    def _found(self, kind: EvidenceClass | None) -> list[Picture]:
        """Those of a class that is too large; of all classes those that are too old."""
        if kind is None:
            now_us = self._clock.utc_us()
            before = {
                kind: None if one.days is None else now_us - round(one.days * _DAY_US)
                for kind, one in self._policy.items()
            }
            return self._index.too_old(before, _BATCH)
        return self._index.too_many(kind, (self._policy[kind].gib or 0.0) * _GIB, _BATCH)

    def _delete(self, kind: EvidenceClass | None) -> bool:
        """A batch; False when there is none, or it cannot be now."""
        if not self._found(kind) and not self._index.doomed():
            return False
        done, went = threading.Event(), [False]

        def job() -> None:
            try:
                went[0] = not self._closing.is_set() and self._delete_here(kind)
            finally:
                done.set()

        self._writer.between_batches(job)
        while not done.wait(0.1):
            if not self._writer.alive:
                return False
        return went[0]

    def _delete_here(self, kind: EvidenceClass | None) -> bool:
        """On the writing thread: look again, record, delete."""
        self._index.follow(self._store.reader)
        if self._index.sequence != self._store.head.sequence:
            return False  # records wait in the journal: they may name these very pictures
        pictures = self._found(kind)
        if pictures:
            told = self._told(kind, pictures)
            now_us = self._clock.utc_us()
            self._store.append_batch([LedgerRecord(RecordKind.EVENT, now_us, told)])
            self._index.follow(self._store.reader)
        self._unlink()
        self.deleted += len(pictures)
        return bool(pictures)

    def _told(self, kind: EvidenceClass | None, pictures: list[Picture]) -> dict[str, Json]:
        policy: dict[str, Json] = {
            kind.value: one.model_dump() for kind, one in self._policy.items()
        }
        return {
            "event": DELETED,
            "by": "retention",
            "why": "age" if kind is None else f"size of {kind.value}",
            "policy": policy,
            "bytes": sum(picture.bytes for picture in pictures),
            "pictures": [
                {"digest": one.digest, "suffix": one.suffix, "bytes": one.bytes} for one in pictures
            ],
        }

    def _unlink(self) -> None:
        paths = [self._evidence.path(*one) for one in self._index.doomed()]
        with storage_errors(self._evidence.folder):
            for path in paths:
                path.unlink(missing_ok=True)
            for folder in {path.parent for path in paths}:
                sync_folder(folder)
        self._index.forget_doomed()


class Deletions:
    """Which pictures were deleted as the chain says; read from it at the first question."""

    def __init__(self, reader: LedgerReader) -> None:
        self._reader = reader
        self._last: dict[str, int] | None = None

    def after(self, sequence: int, digest: str) -> bool:
        """Whether a record after this one says that the picture was deleted."""
        if self._last is None:
            self._last = {
                picture["digest"]: record.sequence
                for record in self._reader.each(RecordFilter(kind=RecordKind.EVENT))
                if DELETED.encode() in record.payload
                for picture in record.content.get("pictures", ())
            }
        return self._last.get(digest, 0) > sequence
