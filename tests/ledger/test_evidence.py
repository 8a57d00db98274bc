from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inspector.core.errors import StorageError
from inspector.core.frame import PixelFormat, ScoreMap
from inspector.core.levels import level_type, pixels_of
from inspector.durable import codecs
from inspector.durable.codecs import encode_png
from inspector.durable.images import read_image
from inspector.ledger import evidence
from inspector.ledger.evidence import (
    Evidence,
    EvidenceStore,
    decode_image,
    decode_map,
    encode_coarse_map,
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
    data = encode_png(red)
    assert np.array_equal(decode_image(data), red)
    blue_first = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert blue_first is not None
    assert blue_first[0, 0].tolist() == [0, 0, 255]


def test_deep_images_are_ordinary_pictures_of_sixteen_bits() -> None:
    import cv2

    levels = np.arange(2 * 3 * 3, dtype=np.uint16).reshape(2, 3, 3) * 3000
    data = encode_png(levels)
    assert np.array_equal(decode_image(data), levels.view(np.uint8))
    blue_first = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert blue_first is not None
    assert blue_first.dtype == np.uint16
    assert np.array_equal(blue_first[:, :, ::-1], levels)


@pytest.mark.parametrize("shape", [(1, 1), (32, 20), (256, 256)])
def test_maps_come_back_bit_for_bit(shape: tuple[int, int]) -> None:
    scores = np.random.default_rng(2).normal(3.0, 1.0, shape).astype(np.float32)
    scores[0, 0] = np.inf
    coded = encode_map("map", scores)
    assert coded.file.suffix == ".f32.zst"
    assert np.array_equal(decode_map(coded.file.data, coded.facts), scores)


def test_a_damaged_map_or_picture_is_refused() -> None:
    coded = encode_map("map", heat())
    with pytest.raises(ValueError, match="damaged"):
        decode_map(coded.file.data[:-20], coded.facts)
    with pytest.raises(ValueError, match="picture"):
        decode_image(encode_image("image", picture()).file.data[:-200])
    with pytest.raises(ValueError, match="picture"):
        decode_image(b"none")


def test_coarse_maps_come_back_within_one_code() -> None:
    scores = heat()
    coded = encode_coarse_map("map", scores)
    step = coded.facts["step"]
    assert isinstance(step, float)
    back = decode_map(coded.file.data, coded.facts)
    assert np.abs(back - scores).max() <= step
    assert step == pytest.approx((scores.max() - scores.min()) / 65534)


def test_coarse_maps_keep_what_is_not_a_number() -> None:
    scores = np.array([[1.0, np.nan], [np.inf, 3.0]], np.float32)
    coded = encode_coarse_map("map", scores)
    back = decode_map(coded.file.data, coded.facts)
    assert np.array_equal(np.isnan(back), [[False, True], [True, False]])
    assert back[0, 0] == pytest.approx(1.0)
    assert back[1, 1] == pytest.approx(3.0)


def test_a_coarse_map_of_one_value_comes_back() -> None:
    coded = encode_coarse_map("map", np.full((4, 4), 2.5, np.float32))
    assert decode_map(coded.file.data, coded.facts) == pytest.approx(np.full((4, 4), 2.5))


@pytest.mark.parametrize("encode", [encode_map, encode_coarse_map])
def test_a_large_map_shrinks_and_keeps_its_peak(
    encode: Callable[[str, ScoreMap], Evidence],
) -> None:
    scores = np.zeros((500, 301), np.float32)
    scores[499, 300] = 9.0
    coded = encode("map", scores)
    back = decode_map(coded.file.data, coded.facts)
    assert back.shape == (250, 151)
    assert back[-1, -1] == pytest.approx(9.0)
    assert (coded.facts["map_height"], coded.facts["map_width"]) == (500, 301)


def test_without_the_codecs_evidence_is_png_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codecs, "JPEG_XL", False)
    monkeypatch.setattr(evidence, "JPEG_XL", False)
    pixels = np.random.default_rng(1).integers(0, 256, (40, 30, 6), np.uint8)
    image, score_map = encode_image("image", pixels), encode_map("map", heat())
    assert (image.file.suffix, score_map.file.suffix) == (".png", ".png")
    assert np.array_equal(decode_image(image.file.data), pixels)
    assert decode_map(score_map.file.data, score_map.facts) == pytest.approx(heat(), abs=1e-3)


def test_equal_content_is_kept_once_under_its_digest(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence")
    store.prepare()
    one, same = encode_image("image", picture()), encode_image("image-1", picture())
    store.keep([one, same])
    store.keep([one])
    files = [path for path in store.folder.rglob("*") if path.is_file()]
    assert files == [store.path(one.digest, ".jxl")]
    assert files[0].read_bytes() == one.file.data


@pytest.mark.parametrize("pixel_format", ["Mono8", "Mono12", "RGB8", "RGB16"])
def test_a_replay_camera_reads_what_the_ledger_kept(tmp_path: Path, pixel_format: str) -> None:
    form = PixelFormat(pixel_format)
    levels = np.random.default_rng(3).integers(0, form.white + 1, (40, 33, form.colours))
    pixels = pixels_of(levels.astype(level_type(form)))
    file = tmp_path / "kept.jxl"
    file.write_bytes(encode_image("image", pixels).file.data)
    assert np.array_equal(read_image(file, form), pixels)


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
    assert not list(store.folder.rglob("*.jxl"))
    monkeypatch.undo()
    store.keep(pictures)
    assert len(list(store.folder.rglob("*.jxl"))) == 3
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
