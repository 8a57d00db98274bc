"""The ledger of one station as the composition root opens and closes it."""

from __future__ import annotations

from pathlib import Path

import structlog

from inspector.core.canonical import Json
from inspector.core.line_config import EvidenceConfig
from inspector.core.ports import Clock, SystemClock
from inspector.core.record import LedgerRecord, RecordKind
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.parts import PartIdBlocks
from inspector.ledger.plant_store import PlantStore
from inspector.ledger.proof import Proof, ProofSettings
from inspector.ledger.reader import LedgerReader
from inspector.ledger.restored import skip_numbers
from inspector.ledger.retention import EvidenceRetention
from inspector.ledger.store import LedgerStore, Store
from inspector.ledger.writer import LedgerWriter

_log = structlog.get_logger(__name__)


def ledger_folder(data_folder: Path) -> Path:
    """Where the records are."""
    return data_folder / "ledger"


def evidence_folder(data_folder: Path) -> Path:
    """Where the evidence is."""
    return data_folder / "evidence"


def open_store(data_folder: Path, station: str, database: DatabaseAddress | None) -> Store:
    """The station's own file, or a journal before the plant's database. Raises ``LedgerError``."""
    folder = ledger_folder(data_folder)
    if database is None:
        return LedgerStore(folder, station)
    return PlantStore(folder, station, database)


def open_reader(data_folder: Path, station: str, database: DatabaseAddress | None) -> LedgerReader:
    """The station's records, wherever they are; beside a running station. ``LedgerError``."""
    if database is None:
        return LedgerReader.open(ledger_folder(data_folder), station)
    return LedgerReader.of_plant(database, station)


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
        proof: ProofSettings | None = None,
        database: DatabaseAddress | None = None,
        keeping: EvidenceConfig | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self.store = open_store(data_folder, station, database)
        try:
            self.proof = Proof(self.store, data_folder, clock, proof or ProofSettings())
            self.evidence = EvidenceStore(evidence_folder(data_folder))
            self._tell_leftovers(self.evidence.prepare(), clock)
            skip_numbers(self.store, ledger_folder(data_folder), clock)
            self.part_ids = PartIdBlocks(self.store, block_size, clock)
            self.writer = LedgerWriter(
                self.store,
                self.evidence,
                self.part_ids,
                self.proof.segments,
                queue_records=queue_records,
                queue_evidence=queue_evidence,
                clock=clock,
            )
            self.retention = EvidenceRetention(
                self.store, self.evidence, self.writer, keeping or EvidenceConfig(), clock
            )
            self.writer.start()
            self.retention.start()
            self.proof.start(self.evidence, self.writer)
        except BaseException:
            self.store.close()
            raise

    def close(self, timeout_s: float = 30.0) -> bool:
        """Write what waits and close; False when something could not be written in time."""
        self.proof.close_check()
        self.retention.close()
        complete = self.writer.close(timeout_s)
        if not self.writer.alive:
            self.store.catch_up()  # the anchor reads there
        self.proof.close_anchor()
        if not complete:
            _log.error("records were not written", waiting=self.writer.backlog)
        if not self.writer.alive:
            self.store.close()
        return complete

    def _tell_leftovers(self, count: int, clock: Clock) -> None:
        if count:
            payload: dict[str, Json] = {"event": "half-written evidence removed", "files": count}
            self.store.append_batch([LedgerRecord(RecordKind.EVENT, clock.utc_us(), payload)])
