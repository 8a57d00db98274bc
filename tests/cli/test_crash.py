"""Kill -9 at any moment: nothing is lost in silence, no number is given twice."""

from __future__ import annotations

import json
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from inspector.core.errors import LedgerError
from inspector.core.record import RecordKind
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.ledger import evidence_folder, ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.verify import verify
from tests.cli.commands import inspector, start_inspector
from tests.tiny_plant import TinyPlant, make_plant

pytestmark = pytest.mark.chaos


def _records(plant: TinyPlant, kind: RecordKind) -> list[dict[str, Any]]:
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    try:
        return [
            {"part_id": record.part_id, **record.content}
            for record in reader.each(RecordFilter(kind=kind))
        ]
    finally:
        reader.close()


def _kill_in_the_middle(plant: TinyPlant, after_s: float) -> None:
    before = _inspected(plant)
    running = start_inspector("run", "--line", str(plant.line_file), "--headless")
    until = time.monotonic() + 60.0
    while _inspected(plant) <= before:
        assert time.monotonic() < until
        assert running.poll() is None, running.communicate()
        time.sleep(0.05)
    time.sleep(after_s)
    running.send_signal(signal.SIGKILL)
    running.communicate()


def _inspected(plant: TinyPlant) -> int:
    try:
        return len(_records(plant, RecordKind.INSPECTION))
    except LedgerError:  # the first start has not made it yet
        return 0


def test_killed_in_the_middle_and_started_again(tmp_path: Path) -> None:
    plant = make_plant(tmp_path, ledger={"block_size": 256}, defective_every=2)
    draw = random.Random(4)
    rounds = 3
    for _ in range(rounds):
        _kill_in_the_middle(plant, draw.uniform(0.1, 0.6))
    out = tmp_path / "run.json"
    line = str(plant.line_file)
    done = inspector("run", "--line", line, "--headless", "--parts", "30", "--json", str(out))
    assert done.returncode == 0, done.stderr
    assert json.loads(out.read_text(encoding="utf-8"))["parts"] == 30

    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    report = verify(reader, EvidenceStore(evidence_folder(plant.data_folder)))
    repeated = reader.repeated_parts()
    reader.close()
    assert report.intact, report.first
    assert repeated == []

    recorded = {record["part_id"] for record in _records(plant, RecordKind.INSPECTION)}
    blocks = _records(plant, RecordKind.BLOCK)
    crashed = [block for block in blocks if block["event"] == "outcome unrecorded"]
    unrecorded = {
        number
        for block in crashed
        for first, last in block["unrecorded"]
        for number in range(first, last + 1)
    }
    assert len(crashed) >= rounds
    assert not recorded & unrecorded
    assert not list(evidence_folder(plant.data_folder).rglob("*.part"))
