"""Which images may calibrate: never one that was taught, and each once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inspector.core.errors import DatasetError
from inspector.durable.images import encode_png
from inspector.teaching.dataset import DatasetStore, Entry, Label, Split, digest_of
from inspector.teaching.held_out import held_out
from tests.tiny_plant import picture


def write(folder: Path, numbers: range, *, defective: bool = False) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:03}.png" for number in numbers]
    for number, path in zip(numbers, paths, strict=True):
        path.write_bytes(encode_png(picture(number, defective=defective)))
    return paths


def keep(store: DatasetStore, path: Path, split: Split, label: Label = Label.GOOD) -> None:
    entry = Entry(sha256=digest_of(path), suffix=".png", source=path.name, label=label, split=split)
    store.add([(entry, path)])


@pytest.fixture
def store(tmp_path: Path) -> DatasetStore:
    return DatasetStore(tmp_path / "store")


def test_taught_images_and_copies_are_left_out(tmp_path: Path, store: DatasetStore) -> None:
    paths = write(tmp_path / "good", range(6))
    keep(store, paths[0], Split.TEACH)
    keep(store, paths[1], Split.CALIBRATE)
    shutil.copy(paths[2], tmp_path / "good/copy.png")
    found = held_out(str(tmp_path / "good"), store)
    assert [path.stem for path in found.paths] == ["001", "copy", "003", "004", "005"]
    assert (found.taught, found.copies, found.teaching_known) == (1, 1, True)


def test_training_images_calibrate_and_test_images_measure(
    tmp_path: Path, store: DatasetStore
) -> None:
    taught = write(tmp_path / "train/good", range(5))[0]
    keep(store, taught, Split.TEACH)
    test = write(tmp_path / "test/good", range(10, 13))
    write(tmp_path / "test/spot", range(20, 22), defective=True)
    shutil.copy(tmp_path / "train/good/004.png", test[0])  # is in both
    found = held_out(str(tmp_path), store)
    assert len(found.paths) == 4
    assert [picture.truth for picture in found.test] == 2 * [Label.GOOD] + 2 * [Label.DEFECTIVE]


def test_test_images_calibrate_where_there_are_no_others(
    tmp_path: Path, store: DatasetStore
) -> None:
    write(tmp_path / "test/good", range(6))
    write(tmp_path / "test/spot", range(20, 22), defective=True)
    found = held_out(str(tmp_path), store)
    assert len(found.paths) == 6
    assert len(found.test) == 2
    assert not found.teaching_known


def test_training_images_need_to_be_known(tmp_path: Path, store: DatasetStore) -> None:
    write(tmp_path / "train/good", range(6))
    with pytest.raises(DatasetError, match="which of these images were taught"):
        held_out(str(tmp_path), store)
    assert len(held_out(str(tmp_path), store, untaught=True).paths) == 6


def test_stored_images_calibrate(tmp_path: Path, store: DatasetStore) -> None:
    paths = write(tmp_path / "good", range(4))
    for path, split in zip(paths, [Split.TEACH, *3 * [Split.CALIBRATE]], strict=True):
        keep(store, path, split)
    assert len(held_out("stored", store).paths) == 3


def test_kept_images_join_the_stored_ones(tmp_path: Path, store: DatasetStore) -> None:
    stored, both, *_ = write(tmp_path / "good", range(4))
    keep(store, stored, Split.CALIBRATE)
    keep(store, both, Split.CALIBRATE)
    stored.unlink()
    assert len(held_out(str(tmp_path / "good"), store).paths) == 3
    assert len(held_out(str(tmp_path / "good"), store, keep=True).paths) == 4


def test_taught_defect_is_not_good(tmp_path: Path, store: DatasetStore) -> None:
    paths = write(tmp_path / "good", range(4))
    keep(store, paths[2], Split.TEACH, Label.DEFECTIVE)
    with pytest.raises(DatasetError, match=r"002\.png: was taught as a defect"):
        held_out(str(tmp_path / "good"), store)


def test_one_image_is_not_good_and_defective(tmp_path: Path, store: DatasetStore) -> None:
    good = write(tmp_path / "test/good", range(4))
    (tmp_path / "test/spot").mkdir()
    shutil.copy(good[1], tmp_path / "test/spot/x.png")
    with pytest.raises(DatasetError, match=r"x\.png: is the same image as .*good or defective"):
        held_out(str(tmp_path), store)


def test_empty_folder(tmp_path: Path, store: DatasetStore) -> None:
    with pytest.raises(DatasetError, match="no images"):
        held_out(str(tmp_path), store)


def test_demo_cells_keep_their_split(store: DatasetStore) -> None:
    found = held_out("demo:solar-mono", store, untaught=True)
    assert len(found.paths) == 50
    assert {picture.truth for picture in found.test} == {Label.GOOD, Label.DEFECTIVE}
