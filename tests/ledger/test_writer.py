from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from inspector.core.errors import LedgerError, StorageError
from inspector.core.ports import PartIds, Recorder
from inspector.core.record import RecordKind
from inspector.ledger import writer as writer_module
from inspector.ledger.chain import SealedRecord, StoredRecord
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.ledger import Ledger
from inspector.ledger.reader import RecordFilter
from inspector.ledger.store import LedgerStore
from inspector.ledger.verify import verify
from inspector.ledger.writer import LedgerWriter
from tests.ledger.parts_on_a_line import heat, inspection, picture
from tests.waiting import until

_INSPECTIONS = RecordFilter(kind=RecordKind.INSPECTION)
_EVENTS = RecordFilter(kind=RecordKind.EVENT)


class StubbornStore(LedgerStore):
    """A store whose disk can be full, or as slow as the test wants."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "station-1")
        self.failing = threading.Event()
        self.free = threading.Event()
        self.free.set()

    def append_sealed(self, batch: Sequence[SealedRecord]) -> tuple[StoredRecord, ...]:
        self.free.wait()
        if self.failing.is_set():
            raise StorageError("the disk is full", remedy="Free space")
        return super().append_sealed(batch)


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "_FIRST_RETRY_S", 0.005)
    monkeypatch.setattr(writer_module, "_LOOK_S", 0.001)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StubbornStore]:
    store = StubbornStore(tmp_path / "ledger")
    yield store
    store.close()


def _writer(store: LedgerStore, tmp_path: Path, records: int = 100) -> LedgerWriter:
    evidence = EvidenceStore(tmp_path / "evidence")
    evidence.prepare()
    writer = LedgerWriter(store, evidence, queue_records=records, queue_evidence=2)
    writer.size_evidence(3600, 1024)
    writer.start()
    return writer


def test_what_is_offered_is_recorded_in_order_with_its_evidence(
    store: StubbornStore, tmp_path: Path
) -> None:
    writer = _writer(store, tmp_path)
    writer.note(RecordKind.EVENT, {"event": "run started"})
    scores = heat()
    writer.offer_inspection(inspection(1, score_map=scores), picture(), scores)
    writer.offer_inspection(inspection(2, score=0.5))
    assert writer.close(20.0)
    kinds = [record.kind for record in store.reader.each()]
    assert kinds == ["event", "inspection", "inspection"]
    (first, second) = [record.content for record in store.reader.each(_INSPECTIONS)]
    assert [mark["name"] for mark in first["evidence"]] == ["image", "map"]
    assert second["evidence"] == []
    assert first["deadline"]["margin_us"] == 110_000
    assert verify(store.reader, EvidenceStore(tmp_path / "evidence")).evidence == 2
    assert writer.figures.written == 3
    assert writer.figures.pictures == 2
    assert writer.figures.longest_ms > 0


def test_a_nan_score_is_a_fault_in_the_record(store: StubbornStore, tmp_path: Path) -> None:
    writer = _writer(store, tmp_path)
    writer.offer_inspection(inspection(1, score=float("nan")))
    assert writer.close(20.0)
    (record,) = store.reader.each(_INSPECTIONS)
    assert record.outcome == "reject"
    assert record.content["checks"][0]["score"] is None
    assert "checks[0].score: nan" in record.content["faults"][0]


def test_a_full_disk_delays_records_and_loses_none(store: StubbornStore, tmp_path: Path) -> None:
    writer = _writer(store, tmp_path)
    store.failing.set()
    writer.offer_inspection(inspection(1), picture(), heat())
    until(lambda: writer.fault is not None)
    assert "disk is full" in (writer.fault or "")
    writer.offer_inspection(inspection(2))
    assert writer.backlog == 2
    store.failing.clear()
    until(lambda: writer.backlog == 0 and writer.fault is None)
    assert writer.close(20.0)
    assert [record.part_id for record in store.reader.each(_INSPECTIONS)] == [1, 2]
    assert verify(store.reader, EvidenceStore(tmp_path / "evidence")).intact


def test_overflow_is_counted_and_becomes_a_record(store: StubbornStore, tmp_path: Path) -> None:
    writer = _writer(store, tmp_path, records=5)
    store.free.clear()
    writer.offer_inspection(inspection(1))
    until(lambda: writer._batch is not None)
    for part in range(2, 10):
        writer.offer_inspection(inspection(part))
    assert writer.dropped_records == 3
    writer.note(RecordKind.EVENT, {"event": "alarm"})  # still has room
    store.free.set()
    assert writer.close(20.0)
    events = [record.content for record in store.reader.each(_EVENTS)]
    assert [content["event"] for content in events] == ["alarm", "records dropped"]
    assert events[1]["count"] == 3
    parts = [record.part_id for record in store.reader.each(_INSPECTIONS)]
    assert parts == [1, 2, 3, 4, 5, 6]


def test_without_room_for_evidence_the_record_stays(store: StubbornStore, tmp_path: Path) -> None:
    writer = _writer(store, tmp_path)
    store.free.clear()
    writer.offer_inspection(inspection(1))
    until(lambda: writer._batch is not None)
    for part in (2, 3, 4):
        writer.offer_inspection(inspection(part), picture(part), heat(part))
    assert writer.dropped_evidence == 1
    store.free.set()
    assert writer.close(20.0)
    last = store.reader.tail(1)[0].content
    assert last["evidence"] == [
        {"name": "image", "dropped": True},
        {"name": "map", "dropped": True},
    ]
    assert verify(store.reader, EvidenceStore(tmp_path / "evidence")).evidence == 4


def test_no_record_names_evidence_that_could_not_be_written(
    store: StubbornStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_store: EvidenceStore, _batch: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(EvidenceStore, "keep", full)
    writer = _writer(store, tmp_path)
    writer.offer_inspection(inspection(1), picture(), heat())
    until(lambda: writer.fault is not None)
    assert store.reader.count() == 0
    monkeypatch.undo()
    assert writer.close(20.0)
    assert verify(store.reader, EvidenceStore(tmp_path / "evidence")).evidence == 2


def test_a_picture_that_cannot_be_encoded_does_not_cost_the_record(
    store: StubbornStore, tmp_path: Path
) -> None:
    writer = _writer(store, tmp_path)
    five_channels = np.zeros((5, 5, 5), np.uint8)
    for part in (1, 2, 3):  # more than there are buffers, if one were lost
        writer.offer_inspection(inspection(part), five_channels)
        until(lambda: writer.backlog == 0)
    assert writer.close(20.0)
    contents = [record.content for record in store.reader.each(_INSPECTIONS)]
    assert len(contents) == 3
    assert all("failed" in content["evidence"][0] for content in contents)


def test_it_serves_the_ports_of_the_line(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "station-1", block_size=16)
    recorder: Recorder = ledger.writer
    part_ids: PartIds = ledger.part_ids
    recorder.note(RecordKind.ACTION, {"action": "start", "part": part_ids.next()})
    assert ledger.close()


def test_closing_on_a_full_disk_gives_up_in_time(store: StubbornStore, tmp_path: Path) -> None:
    writer = _writer(store, tmp_path)
    store.failing.set()
    writer.offer_inspection(inspection(1))
    assert not writer.close(0.1)
    assert not writer.alive


def test_no_arrays_wait_in_the_queue() -> None:
    waiting = inspection(1, score_map=heat()).without_maps()
    assert waiting.verdict.judgement is not None
    assert waiting.verdict.judgement.checks[0].map is None
    assert waiting.verdict.judgement.checks[0].score == 2.0


def test_the_ledger_of_a_station_opens_and_closes_whole(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "station-1", block_size=16)
    with pytest.raises(LedgerError, match="another station"):
        Ledger(tmp_path, "station-1")
    ledger.writer.offer_inspection(inspection(ledger.part_ids.next()))
    assert ledger.close()
    again = Ledger(tmp_path, "station-1", block_size=16)
    assert again.part_ids.next() > 1
    assert again.close()
