"""CSV and Parquet: every part and every record, as the ledger has them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest

from inspector.core.errors import InputError
from inspector.core.record import RecordKind
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.reports import tables
from inspector.reports.making import check_suffix, make
from inspector.reports.request import Language, ReportKind
from tests.reports.shift_story import of_shift, whole_shift


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LedgerReader]:
    opened = whole_shift(tmp_path_factory.mktemp("shift"))
    yield opened
    opened.close()


def _csv(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_every_part_is_a_row(reader: LedgerReader) -> None:
    rows = _csv(make(reader, of_shift(), ".csv"))
    records = list(reader.each(RecordFilter(RecordKind.INSPECTION)))
    assert [int(row["record"]) for row in rows] == [one.sequence for one in records]
    assert [row["record_digest"] for row in rows] == [one.digest.hex() for one in records]
    for row, one in zip(rows, records, strict=True):
        content = one.content
        assert (row["outcome"], row["cause"]) == (one.outcome, content["cause"])
        assert row["limit_sample"] == content["master"]
        if content["checks"]:
            assert float(row["score"]) == content["checks"][0]["score"]
    lost = next(row for row in rows if row["cause"] == "frame-lost")
    assert (lost["score"], lost["reason"]) == ("", "frame-lost")


def test_every_other_record_is_a_row_of_the_audit_trail(reader: LedgerReader) -> None:
    rows = _csv(make(reader, of_shift(kind=ReportKind.AUDIT, language=Language.JA), ".csv"))
    wanted = [one for one in reader.each() if one.kind != "inspection"]
    assert [int(row["record"]) for row in rows] == [one.sequence for one in wanted]
    release = next(row for row in rows if row["what"] == "release")
    assert release["signatures"].startswith("Ann Berg (quality): approval; 鈴木 由紀")
    assert (release["old"], release["new"], release["who"]) == ("none", "entry 1", "ann")


def test_a_formula_is_no_formula(reader: LedgerReader) -> None:
    rows = _csv(make(reader, of_shift(kind=ReportKind.AUDIT), ".csv"))
    assert [row["who"] for row in rows if row["refused"]] == ["'=SUM(A1)"]


@pytest.mark.parametrize("kind", [ReportKind.SHIFT, ReportKind.AUDIT])
def test_parquet_holds_what_the_csv_holds(reader: LedgerReader, kind: ReportKind) -> None:
    parquet: Any = pytest.importorskip("pyarrow.parquet", reason="needs inspector-line[parquet]")
    data = make(reader, of_shift(kind=kind), ".parquet")
    assert data == make(reader, of_shift(kind=kind), ".parquet")
    table = parquet.read_table(io.BytesIO(data)).to_pylist()
    for row, text in zip(table, _csv(make(reader, of_shift(kind=kind), ".csv")), strict=True):
        for name, value in row.items():
            shown = "" if value is None else str(int(value) if value is True else value)
            assert text[name].removeprefix("'") == ("0" if value is False else shown), name


def test_without_pyarrow_parquet_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(tables, "import_module", gone)
    with pytest.raises(InputError, match=r"pip install inspector-line\[parquet\]"):
        check_suffix("shift.parquet")


def test_a_suffix_decides() -> None:
    assert check_suffix("a/b.PDF") == ".pdf"
    with pytest.raises(InputError, match=r"--out shift\.xlsx: no such form"):
        check_suffix("shift.xlsx")
