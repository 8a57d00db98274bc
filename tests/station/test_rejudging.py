"""Archived parts are judged again by what judged them, to the last bit."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from inspector.core.canonical import canonical_bytes
from inspector.core.errors import BundleError, InputError, LedgerError
from inspector.core.frame import PixelFormat
from inspector.core.line_config import RuntimeConfig
from inspector.ledger.chain import StoredRecord
from inspector.ledger.evidence import EvidenceStore
from inspector.preparation import NO_OPTICS
from inspector.station.rejudging import Replay, Replayer
from tests.station.archive import archive_of, run, run_plant
from tests.tiny_plant import TinyPlant, make_bundle, tiny_recipe

ARCHIVED = 500


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> TinyPlant:
    folder = tmp_path_factory.mktemp("plant")
    return run_plant(folder, ARCHIVED, evidence={"pass_share": 1.0}, parts=500)


def replayer(plant: TinyPlant, **runtime: Any) -> Replayer:
    config = RuntimeConfig.model_validate({"threads": 1, **runtime})
    return Replayer(plant.data_folder, config, NO_OPTICS)


def replays(plant: TinyPlant, **runtime: Any) -> list[Replay]:
    with archive_of(plant) as (records, _, evidence), closing(replayer(plant, **runtime)) as again:
        return [again.replay(record, evidence) for record in records]


@pytest.fixture
def one(plant: TinyPlant) -> Iterator[tuple[StoredRecord, EvidenceStore]]:
    with archive_of(plant) as (records, _, evidence):
        yield records[7], evidence


def changed(record: StoredRecord, **content: Any) -> StoredRecord:
    return dataclasses.replace(record, payload=canonical_bytes(record.content | content))


def test_no_verdict_of_500_parts_flips(plant: TinyPlant) -> None:
    found = replays(plant)
    assert len(found) == ARCHIVED
    assert {one.other for one in found} == {()}
    assert all(one.identical and one.proven for one in found)


def test_an_altered_record_does_not_pass(
    plant: TinyPlant, one: tuple[StoredRecord, EvidenceStore]
) -> None:
    record, evidence = one
    (check,) = record.content["checks"]
    with closing(replayer(plant)) as again:
        score = changed(record, checks=[check | {"score": check["score"] * (1 + 1e-12)}])
        found = again.replay(score, evidence)
        assert not found.identical
        assert found.within
        assert not found.proven, "on an equal machine only the same bits are proof"
        verdict = changed(record, checks=[check | {"passed": not check["passed"]}])
        assert again.replay(verdict, evidence).flipped
        outcome = "pass" if record.outcome == "reject" else "reject"
        assert again.replay(dataclasses.replace(record, outcome=outcome), evidence).flipped


def test_on_another_runtime_it_is_within_the_tolerance_and_says_so(
    plant: TinyPlant, one: tuple[StoredRecord, EvidenceStore]
) -> None:
    record, evidence = one
    elsewhere = changed(record, fingerprint="tensorrt 11.4 f32 a GPU that is not here plan abc")
    with closing(replayer(plant, name="onnxruntime")) as again:
        found = again.replay(elsewhere, evidence)
    assert any("fingerprint" in words and "onnxruntime" in words for words in found.other)
    assert found.within
    assert found.proven
    (check,) = record.content["checks"]
    far = changed(elsewhere, checks=[check | {"score": check["score"] * 0.95}])
    with closing(replayer(plant, name="onnxruntime")) as again:
        assert not again.replay(far, evidence).proven


def test_what_was_superseded_is_found_by_its_hash(tmp_path: Path) -> None:
    plant = run_plant(tmp_path, 8, evidence={"pass_share": 1.0}, parts=8)
    make_bundle(plant.data_folder, tiny_recipe(false_reject_rate=0.2))
    recipe = plant.line_file.parent / "products/tiny.yaml"
    recipe.write_text(recipe.read_text("utf-8").replace("0.05", "0.2"), encoding="utf-8")
    run(plant, 8)
    found = replays(plant)
    assert len(found) == 16
    assert all(one.identical for one in found)
    with archive_of(plant) as (records, _, _):
        calibrations = {record.content["hashes"]["calibration"] for record in records}
    assert len(calibrations) == 2


def test_what_is_nowhere_is_named(
    plant: TinyPlant, one: tuple[StoredRecord, EvidenceStore]
) -> None:
    record, evidence = one
    for key in ("bundle", "calibration", "preparation"):
        hashes = record.content["hashes"] | {key: "0" * 64}
        with (
            closing(replayer(plant)) as again,
            pytest.raises(BundleError, match=f"no {key} 000000000000"),
        ):
            again.replay(changed(record, hashes=hashes), evidence)


def test_pictures_that_are_altered_gone_or_were_never_kept(
    plant: TinyPlant, one: tuple[StoredRecord, EvidenceStore], tmp_path: Path
) -> None:
    record, evidence = one
    empty = EvidenceStore(tmp_path / "evidence")
    (mark,) = (mark for mark in record.content["evidence"] if mark["name"] == "image")
    with closing(replayer(plant)) as again:
        with pytest.raises(LedgerError, match="is gone"):
            again.replay(record, empty)
        with pytest.raises(LedgerError, match="not kept"):
            again.replay(changed(record, evidence=[]), evidence)
        with pytest.raises(InputError, match="not judged"):
            again.replay(changed(record, checks=[], cause="expired"), evidence)
        path = empty.path(mark["digest"], mark["suffix"])
        path.parent.mkdir(parents=True)
        path.write_bytes(b"another picture")
        with pytest.raises(LedgerError, match="altered"):
            again.replay(record, empty)


def test_deep_pictures_are_replayed_too(tmp_path: Path) -> None:
    plant = run_plant(
        tmp_path, 12, evidence={"pass_share": 1.0}, parts=12, pixel_format=PixelFormat.MONO12
    )
    assert all(one.identical for one in replays(plant))


def test_a_record_says_under_which_conditions_it_was_made(
    one: tuple[StoredRecord, EvidenceStore],
) -> None:
    conditions = json.loads(one[0].payload)["conditions"]
    assert (conditions["threads"], conditions["batch"]) == (1, 1)
    assert "numpy" in conditions["libraries"]
    assert conditions["processor"]
