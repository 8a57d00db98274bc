"""What was acknowledged is never lost: killed at random moments, on a full disk."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.core.record import RecordKind
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.ledger import Ledger, evidence_folder, open_reader
from inspector.ledger.reader import RecordFilter
from inspector.ledger.verify import verify
from tests.ledger.plant_server import PlantServer

ROOT = Path(__file__).parents[2]
_BLOCKS = RecordFilter(kind=RecordKind.BLOCK)
_MANY = 100
"""Records of some more than four rounds."""
_ROUNDS = [4, pytest.param(200, marks=pytest.mark.slow)]


def killed(folder: Path, rounds: int, url: str | None = None) -> dict[int, str]:
    """Digests of all records that were acknowledged, by number."""
    command = [sys.executable, "-m", "tests.ledger.killed", str(folder), str(rounds)]
    done = subprocess.run(
        command + ([url] if url else []), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {int(number): digest for number, digest in json.loads(done.stdout).items()}


def all_there(folder: Path, acknowledged: dict[int, str], url: str | None = None) -> None:
    address = DatabaseAddress(url) if url else None
    ledger = Ledger(folder, "station-1", block_size=64, database=address)
    evidence = ledger.evidence
    assert ledger.close()
    assert not list(evidence_folder(folder).rglob("*.part"))
    with contextlib.closing(open_reader(folder, "station-1", address)) as reader:
        digests = {record.sequence: record.digest.hex() for record in reader.each()}
        lost = [number for number, digest in acknowledged.items() if digests.get(number) != digest]
        assert lost == []
        report = verify(reader, evidence)
        assert report.intact, report.first
        assert report.evidence > 0 or len(acknowledged) < _MANY, "on a busy PC a few come to none"
        assert reader.repeated_parts() == []


@pytest.mark.chaos
@pytest.mark.timeout(900)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="rounds are forked")
@pytest.mark.parametrize("rounds", _ROUNDS)
def test_killed_at_random_moments(tmp_path: Path, rounds: int) -> None:
    acknowledged = killed(tmp_path, rounds)
    assert len(acknowledged) > rounds
    all_there(tmp_path, acknowledged)


@pytest.mark.chaos
@pytest.mark.timeout(900)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="rounds are forked")
@pytest.mark.parametrize("rounds", _ROUNDS)
def test_killed_at_random_moments_in_a_plant(
    tmp_path: Path, plant_server: PlantServer, rounds: int
) -> None:
    url = plant_server.database()
    acknowledged = killed(tmp_path, rounds, url)
    assert len(acknowledged) > rounds
    all_there(tmp_path, acknowledged, url)


def can_mount() -> bool:
    """Whether a small disk can be mounted here, in a name space of its own."""
    unshare = shutil.which("unshare")
    command = [unshare or "false", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"]
    return (
        bool(unshare) and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


@pytest.mark.chaos
@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
@pytest.mark.parametrize("in_a_plant", [False, True])
def test_on_a_full_disk(tmp_path: Path, plant_server: PlantServer, in_a_plant: bool) -> None:
    """A disk of 4 MiB fills up under the line and is freed: nothing is lost, nothing half there."""
    if not can_mount():
        pytest.skip("no disk can be mounted here: unshare -rm")
    url = plant_server.database() if in_a_plant else ""
    disk, after = tmp_path / "disk", tmp_path / "after"
    disk.mkdir()
    program = f"{sys.executable} -m tests.ledger.full_disk {disk} {after} {url}"
    script = f"mount -t tmpfs -o size=4m none {disk} && {program} && cp -a {disk}/. {after}"
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert "disk is full" in told["fault"]
    assert told["dropped"] == 0
    assert told["acknowledged_when_full"] > 0
    all_there(after, {int(n): digest for n, digest in told["acknowledged"].items()}, url or None)
    reader = open_reader(after, "station-1", DatabaseAddress(url) if url else None)
    inspected = reader.count(RecordFilter(kind=RecordKind.INSPECTION))
    unrecorded = [block.content.get("unrecorded") for block in reader.each(_BLOCKS)]
    reader.close()
    assert inspected == told["offered"], "what waited while the disk was full was recorded, too"
    assert not any(unrecorded)
