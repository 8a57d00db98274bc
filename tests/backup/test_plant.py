"""A plant's station: its records are on the server, and a backup says so instead of pretending."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.backup.making import LEDGER, Wish, back_up
from inspector.backup.restoring import Return, restore
from inspector.cli import backup
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.keys import KeyFolder
from inspector.ledger.ledger import Ledger
from inspector.ledger.proof import key_folder
from inspector.ledger.restored import MOST_PARTS_PER_S
from tests.ledger.plant_server import PlantServer
from tests.tiny_plant import make_plant

PASSPHRASE = "only for tests 12"


def test_it_holds_no_records_and_a_restored_station_repeats_no_number(
    tmp_path: Path, plant_server: PlantServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = DatabaseAddress(plant_server.database())
    plant = make_plant(tmp_path / "plant")
    station = Ledger(plant.data_folder, "test-station", database=address)
    assert station.part_ids.next() == 1
    assert station.close()
    wish = Wish("test-station", plant.data_folder, plant.line_file, address, passphrase=PASSPHRASE)
    made = back_up(wish, tmp_path / "b.tar.zst")
    assert LEDGER not in {entry.path for entry in made.sealed.manifest.files}
    assert made.sealed.manifest.about.database == str(address)
    data = tmp_path / "data"
    restore(made.path, Return(data, "quality", PASSPHRASE))
    assert KeyFolder(key_folder(data)).load() is not None
    again = Ledger(data, "test-station", database=address)
    assert again.part_ids.next() > MOST_PARTS_PER_S * 3600
    assert again.close()


def test_the_command_says_what_to_do() -> None:
    said = backup._DUMP.format(address="postgresql://inspector@plant-db/inspector")
    assert 'pg_dump --format=custom --file=ledger.dump "postgresql://inspector@' in said
