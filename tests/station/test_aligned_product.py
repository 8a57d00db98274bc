"""A product whose parts lie here and there: taught, run, and a missing part rejected in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calibration.threshold import read_calibration
from engines.bundle import POSE, open_bundle
from inspector.core.errors import BundleError, DatasetError
from inspector.core.pose import Pose
from inspector.core.recipe import Recipe
from inspector.durable.images import encode_png
from inspector.link.messages import Start
from inspector.preparation import taught_reference
from inspector.teaching.evaluate import evaluate
from inspector.teaching.looks import looks_path, read_looks
from inspector.teaching.teach import teach
from tests.preparation.rendered_part import drawn, render
from tests.station.test_background_product import PARTS, changed, run
from tests.station.test_drift import alarms
from tests.station.test_station import opened
from tests.tiny_plant import TinyPlant, make_plant
from tests.waiting import until

SIZE = 96
KINDS: dict[str, dict[str, Any]] = {
    "empty": {"there": False},
    "half": {"half": True},
    "far": {"pose": Pose(30.0, 0.0, 0.0)},
}


def write_parts(folder: Path, numbers: range) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        image = render(SIZE, drawn(number, px=6.0), seed=number)
        (folder / f"{number:03}.png").write_bytes(encode_png(image))
    return folder


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    """Nine good parts on the line, then an empty place, a half part and one far off."""
    made = make_plant(tmp_path, parts=PARTS)
    for file in made.pictures.iterdir():
        file.unlink()
    for number in range(PARTS - len(KINDS)):
        image = render(SIZE, drawn(500 + number, px=6.0), seed=number)
        (made.pictures / f"{number:03}-good.png").write_bytes(encode_png(image))
    for number, (kind, look) in enumerate(KINDS.items(), 100):
        image = render(SIZE, seed=number, **look)
        (made.pictures / f"{number}-bad-{kind}.png").write_bytes(encode_png(image))
    return made


def aligned(plant: TinyPlant, align: str = "contour") -> Recipe:
    sizes = {"width": SIZE, "height": SIZE, "pixel_format": "Mono8"}
    return changed(
        plant,
        engine={"method": "none"},
        preparation={**sizes, "align": align, "align_range_px": 16.0},
        checks=[{"check": "presence"}, {"check": "local"}],
    )


@pytest.mark.parametrize("align", ["contour", "template"])
def test_parts_are_found_and_a_missing_one_is_rejected(
    plant: TinyPlant, tmp_path: Path, align: str
) -> None:
    recipe = aligned(plant, align)
    good = write_parts(tmp_path / "good", range(60))
    result = teach(str(good), recipe, plant.data_folder)
    bundle = open_bundle(result.bundle)
    assert POSE in bundle.manifest.files
    assert bundle.preparation_hash == result.calibration.preparation_hash
    looks = read_looks(looks_path(result.bundle, result.calibration))
    assert len(looks["shift-x"]) == len(looks["rotation"]) == result.calibrate_images
    assert 0.5 < np.std(looks["shift-x"]) < 6.0  # drawn from -6 to 6 px

    records = run(plant)
    by_kind = {record.content["frames"][0]["source"]: record for record in records}
    passed = [record.outcome == "pass" for name, record in by_kind.items() if "good" in name]
    assert sum(passed) >= len(passed) - 1
    for name, record in by_kind.items():
        (pose,) = record.content["poses"]
        if "good" in name:
            true = drawn(500 + int(name[:3]), px=6.0)
            assert pose["found"]
            # Against the taught pose, which is that of a part in the middle of the good ones.
            assert abs(pose["angle_deg"] - true.angle_deg) < 8.0
        else:
            assert record.outcome == "reject"
    words = {name: _finding(record.content) for name, record in by_kind.items()}
    assert words["100-bad-empty.png"] == "no part"
    if align == "contour":
        assert words["102-bad-far.png"].startswith("misplaced (+")


def _finding(content: dict[str, Any]) -> str:
    return next(str(c["finding"]) for c in content["checks"] if c["check"] == "presence")


def test_parts_that_all_lie_elsewhere_are_told_against_the_calibration_images(
    plant: TinyPlant, tmp_path: Path
) -> None:
    recipe = aligned(plant)
    teach(str(write_parts(tmp_path / "good", range(120))), recipe, plant.data_folder)
    for number, file in enumerate(sorted(plant.pictures.iterdir())):
        lying = drawn(700 + number, px=2.0, deg=2.0)
        moved = replace(lying, dx_px=lying.dx_px + 12.0)
        file.write_bytes(encode_png(render(SIZE, moved, seed=number)))
    with opened(plant) as (station, _):
        station.console.call(Start())
        until(lambda: "drift replay-0 shift-x" in alarms(station))
        (told,) = [a for a in station.station.status().alarms if a.key.endswith("shift-x")]
    assert "px to the right of where they lay at calibration" in told.text


def test_the_bundle_carries_its_pose_to_every_use(plant: TinyPlant, tmp_path: Path) -> None:
    recipe = aligned(plant)
    good = write_parts(tmp_path / "set/train/good", range(40))
    result = teach(str(tmp_path / "set"), recipe, plant.data_folder)
    write_parts(tmp_path / "set/test/good", range(300, 306))
    empty = tmp_path / "set/test/empty"
    empty.mkdir()
    (empty / "1.png").write_bytes(encode_png(render(SIZE, there=False, seed=1)))
    figures = evaluate(result.bundle, str(tmp_path / "set"))
    assert figures.escape_rate == 0.0
    assert figures.image_auroc == 1.0
    reference = taught_reference(open_bundle(result.bundle))
    assert reference is not None
    # Another set teaches another pose: another preparation.
    again = teach(
        str(write_parts(tmp_path / "other", range(100, 140))), recipe, tmp_path / "elsewhere"
    )
    assert open_bundle(again.bundle).preparation_hash != result.calibration.preparation_hash
    assert read_calibration(result.calibration_file).of("presence").threshold < 10.0
    assert good.is_dir()


def test_a_good_image_without_its_part_is_named(plant: TinyPlant, tmp_path: Path) -> None:
    recipe = aligned(plant)
    good = write_parts(tmp_path / "good", range(30))
    (good / "no-part.png").write_bytes(encode_png(render(SIZE, there=False, seed=1)))
    with pytest.raises(DatasetError, match=r"no part in an image of a good part\. Take"):
        teach(str(good), recipe, plant.data_folder)


def test_an_untaught_pose_does_not_run(plant: TinyPlant) -> None:
    aligned(plant)
    (plant.data_folder / "bundles/tiny/current").unlink()
    with pytest.raises(BundleError, match="not taught yet"), opened(plant):
        pass
