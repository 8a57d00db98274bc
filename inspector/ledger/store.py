"""The append-only store: one writer, one chain, whole batches or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, func, insert, select, update

from inspector.core.errors import LedgerError
from inspector.core.record import LedgerRecord, RecordKind
from inspector.durable.files import storage_errors, sync_folder
from inspector.ledger.chain import Head, SealedRecord, StoredRecord, genesis, link_all, seal
from inspector.ledger.database import sqlite_for_writing
from inspector.ledger.lock import WriterLock
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.schema import DATABASE, blocks, heads, ledger_errors, records


@dataclass(frozen=True, slots=True)
class JournalFigures:
    """What waits in the journal for the plant's database, and why."""

    records: int = 0
    bytes: int = 0
    fault: str | None = None


class Store(Protocol):
    """Where the writer's records go. One thread at a time, the writer's.

    What a method returned from is on the disk. Any may raise ``LedgerError`` or ``StorageError``,
    and may then be called again with the same records: they are not stored twice.
    """

    station: str
    reader: LedgerReader

    @property
    def head(self) -> Head:
        """The newest link of the chain."""

    @property
    def journal(self) -> JournalFigures:
        """What is on this disk and not yet where it shall be. Any thread."""

    def catch_up(self) -> None:
        """Wait some seconds for what is on this disk to be where it shall be, if it can be."""

    def append_batch(self, batch: Sequence[LedgerRecord]) -> tuple[StoredRecord, ...]:
        """Append the records in order, and return them as stored."""

    def append_sealed(self, batch: Sequence[SealedRecord]) -> tuple[StoredRecord, ...]:
        """``append_batch`` of records that are in their final bytes."""

    def recent(self, kind: RecordKind, count: int) -> list[StoredRecord]:
        """The newest records of a kind, oldest of them first, wherever they are by now."""

    def reserve_block(self, size: int, record: LedgerRecord) -> range:
        """Reserve the next part ids; ``first`` and ``last`` are added to the record."""

    def unsettled_blocks(self) -> list[range]:
        """Blocks whose end is not recorded yet, oldest first."""

    def recorded_parts(self, block: range) -> list[int]:
        """Part ids of a block that is not settled that have an inspection record, ascending."""

    def settle_block(self, block: range, record: LedgerRecord) -> None:
        """Record how a block of part ids ended. It is settled once."""

    def close(self) -> None:
        """Close, then let the next writer in."""


class LedgerStore:
    """The store of a station by itself: an SQLite file, made or opened in ``folder`` for writing.

    Raises ``LedgerError`` when another process writes to it, when it is damaged or newer than this
    program, or when it belongs to another station; ``StorageError`` when the folder cannot be made.
    """

    def __init__(self, folder: Path, station: str) -> None:
        self.station = station
        self.path = folder.resolve() / DATABASE
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        if any((folder / "journal").glob("*")):
            raise LedgerError(
                f"{folder}: this station's records are in a plant's database",
                remedy="Name it in ledger.database, or give the station another data_folder",
            )
        self._lock = WriterLock(folder / "writer.lock")
        try:
            self._engine = sqlite_for_writing(self.path)
            with storage_errors(folder):
                sync_folder(folder)
            self.reader = LedgerReader(self.path, self._engine, station)
            self._check_owner()
            self._head = self.reader.head()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the database, then let the next writer in."""
        if hasattr(self, "_engine"):
            self._engine.dispose()
        self._lock.release()

    @property
    def head(self) -> Head:
        """The newest link of the chain."""
        return self._head

    @property
    def journal(self) -> JournalFigures:
        """Nothing ever waits: the database is this disk."""
        return JournalFigures()

    def catch_up(self) -> None:
        """Nothing ever waits."""

    def append_batch(self, batch: Sequence[LedgerRecord]) -> tuple[StoredRecord, ...]:
        """Append the records in order, in one transaction, and return them as stored."""
        return self.append_sealed([seal(record) for record in batch])

    def append_sealed(self, batch: Sequence[SealedRecord]) -> tuple[StoredRecord, ...]:
        """``append_batch`` of records that are in their final bytes.

        Safe to repeat after a failure: a batch that had reached the disk is not written twice.
        """
        linked = self._linked(batch)
        with ledger_errors(self.path), self._engine.begin() as connection:
            self._commit(connection, linked)
        self._advance(linked)
        return linked

    def recent(self, kind: RecordKind, count: int) -> list[StoredRecord]:
        """The newest records of a kind, oldest of them first."""
        return self.reader.tail(count, RecordFilter(kind=kind))

    def reserve_block(self, size: int, record: LedgerRecord) -> range:
        """Reserve the next ``size`` part ids for ever; ``record`` gets ``first`` and ``last``."""
        with ledger_errors(self.path), self._engine.begin() as connection:
            newest = connection.scalar(
                select(func.max(blocks.c.last)).where(blocks.c.station == self.station)
            )
            first = (newest or 0) + 1
            last = first + size - 1
            row = {"station": self.station, "first": first, "last": last, "settled": False}
            connection.execute(insert(blocks).values(row))
            payload = {**record.payload, "first": first, "last": last}
            linked = self._linked([seal(LedgerRecord(record.kind, record.utc_us, payload))])
            self._commit(connection, linked)
        self._advance(linked)
        return range(first, last + 1)

    def unsettled_blocks(self) -> list[range]:
        """Blocks whose end is not recorded yet, oldest first."""
        query = (
            select(blocks.c.first, blocks.c.last)
            .where(blocks.c.station == self.station, blocks.c.settled.is_(False))
            .order_by(blocks.c.first)
        )
        with ledger_errors(self.path), self._engine.connect() as connection:
            return [range(row.first, row.last + 1) for row in connection.execute(query)]

    def recorded_parts(self, block: range) -> list[int]:
        """Part ids of the block that have an inspection record, ascending."""
        return self.reader.recorded_parts(block.start, block.stop - 1)

    def settle_block(self, block: range, record: LedgerRecord) -> None:
        """Record how a block of part ids ended. It is settled once."""
        linked = self._linked([seal(record)])
        with ledger_errors(self.path), self._engine.begin() as connection:
            connection.execute(
                update(blocks)
                .where(blocks.c.station == self.station, blocks.c.first == block.start)
                .values(settled=True)
            )
            self._commit(connection, linked)
        self._advance(linked)

    def _linked(self, batch: Sequence[SealedRecord]) -> tuple[StoredRecord, ...]:
        return link_all(self.station, self._head, batch)

    def _commit(self, connection: Connection, linked: Sequence[StoredRecord]) -> None:
        if not linked:
            return
        end = Head(linked[-1].sequence, linked[-1].digest)
        row = connection.execute(
            select(heads.c.sequence, heads.c.digest).where(heads.c.station == self.station)
        ).one_or_none()
        current = Head(row.sequence, row.digest) if row else genesis(self.station)
        if current == end:
            return
        if current != self._head:
            raise LedgerError(
                f"{self.path}: the chain is at record {current.sequence}, not where this station "
                f"left it ({self._head.sequence})",
                remedy="Stop the station and run: inspector ledger verify",
            )
        connection.execute(insert(records), [asdict(stored) for stored in linked])
        new = {"sequence": end.sequence, "digest": end.digest}
        if row is None:
            connection.execute(insert(heads).values(station=self.station, **new))
        else:
            connection.execute(update(heads).where(heads.c.station == self.station).values(new))

    def _advance(self, linked: Sequence[StoredRecord]) -> None:
        if linked:
            self._head = Head(linked[-1].sequence, linked[-1].digest)

    def _check_owner(self) -> None:
        with ledger_errors(self.path), self._engine.connect() as connection:
            owner = connection.scalar(select(heads.c.station))
        if owner not in (None, self.station):
            raise LedgerError(
                f"{self.path}: belongs to station {owner!r}, not {self.station!r}",
                remedy="Use the same station name, or another data_folder",
            )
