"""Teaching more: what was wrongly judged is judged rightly afterwards, or nothing is changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.bundle import open_bundle
from engines.memory.patches import memories_of
from engines.runtimes import load_engine
from inspector.core.errors import BundleError, Cancelled, DatasetError
from inspector.core.frame import Pixels
from inspector.core.recipe import PreparationSpec
from inspector.durable.images import encode_png
from inspector.teaching.again import GAIN, teach_good, teach_missed
from inspector.teaching.bundles import bundle_paths, calibration_path, current_bundle
from inspector.teaching.calibrated import Site
from inspector.teaching.change import TaughtAgain
from inspector.teaching.dataset import DatasetStore, Label, Split, manifest_hash
from inspector.teaching.teach import TeachResult
from tests.engines.pictures import part
from tests.teaching.conftest import files_below, recipe, write_parts
from tests.tiny_plant import make_bundle, tiny_recipe

MARK = "32,26,12,12"


def marked_part(number: int, *, faint: bool) -> Pixels:
    """A part with a faint dark stain at ``MARK``, or else with a printed green dot."""
    image = part(number).astype(np.int16)
    disc = np.zeros(image.shape[:2], np.uint8)
    cv2.circle(disc, (38, 32) if faint else (26, 32), 5, 1, -1)
    image[disc > 0] += np.array((-9, -9, -9) if faint else (0, 60, 0), np.int16)
    return image.clip(0, 255).astype(np.uint8)


def write(folder: Path, images: dict[str, Pixels]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, image in images.items():
        (folder / name).write_bytes(encode_png(image))
    return folder


@pytest.fixture
def site(taught: tuple[TeachResult, Path], tmp_path: Path) -> Site:
    return Site(shutil.copytree(taught[1], tmp_path / "plant", symlinks=True))


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    """Good parts of a new print, all of them rejected."""
    images = {f"{n}.png": marked_part(n, faint=False) for n in range(300, 304)}
    return write(tmp_path / "printed", images)


@pytest.fixture
def stained(tmp_path: Path) -> Path:
    """A defect that is missed."""
    return write(tmp_path, {"stain.png": marked_part(300, faint=True)}) / "stain.png"


def store_of(site: Site) -> DatasetStore:
    return DatasetStore(site.data_folder / "datasets/disc")


def scores(bundle: Path, images: list[Pixels]) -> np.ndarray:
    engine = load_engine(open_bundle(bundle))
    return np.array([float(engine.infer(image[None]).scores[0]) for image in images])


def unchanged(site: Site, teach: Callable[[], TaughtAgain], error: type[Exception]) -> str:
    """The words of the error that left all files as they were."""
    before = {path: path.read_bytes() for path in files_below(site.data_folder)}
    with pytest.raises(error) as raised:
        teach()
    assert {path: path.read_bytes() for path in files_below(site.data_folder)} == before
    return str(raised.value)


def test_good_images_pass_afterwards(
    site: Site, printed: Path, taught: tuple[TeachResult, Path]
) -> None:
    done = teach_good(printed, recipe(), site)
    change = done.change
    assert [image.name for image in change.images] == ["300.png", "301.png", "302.png", "303.png"]
    assert all(image.before > change.threshold_before for image in change.images)
    assert all(image.after <= change.threshold_after for image in change.images)
    assert all(won > 0 for won in change.good)
    assert change.missed == change.left == (0, 0)
    parent = taught[0]
    others = [marked_part(n, faint=False) for n in range(310, 316)]
    assert (scores(parent.bundle, others) > parent.calibration.threshold).all()
    assert (scores(done.bundle, others) <= done.calibration.threshold).all()
    spots = [part(n, spot=True) for n in range(320, 326)]
    assert (scores(done.bundle, spots) > done.calibration.threshold).all()


def test_other_scores_stay_or_fall_a_little(
    site: Site, printed: Path, taught: tuple[TeachResult, Path]
) -> None:
    done = teach_good(printed, recipe(), site)
    good = [part(n) for n in range(330, 340)]
    before, after = scores(taught[0].bundle, good), scores(done.bundle, good)
    assert (after <= before + 1e-5).all()
    assert after == pytest.approx(before, abs=0.02)
    assert (np.abs(after - before) < 1e-5).sum() >= 5  # nothing of the print is like them


def test_a_new_version_names_its_parent(
    site: Site, printed: Path, taught: tuple[TeachResult, Path]
) -> None:
    done = teach_good(printed, recipe(), site)
    bundle = open_bundle(done.bundle)
    parent = taught[0].bundle_hash
    provenance = bundle.manifest.provenance
    assert (provenance.parent, provenance.change) == (parent, "add-good")
    assert bundle.hash == done.bundle_hash
    assert current_bundle(site.data_folder, "disc") == done.bundle
    assert {path.name for path in bundle_paths(site.data_folder, "disc")} == {
        parent[:12],
        done.bundle.name,
    }
    assert calibration_path(done.bundle, "openvino").is_file()
    figures = json.loads((done.bundle.parent / f"{done.bundle.name}.change.json").read_text())
    assert figures["parent"] == parent
    assert figures["images"][0]["before"] == done.change.images[0].before
    entries = store_of(site).entries()
    assert provenance.dataset == manifest_hash(entries.values())
    added = [entry for entry in entries.values() if entry.source.startswith("30")]
    assert {(entry.label, entry.split) for entry in added} == {(Label.GOOD, Split.TEACH)}
    assert done.calibration.images == done.change.calibration_images == 10


def test_teaching_the_same_again_finds_nothing_new(site: Site, printed: Path) -> None:
    teach_good(printed, recipe(), site)
    words = unchanged(site, lambda: teach_good(printed, recipe(), site), DatasetError)
    assert "nothing is new in these images" in words


def test_production_joins_the_calibration(site: Site, printed: Path, tmp_path: Path) -> None:
    production = tmp_path / "production"
    write_parts(production, range(400, 420))
    shutil.copy(printed / "300.png", production / "same.png")
    shutil.copy(production / "400.png", production / "copy.png")
    write_parts(production, range(3))  # taught or calibrated with already
    done = teach_good(printed, recipe(), site, production=production)
    assert done.calibration.images == 30
    assert len(store_of(site).good_images(Split.CALIBRATE)) == 30
    assert len(store_of(site).good_images(Split.TEACH)) == 34


def test_production_alone_calibrates_anew(site: Site, printed: Path, tmp_path: Path) -> None:
    teach_good(printed, recipe(), site)
    write_parts(tmp_path / "production", range(400, 410))
    done = teach_good(printed, recipe(), site, production=tmp_path / "production")
    assert done.change.good == (0, 0)
    assert done.calibration.images == 20


def test_calibration_images_cannot_be_taught(site: Site, tmp_path: Path) -> None:
    held_out = store_of(site).good_images(Split.CALIBRATE)[0]
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(held_out, folder)
    words = unchanged(site, lambda: teach_good(folder, recipe(), site), DatasetError)
    assert "is in the dataset already, as a good image to calibrate with" in words


def test_a_missed_defect_is_found_afterwards(
    site: Site, stained: Path, taught: tuple[TeachResult, Path]
) -> None:
    done = teach_missed(stained, MARK, recipe(), site)
    (image,) = done.change.images
    assert image.before <= done.change.threshold_before
    assert image.after > done.change.threshold_after
    assert all(won > 0 for won in done.change.missed)
    assert done.change.good == (0, 0)
    assert done.change.rejected_after <= done.change.rejected_before
    again = [marked_part(n, faint=True) for n in range(340, 360)]
    found = (scores(done.bundle, again) > done.calibration.threshold).sum()
    assert found > (scores(taught[0].bundle, again) > taught[0].calibration.threshold).sum()
    good = [part(n) for n in range(360, 380)]
    assert (scores(done.bundle, good) <= done.calibration.threshold).all()


def test_a_missed_defect_is_kept_with_its_mask(site: Site, stained: Path) -> None:
    done = teach_missed(stained, MARK, recipe(), site)
    store = store_of(site)
    (entry,) = [entry for entry in store.entries().values() if entry.label is Label.DEFECTIVE]
    assert entry.source == "stain.png"
    assert entry.mask is not None
    mask = cv2.imread(str(store.folder / "objects" / entry.mask[:2] / f"{entry.mask}.png"), 0)
    assert mask is not None
    assert np.argwhere(mask).min(axis=0).tolist() == [26, 32]
    assert np.count_nonzero(mask) == 144
    assert len(store.good_images(Split.TEACH)) == 30
    provenance = open_bundle(done.bundle).manifest.provenance
    assert provenance.change == "missed"
    assert provenance.parameters["gain"] == GAIN * done.change.threshold_before
    assert provenance.dataset == manifest_hash(store.entries().values())


def test_both_can_follow_each_other(site: Site, printed: Path, stained: Path) -> None:
    first = teach_missed(stained, MARK, recipe(), site)
    second = teach_good(printed, recipe(), site)
    assert open_bundle(second.bundle).manifest.provenance.parent == first.bundle_hash
    stain = [marked_part(300, faint=True)]
    assert scores(second.bundle, stain) == pytest.approx(scores(first.bundle, stain), abs=0.02)
    missed = [len(memory.missed) for memory in memories_of(open_bundle(second.bundle))]
    assert tuple(missed) == first.change.missed


def test_a_defect_that_was_taught_is_no_good_image(site: Site, stained: Path) -> None:
    teach_missed(stained, MARK, recipe(), site)
    folder = stained.parent / "folder"
    folder.mkdir()
    shutil.copy(stained, folder)
    words = unchanged(site, lambda: teach_good(folder, recipe(), site), DatasetError)
    assert "as a defective image to teach with" in words


def test_a_defect_that_is_found_already_is_refused(site: Site, tmp_path: Path) -> None:
    write_parts(tmp_path, range(200, 201), spot=True)
    words = unchanged(
        site, lambda: teach_missed(tmp_path / "200.png", MARK, recipe(), site), DatasetError
    )
    assert "is rejected already (score" in words


def test_a_mark_on_an_ordinary_place_is_refused(
    site: Site, tmp_path: Path, taught: tuple[TeachResult, Path]
) -> None:
    write_parts(tmp_path, range(500, 501))
    score_map = load_engine(open_bundle(taught[0].bundle)).infer(part(500)[None]).maps[0]
    row, column = np.unravel_index(score_map.argmin(), score_map.shape)
    mark = f"{column * 4},{row * 4},1,1"
    words = unchanged(
        site, lambda: teach_missed(tmp_path / "500.png", mark, recipe(), site), DatasetError
    )
    assert "the marked place looks like good parts do" in words


def test_a_defect_that_good_parts_look_like_is_refused(
    site: Site, stained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engines.memory.growth.RADIUS", 20.0)
    words = unchanged(site, lambda: teach_missed(stained, MARK, recipe(), site), DatasetError)
    assert "good calibration images look like this defect: the threshold would rise" in words


def test_a_defect_that_would_still_pass_is_refused(
    site: Site, stained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.teaching.again.GAIN", 1e-3)
    words = unchanged(site, lambda: teach_missed(stained, MARK, recipe(), site), DatasetError)
    assert "would still pass (score" in words


def test_an_engine_without_memory_is_refused(site: Site, printed: Path) -> None:
    make_bundle(site.data_folder, tiny_recipe())
    shutil.copytree(site.data_folder / "datasets/disc", site.data_folder / "datasets/tiny")
    words = unchanged(site, lambda: teach_good(printed, tiny_recipe(), site), BundleError)
    assert "the engine mean-grey keeps no memory" in words
    assert "Teach patchcore" in words


def test_another_preparation_is_refused(site: Site, printed: Path) -> None:
    other = recipe().model_copy(update={"preparation": PreparationSpec(width=96, height=64)})
    words = unchanged(site, lambda: teach_good(printed, other, site), BundleError)
    assert "another preparation than the recipe has now" in words


def test_what_was_never_taught_cannot_be_taught_more(site: Site, printed: Path) -> None:
    other = recipe(product="nut")
    words = unchanged(site, lambda: teach_good(printed, other, site), BundleError)
    assert "product nut: was not taught on this PC" in words


@pytest.mark.parametrize("stage", ["before", "features", "bundle", "after"])
def test_cancelled_at_any_stage_leaves_nothing(site: Site, stained: Path, stage: str) -> None:
    seen: list[str] = []

    def teach() -> TaughtAgain:
        return teach_missed(
            stained,
            MARK,
            recipe(),
            site,
            progress=lambda name, share: seen.append(name),
            cancelled=lambda: stage in seen,
        )

    unchanged(site, teach, Cancelled)
    assert stage in seen


_TEACH = """
import sys
from pathlib import Path
from inspector.teaching.again import teach_missed
from inspector.teaching.calibrated import Site
from tests.teaching.conftest import recipe
done = teach_missed(Path(sys.argv[1]), sys.argv[2], recipe(), Site(Path(sys.argv[3])))
assert "torch" not in sys.modules, "torch was loaded"
print(done.bundle_hash)
"""


def test_the_same_lesson_gives_the_same_bundle_without_torch(
    site: Site, stained: Path, tmp_path: Path
) -> None:
    other = shutil.copytree(site.data_folder, tmp_path / "other", symlinks=True)
    done = subprocess.run(
        [sys.executable, "-c", _TEACH, str(stained), MARK, str(other)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == teach_missed(stained, MARK, recipe(), site).bundle_hash
