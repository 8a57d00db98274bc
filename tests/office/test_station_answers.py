"""What the office says of the station itself."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
import yaml

from inspector.core.errors import RefusedError
from inspector.doctor import Finding, Status
from inspector.ledger.evidence_index import EvidenceIndex, class_totals
from inspector.ledger.keeping import EvidenceClass
from inspector.link.questions.jobs import AskResult, JobStarted
from inspector.link.questions.station import (
    AskKept,
    AskLog,
    AskStages,
    AskVersions,
    Examination,
    Examine,
    Kept,
    LogLines,
    MakeSupportBundle,
    Stages,
    SupportBundle,
    Versions,
)
from inspector.office.answers import station
from inspector.office.answers.station import STAGES, log_file, tail
from inspector.office.answers.support import HIDDEN, without_secrets
from tests.office.conftest import PARTS, Desk
from tests.station.production_line import wait_until

FOUND = Finding("gpu", "driver", Status.WARN, "none", "Install the driver")


@pytest.fixture
def logged(desk: Desk) -> Path:
    file = log_file(desk.room)
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        {"event": "state", "old": "ready", "level": "info", "timestamp": "2026-01-02T03:04:05Z"},
        {
            "event": "alarm",
            "alarm": "disk",
            "level": "warning",
            "timestamp": "2026-01-02T03:04:06Z",
        },
        {"event": "at http://ann:secret@host/x", "level": "error", "timestamp": ""},
    ]
    text = "\n".join(json.dumps(line) for line in lines) + "\nnot json\n"
    file.write_text(text, encoding="utf-8")
    return file


def test_where_the_time_went(desk: Desk) -> None:
    found = desk.ask(AskStages())
    assert isinstance(found, Stages)
    assert found.parts == PARTS
    assert [one.name for one in found.stages] == [*STAGES, "all"]
    assert all(0.0 <= one.p50_ms <= one.p99_ms <= one.max_ms for one in found.stages)
    spent = sum(one.p50_ms for one in found.stages[:-1])
    assert found.stages[-1].max_ms >= spent / 2


def test_what_is_kept(desk: Desk, tmp_path: Path) -> None:
    found = desk.ask(AskKept())
    assert isinstance(found, Kept)
    assert found.records > PARTS
    assert found.ledger_bytes > 0
    assert not found.elsewhere
    file = tmp_path / "index.sqlite"
    assert class_totals(file) == []
    index = EvidenceIndex(file)
    index.follow(desk.room.ledger)
    totals = class_totals(file)
    index.close()
    assert {kind for kind, _, _ in totals} == {EvidenceClass.REJECT, EvidenceClass.PASS}
    assert all(pictures > 0 and size > 0 for _, pictures, size in totals)


def test_versions_and_licences_in_short(desk: Desk) -> None:
    found = desk.ask(AskVersions())
    assert isinstance(found, Versions)
    by_name = {one.name: one for one in found.packages}
    assert by_name["numpy"].version
    assert "GPL" in by_name["PyQt6"].licence
    assert all(len(one.licence) <= 80 for one in found.packages)


def test_the_newest_lines_of_the_log_by_level(desk: Desk, logged: Path) -> None:
    token = desk.log_in("eno")
    found = desk.ask(AskLog(), token)
    assert isinstance(found, LogLines)
    assert found.lines[0].text == "not json"
    assert len(found.lines) == 4
    found = desk.ask(AskLog(level="warning"), token)
    assert isinstance(found, LogLines)
    assert [line.level for line in found.lines] == ["error", "warning"]
    assert found.lines[1].more == (("alarm", "disk"),)
    with pytest.raises(RefusedError, match="not allowed"):
        desk.ask(AskLog(), desk.log_in("oki"))


def test_only_the_end_of_a_long_log_is_read(tmp_path: Path) -> None:
    file = tmp_path / "long.log"
    file.write_text("".join(f"line {number}\n" for number in range(100)))
    assert tail(file, 20).splitlines() == ["line 98", "line 99"]
    assert tail(tmp_path / "none.log") == ""


def result(desk: Desk, question: Examine | MakeSupportBundle, token: str) -> object:
    started = desk.ask(question, token)
    assert isinstance(started, JobStarted)
    found: list[object] = []

    def done() -> bool:
        found.append(desk.ask(AskResult(started.job), token))
        return found[-1] is not None

    wait_until(done, "no result")
    return found[-1]


def test_doctor_and_bundle(desk: Desk, logged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station, "examine", lambda _line: (FOUND,))
    token = desk.log_in("eno")
    examined = result(desk, Examine(), token)
    assert isinstance(examined, Examination)
    assert [one.remedy for one in examined.findings] == ["Install the driver"]
    made = result(desk, MakeSupportBundle(), token)
    assert isinstance(made, SupportBundle)
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert tuple(archive.namelist()) == made.files
        line = yaml.safe_load(archive.read("line.yaml"))
        log = archive.read(f"logs/{logged.name}").decode()
        assert b"run ended" in archive.read("events.jsonl")
        assert b"Install the driver" in archive.read("doctor.json")
    assert line["station"] == desk.room.config.station
    assert "secret" not in log
    with pytest.raises(RefusedError, match="not allowed"):
        desk.ask(MakeSupportBundle(), desk.log_in("oki"))


def test_settings_without_secrets() -> None:
    told = {
        "plc": {"driver": "mqtt", "key": "/etc/k.pem", "credentials": "/etc/c", "host": "b"},
        "observers": [{"password_file": "/p", "scan_ms": 2}],
        "ledger": {"database": "postgresql://ann:pw@db/x", "queue_records": 5},
        "empty": {"token": ""},
    }
    hidden = without_secrets(told)
    assert hidden["plc"] == {"driver": "mqtt", "key": HIDDEN, "credentials": HIDDEN, "host": "b"}
    assert hidden["observers"] == [{"password_file": HIDDEN, "scan_ms": 2}]
    assert hidden["ledger"]["database"] == f"postgresql://{HIDDEN}@db/x"
    assert hidden["empty"] == {"token": ""}
