"""The last parts before an alarm, and what a disk that fills does."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inspector.core.line_config import EvidenceConfig
from inspector.core.ports import SystemClock
from inspector.core.recipe import EvidenceSpec
from inspector.core.record import RecordKind
from inspector.core.state import Health
from inspector.ledger.evidence import decode_image
from inspector.ledger.ledger import Ledger
from inspector.ledger.reader import RecordFilter
from inspector.ledger.verify import verify
from inspector.line.part import JudgedPart
from inspector.station.context import ContextTap
from inspector.station.disk_guard import DiskGuard
from tests.clocks import HandClock
from tests.ledger.parts_on_a_line import heat, inspection, picture


class Board:
    """Who is told."""

    def __init__(self) -> None:
        self.alarms: dict[str, str] = {}
        self.faults: list[str] = []

    def fault(self, reason: str) -> None:
        self.faults.append(reason)

    def alarm(self, key: str, health: Health, text: str) -> None:
        self.alarms[key] = text

    def clear(self, key: str) -> None:
        self.alarms.pop(key, None)


def judged(number: int) -> JudgedPart:
    made = inspection(number, score=0.5)
    return JudgedPart(made.verdict, made.times, pixels=picture(number)[None])


def test_an_alarm_keeps_the_last_parts_and_the_ring_begins_anew(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "station-1")
    ledger.writer.size_evidence(3600, 16)
    tap = ContextTap(ledger.writer, 3, 3600)
    for number in range(1, 8):
        tap.offer(judged(number))
    tap.offer(dataclasses.replace(judged(8), pixels=None))
    tap.alarm("drift", Health.MAINTENANCE_REQUIRED, "says nothing of parts")
    tap.alarm("fault", Health.FAILURE, "the lamp is off")
    tap.alarm("fault", Health.FAILURE, "there is nothing more to keep")
    for number in range(9, 15):
        tap.offer(judged(number))
    tap.alarm("overrun", Health.OUT_OF_SPECIFICATION, "too fast")
    ledger.writer.note(RecordKind.EVENT, {"event": "after"})
    reader, store = ledger.store.reader, ledger.evidence
    assert ledger.writer.close(20.0)
    records = [record.content for record in reader.each(RecordFilter(RecordKind.EVENT))]
    told = [one for one in records if one["event"] == "context"]
    assert [[mark["part"] for mark in one["evidence"]] for one in told] == [
        [5, 6, 7],
        [12, 13, 14],
    ]
    assert told[0]["text"] == "the lamp is off"
    for one in told:
        for mark in one["evidence"]:
            data = store.path(mark["digest"], mark["suffix"]).read_bytes()
            assert np.array_equal(decode_image(data), picture(mark["part"]))
    report = verify(reader, store)
    assert report.intact
    assert report.evidence == 6
    ledger.close()


@pytest.fixture
def watched(tmp_path: Path) -> tuple[Board, Ledger, Callable[[float, EvidenceSpec], None]]:
    ledger = Ledger(tmp_path, "station-1", queue_evidence=4)
    ledger.writer.size_evidence(3600, 1024)
    board, clock, full = Board(), HandClock(), [0.0]
    guard = DiskGuard(EvidenceConfig(), ledger.writer, board, clock, lambda: full[0])

    def look(share: float, policy: EvidenceSpec) -> None:
        full[0] = share
        clock.move_ms(3000)
        guard.look(policy, running=True)

    return board, ledger, look


def test_a_disk_that_fills(
    watched: tuple[Board, Ledger, Callable[[float, EvidenceSpec], None]],
) -> None:
    board, ledger, look = watched

    def spares() -> bool:
        return ledger.writer.spares_rejects

    needed, wished = EvidenceSpec(required=True), EvidenceSpec()
    look(0.79, needed)
    assert board.alarms == {}
    look(0.8, needed)
    assert "80% full" in board.alarms["disk"]
    assert not spares()
    look(0.95, needed)
    assert "not kept any more" in board.alarms["disk"]
    assert spares()
    assert not board.faults
    look(0.98, wished)
    assert not board.faults, "the recipe does not ask for pictures"
    look(0.98, needed)
    assert "98% full" in board.faults[0]
    look(0.5, needed)
    assert board.alarms == {}
    assert not spares()
    ledger.close()


def test_a_disk_that_is_too_slow_stops_the_line_where_pictures_are_required(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(tmp_path, "station-1", queue_evidence=4)
    writer = ledger.writer
    writer.size_evidence(3600, 1024)
    board = Board()
    guard = DiskGuard(EvidenceConfig(), writer, board, SystemClock(), lambda: 0.1)
    leases = [writer._pool.copy(picture(), heat()) for _ in range(3)]
    guard.look(EvidenceSpec(required=True), running=True)
    assert not board.faults
    assert writer.spares_rejects, "the last quarter of the buffers is for rejects"
    leases.append(writer._pool.copy(picture(), heat()))
    guard.look(EvidenceSpec(required=True), running=False)
    guard.look(EvidenceSpec(), running=True)
    assert not board.faults
    guard.look(EvidenceSpec(required=True), running=True)
    assert "fast enough" in board.faults[0]
    ledger.close()
