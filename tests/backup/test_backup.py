"""A backup is taken beside a running line; what comes back verifies and repeats no number."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from inspector.backup import secrets
from inspector.backup.making import Made, Wish, back_up
from inspector.backup.restoring import Return, restore
from inspector.core.errors import InputError, LedgerError
from inspector.core.ports import SystemClock
from inspector.core.record import RecordKind
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.keys import KeyFolder
from inspector.ledger.ledger import Ledger, evidence_folder, ledger_folder
from inspector.ledger.proof import key_folder, proofs_of
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.restored import MOST_PARTS_PER_S
from inspector.ledger.verify import VerifyReport, verify
from inspector.link.messages import Start
from inspector.station.opening import load_line
from tests.clocks import HandClock
from tests.station.production_line import opened, run_some, wait_until
from tests.tiny_plant import TinyPlant, make_plant

PASSPHRASE = "only for tests 12"


@dataclass(frozen=True)
class Saved:
    """A plant whose line ran before, during and after its backups."""

    plant: TinyPlant
    wish: Wish
    whole: Made
    last_part: int


@pytest.fixture(scope="module", autouse=True)
def _quick_passphrase() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "_COST", 2**10)
        yield


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    folder = tmp_path_factory.mktemp("saved")
    plant = make_plant(folder, ledger={"block_size": 256})
    wish = Wish("test-station", plant.data_folder, plant.line_file, passphrase=PASSPHRASE)
    with opened(plant) as station:
        run_some(station, 30)
        station.console.call(Start())
        run = station.station
        wait_until(lambda: run.status().parts.verdicts >= 5, "no parts")
        whole = back_up(wish, folder / "whole.tar.zst")
        seen = run.status().parts.verdicts
        wait_until(lambda: run.status().parts.verdicts >= seen + 40, "the line stood still")
        assert run.request_stop_and_wait(30.0)
    return Saved(plant, wish, whole, max(parts_in(plant.data_folder)))


def parts_in(data_folder: Path) -> list[int]:
    reader = LedgerReader.open(ledger_folder(data_folder))
    try:
        found = reader.each(RecordFilter(kind=RecordKind.INSPECTION))
        return [record.part_id for record in found if record.part_id is not None]
    finally:
        reader.close()


def verified(data_folder: Path) -> VerifyReport:
    reader = LedgerReader.open(ledger_folder(data_folder))
    try:
        proofs, _ = proofs_of(reader, data_folder, None)
        return verify(reader, EvidenceStore(evidence_folder(data_folder)), proofs)
    finally:
        reader.close()


def actions(data_folder: Path, action: str) -> list[dict[str, object]]:
    reader = LedgerReader.open(ledger_folder(data_folder))
    try:
        found = [one.content for one in reader.each(RecordFilter(kind=RecordKind.ACTION))]
    finally:
        reader.close()
    return [content for content in found if content["action"] == action]


def brought_back(
    saved: Saved,
    target: Path,
    made: Made | None = None,
    passphrase: str | None = PASSPHRASE,
    last_part: int | None = None,
) -> Path:
    restore((made or saved.whole).path, Return(target, "quality", passphrase, last_part))
    return target


def test_what_comes_back_verifies_and_tells_where_it_comes_from(
    saved: Saved, tmp_path: Path
) -> None:
    data = brought_back(saved, tmp_path / "data")
    report = verified(data)
    assert report.intact, report.findings
    assert report.evidence > 0
    assert report.signed_to > 0
    (told,) = actions(data, "Restore")
    assert told["user"] == "quality"
    assert told["backup"] == saved.whole.sealed.digest
    for name in ("configuration/line.yaml", "configuration/products/tiny.yaml"):
        original = saved.plant.line_file.parent / name.partition("/")[2]
        assert (data / name).read_bytes() == original.read_bytes()
    bundles = {path.relative_to(data) for path in (data / "bundles").rglob("*") if path.is_file()}
    assert bundles == {
        path.relative_to(saved.plant.data_folder)
        for path in (saved.plant.data_folder / "bundles").rglob("*")
        if path.is_file()
    }


def test_no_number_is_given_twice_though_the_line_went_on_after_the_backup(
    saved: Saved, tmp_path: Path
) -> None:
    data = brought_back(saved, tmp_path / "data")
    assert max(parts_in(data)) < saved.last_part, "parts were made after the backup"
    before = len(parts_in(data))
    restored = replace(saved.plant, data_folder=data)
    config = load_line(saved.plant.line_file).model_copy(update={"data_folder": str(data)})
    with opened(restored, config) as station:
        run_some(station, 10)
    new = parts_in(data)[before:]
    assert len(new) >= 10
    assert min(new) > saved.last_part
    assert min(new) > MOST_PARTS_PER_S * 3600
    report = verified(data)
    assert report.intact, report.findings


def test_a_known_last_number_spares_the_jump(saved: Saved, tmp_path: Path) -> None:
    data = brought_back(saved, tmp_path / "data", last_part=saved.last_part)
    ledger = Ledger(data, "test-station", block_size=256)
    try:
        assert saved.last_part < ledger.part_ids.next() < saved.last_part + 1000
    finally:
        assert ledger.close()
    again = Ledger(data, "test-station", block_size=256)
    try:
        assert again.part_ids.next() < saved.last_part + 2000, "numbers are skipped once"
    finally:
        assert again.close()


def test_a_clock_before_the_backup_opens_nothing(saved: Saved, tmp_path: Path) -> None:
    data = brought_back(saved, tmp_path / "data")
    with pytest.raises(LedgerError, match="clock"):
        Ledger(data, "test-station", clock=HandClock())


def test_without_pictures_the_ledger_tells_what_is_not_there(saved: Saved, tmp_path: Path) -> None:
    wish = replace(saved.wish, evidence="none", passphrase=None)
    made = back_up(wish, tmp_path / "small.tar.zst")
    assert made.bytes < saved.whole.bytes
    data = brought_back(saved, tmp_path / "data", made, passphrase=None)
    assert not any((data / "evidence").rglob("*.*"))
    report = verified(data)
    assert report.intact, report.findings
    assert report.evidence > 0


def test_rejects_alone_leave_out_pictures_of_passes(saved: Saved, tmp_path: Path) -> None:
    made = back_up(replace(saved.wish, evidence="rejects"), tmp_path / "rejects.tar.zst")
    data = brought_back(saved, tmp_path / "data", made)
    reader = LedgerReader.open(ledger_folder(data))
    store = EvidenceStore(evidence_folder(data))
    for record in reader.each(RecordFilter(kind=RecordKind.INSPECTION)):
        for mark in record.content["evidence"]:
            there = store.path(mark["digest"], mark["suffix"]).is_file()
            assert there == (record.outcome == "reject")
    reader.close()
    assert verified(data).intact


def test_a_picture_that_was_missing_before_stays_a_finding(saved: Saved, tmp_path: Path) -> None:
    data = tmp_path / "damaged"
    shutil.copytree(saved.plant.data_folder, data, ignore=shutil.ignore_patterns("link"))
    victim = next((data / "evidence").rglob("*.jxl"))
    victim.unlink()
    made = back_up(replace(saved.wish, data_folder=data), tmp_path / "damaged.tar.zst")
    assert made.sealed.manifest.missing == (victim.stem,)
    report = verified(brought_back(saved, tmp_path / "data", made))
    assert {finding.problem for finding in report.findings} == {
        f"evidence image is missing: {victim.name}"
    }


def test_keys_come_along_under_their_passphrase_alone(saved: Saved, tmp_path: Path) -> None:
    key = (saved.plant.data_folder / "keys/ledger.key").read_bytes()
    with pytest.raises(InputError, match="passphrase"):
        brought_back(saved, tmp_path / "wrong", passphrase="something else 12")
    assert not (tmp_path / "wrong").exists()
    data = brought_back(saved, tmp_path / "with")
    assert (data / "keys/ledger.key").read_bytes() == key
    assert not (data / "keys/ledger.key").stat().st_mode & 0o077
    data = brought_back(saved, tmp_path / "without", passphrase=None)
    keys = KeyFolder(key_folder(data))
    assert keys.load() is None
    assert keys.public() is not None
    assert verified(data).intact
    with pytest.raises(LedgerError, match="rotate-key --lost"):
        Ledger(data, "test-station")


def test_a_short_passphrase_is_refused(saved: Saved, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="fewer than 12"):
        back_up(replace(saved.wish, passphrase="short"), tmp_path / "x.tar.zst")
    assert not list(tmp_path.iterdir())


def test_private_keys_are_nowhere_in_the_clear(saved: Saved, tmp_path: Path) -> None:
    names = [entry.path for entry in saved.whole.sealed.manifest.files]
    assert "keys/ledger.pub" in names
    assert "keys/ledger.key" not in names
    assert not any(name.startswith("link/") for name in names)


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """A folder that must not be there after the test."""
    yield tmp_path / "data"
    assert not (tmp_path / "data").exists()
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("share", [0.0, 0.2, 0.9, 0.999])
def test_a_backup_that_was_cut_off_is_no_backup(
    saved: Saved, tmp_path: Path, target: Path, share: float
) -> None:
    data = saved.whole.path.read_bytes()
    cut = tmp_path / "cut.tar.zst"
    cut.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(InputError, match=r"cut\.tar\.zst"):
        restore(cut, Return(target, "quality", PASSPHRASE))


@pytest.mark.parametrize("share", [0.001, 0.3, 0.6, 0.98])
def test_one_altered_byte_is_found(
    saved: Saved, tmp_path: Path, target: Path, share: float
) -> None:
    data = bytearray(saved.whole.path.read_bytes())
    data[int(len(data) * share)] ^= 0x55
    altered = tmp_path / "altered.tar.zst"
    altered.write_bytes(data)
    with pytest.raises(InputError, match=r"altered\.tar\.zst"):
        restore(altered, Return(target, "quality", PASSPHRASE))


def test_a_folder_that_holds_anything_is_left_alone(saved: Saved, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        brought_back(saved, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_a_backup_never_replaces_another_file(saved: Saved, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there already"):
        back_up(saved.wish, saved.whole.path)
    with pytest.raises(InputError, match="data folder"):
        back_up(saved.wish, saved.plant.data_folder / "b.tar.zst")
    with pytest.raises(InputError, match="does not exist"):
        back_up(saved.wish, tmp_path / "no" / "b.tar.zst")


def test_the_time_of_a_backup_is_its_begin(saved: Saved) -> None:
    assert 0 < saved.whole.sealed.manifest.about.utc_us <= SystemClock().utc_us()
