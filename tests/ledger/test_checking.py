from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from inspector.core.canonical import Json
from inspector.core.record import RecordKind
from inspector.ledger.checking import LedgerCheck
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.reader import LedgerReader
from inspector.ledger.schema import DATABASE
from inspector.ledger.store import LedgerStore
from tests.clocks import HandClock
from tests.ledger.parts_on_a_line import event, filled
from tests.waiting import until


@dataclass
class Notes:
    """A recorder that remembers."""

    payloads: list[Mapping[str, Json]] = field(default_factory=list)

    def note(self, kind: RecordKind, payload: Mapping[str, Json]) -> None:
        assert kind is RecordKind.EVENT
        self.payloads.append(payload)


def _check(folder: Path, notes: Notes, clock: HandClock) -> LedgerCheck:
    reader = LedgerReader.open(folder)
    return LedgerCheck(
        reader,
        EvidenceStore(folder / "evidence"),
        notes,
        clock,
        place=folder / "checked.json",
        share=0.5,
        round_s=3600.0,
    )


def _replace(folder: Path, sequence: int, payload: bytes | str) -> None:
    database = sqlite3.connect(folder / DATABASE)
    with database:
        database.execute("UPDATE records SET payload = ? WHERE sequence = ?", (payload, sequence))
    database.close()


def _grow(folder: Path, count: int) -> None:
    store = LedgerStore(folder, "station-1")
    store.append_batch([event(100 + number) for number in range(count)])
    store.close()


def test_it_goes_on_where_it_was_after_a_restart(tmp_path: Path) -> None:
    filled(tmp_path, 60)
    notes, clock = Notes(), HandClock()
    first = _check(tmp_path, notes, clock)
    first.start()
    until(lambda: first.progress.sequence == 60)
    assert first.close()
    _grow(tmp_path, 5)
    again = _check(tmp_path, notes, clock)
    assert again.progress.sequence == 60
    again.stretch()
    assert again.progress.sequence == 65
    assert (notes.payloads, again.finding) == ([], None)


def test_a_finding_is_told_once_and_stands_until_a_whole_round_finds_nothing(
    tmp_path: Path,
) -> None:
    filled(tmp_path, 40)
    notes, clock = Notes(), HandClock()
    check = _check(tmp_path, notes, clock)
    check.stretch()
    reader = LedgerReader.open(tmp_path)
    before = reader.record(7)
    reader.close()
    assert before is not None
    _replace(tmp_path, 7, "text where bytes belong")
    check.stretch()
    assert check.finding is None, "what was checked is checked again in the next round"
    clock.move_ms(3_601_000)
    check.stretch()
    assert (check.finding or "").startswith("record 7: altered")
    assert [note["record"] for note in notes.payloads] == [7]
    check.stretch()
    assert len(notes.payloads) == 1
    _replace(tmp_path, 7, before.payload)
    clock.move_ms(3_601_000)
    check.stretch()
    assert check.finding is None


def test_a_chain_that_is_shorter_than_it_was_is_found_at_once(tmp_path: Path) -> None:
    filled(tmp_path, 40)
    notes, clock = Notes(), HandClock()
    _check(tmp_path, notes, clock).stretch()
    database = sqlite3.connect(tmp_path / DATABASE)
    with database:
        database.execute("DELETE FROM records WHERE sequence > 30")
        database.execute(
            "UPDATE heads SET sequence = 30, digest = "
            "(SELECT digest FROM records WHERE sequence = 30)"
        )
    database.close()
    again = _check(tmp_path, notes, clock)
    again.stretch()
    assert "since it was checked here before" in (again.finding or "")


def test_a_place_that_is_damaged_costs_a_walk_from_the_start(tmp_path: Path) -> None:
    filled(tmp_path, 10)
    notes, clock = Notes(), HandClock()
    _check(tmp_path, notes, clock).stretch()
    (tmp_path / "checked.json").write_bytes(b"{")
    again = _check(tmp_path, notes, clock)
    assert again.progress.sequence == 0
    again.stretch()
    assert again.progress.sequence == 10
