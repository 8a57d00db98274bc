"""The store of a station in a plant: a journal on this disk, and behind it the plant's database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector.core.errors import LedgerError
from inspector.core.record import LedgerRecord, RecordKind
from inspector.durable.files import storage_errors
from inspector.ledger.chain import Head, SealedRecord, StoredRecord, link_all, seal
from inspector.ledger.chain_state import SIGNING_KEPT
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.forwarding import Forwarding
from inspector.ledger.journal import Journal, segments_in
from inspector.ledger.journal_file import Preface
from inspector.ledger.lock import WriterLock
from inspector.ledger.moving import records_left
from inspector.ledger.plant_database import PlantDatabase
from inspector.ledger.reader import RecordFilter
from inspector.ledger.store import JournalFigures

_CATCH_UP_S = 10.0
"""How long opening and closing wait for a database that answers."""


def journal_folder(folder: Path) -> Path:
    """Where the journal is, beside the ledger's other files."""
    return folder / "journal"


class PlantStore:
    """A record is acknowledged when the journal has it; the database gets it as soon as it can.

    One thread at a time. It opens without the database once it has a journal. Raises
    ``LedgerError`` when another process writes, when the journal is damaged or another station's.
    """

    def __init__(self, folder: Path, station: str, address: DatabaseAddress) -> None:
        self.station = station
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._database = PlantDatabase(address, station)
        self._lock = WriterLock(folder / "writer.lock")
        try:
            self.reader = self._database.reader
            self._journal = Journal(journal_folder(folder), station, self._begin(folder))
            self._forwarding = Forwarding(self._journal, self._database)
        except BaseException:
            self._database.close()
            self._lock.release()
            raise
        self._forwarding.start()
        self._forwarding.drain(_CATCH_UP_S)

    @property
    def head(self) -> Head:
        """The newest link of the chain."""
        return self._journal.head

    @property
    def journal(self) -> JournalFigures:
        """What waits for the database. Any thread."""
        return JournalFigures(self._forwarding.waiting, self._journal.bytes, self._forwarding.fault)

    def catch_up(self) -> None:
        """Wait for a database that answers."""
        self._forwarding.drain(_CATCH_UP_S)

    def append_batch(self, batch: Sequence[LedgerRecord]) -> tuple[StoredRecord, ...]:
        """Append the records in order, and return them as stored."""
        return self.append_sealed([seal(record) for record in batch])

    def append_sealed(self, batch: Sequence[SealedRecord]) -> tuple[StoredRecord, ...]:
        """``append_batch`` of records that are in their final bytes."""
        linked = link_all(self.station, self.head, batch)
        if linked:
            self._journal.append(linked)
            self._forwarding.wake()
        return linked

    def recent(self, kind: RecordKind, count: int) -> list[StoredRecord]:
        """The newest records of a kind, oldest of them first.

        Signatures are known here; other kinds are asked of the database.
        """
        if kind is RecordKind.SIGNING and count <= SIGNING_KEPT:
            return list(self._journal.state.signing)[-count:]
        self._forwarding.drain(_CATCH_UP_S)
        return self.reader.tail(count, RecordFilter(kind=kind))

    def last_release(self, product: str) -> str:
        """Hash of the newest release or withdrawal of a product; empty without one. Any thread."""
        return self._journal.state.releases.get(product, "")

    def reserve_block(self, size: int, record: LedgerRecord) -> range:
        """Reserve the next part ids; ``first`` and ``last`` are added to the record."""
        first = self._journal.state.next_part
        payload = {**record.payload, "first": first, "last": first + size - 1}
        self.append_batch([LedgerRecord(record.kind, record.utc_us, payload)])
        return range(first, first + size)

    def unsettled_blocks(self) -> list[range]:
        """Blocks whose end is not recorded yet, oldest first."""
        return self._journal.state.unsettled

    def recorded_parts(self, block: range) -> list[int]:
        """Part ids of a block that is not settled that have an inspection record, ascending."""
        return self._journal.state.recorded(block)

    def settle_block(self, block: range, record: LedgerRecord) -> None:
        """Record how a block of part ids ended. ``record`` names it."""
        self.append_batch([record])

    def close(self) -> None:
        """Store what a database that answers takes in a few seconds, and close."""
        self._forwarding.drain(_CATCH_UP_S)
        self._forwarding.close(_CATCH_UP_S)
        self._journal.close()
        self._database.close()
        self._lock.release()

    def _begin(self, folder: Path) -> Preface | None:
        """Where a first journal begins: where the station's chain ends in the database."""
        if segments_in(journal_folder(folder)):
            return None
        self._database.prepare()
        head = self._database.head()
        if records_left(folder, self.station, head):
            raise LedgerError(
                f"{folder}: this station has records here that are not in {self._database.address}",
                remedy="Copy them there first: inspector ledger move",
            )
        return Preface(self.station, head, self._database.chain_state())
