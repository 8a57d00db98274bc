from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from inspector.core.canonical import Json
from inspector.core.errors import LedgerError, StorageError
from inspector.core.record import LedgerRecord, RecordKind
from inspector.ledger.chain import Head, StoredRecord, genesis, link_all, seal
from inspector.ledger.chain_state import ChainState
from inspector.ledger.journal import Journal, segments_in
from inspector.ledger.journal_file import Preface
from tests.ledger.parts_on_a_line import NOW_US, event, inspection

STATION = "station-1"
_SMALL = 2000


def first() -> Preface:
    return Preface(STATION, genesis(STATION), ChainState())


def opened(folder: Path, segment_bytes: int = _SMALL) -> Journal:
    return Journal(folder, STATION, first(), segment_bytes=segment_bytes)


def more(journal: Journal, *records: LedgerRecord) -> tuple[StoredRecord, ...]:
    linked = link_all(STATION, journal.head, map(seal, records))
    journal.append(linked)
    return linked


def filled(folder: Path, count: int) -> list[StoredRecord]:
    journal = opened(folder)
    stored = [more(journal, event(number))[0] for number in range(1, count + 1)]
    journal.close()
    return stored


def test_what_was_appended_is_read_in_order_over_many_files(tmp_path: Path) -> None:
    stored = filled(tmp_path, 40)
    assert len(segments_in(tmp_path)) > 3
    journal = opened(tmp_path)
    assert journal.head == Head(40, stored[-1].digest)
    assert journal.read(0, 1000) == stored
    assert journal.read(17, 5) == stored[17:22]
    assert journal.read(22, 5) == stored[22:27], "from where the last reading ended"
    assert journal.read(40, 5) == []
    assert journal.link_at(12) == Head(12, stored[11].digest)
    assert journal.link_at(41) is None
    journal.close()


def test_files_are_removed_when_all_of_them_is_stored_and_the_newest_stays(tmp_path: Path) -> None:
    filled(tmp_path, 40)
    journal = opened(tmp_path)
    before = segments_in(tmp_path)
    journal.discard(39)
    assert segments_in(tmp_path) == before[-2:], "record 40 is not stored yet"
    assert [record.sequence for record in journal.read(39, 9)] == [40]
    journal.discard(40)
    assert len(segments_in(tmp_path)) == 1
    assert journal.read(10, 5) == [], "not here any more"
    journal.close()
    again = opened(tmp_path)
    assert again.head.sequence == 40, "the newest file knows where the chain stands"
    again.close()


def test_part_ids_and_signatures_survive_the_files_that_told_of_them(tmp_path: Path) -> None:
    def block(what: str, start: int) -> LedgerRecord:
        payload: dict[str, Json] = {"event": what, "first": start, "last": start + 15}
        return LedgerRecord(RecordKind.BLOCK, NOW_US, payload)

    journal = opened(tmp_path)
    more(journal, block("reserved", 1), block("reserved", 17), block("reserved", 33))
    more(journal, *(inspection(part).record() for part in (1, 2, 17, 18, 20)))
    more(journal, block("settled", 1))
    more(journal, LedgerRecord(RecordKind.SIGNING, NOW_US, {"event": "segment head"}))
    signing = list(journal.state.signing)
    more(journal, *(event(number) for number in range(20)))
    journal.close()
    journal = opened(tmp_path)
    journal.discard(journal.head.sequence)
    journal.close()
    state = opened(tmp_path).state
    assert state.next_part == 49
    assert state.unsettled == [range(17, 33), range(33, 49)]
    assert state.recorded(range(17, 33)) == [17, 18, 20]
    assert list(state.signing) == signing


@pytest.mark.parametrize("cut", [1, 7, 8, 40, 100])
def test_the_half_written_end_of_a_crash_is_not_believed(tmp_path: Path, cut: int) -> None:
    journal = opened(tmp_path, segment_bytes=10**6)
    more(journal, event(1), event(2))
    more(journal, event(3))
    journal.close()
    (path,) = segments_in(tmp_path)
    path.write_bytes(path.read_bytes()[:-cut])
    journal = opened(tmp_path)
    assert journal.head.sequence == 2
    (again,) = more(journal, event(3))
    journal.close()
    journal = opened(tmp_path)
    assert journal.read(2, 5) == [again]
    journal.close()


def test_zeros_after_the_end_are_not_believed(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    path = segments_in(tmp_path)[-1]
    path.write_bytes(path.read_bytes() + bytes(64))
    assert opened(tmp_path).head.sequence == 2


def test_a_lost_or_damaged_file_in_the_middle_is_said(tmp_path: Path) -> None:
    filled(tmp_path, 40)
    path = segments_in(tmp_path)[1]
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(LedgerError, match=r"record \d+ is not where it was"):
        opened(tmp_path)
    path.write_bytes(content[:-20])
    with pytest.raises(LedgerError, match=r"record \d+ is not where it was"):
        opened(tmp_path)
    path.write_bytes(b"?" + content[1:])
    with pytest.raises(LedgerError, match="damaged at its begin"):
        opened(tmp_path)


def test_another_stations_journal_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    with pytest.raises(LedgerError, match="belongs to station 'station-1'"):
        Journal(tmp_path, "station-2")


@pytest.mark.parametrize("acknowledged", [0, 3])
def test_what_a_full_disk_left_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, acknowledged: int
) -> None:
    """Others may follow in the place of records that could not be flushed."""
    journal = opened(tmp_path, segment_bytes=10**6)
    for number in range(acknowledged):
        more(journal, event(number))

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="disk is full"):
            more(journal, event(50))
        with pytest.raises(StorageError, match="disk is full"):
            more(journal, event(51))
    assert journal.head.sequence == acknowledged
    assert journal.read(acknowledged, 9) == []
    (other,) = more(journal, event(52))
    assert journal.read(acknowledged, 9) == [other]
    journal.close()
    again = opened(tmp_path)
    assert again.head.sequence == acknowledged + 1
    assert again.read(acknowledged, 9) == [other]
    again.close()
