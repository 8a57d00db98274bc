from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from inspector.core.errors import LedgerError, StorageError
from inspector.core.ports import SystemClock
from inspector.ledger.anchor import AnchorFile, Anchoring, anchor_file, read_anchors
from inspector.ledger.chain import SealedRecord, StoredRecord
from inspector.ledger.clock_state import UNKNOWN, clock_state, state_of
from inspector.ledger.heads import Reason, grouped, key_id, ungrouped
from inspector.ledger.keys import KeyFolder
from inspector.ledger.ledger import Ledger, ledger_folder
from inspector.ledger.proof import ProofSettings
from inspector.ledger.reader import LedgerReader
from inspector.ledger.segments import SIGNING, Segments, change_key, key_in_use, newest
from inspector.ledger.signatures import Proofs
from inspector.ledger.store import LedgerStore
from inspector.ledger.verify import VerifyReport, verify
from tests.clocks import HandClock
from tests.ledger.parts_on_a_line import event, filled, inspection
from tests.waiting import until

_SETTINGS = ProofSettings(segment_records=16, check_share=0.0)


def _verified(folder: Path, *trusted: str) -> VerifyReport:
    reader = LedgerReader.open(folder)
    report = verify(reader, None, Proofs(trusted=frozenset(trusted), signed=True))
    reader.close()
    return report


def _opened(store: LedgerStore, keys: KeyFolder) -> Segments:
    return Segments(store, key_in_use(store, keys, SystemClock()), SystemClock(), most=16)


def test_a_station_signs_at_open_by_number_and_at_close(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "station-1", block_size=16, proof=_SETTINGS)
    for _ in range(40):
        ledger.writer.offer_inspection(inspection(ledger.part_ids.next(), score=0.5))
        until(lambda: ledger.writer.backlog == 0)
    assert ledger.close()
    report = _verified(ledger_folder(tmp_path))
    assert report.intact, report.first
    assert (report.signed_from, report.signed_to) == (1, report.records - 1)
    assert ledger.proof.newest is not None
    head = ledger.proof.newest.head
    assert (head.reason, head.most, head.station) == (Reason.CLOSE, 16, "station-1")
    assert head.number >= 4


def test_the_older_part_of_a_ledger_is_unsigned_and_said_so(tmp_path: Path) -> None:
    filled(ledger_folder(tmp_path), 12)
    assert _verified(ledger_folder(tmp_path)).first is not None, "known to be signed, and is not"
    Ledger(tmp_path, "station-1", block_size=16, proof=_SETTINGS).close()
    report = _verified(ledger_folder(tmp_path))
    assert report.intact
    assert report.signed_from == 13


def test_what_a_crash_left_is_signed_at_the_next_opening(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    store = LedgerStore(tmp_path, "station-1")
    _opened(store, keys).close_if_due()
    store.append_batch([event(1), event(2)])
    store.close()  # no head: as after a crash
    before = _verified(tmp_path)
    store = LedgerStore(tmp_path, "station-1")
    newest_head = _opened(store, keys).newest
    store.close()
    assert newest_head is not None
    assert (newest_head.head.reason, newest_head.head.last) == (Reason.OPEN, before.records)
    assert _verified(tmp_path).intact


def test_a_segment_ends_in_time_and_silence_is_not_signed(tmp_path: Path) -> None:
    clock = HandClock()
    store = LedgerStore(tmp_path, "station-1")
    signer = key_in_use(store, KeyFolder(tmp_path / "keys"), clock)
    told: list[int] = []
    segments = Segments(store, signer, clock, longest_s=60.0, told=lambda: told.append(1))
    for _ in range(3):
        clock.move_ms(61_000)
        segments.close_if_due()
    assert len(told) == 1
    store.append_batch([event(1)])
    segments.close_if_due()
    assert len(told) == 1
    clock.move_ms(61_000)
    segments.close_if_due()
    assert segments.newest is not None
    assert segments.newest.head.reason is Reason.TIME
    store.close()


def test_a_head_whose_answer_was_lost_is_not_written_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LedgerStore(tmp_path, "station-1")
    segments = _opened(store, KeyFolder(tmp_path / "keys"))
    store.append_batch([event(1)])
    before = store.head
    append = LedgerStore.append_sealed

    def lost(self: LedgerStore, batch: list[SealedRecord]) -> tuple[StoredRecord, ...]:
        append(self, batch)
        self._head = before
        raise StorageError("the answer was lost")

    monkeypatch.setattr(LedgerStore, "append_sealed", lost)
    with pytest.raises(StorageError):
        segments.close()
    monkeypatch.undo()
    segments.close()
    segments.close()
    store.close()
    assert _verified(tmp_path).intact


def test_a_new_key_is_signed_by_the_old_one(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    store = LedgerStore(tmp_path, "station-1")
    _opened(store, keys)
    old = keys.public()
    store.append_batch([event(1)])
    new = change_key(store, keys, SystemClock(), "yearly change")
    store.append_batch([event(2)])
    _opened(store, keys).close()
    store.close()
    assert old is not None
    assert key_id(keys.public() or b"") == new != key_id(old)
    for trusted in (new, key_id(old)):
        assert _verified(tmp_path, trusted).intact
    assert not _verified(tmp_path, "0" * 64).intact
    assert not (tmp_path / "keys" / "ledger.key.next").exists()


def test_a_change_of_key_that_a_crash_cut_is_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = KeyFolder(tmp_path / "keys")
    store = LedgerStore(tmp_path, "station-1")
    _opened(store, keys)
    monkeypatch.setattr(KeyFolder, "take_next", lambda _keys: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        change_key(store, keys, SystemClock(), "yearly change")
    monkeypatch.undo()
    _opened(store, keys).close()
    store.close()
    assert _verified(tmp_path, key_id(keys.public() or b"")).intact


def test_a_lost_key_is_not_replaced_in_silence(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    store = LedgerStore(tmp_path, "station-1")
    _opened(store, keys)
    shutil.rmtree(keys.folder)
    with pytest.raises(LedgerError, match="is gone"):
        _opened(store, keys)
    new = change_key(store, keys, SystemClock(), "disk died", lost=True)
    store.close()
    report = _verified(tmp_path)
    assert report.first is not None
    assert "said to be lost" in report.first.problem
    assert _verified(tmp_path, new).intact, "once its fingerprint is trusted"


@pytest.mark.skipif(os.name == "nt", reason="rights are those of the folder there")
def test_the_key_is_for_the_service_alone(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    store = LedgerStore(tmp_path, "station-1")
    _opened(store, keys)
    private = tmp_path / "keys" / "ledger.key"
    assert private.stat().st_mode & 0o777 == 0o600
    private.chmod(0o640)
    with pytest.raises(LedgerError, match="others may read"):
        _opened(store, keys)
    store.close()


def test_an_anchor_that_was_away_catches_up(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path / "ledger", "station-1")
    segments = _opened(store, KeyFolder(tmp_path / "keys"))
    share = tmp_path / "share"
    anchoring = Anchoring(store.reader, AnchorFile(share, "station-1"))
    anchoring.start()
    until(lambda: anchoring.fault is not None)
    assert "is not there" in (anchoring.fault or "")
    share.mkdir()
    store.append_batch([event(1)])
    segments.close()
    anchoring.wake()
    until(lambda: anchoring.fault is None)
    assert anchoring.close()
    lines = read_anchors(anchor_file(share, "station-1"))
    signed = list(store.reader.each(SIGNING))
    assert [(a.sequence, a.payload) for a in lines] == [(r.sequence, r.payload) for r in signed]
    store.close()


def test_an_anchor_line_that_was_cut_short_is_written_again(tmp_path: Path) -> None:
    store = LedgerStore(tmp_path / "ledger", "station-1")
    segments = _opened(store, KeyFolder(tmp_path / "keys"))
    anchor = AnchorFile(tmp_path, "station-1")
    anchor.catch_up(store.reader)
    whole = anchor.path.read_bytes()
    anchor.path.write_bytes(whole[:-40])
    assert anchor.catch_up(store.reader) == 1
    store.append_batch([event(1)])
    segments.close()
    assert anchor.catch_up(store.reader) == 1
    assert [line.sequence for line in read_anchors(anchor.path)] == [
        record.sequence for record in store.reader.each(SIGNING)
    ]
    store.close()


def test_an_anchor_keeps_what_the_ledger_no_longer_holds(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        store = LedgerStore(tmp_path / folder, "station-1")
        _opened(store, KeyFolder(tmp_path / folder / "keys"))
        anchor = AnchorFile(tmp_path, "station-1")
        if folder == "one":
            kept = anchor.catch_up(store.reader)
        else:
            with pytest.raises(StorageError, match="holds heads that this ledger does not"):
                anchor.catch_up(store.reader)
        store.close()
    assert len(read_anchors(anchor.path)) == kept


def test_only_the_newest_anchors_are_read_where_they_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    line = '{"sequence": %d, "payload": "' + "x" * 1000 + '"}\n'
    path.write_text("".join(line % number for number in range(1, 301)), encoding="utf-8")
    assert len(read_anchors(path)) == 300
    few = read_anchors(path, after=290)
    assert few[0].sequence <= 290
    assert len(few) < 100


def test_fingerprints_are_for_paper() -> None:
    digest = "0123456789abcdef" * 4
    assert grouped(digest) == "0123 4567 89ab cdef 0123 4567 89ab cdef"
    assert digest.startswith(ungrouped(grouped(digest).upper()))
    for text in ("0123", "xyz" * 20):
        with pytest.raises(ValueError, match=r"expected|base 16"):
            ungrouped(text)


def test_the_state_of_the_clock() -> None:
    assert state_of(0x2001, 1500, 900).offset_us == 1.5
    assert state_of(0x0001, 15, 900).offset_us == 15.0
    away = state_of(0x0041, 15, 900)
    assert (away.synchronised, away.offset_us) == (False, None)
    assert clock_state().source in ("adjtimex", UNKNOWN.source)


def test_nothing_is_signed_says_the_newest(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    reader = LedgerReader.open(tmp_path)
    assert newest(reader).head is None
    reader.close()
