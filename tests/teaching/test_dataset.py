"""The dataset store keeps every image once, with the split it was first given."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.errors import DatasetError
from inspector.core.judgement import Region
from inspector.teaching.dataset import DatasetStore, Entry, Label, Split, manifest_hash
from inspector.teaching.sources import Picture, good_pictures
from inspector.teaching.split import Chosen, split_good
from tests.teaching.conftest import files_below, write_parts


@pytest.fixture
def pictures(tmp_path: Path) -> list[Picture]:
    write_parts(tmp_path / "good", range(40))
    return good_pictures(tmp_path / "good")


def test_add_is_idempotent(pictures: list[Picture], tmp_path: Path) -> None:
    store = DatasetStore(tmp_path / "store")
    chosen = [(item.entry, item.path) for item in split_good(pictures, {}, 0)]
    store.add(chosen)
    before = {path: path.read_bytes() for path in files_below(tmp_path / "store")}
    assert len(before) == 41
    store.add(chosen)
    assert {path: path.read_bytes() for path in files_below(tmp_path / "store")} == before


def test_objects_are_the_images(pictures: list[Picture], tmp_path: Path) -> None:
    store = DatasetStore(tmp_path / "store")
    chosen = split_good(pictures, {}, 0)
    store.add((item.entry, item.path) for item in chosen)
    for item in chosen:
        assert store.path_of(item.entry).read_bytes() == item.path.read_bytes()


def test_everything_known_of_an_image_survives(pictures: list[Picture], tmp_path: Path) -> None:
    entry = Entry(
        sha256="ab" * 32,
        suffix=".png",
        source="x.png",
        label=Label.DEFECTIVE,
        split=Split.TEST,
        category="crack",
        regions=(Region(0.1, 0.2, 0.3, 0.4, 12.0, None, 3.0),),
        lot="L7",
        reviewer="tanaka",
    )
    DatasetStore(tmp_path / "store").add([(entry, pictures[0].path)])
    assert DatasetStore(tmp_path / "store").entries() == {entry.sha256: entry}


def test_hash_ignores_order_and_follows_labels(pictures: list[Picture]) -> None:
    entries = [item.entry for item in split_good(pictures, {}, 0)]
    assert manifest_hash(entries) == manifest_hash(entries[::-1])
    other = entries[0].model_copy(update={"lot": "L8"})
    assert manifest_hash([other, *entries[1:]]) != manifest_hash(entries)


def test_split_depends_on_seed_alone(pictures: list[Picture]) -> None:
    def calibrating(seed: int) -> set[str]:
        chosen = split_good(pictures[::-1] if seed == 0 else pictures, {}, seed)
        return {item.entry.sha256 for item in chosen if item.entry.split is Split.CALIBRATE}

    def again(seed: int) -> set[str]:
        chosen = split_good(pictures, {}, seed)
        return {item.entry.sha256 for item in chosen if item.entry.split is Split.CALIBRATE}

    assert calibrating(0) == again(0)
    assert again(0) != again(1)
    assert len(again(0)) == 10


def test_known_images_keep_their_split(pictures: list[Picture]) -> None:
    first = {item.entry.sha256: item.entry for item in split_good(pictures[:20], {}, 7)}
    later = {item.entry.sha256: item.entry for item in split_good(pictures, first, 0)}
    assert {digest: later[digest].split for digest in first} == {
        digest: entry.split for digest, entry in first.items()
    }
    assert sum(entry.split is Split.CALIBRATE for entry in later.values()) == 10


def by_split(chosen: list[Chosen]) -> dict[Split, set[str]]:
    return {
        split: {item.entry.sha256 for item in chosen if item.entry.split is split}
        for split in (Split.TEACH, Split.CALIBRATE)
    }


@pytest.mark.parametrize("limit", [10, 12, 25, 39])
def test_a_limit_takes_of_both_splits_whatever_was_taught_before(
    pictures: list[Picture], limit: int
) -> None:
    every = by_split(split_good(pictures, {}, 0))
    known = {item.entry.sha256: item.entry for item in split_good(pictures, {}, 0)}
    fresh = by_split(split_good(pictures, {}, 0, limit))
    assert by_split(split_good(pictures, known, 0, limit)) == fresh
    assert [len(fresh[split]) for split in (Split.TEACH, Split.CALIBRATE)] == [
        limit - min(limit // 2, 10),
        min(limit // 2, 10),
    ]
    assert all(fresh[split] <= every[split] for split in every)


def test_images_that_all_have_one_use_are_refused(pictures: list[Picture]) -> None:
    known = {item.entry.sha256: item.entry for item in split_good(pictures, {}, 0)}
    uses = {split: known_as(split, known, pictures) for split in (Split.TEACH, Split.CALIBRATE)}
    with pytest.raises(
        DatasetError, match=r"good: 0 images to teach and 10 to calibrate with.*new"
    ):
        split_good(uses[Split.CALIBRATE], known, 0)
    with pytest.raises(DatasetError, match=r"30 images to teach and 0 to calibrate"):
        split_good(uses[Split.TEACH], known, 0)


def known_as(split: Split, known: dict[str, Entry], pictures: list[Picture]) -> list[Picture]:
    names = {entry.source for entry in known.values() if entry.split is split}
    return [picture for picture in pictures if picture.name in names]


def test_damaged_manifest_names_the_line(pictures: list[Picture], tmp_path: Path) -> None:
    store = DatasetStore(tmp_path / "store")
    store.add((item.entry, item.path) for item in split_good(pictures, {}, 0))
    manifest = tmp_path / "store/manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes()[:-30])
    with pytest.raises(DatasetError, match=r"manifest\.jsonl: line 40"):
        store.entries()
