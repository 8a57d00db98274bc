"""Pictures go by age, size and class; what is held or also younger stays; each deletion is told."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector.core.errors import StorageError
from inspector.core.frame import Pixels
from inspector.core.line_config import EvidenceConfig, Retention
from inspector.core.record import RecordKind
from inspector.ledger import retention
from inspector.ledger.evidence import encode_image
from inspector.ledger.evidence_index import DELETED, INDEX, EvidenceIndex
from inspector.ledger.keeping import EvidenceClass, Keeping
from inspector.ledger.ledger import Ledger
from inspector.ledger.retention import EvidenceRetention
from inspector.ledger.verify import verify
from tests.clocks import HandClock
from tests.ledger.parts_on_a_line import IDENTITY, NOW_US, inspection, picture

DAY_US = 86_400_000_000
_GIB = 2**30


class Archive:
    """A ledger whose clock stands at ``NOW_US`` and whose retention is looked at by hand."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock(NOW_US * 1000)
        self.ledger = Ledger(folder, "station-1", clock=self.clock)
        self.ledger.writer.size_evidence(3600, 16)
        self.index = folder / "evidence" / INDEX
        self._retention: EvidenceRetention | None = None

    def keep(
        self, part: int, days_ago: float, kind: str = "pass", lot: str = "", seed: int | None = None
    ) -> None:
        """One part with a picture, as it was recorded some days ago."""
        made = dataclasses.replace(
            inspection(part),
            utc_us=NOW_US - round(days_ago * DAY_US),
            identity=dataclasses.replace(IDENTITY, lot=lot),
            keeping=Keeping(EvidenceClass(kind), 1.0, kept=True),
        )
        self.ledger.writer.offer_inspection(made, image_of(part if seed is None else seed))

    def act(self, action: str, **what: Any) -> int:
        """A hold, or its end; returns the number of its record."""
        content = {"part": None, "lot": None, "since_us": None, "until_us": None, "refused": ""}
        self.ledger.writer.note(RecordKind.ACTION, {"action": action, **content, **what})
        self.flush()
        return self.ledger.store.head.sequence

    def flush(self) -> None:
        """Wait until all that was offered is written."""
        done = threading.Event()
        while self.ledger.writer.backlog:
            done.wait(0.005)
        self.ledger.writer.between_batches(done.set)  # after the batch that is being made
        assert done.wait(20.0)

    def look(self, **policy: Retention) -> int:
        """Delete what may go by this policy."""
        self.flush()
        config = EvidenceConfig(**policy)
        if self._retention is not None:
            self._retention.close()
        ledger = self.ledger
        self._retention = EvidenceRetention(
            ledger.store, ledger.evidence, ledger.writer, config, self.clock
        )
        return self._retention.look()

    def left(self, parts: int) -> list[int]:
        """Parts, or seeds, of which the picture is there."""
        return [number for number in range(1, parts + 1) if self.path(number).is_file()]

    def path(self, number: int) -> Path:
        coded = encode_image("image", image_of(number))
        return self.ledger.evidence.path(coded.digest, coded.file.suffix)

    def deletions(self) -> list[dict[str, Any]]:
        records = (record.content for record in self.ledger.store.reader.each())
        return [content for content in records if content.get("event") == DELETED]

    def close(self) -> None:
        if self._retention is not None:
            self._retention.close()
        self.ledger.close()


def image_of(number: int) -> Pixels:
    return picture(number)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = Archive(tmp_path)
    yield made
    made.close()


def test_age_deletes_a_class_and_the_record_says_so(archive: Archive) -> None:
    for part, days in enumerate((100, 50, 31, 29, 1), start=1):
        archive.keep(part, days)
    archive.keep(6, 100, "reject")
    archive.keep(7, 100, "borderline")
    assert archive.look(passes=Retention(days=30)) == 3
    assert archive.left(7) == [4, 5, 6, 7]
    (told,) = archive.deletions()
    assert told["by"] == "retention"
    assert told["why"] == "age"
    assert told["policy"]["pass"] == {"days": 30.0, "gib": None}
    assert told["policy"]["reject"]["days"] is None
    names = {picture["digest"] for picture in told["pictures"]}
    assert names == {archive.path(number).name.split(".")[0] for number in (1, 2, 3)}
    assert archive.look(passes=Retention(days=30)) == 0
    report = verify(archive.ledger.store.reader, archive.ledger.evidence)
    assert report.intact


def test_a_file_that_is_gone_without_a_record_is_found(archive: Archive) -> None:
    archive.keep(1, 100)
    archive.keep(2, 1)
    archive.look(passes=Retention(days=30))
    archive.path(2).unlink()
    report = verify(archive.ledger.store.reader, archive.ledger.evidence)
    assert ["missing" in finding.problem for finding in report.findings] == [True]


def test_what_a_younger_or_dearer_record_names_stays(archive: Archive) -> None:
    archive.keep(1, 100, seed=1)
    archive.keep(2, 1, seed=1)
    archive.keep(3, 100, seed=2)
    archive.keep(4, 100, "reject", seed=2)
    archive.keep(5, 100, seed=3)
    assert archive.look(passes=Retention(days=30)) == 1
    assert archive.left(3) == [1, 2]
    policy = {"passes": Retention(days=30), "reject": Retention(days=200)}
    assert archive.look(**policy) == 0
    policy["reject"] = Retention(days=60)
    assert archive.look(**policy) == 1
    assert archive.left(3) == [1]


def test_size_deletes_the_oldest(archive: Archive) -> None:
    for part in range(1, 11):
        archive.keep(part, 100 - part)
    archive.keep(11, 100, "reject")
    archive.flush()
    each = archive.path(1).stat().st_size
    assert archive.look(passes=Retention(gib=6.5 * each / _GIB)) == 4
    assert archive.left(11) == [5, 6, 7, 8, 9, 10, 11]
    assert archive.deletions()[0]["why"] == "size of pass"


@pytest.mark.parametrize(
    "hold",
    [
        {"part": 2},
        {"lot": "B"},
        {"since_us": NOW_US - 52 * DAY_US, "until_us": NOW_US - 48 * DAY_US},
        {"lot": "B", "since_us": NOW_US - 52 * DAY_US},
    ],
)
def test_a_hold_holds_until_it_is_released(archive: Archive, hold: dict[str, Any]) -> None:
    archive.keep(1, 90, lot="A")
    archive.keep(2, 50, lot="B")
    archive.keep(3, 40, lot="C")
    number = archive.act("HoldEvidence", **hold)
    archive.act("HoldEvidence", part=3, refused="not allowed")
    policy = {"passes": Retention(days=30, gib=1e-9)}
    archive.look(**policy)
    assert archive.left(3) == [2]
    archive.act("ReleaseHold", hold=number)
    archive.look(**policy)
    assert archive.left(3) == []


def test_the_same_picture_kept_again_is_written_again(archive: Archive) -> None:
    archive.keep(1, 100, seed=1)
    assert archive.look(passes=Retention(days=30)) == 1
    archive.keep(2, 1, seed=1)
    assert archive.look(passes=Retention(days=30)) == 0
    assert archive.left(1) == [1]
    assert verify(archive.ledger.store.reader, archive.ledger.evidence).intact


def test_a_crash_between_record_and_deletion_is_made_good(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.keep(1, 100)

    def crash(_: EvidenceRetention) -> None:
        raise StorageError("the plug was pulled")

    monkeypatch.setattr(EvidenceRetention, "_unlink", crash)
    archive.look(passes=Retention(days=30))
    assert archive.left(1) == [1]
    assert len(archive.deletions()) == 1
    monkeypatch.undo()
    archive.look(passes=Retention(days=30))
    assert archive.left(1) == []
    assert len(archive.deletions()) == 1


def test_the_index_is_made_anew_from_the_chain(archive: Archive, tmp_path: Path) -> None:
    archive.keep(1, 100)
    archive.keep(2, 100)
    archive.act("HoldEvidence", part=2)
    archive.look(passes=Retention(days=30))
    other = EvidenceIndex(tmp_path / "other.sqlite")
    other.follow(archive.ledger.store.reader)
    assert len(other.holds()) == 1
    assert len(other.doomed()) == 1, "what is deleted may be deleted again"
    assert other.too_old(dict.fromkeys(EvidenceClass, NOW_US), 9) == []
    other.close()


def test_many_pictures_go_in_batches(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_BATCH", 20)
    for part in range(1, 51):
        archive.keep(part, 100)
    assert archive.look(passes=Retention(days=30)) == 50
    assert [len(told["pictures"]) for told in archive.deletions()] == [20, 20, 10]
    assert not list(archive.ledger.evidence.folder.rglob("*.jxl"))
