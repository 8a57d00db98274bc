from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inspector.core.record import RecordKind
from inspector.ledger.ledger import Ledger, evidence_folder
from inspector.ledger.reader import RecordFilter
from inspector.ledger.verify import verify

_ROUNDS = 4
_INSPECTIONS = RecordFilter(kind=RecordKind.INSPECTION)
_BLOCKS = RecordFilter(kind=RecordKind.BLOCK)


def _run_and_kill(folder: Path, after_parts: int, delay_s: float) -> list[int]:
    """Start a line, kill it in the middle; returns the part ids that it gave out."""
    command = [sys.executable, "-m", "tests.ledger.line_at_full_speed", str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as line:
        assert line.stdout is not None
        given = [int(line.stdout.readline()) for _ in range(after_parts)]
        time.sleep(delay_s)
        line.kill()
        # The last line may be cut; ids that were not printed whole had no part yet.
        given += [int(text) for text in line.stdout.read().split("\n")[:-1]]
    return given


@pytest.mark.chaos
def test_killed_at_full_speed_nothing_is_half_written_or_used_twice(tmp_path: Path) -> None:
    chance = random.Random(7)
    given: list[int] = []
    for _ in range(_ROUNDS):
        given += _run_and_kill(tmp_path, chance.randint(100, 600), chance.uniform(0.0, 0.05))
    assert len(given) == len(set(given)), "a part id was given twice"

    ledger = Ledger(tmp_path, "station-1", block_size=64)
    reader = ledger.store.reader
    report = verify(reader, ledger.evidence)
    assert report.intact, report.first
    assert report.evidence > 0
    assert not list(evidence_folder(tmp_path).rglob("*.part"))

    recorded = {record.part_id for record in reader.each(_INSPECTIONS)}
    unrecorded = {
        part
        for block in reader.each(_BLOCKS)
        for first, last in block.content.get("unrecorded", ())
        for part in range(first, last + 1)
    }
    assert not recorded & unrecorded
    assert set(given) <= recorded | unrecorded, "a part vanished"
    assert ledger.part_ids.next() > max(given)
    assert ledger.close()
