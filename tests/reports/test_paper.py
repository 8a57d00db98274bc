"""Reports on paper: what they say, in which letters, and that they say it again in equal bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.core.errors import InputError, LedgerError
from inspector.core.record import LedgerRecord, RecordKind
from inspector.core.verdict import Cause
from inspector.ledger.reader import LedgerReader
from inspector.ledger.store import LedgerStore
from inspector.reports.fonts import Letters, japanese_font
from inspector.reports.making import make
from inspector.reports.request import Language, ReportKind
from tests.reports.pages import read
from tests.reports.shift_story import (
    BEGIN_US,
    DEFECT,
    GOOD,
    HOUR_US,
    STATION,
    Shift,
    of_shift,
    photograph,
    whole_shift,
)

needs_font = pytest.mark.skipif(
    japanese_font() is None, reason="no Japanese font here: apt-get install fonts-vlgothic"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shift")
    whole_shift(made).close()
    return made


@pytest.fixture
def reader(folder: Path) -> Iterator[LedgerReader]:
    opened = LedgerReader.open(folder / "ledger", STATION)
    yield opened
    opened.close()


def test_a_shift_report_says_what_was_counted_by_hand(reader: LedgerReader) -> None:
    pages = read(make(reader, of_shift(), pictures=photograph))
    for said in (
        "Shift report",
        "2026-11-22 07:26:40 – 2026-11-22 08:26:40 (UTC+09:00)",
        "400 Parts 377 Passed 23 Rejected 5.75% Share rejected 0 Past deadline",
        "1 true defects, 1 false rejects, 0 unsure; 1 passed parts were found defective",
        "402 = 377 + 23 + 0 + 2 agrees",
        "parts counted by the line = records of them, in whole runs 200 = 200 agrees",
        "cam-1: triggers = frames + lost 200 = 198 + 2 agrees",
        "4,096 = 402 + 30 + 3,664 agrees",
        "403–432 30",
        "check passed",
        "Ann Berg (ann) quality approval release washer (#6) validated on 320 images",
        "drift blur: Clean the lens",
        "17 of 23 rejects",
        "e" * 12,
        "records up to 423",
    ):
        assert said in pages.text, said
    for identity in ("a" * 64, "b" * 64, "c" * 64, "d" * 64):
        assert identity in pages.text
    for row in ("12 52.2% 52.2%", "5 21.7% 73.9%", "4 17.4% 91.3%", "2 8.7% 100.0%"):
        assert row in pages.text
    assert "DIFFERS" not in pages.text


def test_every_page_bears_its_number_and_the_number_of_all(reader: LedgerReader) -> None:
    pages = read(make(reader, of_shift()))
    for number, text in enumerate(pages.texts, 1):
        assert f"Page {number} of {len(pages.texts)}" in " ".join(text.split())


def test_the_anchor_is_the_head_that_verify_knows(reader: LedgerReader) -> None:
    text = read(make(reader, of_shift())).text
    from inspector.ledger.heads import grouped
    from inspector.ledger.segments import newest

    head = newest(reader).head
    assert head is not None
    assert f"Signed head {head.fingerprint} Key {grouped(head.head.key)}" in text


@needs_font
@pytest.mark.parametrize("kind", list(ReportKind))
@pytest.mark.parametrize("language", list(Language))
def test_all_letters_are_in_the_file_and_on_the_page(
    reader: LedgerReader, kind: ReportKind, language: Language
) -> None:
    lot = "L2611" if kind is ReportKind.LOT else ""
    pages = read(make(reader, of_shift(kind=kind, lot=lot, language=language)))
    assert all(pages.fonts.values()), pages.fonts
    assert pages.extent[0] > 40
    assert pages.extent[1] < 555
    assert 0.005 < pages.dark < 0.5
    assert "鈴木 由紀" in pages.text
    titles = {
        ReportKind.SHIFT: ("Shift report", "シフト報告書"),
        ReportKind.LOT: ("Lot report", "ロット報告書"),
        ReportKind.AUDIT: ("Audit trail", "監査証跡"),
    }
    assert titles[kind][language is Language.JA] in pages.texts[0]


@needs_font
def test_the_japanese_report_says_the_same(reader: LedgerReader) -> None:
    pages = read(make(reader, of_shift(language=Language.JA)))
    text = pages.text
    for said in (
        "不合格率",
        "402 = 377 + 23 + 0 + 2 一致",
        "presence: 部品なし 5 21.7% 73.9%",
        "承認 washer (#6)",
        "p 管理図",
        "403–432",
    ):
        assert said in text, said
    assert pages.contents[0] == "不合格理由（パレート図）"
    assert pages.contents[-1] == "台帳のアンカー"


def test_the_audit_trail_tells_who_did_what_and_what_was_refused(reader: LedgerReader) -> None:
    text = read(make(reader, of_shift(kind=ReportKind.AUDIT))).text
    for said in (
        "release: product washer [none → entry 1]",
        "signed: Ann Berg (quality): approval; 鈴木 由紀 (engineer): review"
        if japanese_font()
        else "signed: Ann Berg (quality): approval;",
        "REFUSED: Start: not allowed to the role auditor",
        "judged again: false reject: part 190 dust",
        "outcome unrecorded: 1–4096; 403–432",
        "run ended: parts 200; passed 182; rejected 18",
    ):
        assert said in text, said


def test_the_same_records_give_the_same_bytes_later_and_elsewhere(tmp_path: Path) -> None:
    whole_shift(tmp_path).close()
    opened = LedgerReader.open(tmp_path / "ledger", STATION)
    request = of_shift(until_us=BEGIN_US + HOUR_US)
    before = {suffix: make(opened, request, suffix) for suffix in (".pdf", ".csv")}
    store = LedgerStore(tmp_path / "ledger", STATION)
    later = {"event": "state", "old": "halted", "new": "initialized", "reason": "next shift"}
    store.append_batch(
        [LedgerRecord(RecordKind.EVENT, BEGIN_US + HOUR_US + n, later) for n in range(5)]
    )
    store.close()
    assert {suffix: make(opened, request, suffix) for suffix in before} == before
    opened.close()
    program = (
        "import sys; from pathlib import Path; from inspector.ledger.reader import LedgerReader\n"
        "from inspector.reports.making import make\n"
        "from tests.reports.shift_story import STATION, of_shift\n"
        f"reader = LedgerReader.open(Path({str(tmp_path / 'ledger')!r}), STATION)\n"
        "sys.stdout.buffer.write(make(reader, of_shift()))"
    )
    elsewhere = {**os.environ, "TZ": "America/Lima", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    made = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, env=elsewhere, check=True, timeout=60
    )
    assert made.stdout == before[".pdf"]


def test_counts_that_differ_are_said_on_the_first_page(tmp_path: Path) -> None:
    shift = Shift(tmp_path)
    shift.state("ready", "continuous-execution")
    shift.parts([GOOD] * 9)
    shift.run_ended(10, 0, **{"cam-1": {"triggers": 10, "frames": 8, "lost": 1}})
    shift.event("records dropped", count=1)
    shift.event("triggers differ", unseen=3, more=3)
    shift.event("gate", part=4, fate="ejected", reason="uncertain")
    reader = shift.close()
    pages = read(make(reader, of_shift()))
    reader.close()
    assert "5 counts do not agree" in pages.texts[0].replace("\r\n", " ")
    assert "in whole runs 10 = 9 DIFFERS" in pages.text
    assert "10 = 8 + 1 DIFFERS" in pages.text
    assert "difference of up to 3 DIFFERS" in pages.text
    assert "ejected (uncertain) 1 DIFFERS" in pages.text


def test_a_lot_is_found_among_others_with_its_own_time(tmp_path: Path) -> None:
    shift = Shift(tmp_path, lot="L1")
    shift.parts([GOOD] * 10)
    shift.identity = Shift.identity_of("ロット 甲")
    shift.parts([GOOD, DEFECT, Cause.LATE])
    shift.identity = Shift.identity_of("L3")
    shift.parts([DEFECT] * 4)
    reader = shift.close()
    pages = read(make(reader, of_shift(kind=ReportKind.LOT, lot="ロット 甲", since_us=None)))
    assert "3 Parts 1 Passed 2 Rejected 66.67%" in pages.text
    assert "07:26:51 – 2026-11-22 07:26:53" in pages.text
    with pytest.raises(InputError, match="L9: no part of it is recorded"):
        make(reader, of_shift(kind=ReportKind.LOT, lot="L9"))
    with pytest.raises(InputError, match="no records in that time"):
        make(reader, of_shift(since_us=1, until_us=2))
    with pytest.raises(InputError, match="nothing is recorded in that time"):
        make(reader, of_shift(since_us=1, until_us=2), ".csv")
    reader.close()


def test_without_a_japanese_font_english_goes_and_nothing_is_lost(tmp_path: Path) -> None:
    letters = Letters(japanese=False, folders=(tmp_path,))
    assert [run for _, run in letters.runs("lot 甲", bold=False)] == ["lot \\u7532"]
    assert letters.lacking == {"甲"}
    with pytest.raises(InputError, match="apt-get install fonts-vlgothic"):
        Letters(japanese=True, folders=(tmp_path,))


def test_a_long_word_and_a_long_text_stay_on_the_page(tmp_path: Path) -> None:
    shift = Shift(tmp_path, lot="x" * 150, product="p" * 100)
    shift.parts([DEFECT] * 3, check="c" * 100)
    shift.event("alarm", alarm="k" * 90, health="failure", text="word " * 900)
    shift.act("Start", "u" * 64, reason="長い理由" * 400)
    reader = shift.close()
    for kind in (ReportKind.SHIFT, ReportKind.AUDIT):
        pages = read(make(reader, of_shift(kind=kind)))
        assert pages.extent[0] > 40, kind
        assert pages.extent[1] < 555, kind
    reader.close()


def test_a_picture_that_is_gone_says_so(reader: LedgerReader) -> None:
    assert "picture is gone" in read(make(reader, of_shift(), pictures=lambda _: None)).text


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    shift = Shift(tmp_path)
    shift.parts([GOOD])
    payload = {"cause": "good", "product": "p"}
    shift.store.append_batch([LedgerRecord(RecordKind.INSPECTION, BEGIN_US, payload, part_id=9)])
    reader = shift.close()
    with pytest.raises(LedgerError, match="record 5 is damaged"):
        make(reader, of_shift())
    reader.close()


def test_what_a_running_line_writes_meanwhile_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift = Shift(tmp_path)
    shift.state("ready", "continuous-execution")
    shift.parts([GOOD] * 60)
    reader = LedgerReader.open(tmp_path / "ledger", STATION)
    head = reader.head()
    shift.parts([GOOD] * 3)
    shift.run_ended(63, 0)
    monkeypatch.setattr(reader, "head", lambda: head)
    text = read(make(reader, of_shift())).text
    assert "60 Parts 60 Passed" in text
    assert "DIFFERS" not in text
    assert "records up to" in text
    reader.close()
    shift.close().close()


def test_a_time_without_parts_is_told_as_such(tmp_path: Path) -> None:
    shift = Shift(tmp_path)
    shift.state("preoperational", "halted")
    reader = shift.close()
    text = read(make(reader, of_shift())).text
    assert "0 Parts 0 Passed 0 Rejected 0.00%" in text
    assert "No part was rejected." in text
    assert "Too few judged parts" in text
    assert make(reader, of_shift(kind=ReportKind.AUDIT), ".csv").count(b"\r\n") == 6
    reader.close()
