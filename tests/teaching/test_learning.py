"""Checks that learn, through teaching and calibrating to verdicts, on small rendered parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from calibration.threshold import MINIMUM_IMAGES, read_calibration
from engines.bundle import open_bundle
from engines.runtimes import load_engine
from inspector.core.errors import BundleError, DatasetError
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.preparation import Optics
from inspector.scoring.decision import Decision
from inspector.scoring.judge import judge_view
from inspector.station.judging import load_judging
from inspector.teaching.bundles import calibration_path
from inspector.teaching.calibrating import calibrate_bundle
from inspector.teaching.outcome import Calibrated
from inspector.teaching.prepared import Preparer
from inspector.teaching.report.page import notes_of
from inspector.teaching.untaught import untaught_bundle
from tests.teaching.tiny_calibration import write, write_set
from tests.tiny_plant import SIDE, TinyPlant, make_plant, tiny_recipe

RUNTIME = RuntimeConfig(threads=1)
ONE_CAMERA = Optics(serials=("camera",))


class Recipes:
    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe

    def recipe(self, product: str) -> Recipe:
        return self._recipe


def recipe_of(*checks: str, method: str = "patchcore", **more: object) -> Recipe:
    content = tiny_recipe().model_dump(mode="json")
    content["engine"] = {"method": method}
    content["checks"] = [{"check": name} for name in checks]
    return Recipe.model_validate({**content, **more})


def calibrated(data: Path, bundle: Path, source: Path | str, recipe: Recipe) -> Calibrated:
    return calibrate_bundle(bundle, str(source), data, RUNTIME, Recipes(recipe))


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    return make_plant(tmp_path / "plant", parts=1)


def bundle_of(plant: TinyPlant) -> Path:
    (current,) = (plant.data_folder / "bundles/tiny").glob("*.calibration-openvino.yaml")
    return current.with_name(current.name.partition(".")[0])


def test_engine_global_rx_and_mt_from_calibration_to_verdict(
    plant: TinyPlant, tmp_path: Path
) -> None:
    recipe = recipe_of("engine", "rx-global", "mt")
    folder, bundle = write_set(tmp_path / "set"), bundle_of(plant)
    made = calibrated(plant.data_folder, bundle, folder, recipe)
    made.adopt()
    file = calibration_path(bundle, "openvino")
    kept = read_calibration(file)
    assert kept == made.calibration
    assert kept.cross_fitted
    for name in ("rx-global", "mt"):
        learned = kept.of(name).learned
        assert learned is not None
        assert (learned.source, learned.images, learned.folds) == ("calibrate", 40, 20)
    judged = {one.path.parent.name: one.rejected for one in made.judged if one.category == "spot"}
    assert judged == {"spot": True}
    assert made.selection is not None
    assert "engine max" in made.selection.useful
    plain = made.to_json()["features"]
    assert isinstance(plain, dict)
    assert set(plain) == {"gains_db", "useful"}
    notes = " ".join(notes_of(made))
    assert "rx-global learned from the 40 calibration images themselves" in notes
    assert "unit space is of 40 parts over" in notes
    # The line runs by the same code, from the file alone.
    preparer = Preparer(recipe.preparation)
    view = preparer.view(next((folder / "test/spot").glob("*.png")))
    judging = load_judging(
        recipe, plant.data_folder, RUNTIME, preparer.form, optics=ONE_CAMERA, production=True
    )
    detection = judging.engine.infer(view.pixels[None])
    on_line = judging.judge.judge(view.pixels[None], detection).checks
    of_teaching = Decision(kept).judge(view, detection)
    judging.engine.close()
    assert [one.score for one in on_line] == [one.score for one in of_teaching]
    assert [one.check for one in on_line if not one.passed] == ["engine", "rx-global", "mt"]
    assert on_line[2].map is None
    assert "%" in on_line[2].reason()


def test_without_an_engine_both_learn_from_the_calibration_images(tmp_path: Path) -> None:
    recipe = recipe_of("rx-global", "local", "mt", method="none")
    data, good = tmp_path / "data", tmp_path / "good"
    write(good, range(300, 340))
    preparer = Preparer(recipe.preparation)
    bundle = untaught_bundle(recipe, data, preparer.hash)
    made = calibrated(data, bundle, good, recipe)
    engine = load_engine(open_bundle(bundle), RUNTIME)
    write(tmp_path / "bad", range(100, 101), defective=True)
    view = preparer.view(tmp_path / "bad/100.png")
    results = Decision(made.calibration).judge(view, engine.infer(view.pixels[None]))
    engine.close()
    assert not results[0].passed
    assert results[0].regions
    assert not results[2].passed


def test_taught_images_teach_and_do_not_calibrate(tmp_path: Path) -> None:
    from inspector.teaching.teach import teach  # loads torch

    recipe = recipe_of("rx-global", method="none")
    good, data = tmp_path / "good", tmp_path / "data"
    write(good, range(300, 340))
    made = teach(str(good), recipe, data, runtime=RUNTIME)
    learned = made.calibration.of("rx-global").learned
    assert learned is not None
    assert (learned.source, learned.images) == ("teach", made.teach_images)
    assert not made.calibration.cross_fitted
    again = calibrated(data, made.bundle, "stored", recipe)
    assert again.calibration.threshold == pytest.approx(made.calibration.threshold)


def test_zones_that_are_left_out_teach_nothing(tmp_path: Path) -> None:
    half = SIDE // 2
    left = {"name": "l", "use": "exclude", "polygon": [[0, 0], [half, 0], [half, SIDE], [0, SIDE]]}
    good = tmp_path / "good"
    write(good, range(300, 320))
    whole, right = (
        calibrated(
            data, untaught_bundle(recipe, data, Preparer(recipe.preparation).hash), good, recipe
        )
        for data, recipe in (
            (tmp_path / "a", recipe_of("rx-global", method="none")),
            (tmp_path / "b", recipe_of("rx-global", method="none", zones=[left])),
        )
    )
    learned = [made.calibration.of("rx-global").learned for made in (whole, right)]
    assert len({one.sha256 for one in learned if one is not None}) == 2


def test_a_file_of_damaged_arrays_is_refused_before_anything_runs(
    plant: TinyPlant, tmp_path: Path
) -> None:
    recipe = recipe_of("engine", "rx-global")
    folder, bundle = write_set(tmp_path / "set"), bundle_of(plant)
    calibrated(plant.data_folder, bundle, folder, recipe).adopt()
    file = calibration_path(bundle, "openvino")
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    arrays = content["checks"][1]["learned"]["arrays"]
    content["checks"][1]["learned"]["arrays"] = arrays[:-8] + arrays[-4:]
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    preparer = Preparer(recipe.preparation)
    with pytest.raises(BundleError, match=r"openvino\.yaml: checks\.1\.learned: .*damaged"):
        load_judging(
            recipe, plant.data_folder, RUNTIME, preparer.form, optics=ONE_CAMERA, production=True
        )


def test_too_few_images_are_refused(plant: TinyPlant, tmp_path: Path) -> None:
    recipe, few = recipe_of("engine", "mt"), tmp_path / "few"
    write(few, range(300, 300 + MINIMUM_IMAGES))
    with pytest.raises(DatasetError, match=r"5 good images to calibrate the check mt.*at least 6"):
        calibrated(plant.data_folder, bundle_of(plant), few, recipe)


def test_colours_other_than_those_learned_are_refused(tmp_path: Path) -> None:
    recipe, data, good = recipe_of("rx-global", method="none"), tmp_path / "d", tmp_path / "good"
    write(good, range(300, 310))
    bundle = untaught_bundle(recipe, data, Preparer(recipe.preparation).hash)
    made = calibrated(data, bundle, good, recipe)
    view = Preparer(recipe.preparation).view(good / "300.png")
    colour = type(view)(np.repeat(view.pixels, 3, axis=2), view.field)
    engine = load_engine(open_bundle(bundle), RUNTIME)
    detection = engine.infer(view.pixels[None])
    engine.close()
    with pytest.raises(BundleError, match="learned 11 numbers of a patch, but images have 33"):
        judge_view(Decision(made.calibration).checks, colour, detection)
