"""A consistent copy of the ledger beside a running station, and the pictures that it names."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inspector.backup.archive import Kept
from inspector.core.errors import LedgerError
from inspector.ledger.chain import StoredRecord
from inspector.ledger.evidence_index import DELETED
from inspector.ledger.reader import LedgerReader


@dataclass(frozen=True, slots=True)
class Named:
    """A picture as a record names it."""

    sequence: int
    digest: str
    suffix: str
    bytes: int

    @property
    def name(self) -> str:
        """Its file below the data folder."""
        return f"evidence/{self.digest[:2]}/{self.digest}{self.suffix}"


def copy_database(source: Path, target: Path) -> None:
    """All of it as it was at one moment, by SQLite's online backup; the writer never waits.

    Raises ``LedgerError``.
    """
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as here,
            contextlib.closing(sqlite3.connect(target)) as there,
        ):
            here.backup(there)
            there.execute("PRAGMA journal_mode=DELETE")  # one file, which needs no other
    except sqlite3.Error as error:
        raise LedgerError(f"{source}: cannot be copied ({error})", remedy="Try again") from error


def pictures(reader: LedgerReader, kept: Kept, first: int = 1) -> Iterator[Named]:
    """Pictures that records from this one on name, and that a backup of this kind holds."""
    if kept == "none":
        return
    for record in reader.each(first=first):
        if kept == "all" or record.outcome != "pass":
            yield from named_by(record)


def named_by(record: StoredRecord) -> Iterator[Named]:
    """The pictures of one record."""
    if b'"digest"' not in record.payload:  # most name none
        return
    content = record.content
    if content.get("event") == DELETED:
        return
    for mark in content.get("evidence", ()):
        if "digest" in mark:
            yield Named(record.sequence, mark["digest"], mark["suffix"], mark["bytes"])
