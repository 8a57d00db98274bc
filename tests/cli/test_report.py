"""``inspector report``: from a plant that ran to files, and the record that they were made."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inspector.cli import report
from inspector.cli.app import app
from inspector.core.errors import InputError
from tests.reports.pages import read
from tests.station.archive import archive_of, run_plant
from tests.tiny_plant import TinyPlant


@pytest.fixture(autouse=True)
def _no_nice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "give_way", lambda: None)


def _run(plant: TinyPlant, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["report", *arguments, "--line", str(plant.line_file)])
    if done.exception is not None:
        raise done.exception
    return done.output


def _time(utc_us: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=utc_us)).isoformat()


def test_a_shift_that_ran_is_told_and_the_report_is_recorded(tmp_path: Path) -> None:
    plant = run_plant(tmp_path / "plant", 24, evidence={})
    with archive_of(plant) as (records, reader, _):
        newest = reader.tail(1)[0].utc_us
        rejected = sum(record.outcome == "reject" for record in records)
    stretch = ("--since", "2020-01-01T00:00+00:00", "--until", _time(newest + 1))
    pdf, again, rows = (tmp_path / name for name in ("s.pdf", "again.pdf", "s.csv"))
    printed = _run(plant, "shift", *stretch, "--out", str(pdf), "--out", str(rows))
    _run(plant, "shift", *stretch, "--out", str(again))
    assert pdf.read_bytes() == again.read_bytes()
    text = read(pdf.read_bytes()).text
    assert f"24 Parts {24 - rejected} Passed {rejected} Rejected" in text
    assert "in whole runs 24 = 24 agrees" in text
    assert "triggers = frames + lost 24 = 24 + 0 agrees" in text
    assert f"{rejected} of {rejected} rejects" in text
    assert "picture is gone" not in text
    assert len(rows.read_text(encoding="utf-8-sig").splitlines()) == 25
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (pdf, rows)]
    assert all(digest in printed for digest in digests)
    with archive_of(plant) as (_, reader, _):
        notes = [one.content for one in reader.each() if b'"NoteReport"' in one.payload]
    assert notes[0]["files"] == [f".pdf {digests[0]}", f".csv {digests[1]}"]
    assert notes[0]["report"] == "shift"
    assert notes[0]["until_us"] == newest + 1
    assert notes[0]["by"]
    assert len(notes) == 2
    with pytest.raises(InputError, match=r"s\.pdf: exists already"):
        _run(plant, "shift", *stretch, "--out", str(pdf))
    with pytest.raises(InputError, match="L7: no part of it is recorded"):
        _run(plant, "lot", "--lot", "L7", "--out", str(tmp_path / "lot.pdf"))
    assert not list(tmp_path.glob("*lot*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("shift", "--out", "a.pdf"), "a shift has a begin and an end"),
        (("audit", "--since", "soon", "--out", "a.pdf"), "--since soon: no time"),
        (("audit", "--out", "a.docx"), "--out a.docx: no such form"),
        (("audit", "--out", "a.pdf", "--out", "a.pdf"), "names one file twice"),
    ],
)
def test_what_cannot_be_made_is_refused_before_anything_is_read(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=said):
        _run(TinyPlant(tmp_path / "line.yaml", tmp_path, tmp_path), *arguments)
