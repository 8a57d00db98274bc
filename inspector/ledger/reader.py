"""Reading the ledger: by filter, by number, from the end. Also beside a running station."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Engine, Row, Select, func, literal, select, true, union_all

from inspector.core.errors import LedgerError
from inspector.core.record import RecordKind
from inspector.core.verdict import Outcome
from inspector.ledger.chain import Head, StoredRecord, genesis
from inspector.ledger.database import (
    DatabaseAddress,
    check_version,
    postgres,
    sqlite_for_reading,
)
from inspector.ledger.schema import DATABASE, heads, ledger_errors, records

_PAGE = 1000
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records to read; ``None`` asks for any. Times are UTC microseconds, ends included."""

    kind: RecordKind | None = None
    outcome: str | None = None
    part_id: int | None = None
    cause: str | None = None
    since_us: int | None = None
    until_us: int | None = None

    @property
    def within_us(self) -> float:
        """How long the time asked for is."""
        if self.since_us is None or self.until_us is None:
            return math.inf
        return self.until_us - self.since_us

    def apply(self, query: Select[Any]) -> Select[Any]:
        """The query, narrowed."""
        columns = records.c
        for column, value in (
            (columns.kind, self.kind),
            (columns.outcome, self.outcome),
            (columns.part_id, self.part_id),
            (columns.cause, self.cause),
        ):
            if value is not None:
                query = query.where(column == value)
        if self.since_us is not None:
            query = query.where(columns.utc_us >= self.since_us)
        if self.until_us is not None:
            query = query.where(columns.utc_us <= self.until_us)
        return query


EVERYTHING = RecordFilter()


class LedgerReader:
    """Reads one station's chain. Any thread. Raises ``LedgerError``.

    Long reads go page by page, so that they never hold back the writer's checkpoints.
    """

    def __init__(self, path: Path | DatabaseAddress, engine: Engine, station: str) -> None:
        self.path = path
        self.station = station
        self._engine = engine

    @classmethod
    def open(cls, folder: Path, station: str | None = None) -> LedgerReader:
        """Open the ledger in ``folder`` read-only; it must be that of ``station``, if one is given.

        Raises ``LedgerError`` when there is none, when it is empty or another station's.
        """
        path = folder.resolve() / DATABASE
        engine = sqlite_for_reading(path)
        try:
            with ledger_errors(path), engine.connect() as connection:
                owner = connection.scalar(select(heads.c.station))
            if owner is None:
                raise LedgerError(f"{path}: the ledger is empty", remedy="Run the station first")
            if station not in (None, owner):
                raise LedgerError(
                    f"{path}: belongs to station {owner!r}, not {station!r}",
                    remedy="Name the line file of that station",
                )
        except BaseException:
            engine.dispose()
            raise
        return cls(path, engine, owner)

    @classmethod
    def of_plant(cls, address: DatabaseAddress, station: str) -> LedgerReader:
        """Read a station's records in the plant's database. Raises ``LedgerError``."""
        engine = postgres(address, station)
        try:
            with ledger_errors(address):
                check_version(address, engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(address, engine, station)

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def head(self) -> Head:
        """The newest link as the ledger keeps it beside the records."""
        query = select(heads.c.sequence, heads.c.digest).where(heads.c.station == self.station)
        with ledger_errors(self.path), self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return Head(row.sequence, row.digest) if row else genesis(self.station)

    def count(self, wanted: RecordFilter = EVERYTHING, *, last: int | None = None) -> int:
        """Number of records, up to the one with the number ``last``."""
        query = wanted.apply(select(func.count()).where(records.c.station == self.station))
        if last is not None:
            query = query.where(records.c.sequence <= last)
        with ledger_errors(self.path), self._engine.connect() as connection:
            return connection.scalar(query) or 0

    def record(self, sequence: int) -> StoredRecord | None:
        """One record by its number."""
        found = self._fetch(self._query().where(records.c.sequence == sequence))
        return found[0] if found else None

    def each(
        self,
        wanted: RecordFilter = EVERYTHING,
        *,
        first: int = 1,
        last: int | None = None,
        page: int = _PAGE,
    ) -> Iterator[StoredRecord]:
        """Records in the order of the chain, from ``first`` to ``last`` (sequence numbers).

        ``page`` of them are read at a time.
        """
        query = wanted.apply(self._query()).order_by(records.c.sequence).limit(page)
        begin, end = self._span(wanted)
        last = end if last is None else last if end is None else min(last, end)
        if last is not None:
            query = query.where(records.c.sequence <= last)
        after = max(first, begin) - 1
        while found := self._fetch(query.where(records.c.sequence > after)):
            yield from found
            after = found[-1].sequence

    def tail(
        self, count: int, wanted: RecordFilter = EVERYTHING, *, before: int | None = None
    ) -> list[StoredRecord]:
        """The newest ``count`` records (older than number ``before``), oldest of them first."""
        query = wanted.apply(self._query()).order_by(records.c.sequence.desc()).limit(count)
        if before is not None:
            query = query.where(records.c.sequence < before)
        if wanted.within_us <= _DAY_US:  # a longer span costs more than what it spares
            query = query.where(records.c.sequence.between(*self._span(wanted)))
        return self._fetch(query)[::-1]

    def counts(self, since_us: int, until_us: int, step_us: int) -> list[tuple[int, str, int]]:
        """Inspections per ``step_us`` of time: its begin (UTC microseconds), outcome, number.

        One stretch of the index is counted for each step and outcome: several times as fast as
        grouping all of its entries.
        """
        steps = select(literal(since_us, BigInteger).label("begin")).cte("steps", recursive=True)
        following = steps.c.begin + step_us
        steps = steps.union_all(select(following).where(following <= until_us))
        outcomes = [select(literal(one.value).label("outcome")) for one in sorted(Outcome)]
        outcome = union_all(*outcomes).cte("outcomes")
        number = (
            select(func.count())
            .where(records.c.station == self.station, records.c.outcome == outcome.c.outcome)
            .where(records.c.utc_us >= steps.c.begin, records.c.utc_us < steps.c.begin + step_us)
            .where(records.c.utc_us <= until_us)
            .scalar_subquery()
        )
        query = select(steps.c.begin, outcome.c.outcome, number).select_from(
            steps.join(outcome, true())
        )
        with ledger_errors(self.path), self._engine.connect() as connection:
            rows = connection.execute(query.order_by(steps.c.begin, outcome.c.outcome)).all()
        return [(begin, out, found) for begin, out, found in rows if found]

    def recorded_parts(self, first: int, last: int) -> list[int]:
        """Part ids between ``first`` and ``last`` that have an inspection record, ascending."""
        query = (
            select(records.c.part_id)
            .where(records.c.station == self.station, records.c.kind == RecordKind.INSPECTION)
            .where(records.c.part_id.between(first, last))
            .order_by(records.c.part_id)
        )
        with ledger_errors(self.path), self._engine.connect() as connection:
            return [int(part) for part in connection.scalars(query)]

    def repeated_parts(self) -> list[int]:
        """Part ids with more than one inspection record; there must be none."""
        mine = records.c.station == self.station
        numbered = records.c.part_id.is_not(None)
        more = func.count() > 1
        # Found in the index alone; which of them are inspections is asked of those few.
        often = select(records.c.part_id).where(mine, numbered).group_by(records.c.part_id)
        query = (
            select(records.c.part_id)
            .where(mine, records.c.part_id.in_(often.having(more)))
            .where(records.c.kind == RecordKind.INSPECTION)
            .group_by(records.c.part_id)
            .having(more)
        )
        with ledger_errors(self.path), self._engine.connect() as connection:
            return [int(part) for part in connection.scalars(query)]

    def beyond_head(self) -> int | None:
        """The first record that the head does not know of; there must be none."""
        query = (
            select(func.min(records.c.sequence))
            .join(heads, heads.c.station == records.c.station)
            .where(records.c.station == self.station, records.c.sequence > heads.c.sequence)
        )
        with ledger_errors(self.path), self._engine.connect() as connection:
            found: int | None = connection.scalar(query)
        return found

    def _span(self, wanted: RecordFilter) -> tuple[int, int | None]:
        """First and last number of all records in the times asked for: a chain is not in order of
        time, but nearly, and the whole of it need not be read."""
        if wanted.since_us is None and wanted.until_us is None:
            return 1, None
        times = RecordFilter(since_us=wanted.since_us, until_us=wanted.until_us)
        number = records.c.sequence + 0  # else PostgreSQL walks the chain from its end to find it
        columns = select(func.min(number), func.max(number))
        mine = times.apply(columns.where(records.c.station == self.station))
        found = []
        with ledger_errors(self.path), self._engine.connect() as connection:
            for outcome in (
                records.c.outcome.is_(None),
                *(records.c.outcome == o for o in Outcome),
            ):
                low, high = connection.execute(mine.where(outcome)).one()
                found += [] if low is None else [low, high]
        return (min(found), max(found)) if found else (1, 0)

    def _query(self) -> Select[Any]:
        return select(records).where(records.c.station == self.station)

    def _fetch(self, query: Select[Any]) -> list[StoredRecord]:
        with ledger_errors(self.path), self._engine.connect() as connection:
            try:
                return [_stored(row) for row in connection.execute(query)]
            except TypeError as error:  # a payload that is no longer bytes
                raise LedgerError(
                    f"{self.path}: a record is damaged ({error})",
                    remedy="Restore the newest backup",
                ) from error


def _stored(row: Row[Any]) -> StoredRecord:
    return StoredRecord(
        station=row.station,
        sequence=row.sequence,
        kind=row.kind,
        utc_us=row.utc_us,
        part_id=row.part_id,
        outcome=row.outcome,
        payload=row.payload,
        digest=row.digest,
        cause=row.cause,
    )
