from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from inspector.core.canonical import Json
from inspector.core.errors import LedgerError
from inspector.core.record import LedgerRecord, RecordKind
from inspector.ledger import database
from inspector.ledger.chain import genesis, next_digest
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.schema import DATABASE
from inspector.ledger.store import LedgerStore
from tests.ledger.parts_on_a_line import NOW_US, event, filled, inspection


def test_records_are_chained_from_the_name_of_the_station(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    first, second = store.append_batch([event(1), event(2)])
    store.close()
    assert first.digest == next_digest(genesis("station-1").digest, first.payload)
    assert second.digest == next_digest(first.digest, second.payload)
    assert genesis("station-1").digest != genesis("station-2").digest


def test_a_ledger_goes_on_where_it_ended(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    store = LedgerStore(tmp_path, "station-1")
    (stored,) = store.append_batch([event(4)])
    assert stored.sequence == 4
    assert store.reader.count() == 4
    store.close()


def test_reads_by_filter_number_and_from_the_end(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    store.append_batch([event(1), inspection(7).record(), inspection(8, score=0.5).record()])
    reader = LedgerReader.open(tmp_path)
    rejected = RecordFilter(outcome="reject")
    assert [record.part_id for record in reader.each(rejected)] == [7]
    assert [record.part_id for record in reader.tail(2)] == [7, 8]
    assert [r.sequence for r in reader.each(RecordFilter(kind=RecordKind.EVENT))] == [1]
    assert [r.sequence for r in reader.each(RecordFilter(part_id=8))] == [3]
    assert reader.count(RecordFilter(since_us=NOW_US + 7, until_us=NOW_US + 7)) == 1
    found = reader.record(2)
    assert found is not None
    assert found.content["checks"][0]["score"] == 2.0
    assert reader.record(4) is None
    assert reader.recorded_parts(1, 7) == [7]
    reader.close()
    store.close()


def test_counts_over_time(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    scores = [0.5, 2.0, 0.5, 0.5, 2.0]
    store.append_batch([event(1)])
    store.append_batch([inspection(part, score=s).record() for part, s in enumerate(scores)])
    assert store.reader.counts(NOW_US, NOW_US + 3, step_us=2) == [
        (NOW_US, "pass", 1),
        (NOW_US, "reject", 1),
        (NOW_US + 2, "pass", 2),
    ]
    store.close()


def test_times_narrow_what_is_read_in_any_order_of_records(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    late = [inspection(4).record(), event(9), inspection(2).record(), inspection(8).record()]
    store.append_batch([event(1), *late, inspection(9, score=0.5).record()])
    wanted = RecordFilter(since_us=NOW_US + 2, until_us=NOW_US + 8)
    assert [r.sequence for r in store.reader.each(wanted)] == [2, 4, 5]
    assert [r.sequence for r in store.reader.each(wanted, first=3, last=4)] == [4]
    since = RecordFilter(since_us=NOW_US + 9)
    assert [r.sequence for r in store.reader.each(since)] == [3, 6]
    assert list(store.reader.each(RecordFilter(since_us=NOW_US + 10))) == []
    store.close()


def test_a_long_ledger_is_read_page_by_page(tmp_path: Path) -> None:
    filled(tmp_path, 2345)
    reader = LedgerReader.open(tmp_path)
    assert [record.sequence for record in reader.each(first=5)] == list(range(5, 2346))
    reader.close()


def test_a_second_writer_is_refused_until_the_first_has_closed(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    with pytest.raises(LedgerError, match="another station is writing"):
        LedgerStore(tmp_path, "station-1")
    store.close()
    LedgerStore(tmp_path, "station-1").close()


def test_the_ledger_of_another_station_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    with pytest.raises(LedgerError, match="belongs to station 'station-1'"):
        LedgerStore(tmp_path, "station-2")
    with pytest.raises(LedgerError, match="belongs to station 'station-1'"):
        LedgerReader.open(tmp_path, "station-2")
    LedgerReader.open(tmp_path, "station-1").close()


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    with sqlite3.connect(tmp_path / DATABASE) as file:
        file.execute("UPDATE alembic_version SET version_num = '0099'")
    file.close()
    with pytest.raises(LedgerError, match="newer Inspector"):
        LedgerStore(tmp_path, "station-1")
    with pytest.raises(LedgerError, match="newer Inspector"):
        LedgerReader.open(tmp_path)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, 500)
    content = bytearray((tmp_path / DATABASE).read_bytes())
    content[8192:20000] = b"\xff" * (20000 - 8192)
    (tmp_path / DATABASE).write_bytes(content)
    with pytest.raises(LedgerError):
        LedgerStore(tmp_path, "station-1")


def test_a_large_file_is_not_read_through_at_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path, 2)
    checked: list[Path] = []
    monkeypatch.setattr(database, "_check_integrity", lambda path, _engine: checked.append(path))
    LedgerStore(tmp_path, "station-1").close()
    assert len(checked) == 1
    monkeypatch.setattr(database, "_CHECKED_WHOLE_BYTES", 1000)
    LedgerStore(tmp_path, "station-1").close()
    assert len(checked) == 1


def test_no_ledger_is_said_clearly(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="there is no ledger"):
        LedgerReader.open(tmp_path)


def test_a_batch_that_reached_the_disk_is_not_written_twice(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    before = store.head
    store.append_batch([event(1), event(2)])
    store._head = before  # as if the answer to the commit had been lost
    store.append_batch([event(1), event(2)])
    assert store.reader.count() == 2
    assert store.head == store.reader.head()
    store.close()


def test_a_batch_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    with sqlite3.connect(tmp_path / DATABASE) as file:
        file.execute(
            "CREATE TRIGGER full BEFORE INSERT ON records WHEN new.sequence = 2 "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    file.close()
    with pytest.raises(LedgerError, match="disk full"):
        store.append_batch([event(1), event(2)])
    assert store.reader.count() == 0
    assert store.head == genesis("station-1")
    store.close()


def test_values_without_json_form_become_faults(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    payload: dict[str, Json] = {
        "nan": float("nan"),
        "list": [float("inf")],
        "big": 2**60,
        "name": "a\udcff",
    }
    (stored,) = store.append_batch([LedgerRecord(RecordKind.EVENT, NOW_US, payload)])
    assert stored.content["nan"] is None
    assert stored.content["list"] == [None]
    assert stored.content["big"] == str(2**60)
    assert [fault.split(":")[0] for fault in stored.content["faults"]] == [
        "nan",
        "list[0]",
        "big",
        "name",
    ]
    store.close()


def test_part_id_blocks_follow_each_other_across_runs(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path, "station-1")
    record = LedgerRecord(RecordKind.BLOCK, NOW_US, {"event": "reserved"})
    assert store.reserve_block(16, record) == range(1, 17)
    store.close()
    store = LedgerStore(tmp_path, "station-1")
    assert store.reserve_block(32, record) == range(17, 49)
    assert store.unsettled_blocks() == [range(1, 17), range(17, 49)]
    (content,) = [r.content for r in store.reader.tail(1)]
    assert (content["first"], content["last"]) == (17, 48)
    store.close()
