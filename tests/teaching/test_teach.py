"""A teaching ends with a calibrated bundle, or with one clear line and nothing on the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from calibration.threshold import load_calibration
from engines.bundle import open_bundle
from engines.runtimes import load_engine, self_test
from inspector.core.errors import BundleError, Cancelled, ConfigError, DatasetError, ImageError
from inspector.core.recipe import Box, PreparationSpec
from inspector.preparation import preparation_hash
from inspector.teaching.bundles import bundle_paths, calibration_path, current_bundle
from inspector.teaching.dataset import DatasetStore, Split, manifest_hash
from inspector.teaching.teach import TeachResult, teach
from tests.teaching.conftest import files_below, recipe, write_parts


@pytest.fixture
def own_data(taught: tuple[TeachResult, Path], tmp_path: Path) -> Path:
    """A copy of the data folder that was taught 40 images."""
    return Path(shutil.copytree(taught[1], tmp_path / "copy", symlinks=True))


def test_leaves_a_current_calibrated_bundle(taught: tuple[TeachResult, Path]) -> None:
    result, data = taught
    assert current_bundle(data, "disc") == result.bundle
    assert bundle_paths(data, "disc") == [result.bundle]
    bundle = open_bundle(result.bundle)
    assert bundle.hash == result.bundle_hash
    assert result.bundle.name == bundle.hash[:12]
    assert bundle.preparation_hash == preparation_hash(recipe().preparation)
    engine = load_engine(bundle)
    self_test(engine, bundle)
    file = calibration_path(result.bundle, "openvino")
    loaded = load_calibration(file, engine.info, recipe().basis)
    assert loaded == result.calibration
    assert loaded.extrapolated
    assert loaded.images == 10


def test_split_is_recorded_with_the_images(taught: tuple[TeachResult, Path]) -> None:
    result, data = taught
    entries = DatasetStore(data / "datasets/disc").entries()
    splits = [entry.split for entry in entries.values()]
    assert splits.count(Split.TEACH) == result.teach_images == 30
    assert splits.count(Split.CALIBRATE) == result.calibrate_images == 10
    assert manifest_hash(entries.values()) == result.dataset_hash
    assert open_bundle(result.bundle).manifest.provenance.dataset == result.dataset_hash


def test_stages_are_timed(taught: tuple[TeachResult, Path]) -> None:
    stages = [
        "images",
        "backbone",
        "features",
        "coreset",
        "bundle",
        "compile",
        "calibrate",
        "store",
    ]
    assert list(taught[0].seconds) == stages


def test_teaching_again_changes_nothing(taught: tuple[TeachResult, Path], mvtec: Path) -> None:
    result, data = taught
    before = {path: path.read_bytes() for path in files_below(data)}
    again = teach(str(mvtec), recipe(), data)
    assert again.bundle_hash == result.bundle_hash
    assert {path: path.read_bytes() for path in files_below(data)} == before


def test_limit_of_good_images(good_folder: Path, tmp_path: Path) -> None:
    result = teach(str(good_folder), recipe(), tmp_path / "data", good=12)
    assert (result.teach_images, result.calibrate_images) == (6, 6)


def test_fewer_images_than_were_taught_before(mvtec: Path, own_data: Path) -> None:
    result = teach(str(mvtec), recipe(), own_data, good=10)
    assert (result.teach_images, result.calibrate_images) == (5, 5)


def test_out_is_used_and_not_made_current(good_folder: Path, tmp_path: Path) -> None:
    result = teach(str(good_folder), recipe(), tmp_path / "data", out=tmp_path / "mine")
    assert open_bundle(tmp_path / "mine").hash == result.bundle_hash
    assert (tmp_path / "mine.calibration-openvino.yaml").is_file()
    assert current_bundle(tmp_path / "data", "disc") is None
    with pytest.raises(BundleError, match="mine: is there already"):
        teach(str(good_folder), recipe(), tmp_path / "data", out=tmp_path / "mine")


@pytest.mark.parametrize("stage", ["backbone", "features", "coreset", "bundle", "calibrate"])
def test_cancelled_at_any_stage_leaves_nothing(
    good_folder: Path, tmp_path: Path, stage: str
) -> None:
    seen: list[str] = []
    with pytest.raises(Cancelled):
        teach(
            str(good_folder),
            recipe(),
            tmp_path / "data",
            progress=lambda name, share: seen.append(name),
            cancelled=lambda: stage in seen,
        )
    assert stage in seen
    assert files_below(tmp_path / "data") == []


def refused(source: Path, tmp_path: Path, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        teach(str(source), recipe(), tmp_path / "data")
    assert files_below(tmp_path / "data") == []


def test_mixed_sizes_name_file_and_remedy(good_folder: Path, tmp_path: Path) -> None:
    write_parts(good_folder, range(90, 96), size=80)
    refused(good_folder, tmp_path, DatasetError, r"\d+\.png: .* px, but .*--fit stretch")
    assert teach(str(good_folder), recipe("stretch"), tmp_path / "data").teach_images == 20


def test_corrupt_file_is_named(good_folder: Path, tmp_path: Path) -> None:
    (good_folder / "bad.png").write_bytes(b"nothing")
    refused(good_folder, tmp_path, ImageError, r"bad\.png: corrupt")


def test_too_few_images(tmp_path: Path) -> None:
    write_parts(tmp_path / "few", range(9))
    refused(tmp_path / "few", tmp_path, DatasetError, "few: 9 different good images are too few")


def test_copies_of_one_image_count_once(tmp_path: Path) -> None:
    write_parts(tmp_path / "few", range(9))
    for number in range(9):
        copy = tmp_path / "few" / f"copy{number}.png"
        copy.write_bytes((tmp_path / "few" / f"{number:03}.png").read_bytes())
    refused(tmp_path / "few", tmp_path, DatasetError, "9 different")


def test_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", tmp_path, DatasetError, "empty: no images")


def test_missing_folder(tmp_path: Path) -> None:
    refused(tmp_path / "none", tmp_path, DatasetError, "none: cannot be read")


def test_unknown_demo_set(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"demo:moon.*demo:solar-mono"):
        teach("demo:moon", recipe(), tmp_path / "data")


def test_region_outside_names_the_image(good_folder: Path, tmp_path: Path) -> None:
    region = PreparationSpec(width=64, height=64, region=Box(x=0, y=0, width=65, height=64))
    wide = recipe().model_copy(update={"preparation": region})
    with pytest.raises(ConfigError, match=r"\.png: preparation\.region"):
        teach(str(good_folder), wide, tmp_path / "data")


def test_pointer_to_nowhere_is_refused(tmp_path: Path) -> None:
    pointer = tmp_path / "bundles/disc/current"
    pointer.parent.mkdir(parents=True)
    pointer.write_text("../../../etc", encoding="utf-8")
    with pytest.raises(BundleError, match="names no bundle"):
        current_bundle(tmp_path, "disc")
