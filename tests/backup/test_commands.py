"""``inspector backup`` and ``restore`` as a person types them, beside a running station."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.backup import secrets
from inspector.cli import backup, restore
from inspector.core.errors import InputError
from tests.backup.test_backup import actions, parts_in
from tests.station.production_line import opened, run_some
from tests.tiny_plant import TinyPlant, make_plant

PASSPHRASE = "only for tests 12"


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyPlant:
    monkeypatch.setattr(secrets, "_COST", 2**10)
    monkeypatch.setattr(backup, "give_way", lambda: None)  # it would be for all tests that follow
    for command in (backup, restore):
        monkeypatch.setattr(command, "ask_secret", lambda _words: PASSPHRASE)
    return make_plant(tmp_path / "plant")


def test_a_backup_beside_a_running_station_is_an_action_of_its_ledger(
    plant: TinyPlant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, data = tmp_path / "b.tar.zst", tmp_path / "data"
    with opened(plant) as station:
        run_some(station, 10)
        backup.backup_command(out, line=plant.line_file, with_keys=True)
    (told,) = actions(plant.data_folder, "NoteBackup")
    assert f"digest {told['backup']}" in capsys.readouterr().out
    assert (told["pictures"], told["keys"], told["refused"]) == ("all", True, "")
    restore.restore_command(out, data, with_keys=True)
    assert "inspector ledger verify" in capsys.readouterr().out
    saved, all_of_them = parts_in(data), parts_in(plant.data_folder)
    assert saved == all_of_them[: len(saved)], "some were not on the disk yet, none is skipped"


def test_a_wrong_word_is_refused_before_anything_is_made(plant: TinyPlant, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--evidence some"):
        backup.backup_command(tmp_path / "b.tar.zst", line=plant.line_file, evidence="some")
    assert not (tmp_path / "b.tar.zst").exists()
