from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.core.errors import InputError
from inspector.core.record import LedgerRecord, RecordKind
from inspector.ledger.evidence import EvidenceStore, encode_image
from inspector.ledger.export import details, export, row
from inspector.ledger.store import LedgerStore
from tests.ledger.parts_on_a_line import NOW_US, event, inspection, picture


@pytest.fixture
def evidence(tmp_path: Path) -> EvidenceStore:
    evidence = EvidenceStore(tmp_path / "evidence")
    evidence.prepare()
    return evidence


@pytest.fixture
def store(tmp_path: Path, evidence: EvidenceStore) -> Iterator[LedgerStore]:
    image = encode_image("image", picture())
    evidence.keep([image])
    store = LedgerStore(tmp_path / "ledger", "station-1")
    store.append_batch([event(1), event(2), inspection(5).record([image.mark()]), event(4)])
    yield store
    store.close()


def _readme_program(folder: Path) -> str:
    text = (folder / "README.txt").read_text(encoding="utf-8")
    program = text.split("In Python:\n")[1].split("\n\n")[0]
    return "\n".join(line.removeprefix("    ") for line in program.split("\n"))


def _check_as_the_readme_says(folder: Path) -> int:
    command = [sys.executable, "-W", "ignore", "-c", _readme_program(folder)]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode


@pytest.mark.parametrize("first", [1, 3])
def test_an_export_verifies_as_its_readme_says(
    store: LedgerStore, evidence: EvidenceStore, tmp_path: Path, first: int
) -> None:
    report = export(store.reader, evidence, tmp_path / "out", first=first)
    assert (report.records, report.evidence, report.missing) == (5 - first, 1, 0)
    assert _check_as_the_readme_says(report.folder) == 0
    lines = report.folder / "records.jsonl"
    lines.write_text(lines.read_text(encoding="utf-8").replace("solar-mono", "solar-poly"))
    assert _check_as_the_readme_says(report.folder) == 1
    (file,) = (report.folder / "evidence").iterdir()
    assert hashlib.sha256(file.read_bytes()).hexdigest() == file.stem


def test_missing_evidence_is_named(
    store: LedgerStore, evidence: EvidenceStore, tmp_path: Path
) -> None:
    for file in evidence.folder.rglob("*.jxl"):
        file.unlink()
    report = export(store.reader, evidence, tmp_path / "out")
    manifest = json.loads((report.folder / "manifest.json").read_text(encoding="utf-8"))
    assert report.missing == 1
    assert len(manifest["evidence_missing"]) == 1


def test_an_existing_folder_or_an_empty_range_is_refused(
    store: LedgerStore, evidence: EvidenceStore, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="exists already"):
        export(store.reader, evidence, tmp_path)
    with pytest.raises(InputError, match="no records from 9"):
        export(store.reader, evidence, tmp_path / "out", first=9)


def test_rows_say_what_happened(store: LedgerStore) -> None:
    reject = store.reader.record(3)
    assert reject is not None
    shown = row(reject)
    assert (shown.kind, shown.part_id, shown.outcome) == ("inspection", 5, "reject")
    assert shown.summary == "solar-mono defect, engine 2 > 1"
    assert shown.time == "2026-09-21T14:13:20.000Z"
    assert json.loads(details(reject))["digest"] == reject.digest.hex()


def test_rows_of_blocks_and_events(store: LedgerStore) -> None:
    block = LedgerRecord(RecordKind.BLOCK, NOW_US, {"event": "reserved", "first": 1, "last": 16})
    (stored,) = store.append_batch([block])
    assert row(stored).summary == "reserved 1..16"
    first = store.reader.record(1)
    assert first is not None
    assert row(first).summary == "test"
