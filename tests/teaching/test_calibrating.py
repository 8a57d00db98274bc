"""Calibrating a bundle anew: what is promised, what is told, and that nothing is half done."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from calibration.threshold import load_calibration, read_calibration
from engines.runtimes import load_engine
from inspector.core.detection import Detection
from inspector.core.errors import DatasetError, EngineError
from inspector.core.line_config import RuntimeConfig
from inspector.durable.images import encode_png
from inspector.teaching import calibrating
from inspector.teaching.dataset import Entry, Label, Split, digest_of
from inspector.teaching.looks import looks_path, read_looks
from tests.teaching.tiny_calibration import GOOD, calibrated, write_set
from tests.tiny_plant import GOOD as GREY
from tests.tiny_plant import SIDE, TinyPlant, make_plant, tiny_recipe

KEYS = {"threshold", "promised", "marginal", "bound95", "images", "wants_images", "extrapolated"}


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    return make_plant(tmp_path / "plant", parts=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "set")


def test_figures_are_those_of_the_calibration(plant: TinyPlant, folder: Path) -> None:
    made = calibrated(plant, folder)
    plain = json.loads(json.dumps(made.to_json(), allow_nan=False))
    assert set(plain) >= KEYS
    assert plain["images"] == 40
    assert plain["promised"] == 0.05
    assert plain["marginal"] == pytest.approx(2 / 41)
    assert not plain["extrapolated"]
    assert plain["wants_images"] == 59 - 40
    assert plain["checks"][0] == {
        "name": "engine",
        "threshold": plain["threshold"],
        "weight": 1.0,
        "exceeding": 1,
        "exceeding_alone": 1,
    }
    assert plain["escapes"] == {
        "events": 3,
        "images": 9,
        "rate": pytest.approx(1 / 3),
        "low": pytest.approx(0.0749, abs=1e-4),
        "high": pytest.approx(0.7007, abs=1e-4),
    }
    assert plain["escapes_by_category"]["spot"]["events"] == 0
    assert 0.5 < plain["roc"]["auroc"] < 1.0
    assert [one["cost_ratio"] for one in plain["alternatives"]] == [1.0, 10.0, 100.0]


def test_line_takes_what_was_adopted(plant: TinyPlant, folder: Path) -> None:
    made = calibrated(plant, folder)
    assert made.previous is not None
    before = made.file.read_bytes()
    assert made.previous.hash != made.calibration.hash
    made.adopt()
    assert made.file.read_bytes() != before
    assert read_calibration(made.file).hash == made.calibration.hash
    kept = read_looks(looks_path(made.bundle.path, made.calibration))
    assert {name: len(values) for name, values in kept.items()} == {
        "brightness": 40,
        "sharpness": 40,
    }
    assert np.median(kept["brightness"]) == pytest.approx(GREY / 255, abs=0.01)


def test_nothing_is_written_before(plant: TinyPlant, folder: Path) -> None:
    files = {path: path.stat().st_mtime_ns for path in plant.data_folder.rglob("*")}
    calibrated(plant, folder, pictures=True)
    assert {path: path.stat().st_mtime_ns for path in plant.data_folder.rglob("*")} == files


def test_other_promise_is_worked_out_but_does_not_apply(plant: TinyPlant, folder: Path) -> None:
    made = calibrated(plant, folder, rate=0.001)
    assert made.calibration.promised == 0.001
    assert made.calibration.extrapolated
    assert not made.applies
    assert made.to_json()["file"] is None
    assert calibrated(plant, folder, rate=0.05).applies


def test_alternatives_never_move_the_threshold(plant: TinyPlant, folder: Path) -> None:
    with_defects = calibrated(plant, folder)
    only_good = calibrated(plant, folder / "test/good")
    assert only_good.calibration == with_defects.calibration
    assert only_good.escapes is None
    assert only_good.alternatives == []
    assert only_good.to_json()["roc"] is None


def test_kept_images_are_stored_when_adopted(plant: TinyPlant, folder: Path) -> None:
    made = calibrated(plant, folder / "test/good", keep=True)
    assert made.store.entries() == {}
    made.adopt()
    assert len(made.store.good_images(Split.CALIBRATE)) == 40
    assert calibrated(plant, "stored").calibration.threshold == made.calibration.threshold


def test_taught_images_never_calibrate(plant: TinyPlant, folder: Path) -> None:
    made = calibrated(plant, folder / "test/good")
    taught = [folder / f"test/good/{number}.png" for number in GOOD[:36]]
    made.store.add(
        (
            Entry(
                sha256=digest_of(path),
                suffix=".png",
                source=path.name,
                label=Label.GOOD,
                split=Split.TEACH,
            ),
            path,
        )
        for path in taught
    )
    with pytest.raises(DatasetError, match=r"4 different good images .*beside 36 that were taught"):
        calibrated(plant, folder / "test/good")


def test_too_few_stored_images(plant: TinyPlant) -> None:
    with pytest.raises(DatasetError, match="datasets/tiny: 0 different good images"):
        calibrated(plant, "stored")


def test_image_of_another_size_is_named(plant: TinyPlant, folder: Path) -> None:
    large = np.full((SIDE + 4, SIDE, 1), 60, np.uint8)
    (folder / "test/good/900.png").write_bytes(encode_png(large))
    with pytest.raises(DatasetError, match=r"900\.png: 64x68 px"):
        calibrated(plant, folder)


def test_score_that_is_not_a_number_is_named(
    plant: TinyPlant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        """Says NaN of the third image."""

        def __init__(self, engine: object) -> None:
            self._engine, self._count = engine, 0
            self.info = engine.info  # type: ignore[attr-defined]  # an Engine
            self.close = engine.close  # type: ignore[attr-defined]

        def infer(self, batch: np.ndarray) -> Detection:
            self._count += 1
            found: Detection = self._engine.infer(batch)  # type: ignore[attr-defined]
            maps = found.maps * (np.nan if self._count == 3 else 1.0)
            return Detection(maps, found.scores)

    monkeypatch.setattr(calibrating, "self_test", lambda engine, bundle: None)
    monkeypatch.setattr(calibrating, "load_engine", lambda *given: Broken(load_engine(*given)))
    with pytest.raises(EngineError, match=r"302\.png: a score is not a number"):
        calibrated(plant, folder)


def test_station_accepts_it(plant: TinyPlant, folder: Path) -> None:
    made = calibrated(plant, folder)
    made.adopt()
    with_engine = calibrated(plant, folder)
    assert with_engine.previous == made.calibration
    engine = load_engine(made.bundle, RuntimeConfig(threads=1))
    assert load_calibration(made.file, engine.info, tiny_recipe().basis) == made.calibration
    engine.close()


def test_exhibits_show_the_strangest_good_and_the_weakest_defects(
    plant: TinyPlant, folder: Path
) -> None:
    made = calibrated(plant, folder, pictures=True)
    good = [one.score for one in made.strangest]
    assert good == sorted(made.calibration.scores, reverse=True)[:6]
    assert [one.kind for one in made.weakest] == 3 * ["faint"] + 3 * ["spot"]
    assert [one.rejected for one in made.weakest] == 3 * [False] + 3 * [True]
    assert made.weakest[-1].plain != made.weakest[-1].heated
