"""The power may fail after any write: what was acknowledged is there, the rest is whole or not.

SQLite is not simulated: with ``synchronous=FULL`` a commit is flushed before it is acknowledged,
which its own tests prove with simulated power cuts. This is about our own files.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from inspector.durable.files import write_atomically
from inspector.ledger.chain import StoredRecord, genesis, link_all, seal
from inspector.ledger.chain_state import ChainState
from inspector.ledger.evidence import EvidenceStore, encode_image
from inspector.ledger.journal import Journal
from inspector.ledger.journal_file import Preface
from tests.ledger.parts_on_a_line import event, picture
from tests.ledger.power_cut import RecordedDisk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds open files by /proc")

STATION = "station-1"


def opened(folder: Path) -> Journal:
    first = Preface(STATION, genesis(STATION), ChainState())
    return Journal(folder, STATION, first, segment_bytes=1500)


def recorded_line(disk: RecordedDisk, chance: random.Random, batches: int) -> list[StoredRecord]:
    """A journal at work: appended to, forwarded from, opened again; returns its records."""
    journal, sent, stored = opened(disk.root / "journal"), list[StoredRecord](), 0
    for _ in range(batches):
        linked = link_all(
            STATION, journal.head, [seal(event(chance.randint(1, 9))) for _ in range(4)]
        )
        journal.append(linked)
        sent += linked
        disk.acknowledged = len(sent)
        if chance.random() < 0.4:
            stored = chance.randint(stored, len(sent))
            journal.discard(stored)
        if chance.random() < 0.1:
            journal.close()
            journal = opened(disk.root / "journal")
    journal.close()
    return sent


def follows(folder: Path, sent: list[StoredRecord], acknowledged: int) -> None:
    journal = opened(folder)
    assert journal.head.sequence >= acknowledged
    oldest = journal.oldest.sequence
    found = journal.read(oldest, len(sent))
    assert found == sent[oldest : oldest + len(found)]
    assert len(found) == journal.head.sequence - oldest
    journal.close()


@pytest.mark.parametrize(
    ("batches", "draws"), [(25, 1), pytest.param(150, 8, marks=pytest.mark.slow)]
)
def test_the_journal_after_a_power_cut_at_any_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batches: int, draws: int
) -> None:
    disk = RecordedDisk(tmp_path / "disk")
    chance = random.Random(11)
    with monkeypatch.context() as patch:
        disk.install(patch)
        sent = recorded_line(disk, chance, batches)
    assert len(disk.moments) > 4 * batches
    for number, moment in enumerate(disk.moments):
        for draw in range(draws):
            target = tmp_path / f"{number}-{draw}"
            moment.after_the_cut(target, chance)
            follows(target / "journal", sent, moment.acknowledged)


def test_without_its_flush_the_simulation_finds_a_loss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the test above can fail."""
    disk = RecordedDisk(tmp_path / "disk")
    chance = random.Random(11)
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda _descriptor: None)
        disk.install(patch)
        patch.setattr("os.fsync", lambda _descriptor: None)
        sent = recorded_line(disk, chance, 5)
    disk.moments[-1].after_the_cut(tmp_path / "after", chance)
    with pytest.raises(Exception, match=r"damaged|assert"):
        follows(tmp_path / "after" / "journal", sent, disk.acknowledged)


def test_whole_files_and_evidence_after_a_power_cut_at_any_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is the old one or the new one; evidence that was kept is there, whole."""
    disk = RecordedDisk(tmp_path / "disk")
    store = EvidenceStore(disk.root / "evidence")
    store.prepare()
    pictures = [encode_image("image", picture(seed, side=40)) for seed in range(6)]
    state = disk.root / "evidence" / "state"
    with monkeypatch.context() as patch:
        disk.install(patch)
        for number in range(3):
            write_atomically(state, bytes([number]) * 700)
            store.keep(pictures[2 * number : 2 * number + 2])
            disk.acknowledged = number + 1
    chance = random.Random(3)
    for at, moment in enumerate(disk.moments):
        after = EvidenceStore(tmp_path / str(at) / "evidence")
        moment.after_the_cut(tmp_path / str(at), chance)
        for kept in pictures[: 2 * moment.acknowledged]:
            assert after.path(kept.digest, kept.file.suffix).read_bytes() == kept.file.data
        for path in after.folder.glob("??/*"):
            if path.suffix != ".part":
                assert path.read_bytes() in [kept.file.data for kept in pictures], path
        if moment.acknowledged:
            content = (after.folder / "state").read_bytes()
            assert content in [bytes([n]) * 700 for n in range(moment.acknowledged - 1, 3)]
