"""A station's ledger signed, anchored, exported, and checked by who has no Inspector."""

from __future__ import annotations

import ast
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.core.record import RecordKind
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.schema import DATABASE
from inspector.ledger.standalone import verify_export
from tests.cli.commands import inspector
from tests.tiny_plant import TinyPlant, make_plant

_GROUPS = r"((?:[0-9a-f]{4} ){7}[0-9a-f]{4})"


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    (tmp_path / "anchors").mkdir()
    settings = {"anchor_path": str(tmp_path / "anchors"), "segment_records": 16}
    return make_plant(tmp_path, ledger=settings, defective_every=5)


def _printed(text: str, label: str) -> str:
    found = re.search(rf"{label}\s+{_GROUPS}", text)
    assert found is not None, text
    return found[1]


def _events(plant: TinyPlant) -> list[dict[str, Any]]:
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    events = [record.content for record in reader.each(RecordFilter(kind=RecordKind.EVENT))]
    reader.close()
    return events


PASSWORD = "only-for-tests-8"


def _alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Without the environment, this folder or the user's packages."""
    command = [sys.executable, "-I", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_a_signed_ledger_from_the_line_to_the_auditor(plant: TinyPlant, tmp_path: Path) -> None:
    line = ("--line", str(plant.line_file))
    assert inspector("run", *line, "--headless", "--parts", "30").returncode == 0
    head = inspector("ledger", "head", *line).stdout
    fingerprint, old = _printed(head, "fingerprint"), _printed(head, "key")

    Users(plant.data_folder).add("adm", Role.ADMINISTRATOR, PASSWORD)
    command = [sys.executable, "-m", "inspector", "ledger", "rotate-key", *line, "--user", "adm"]
    command += ["--reason", "yearly change"]
    rotated = subprocess.run(
        command, input=f"{PASSWORD}\n", capture_output=True, text=True, check=False
    )
    assert rotated.returncode == 0, rotated.stderr
    assert _printed(rotated.stdout, "key") != old
    assert inspector("run", *line, "--headless", "--parts", "10").returncode == 0

    verified = inspector("ledger", "verify", *line, "--printed", fingerprint, "--key", old)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "anchored lines compared" in verified.stdout
    wrong = inspector("ledger", "verify", *line, "--printed", "0123 " * 8)
    assert wrong.returncode == 3
    assert "no head bears" in wrong.stdout

    for first, last in ((1, None), (20, 40)):
        folder = tmp_path / f"audit-{first}"
        span = ("--first", str(first), *(("--last", str(last)) if last else ()))
        assert inspector("ledger", "export", str(folder), *line, *span).returncode == 0
        anchors = str(next((tmp_path / "anchors").glob("*.heads.jsonl")))
        program = str(folder / "verify_export.py")
        given = ("--key", old, "--anchors", anchors)
        checked = _alone(program, *given, *(("--printed", fingerprint) if first == 1 else ()))
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert "intact" in checked.stdout
        stranger = _alone(program, "--key", "0123 " * 8)
        assert stranger.returncode == 1, stranger.stdout
        assert "is not trusted" in stranger.stdout
    assert _alone(program, "--key", "ab").returncode == 2


def test_an_anchor_that_is_not_there_is_an_alarm_and_stops_nothing(
    plant: TinyPlant, tmp_path: Path
) -> None:
    (tmp_path / "anchors").rmdir()
    line = ("--line", str(plant.line_file))
    assert inspector("run", *line, "--headless", "--parts", "20").returncode == 0
    assert any(event.get("alarm") == "ledger-anchor" for event in _events(plant))


def test_what_the_check_finds_beside_production_is_an_alarm(tmp_path: Path) -> None:
    plant = make_plant(tmp_path, ledger={"check_hours": 1e-9})
    line = ("--line", str(plant.line_file))
    assert inspector("run", *line, "--headless", "--parts", "10").returncode == 0
    database = sqlite3.connect(ledger_folder(plant.data_folder) / DATABASE)
    with database:
        database.execute("UPDATE records SET payload = x'7b7d' WHERE sequence = 3")
    database.close()
    assert inspector("run", *line, "--headless", "--parts", "20").returncode == 0
    events = _events(plant)
    found = [event for event in events if event["event"] == "ledger does not verify"]
    assert found[0]["record"] == 3
    assert any(event.get("alarm") == "ledger-finding" for event in events)


def test_the_verifier_needs_the_standard_library_and_cryptography_alone() -> None:
    tree = ast.parse(Path(verify_export.__file__).read_text(encoding="utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - sys.stdlib_module_names == {"cryptography"}
