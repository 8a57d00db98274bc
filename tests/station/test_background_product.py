"""A product without an engine: background checks from the first part on, and several beside one."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import yaml

from inspector.core.recipe import Recipe
from inspector.core.record import RecordKind
from inspector.durable.yaml_files import load_yaml
from inspector.ledger.chain import StoredRecord
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.ledger import evidence_folder, ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.verify import verify
from inspector.link.messages import Start
from inspector.station.opening import catalogue_of, load_line, open_station
from inspector.teaching.teach import teach
from tests.tiny_plant import TinyPlant, make_plant

PARTS = 12
LARGE = [{"check": "local", "scales": 3, "guard": 5, "outer": 13}]
"""The defects of these parts take a fifth of the picture's side: the guard has to hold them."""


def changed(plant: TinyPlant, **sections: Any) -> Recipe:
    """The plant's recipe with other sections."""
    file = plant.line_file.parent / "products/tiny.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8")) | sections
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return load_yaml(file, Recipe)


def run(plant: TinyPlant) -> list[StoredRecord]:
    """The records of a run of all parts."""
    config, catalogue = load_line(plant.line_file), catalogue_of(plant.line_file, plant.data_folder)
    over = threading.Event()
    with open_station(config, catalogue, limit=PARTS, on_limit=over.set) as opened:
        opened.console.call(Start())
        assert over.wait(30.0)
        assert opened.station.request_stop_and_wait(30.0)
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    assert verify(reader, EvidenceStore(evidence_folder(plant.data_folder))).intact
    records = list(reader.each(RecordFilter(kind=RecordKind.INSPECTION)))
    reader.close()
    return records[-PARTS:]


def verdicts(records: list[StoredRecord]) -> dict[bool, list[str | None]]:
    """Outcomes of the defective (True) and the good parts."""
    found: dict[bool, list[str | None]] = {True: [], False: []}
    for record in records:
        found["bad" in record.content["frames"][0]["source"]].append(record.outcome)
    return found


def test_it_runs_untaught_with_provisional_verdicts(tmp_path: Path) -> None:
    plant = make_plant(tmp_path, parts=PARTS)
    shutil.rmtree(plant.data_folder)
    changed(plant, engine={"method": "none"}, checks=LARGE)
    records = run(plant)
    found = verdicts(records)
    assert found[True] == ["reject"] * 3
    assert found[False].count("pass") >= 8
    for record in records:
        (check,) = record.content["checks"]
        assert check["provisional"]
        assert check["p_value"] is None
        assert record.content["hashes"]["calibration"] == ""
        assert not record.content["production"]


def test_an_engine_that_learns_nothing_runs_untaught_as_well(tmp_path: Path) -> None:
    plant = make_plant(tmp_path, parts=PARTS)
    shutil.rmtree(plant.data_folder)
    engine = {"method": "crd", "on": "pixels", "levels": 3}
    changed(plant, engine=engine, checks=[{"check": "engine"}])
    records = run(plant)
    found = verdicts(records)
    assert found[True] == ["reject"] * 3
    assert found[False].count("pass") >= 8
    for record in records:
        (check,) = record.content["checks"]
        assert (check["check"], check["provisional"]) == ("engine", True)


def test_teaching_it_calibrates_its_checks(tmp_path: Path) -> None:
    plant = make_plant(tmp_path, parts=60)
    shutil.rmtree(plant.data_folder)
    recipe = changed(plant, engine={"method": "none"}, checks=LARGE)
    good = tmp_path / "good"
    good.mkdir()
    for path in plant.pictures.glob("*-good.png"):
        shutil.copy(path, good)
    made = teach(str(good), recipe, plant.data_folder)
    assert made.calibration.of("local").threshold > 0
    records = run(plant)
    assert verdicts(records)[True] == ["reject"] * 3
    assert all(not record.content["checks"][0]["provisional"] for record in records)
    assert all(record.content["hashes"]["calibration"] for record in records)


def test_checks_beside_the_engine_are_judged_and_their_map_is_evidence(tmp_path: Path) -> None:
    plant = make_plant(tmp_path, parts=60)
    shutil.rmtree(plant.data_folder)
    checks = [{"check": "engine"}, {"check": "local"}, {"check": "lrb", "weight": 0.5}]
    engine = {"method": "patchcore", "coreset": 60}
    recipe = changed(plant, checks=checks, engine=engine)
    good = tmp_path / "good"
    good.mkdir()
    for path in plant.pictures.glob("*-good.png"):
        shutil.copy(path, good)
    teach(str(good), recipe, plant.data_folder)
    records = run(plant)
    found = verdicts(records)
    assert found[True] == ["reject"] * 3
    assert found[False].count("pass") >= 7
    for record in records:
        assert [check["check"] for check in record.content["checks"]] == ["engine", "local", "lrb"]
        if record.outcome == "reject":
            assert {item["name"] for item in record.content["evidence"]} == {"image", "map"}
