from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from inspector.core.errors import StorageError
from inspector.ledger.evidence import (
    EvidenceStore,
    decode_image,
    decode_map,
    encode_image,
    encode_map,
)
from inspector.ledger.pool import EvidencePool
from tests.ledger.parts_on_a_line import heat, picture


@pytest.mark.parametrize(
    "shape", [(40, 30, 1), (40, 30, 3), (1, 1, 3), (41, 30, 2), (40, 33, 6), (1, 1, 2), (1, 1, 6)]
)
def test_images_come_back_bit_for_bit(shape: tuple[int, int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    assert np.array_equal(decode_image(encode_image("image", pixels).file.data), pixels)


def test_red_is_red_to_other_readers() -> None:
    import cv2

    red = np.zeros((2, 2, 3), np.uint8)
    red[..., 0] = 255
    data = encode_image("image", red).file.data
    blue_first = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert blue_first is not None
    assert blue_first[0, 0].tolist() == [0, 0, 255]


def test_deep_images_are_ordinary_pictures_of_sixteen_bits() -> None:
    import cv2

    levels = np.arange(2 * 3 * 3, dtype=np.uint16).reshape(2, 3, 3) * 3000
    data = encode_image("image", levels.view(np.uint8)).file.data
    blue_first = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert blue_first is not None
    assert blue_first.dtype == np.uint16
    assert np.array_equal(blue_first[:, :, ::-1], levels)


def test_maps_come_back_within_one_code() -> None:
    scores = heat()
    coded = encode_map("map", scores)
    offset, step = coded.facts["offset"], coded.facts["step"]
    assert isinstance(offset, float)
    assert isinstance(step, float)
    back = decode_map(coded.file.data, offset, step)
    assert np.abs(back - scores).max() <= step
    assert step == pytest.approx((scores.max() - scores.min()) / 65534)


def test_maps_keep_what_is_not_a_number() -> None:
    scores = np.array([[1.0, np.nan], [np.inf, 3.0]], np.float32)
    coded = encode_map("map", scores)
    back = decode_map(coded.file.data, float(coded.facts["offset"]), float(coded.facts["step"]))  # type: ignore[arg-type]  # facts are JSON; these two are numbers
    assert np.array_equal(np.isnan(back), [[False, True], [True, False]])
    assert back[0, 0] == pytest.approx(1.0)
    assert back[1, 1] == pytest.approx(3.0)


def test_a_map_of_one_value_comes_back() -> None:
    coded = encode_map("map", np.full((4, 4), 2.5, np.float32))
    back = decode_map(coded.file.data, float(coded.facts["offset"]), float(coded.facts["step"]))  # type: ignore[arg-type]  # facts are JSON; these two are numbers
    assert back == pytest.approx(np.full((4, 4), 2.5))


def test_a_large_map_shrinks_and_keeps_its_peak() -> None:
    scores = np.zeros((500, 301), np.float32)
    scores[499, 300] = 9.0
    coded = encode_map("map", scores)
    back = decode_map(coded.file.data, float(coded.facts["offset"]), float(coded.facts["step"]))  # type: ignore[arg-type]  # facts are JSON; these two are numbers
    assert back.shape == (250, 151)
    assert back[-1, -1] == pytest.approx(9.0)
    assert (coded.facts["map_height"], coded.facts["map_width"]) == (500, 301)


def test_equal_content_is_kept_once_under_its_digest(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence")
    store.prepare()
    one, same = encode_image("image", picture()), encode_image("image-1", picture())
    store.keep([one, same])
    store.keep([one])
    files = [path for path in store.folder.rglob("*") if path.is_file()]
    assert files == [store.path(one.digest, ".png")]
    assert files[0].read_bytes() == one.file.data


def test_leftovers_are_removed_at_the_next_start(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence")
    store.prepare()
    half = store.folder / "ab" / f"{'ab' * 32}.part"
    half.write_bytes(b"half")
    assert store.prepare() == 1
    assert not half.exists()
    assert store.prepare() == 0


def test_a_full_disk_leaves_no_file_under_a_final_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = EvidenceStore(tmp_path / "evidence")
    store.prepare()
    pictures = [encode_image("image", picture(seed)) for seed in range(3)]
    flushes = 0

    def full(descriptor: int) -> None:
        nonlocal flushes
        flushes += 1
        if flushes == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="disk is full"):
        store.keep(pictures)
    assert not list(store.folder.rglob("*.png"))
    monkeypatch.undo()
    store.keep(pictures)
    assert len(list(store.folder.rglob("*.png"))) == 3
    assert not list(store.folder.rglob("*.part"))


def test_the_pool_copies_and_gives_nothing_when_it_is_empty() -> None:
    pool = EvidencePool(1, 3600, 1024)
    image, scores = picture(), heat()
    lease = pool.copy(image, scores)
    assert lease is not None
    image[:] = 0
    assert lease.images is not None
    assert lease.images.any()
    assert pool.copy(picture(), None) is None
    lease.release()
    assert pool.copy(picture(), None) is not None


def test_the_pool_refuses_what_does_not_fit_and_stays_whole() -> None:
    pool = EvidencePool(1, 3600, 1024)
    assert pool.copy(picture(side=61), None) is None
    assert pool.copy(None, heat(side=33)) is None
    assert pool.copy(None, np.zeros((0, 5), np.float32)) is None
    assert pool.copy(picture().astype(np.uint16), None) is None
    assert pool.copy(picture(), heat()) is not None


def test_several_views_are_numbered() -> None:
    pool = EvidencePool(1, 3600 * 2, 1024 * 2)
    lease = pool.copy(np.stack([picture(1), picture(2)]), np.stack([heat(1), heat(2)]))
    assert lease is not None
    names = [item.file.name for item in lease.encode()]
    assert names == ["image-0", "image-1", "map-0", "map-1"]
