"""The ledger of one station as the composition root opens and closes it."""

from __future__ import annotations

from pathlib import Path

import structlog

from inspector.core.canonical import Json
from inspector.core.ports import Clock, SystemClock
from inspector.core.record import LedgerRecord, RecordKind
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.parts import PartIdBlocks
from inspector.ledger.store import LedgerStore
from inspector.ledger.writer import LedgerWriter

_log = structlog.get_logger(__name__)


def ledger_folder(data_folder: Path) -> Path:
    """Where the records are."""
    return data_folder / "ledger"


def evidence_folder(data_folder: Path) -> Path:
    """Where the evidence is."""
    return data_folder / "evidence"


class Ledger:
    """Store, evidence, part ids and writer of one station, opened together.

    Opening settles what a crash left: half-written evidence is removed, part ids without a record
    are recorded as such. Raises ``LedgerError`` and ``StorageError``.
    """

    def __init__(
        self,
        data_folder: Path,
        station: str,
        *,
        queue_records: int = 20_000,
        queue_evidence: int = 64,
        block_size: int = 4096,
        clock: Clock | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self.store = LedgerStore(ledger_folder(data_folder), station)
        try:
            self.evidence = EvidenceStore(evidence_folder(data_folder))
            self._tell_leftovers(self.evidence.prepare(), clock)
            self.part_ids = PartIdBlocks(self.store, block_size, clock)
            self.writer = LedgerWriter(
                self.store,
                self.evidence,
                self.part_ids,
                queue_records=queue_records,
                queue_evidence=queue_evidence,
                clock=clock,
            )
            self.writer.start()
        except BaseException:
            self.store.close()
            raise

    def close(self, timeout_s: float = 30.0) -> bool:
        """Write what waits and close; False when something could not be written in time."""
        complete = self.writer.close(timeout_s)
        if not complete:
            _log.error("records were not written", waiting=self.writer.backlog)
        if not self.writer.alive:
            self.store.close()
        return complete

    def _tell_leftovers(self, count: int, clock: Clock) -> None:
        if count:
            payload: dict[str, Json] = {"event": "half-written evidence removed", "files": count}
            self.store.append_batch([LedgerRecord(RecordKind.EVENT, clock.utc_us(), payload)])
