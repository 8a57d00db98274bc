"""From a station's own file to the plant's database: the same records, the same chain."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from inspector.core.errors import LedgerError
from inspector.ledger.chain import Head, genesis
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.lock import WriterLock
from inspector.ledger.plant_database import PlantDatabase
from inspector.ledger.reader import LedgerReader
from inspector.ledger.schema import DATABASE

_BATCH = 1000


def records_left(folder: Path, station: str, there: Head) -> bool:
    """True when the station's own file has records that are not in the database yet."""
    if not (folder / DATABASE).is_file():
        return False
    reader = LedgerReader.open(folder, station)
    try:
        return reader.head().sequence > there.sequence
    finally:
        reader.close()


def move(
    folder: Path,
    station: str,
    address: DatabaseAddress,
    moved: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Copy all records that are not there yet; broken off, it goes on where it ended.

    The file stays as it is. Returns how many were copied. Raises ``LedgerError`` while the station
    runs, or when the database has another chain of this name.
    """
    lock = WriterLock(folder / "writer.lock")
    try:
        reader = LedgerReader.open(folder, station)
        database = PlantDatabase(address, station)
        try:
            return _copy(reader, database, moved)
        finally:
            database.close()
            reader.close()
    finally:
        lock.release()


def _copy(reader: LedgerReader, database: PlantDatabase, moved: Callable[[int, int], None]) -> int:
    database.prepare()
    before, last = database.head(), reader.head().sequence
    known = reader.record(before.sequence)
    if before != (Head(known.sequence, known.digest) if known else genesis(reader.station)):
        raise database.foreign(before)
    first = before.sequence
    records = reader.each(first=first + 1)
    while batch := list(islice(records, _BATCH)):
        before = database.store(before, batch)
        moved(before.sequence, last)
    if before != reader.head():
        raise LedgerError(f"{reader.path}: ends at record {before.sequence}, not at {last}")
    return before.sequence - first
