"""What is asked of a large ledger is found by its indices: nothing reads every record."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as alchemy

from inspector.core.record import RecordKind
from inspector.ledger.evidence_index import INDEX, EvidenceIndex
from inspector.ledger.keeping import EvidenceClass
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.store import LedgerStore
from tests.ledger.parts_on_a_line import NOW_US, inspection

_HOUR = (NOW_US, NOW_US + 3_600_000_000)
_INSPECTIONS = RecordKind.INSPECTION
_ASKED: dict[str, Callable[[LedgerReader], object]] = {
    "newest rejects": lambda reader: reader.tail(9, RecordFilter(_INSPECTIONS, "reject")),
    "by cause": lambda reader: reader.tail(9, RecordFilter(cause="late")),
    "by cause in an hour": lambda reader: reader.tail(
        9, RecordFilter(cause="late", since_us=_HOUR[0], until_us=_HOUR[1])
    ),
    "rejects of an hour": lambda reader: list(
        reader.each(RecordFilter(outcome="reject", since_us=_HOUR[0], until_us=_HOUR[1]))
    ),
    "all of an hour": lambda reader: list(
        reader.each(RecordFilter(since_us=_HOUR[0], until_us=_HOUR[1]))
    ),
    "events": lambda reader: reader.tail(9, RecordFilter(RecordKind.EVENT)),
    "one part": lambda reader: reader.tail(1, RecordFilter(part_id=7)),
    "one record": lambda reader: reader.record(7),
    "some parts": lambda reader: reader.recorded_parts(3, 9),
    "a page of the chain": lambda reader: list(reader.each(first=3, last=9)),
    "counts": lambda reader: reader.counts(*_HOUR, 1_000_000),
    "number of rejects": lambda reader: reader.count(RecordFilter(outcome="reject")),
    "parts recorded twice": lambda reader: reader.repeated_parts(),
    "beyond the head": lambda reader: reader.beyond_head(),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LedgerStore]:
    made = LedgerStore(tmp_path_factory.mktemp("ledger"), "station-1")
    made.append_batch([inspection(part).record() for part in range(1, 50)])
    yield made
    made.close()


def _plans(store: LedgerStore, ask: Callable[[LedgerReader], object]) -> list[str]:
    """SQLite's plan of each statement that a question makes."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        statements.append((statement, given))

    alchemy.listen(store._engine, "before_cursor_execute", note)
    try:
        ask(store.reader)
    finally:
        alchemy.remove(store._engine, "before_cursor_execute", note)
    database = sqlite3.connect(store.path)
    plans = [
        row[3]
        for statement, given in statements
        for row in database.execute(f"EXPLAIN QUERY PLAN {statement}", given)
    ]
    database.close()
    assert plans
    return plans


@pytest.mark.parametrize("name", _ASKED)
def test_no_question_reads_every_record(store: LedgerStore, name: str) -> None:
    for step in _plans(store, _ASKED[name]):
        assert not step.startswith("SCAN records"), step
        if step.startswith("SEARCH records"):
            assert "station=?" in step, step
            narrowed = "AND" in step or "COVERING" in step or name == "beyond the head"
            assert narrowed, f"{step}: every record of the station, one by one"


@pytest.mark.parametrize("name", ["by cause in an hour", "rejects of an hour", "all of an hour"])
def test_an_hour_is_not_looked_for_from_the_newest_record_on(store: LedgerStore, name: str) -> None:
    """After the span was found by time, its numbers narrow what is read."""
    steps = [step for step in _plans(store, _ASKED[name]) if step.startswith("SEARCH records")]
    assert "utc_us>? AND utc_us<?" in steps[0]
    assert "sequence>? AND sequence<?" in steps[-1] or "utc_us>? AND utc_us<?" in steps[-1]


def test_counts_are_made_in_the_index_alone(store: LedgerStore) -> None:
    plans = _plans(store, _ASKED["counts"])
    assert any("COVERING INDEX records_of_time" in step and "utc_us" in step for step in plans)
    assert not any("GROUP BY" in step for step in plans)


def test_retention_finds_what_may_go_without_reading_all_that_is_named(tmp_path: Path) -> None:
    index = EvidenceIndex(tmp_path / INDEX)
    statements: list[str] = []
    index._db.set_trace_callback(statements.append)
    index.too_old(dict.fromkeys(EvidenceClass, NOW_US), 200)
    index.too_many(EvidenceClass.PASS, -1.0, 200)
    index._db.set_trace_callback(None)
    asked = [one for one in statements if one.startswith("SELECT")]
    assert len(asked) == len(EvidenceClass) + 2
    for statement in asked:
        for row in index._db.execute(f"EXPLAIN QUERY PLAN {statement}"):
            assert not row[3].startswith(("SCAN n", "SCAN o", "SCAN files")), statement
    index.close()
