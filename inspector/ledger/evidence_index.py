"""Which records name which pictures, and which of them are held: an index that the chain makes.

``evidence/index.sqlite`` is derived: it follows the chain, and can be made anew from it. Two things
in the chain act on it: legal holds, and deletions, which are carried out because they are recorded.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.core.errors import LedgerError
from inspector.ledger.chain import StoredRecord
from inspector.ledger.keeping import EvidenceClass
from inspector.ledger.reader import LedgerReader

DELETED = "evidence deleted"
"""The event that names pictures which may go; they go once it stands in the chain."""
HOLD, RELEASE = "HoldEvidence", "ReleaseHold"
INDEX = "index.sqlite"

_PAGE = 500
_RANKS = {kind: rank for rank, kind in enumerate(EvidenceClass)}
_FORM = 2
_TABLES = """
CREATE TABLE IF NOT EXISTS place (sequence INTEGER, digest BLOB);
CREATE TABLE IF NOT EXISTS named (
    digest TEXT, sequence INTEGER, suffix TEXT, bytes INTEGER, rank INTEGER, utc_us INTEGER,
    part_id INTEGER, lot TEXT, PRIMARY KEY (digest, sequence)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS named_by_age ON named (rank, utc_us);
CREATE TABLE IF NOT EXISTS files (
    digest TEXT PRIMARY KEY, suffix TEXT, bytes INTEGER, rank INTEGER, utc_us INTEGER)
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_age ON files (rank, utc_us, bytes);
CREATE TABLE IF NOT EXISTS holds (
    sequence INTEGER PRIMARY KEY, part_id INTEGER, lot TEXT, since_us INTEGER, until_us INTEGER);
CREATE TABLE IF NOT EXISTS doomed (digest TEXT PRIMARY KEY, suffix TEXT);
"""
_FILE = """INSERT INTO files VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE
    SET rank = min(rank, excluded.rank), utc_us = max(utc_us, excluded.utc_us)"""
_HELD = """EXISTS (SELECT 1 FROM named o JOIN holds h
    ON (h.part_id IS NULL OR h.part_id = o.part_id) AND (h.lot IS NULL OR h.lot = o.lot)
    AND (h.since_us IS NULL OR o.utc_us >= h.since_us)
    AND (h.until_us IS NULL OR o.utc_us <= h.until_us) WHERE o.digest = {0}.digest)"""


@dataclass(frozen=True, slots=True)
class Picture:
    """One file of the evidence."""

    digest: str
    suffix: str
    bytes: int


def class_totals(path: Path) -> list[tuple[EvidenceClass, int, int]]:
    """Pictures and bytes of each class, as an index counts them that another process keeps.

    Empty where there is none yet. Raises ``LedgerError``.
    """
    if not path.exists():
        return []
    classes = tuple(EvidenceClass)
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            query = "SELECT rank, count(*), sum(bytes) FROM files GROUP BY rank ORDER BY rank"
            return [(classes[rank], count, size) for rank, count, size in db.execute(query)]
    except sqlite3.Error as error:
        raise LedgerError(f"{path}: {error}", remedy="It is made anew from the ledger") from error


class EvidenceIndex:
    """Follows the chain. One thread at a time. Raises ``LedgerError``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._errors():
            self._db = sqlite3.connect(path, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            if self._db.execute("PRAGMA user_version").fetchone()[0] != _FORM:
                self._make_anew()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @property
    def sequence(self) -> int:
        """The last record that it knows of."""
        with self._errors():
            found = self._db.execute("SELECT sequence FROM place").fetchone()
        return int(found[0]) if found else 0

    def follow(self, reader: LedgerReader, rest: Callable[[], bool] = lambda: True) -> None:
        """Read what the chain has more; ``rest`` is called between pages and says whether to go on.

        An index of another chain is made anew.
        """
        with self._errors():
            place = self._db.execute("SELECT sequence, digest FROM place").fetchone()
            if place is not None:
                known = reader.record(place[0])
                if known is None or known.digest != place[1]:
                    self._make_anew()
        last = reader.head().sequence
        while (first := self.sequence + 1) <= last:
            page = list(reader.each(first=first, last=min(last, first + _PAGE - 1)))
            if not page:
                return
            with self._errors(), self._db:
                for record in page:
                    self._take(record)
                place = (page[-1].sequence, page[-1].digest)
                self._db.execute("DELETE FROM place")
                self._db.execute("INSERT INTO place VALUES (?, ?)", place)
            if not rest():
                return

    def too_old(self, before_us: Mapping[EvidenceClass, int | None], most: int) -> list[Picture]:
        """Pictures that every record which names them lets go by its age, oldest first.

        Of each class what was recorded before a time may go; None: nothing. Held ones stay.
        """
        young = " ".join(
            f"WHEN {rank} THEN {-1 if before_us[kind] is None else before_us[kind]}"
            for kind, rank in _RANKS.items()
        )
        query = f"""SELECT DISTINCT n.digest, n.suffix, n.bytes FROM named n
            WHERE n.rank = ? AND n.utc_us < ? AND NOT {_HELD.format("n")}
            AND NOT EXISTS (SELECT 1 FROM named o WHERE o.digest = n.digest
                AND o.utc_us >= CASE o.rank {young} END)
            ORDER BY n.utc_us LIMIT ?"""
        found: dict[str, Picture] = {}
        for kind, rank in _RANKS.items():
            if before_us[kind] is not None and len(found) < most:
                values = (rank, before_us[kind], most - len(found))
                found |= {one.digest: one for one in self._pictures(query, values)}
        return list(found.values())

    def too_many(self, kind: EvidenceClass, most_bytes: float, most: int) -> list[Picture]:
        """The oldest pictures of a class beyond its size. A picture's class is its dearest one."""
        with self._errors():
            query = "SELECT sum(bytes) FROM files WHERE rank = ?"
            total = self._db.execute(query, (_RANKS[kind],)).fetchone()[0]
        beyond, found = (total or 0) - most_bytes, []
        if beyond <= 0:
            return []
        query = f"""SELECT n.digest, n.suffix, n.bytes FROM files n
            WHERE n.rank = ? AND NOT {_HELD.format("n")} ORDER BY n.utc_us LIMIT ?"""
        for picture in self._pictures(query, (_RANKS[kind], most)):
            if beyond <= 0:
                break
            found.append(picture)
            beyond -= picture.bytes
        return found

    def holds(self) -> list[int]:
        """The records of the holds that stand."""
        with self._errors():
            return [row[0] for row in self._db.execute("SELECT sequence FROM holds ORDER BY 1")]

    def doomed(self) -> list[tuple[str, str]]:
        """Digest and suffix of pictures whose deletion stands in the chain, and no record since."""
        with self._errors():
            return self._db.execute("SELECT digest, suffix FROM doomed").fetchall()

    def forget_doomed(self) -> None:
        """They are gone."""
        with self._errors(), self._db:
            self._db.execute("DELETE FROM doomed")

    def _pictures(self, query: str, values: tuple[object, ...]) -> list[Picture]:
        with self._errors():
            return [Picture(*row) for row in self._db.execute(query, values)]

    def _take(self, record: StoredRecord) -> None:
        if record.kind == "action":
            self._take_action(record)
        elif b'"digest"' in record.payload:  # most records name no picture
            content = record.content
            if content.get("event") == DELETED:
                self._delete(content)
            else:
                self._name(record, content)

    def _name(self, record: StoredRecord, content: dict[str, Any]) -> None:
        rank = _RANKS[_class_of(record, content)]
        for mark in content.get("evidence", ()):
            if "digest" not in mark:
                continue
            part = mark.get("part", record.part_id)
            self._db.execute(
                "INSERT OR REPLACE INTO named VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(mark["digest"], record.sequence, mark["suffix"], mark["bytes"], rank),
                    *(record.utc_us, part, content.get("lot", "")),
                ),
            )
            file = (mark["digest"], mark["suffix"], mark["bytes"], rank, record.utc_us)
            self._db.execute(_FILE, file)
            self._db.execute("DELETE FROM doomed WHERE digest = ?", file[:1])

    def _delete(self, content: dict[str, Any]) -> None:
        for picture in content["pictures"]:
            file = (picture["digest"], picture["suffix"])
            for table in ("named", "files"):
                self._db.execute(f"DELETE FROM {table} WHERE digest = ?", file[:1])
            self._db.execute("INSERT OR REPLACE INTO doomed VALUES (?, ?)", file)

    def _take_action(self, record: StoredRecord) -> None:
        content = record.content
        if content.get("refused"):
            return
        if content.get("action") == HOLD:
            what = [content.get(key) for key in ("part", "lot", "since_us", "until_us")]
            self._db.execute(
                "INSERT OR REPLACE INTO holds VALUES (?, ?, ?, ?, ?)", (record.sequence, *what)
            )
        elif content.get("action") == RELEASE:
            self._db.execute("DELETE FROM holds WHERE sequence = ?", (content["hold"],))

    def _make_anew(self) -> None:
        for table in ("place", "named", "files", "holds", "doomed"):
            self._db.execute(f"DROP TABLE IF EXISTS {table}")
        self._db.executescript(_TABLES)
        self._db.execute(f"PRAGMA user_version={_FORM}")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise LedgerError(
                f"{self._path}: {error}", remedy="Delete this file: it is made anew"
            ) from error


def _class_of(record: StoredRecord, content: dict[str, Any]) -> EvidenceClass:
    if content.get("event") == "context":
        return EvidenceClass.CONTEXT
    if content.get("keeping"):
        return EvidenceClass(content["keeping"]["class"])
    return EvidenceClass.PASS if record.outcome == "pass" else EvidenceClass.REJECT
