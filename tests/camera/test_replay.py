"""Replay: the picture follows the trigger, lost triggers are counted, bad files are named."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.camera.pictures import FilePictures, VideoPictures
from inspector.camera.replay import ReplayCamera
from inspector.core.errors import CameraEnded, CameraTimeout, DatasetError, ImageError
from inspector.core.frame import PixelFormat
from inspector.core.levels import levels_of
from inspector.sim.belt import Belt
from tests.clocks import HandClock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for grey in range(5):
        cv2.imwrite(str(tmp_path / f"{grey}.png"), np.full((40, 48), 10 * grey, np.uint8))
    return tmp_path


def camera(folder: Path, clock: HandClock, *, loop: bool = True, buffers: int = 16) -> ReplayCamera:
    belt = Belt(clock, parts_per_s=10.0, counts_per_part=10)
    pictures = FilePictures.of_folder(folder, PixelFormat.MONO8)
    replay = ReplayCamera("cam", pictures, belt, clock, loop=loop, buffers=buffers)
    replay.open()
    replay.start()
    return replay


def test_pictures_come_in_order_and_loop(folder: Path) -> None:
    clock = HandClock()
    replay = camera(folder, clock)
    pixels = np.empty(replay.format.shape, np.uint8)
    with pytest.raises(CameraTimeout):
        replay.grab(pixels, 0.0)
    clock.move_ms(700)
    seen = []
    for _ in range(7):
        info = replay.grab(pixels, 0.0)
        seen.append((info.trigger_count, info.source, int(pixels.max())))
    names = [(n + 1, f"{n % 5}.png", 10 * (n % 5)) for n in range(7)]
    assert seen == names


def test_without_a_loop_it_ends_and_counts_no_trigger_beyond(folder: Path) -> None:
    clock = HandClock()
    replay = camera(folder, clock, loop=False)
    pixels = np.empty(replay.format.shape, np.uint8)
    clock.move_ms(1000)
    for _ in range(5):
        replay.grab(pixels, 0.0)
    with pytest.raises(CameraEnded):
        replay.grab(pixels, 0.0)
    assert replay.health().triggers == 5


def test_a_late_consumer_loses_the_oldest_frames_and_they_are_counted(folder: Path) -> None:
    clock = HandClock()
    replay = camera(folder, clock, buffers=3)
    pixels = np.empty(replay.format.shape, np.uint8)
    clock.move_ms(1000)
    assert replay.grab(pixels, 0.0).trigger_count == 8
    health = replay.health()
    assert (health.triggers, health.frames, health.lost) == (10, 1, 7)


def test_files_beyond_the_cache_are_read_when_their_turn_comes(folder: Path) -> None:
    files = sorted(folder.iterdir())
    pictures = FilePictures(files, PixelFormat.MONO8, cache_bytes=2 * 40 * 48)
    pictures.open()
    out = np.empty(pictures.format.shape, np.uint8)
    for index, file in enumerate(files):
        assert pictures.read(index, out) == file.name
        assert out.max() == 10 * index


def test_a_picture_of_another_size_is_named(folder: Path) -> None:
    cv2.imwrite(str(folder / "zz.png"), np.zeros((50, 50), np.uint8))
    pictures = FilePictures.of_folder(folder, PixelFormat.MONO8)
    with pytest.raises(ImageError, match=r"zz\.png: 50x50 px"):
        pictures.open()


def test_empty_and_missing_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no pictures"):
        FilePictures.of_folder(tmp_path, PixelFormat.MONO8)
    with pytest.raises(DatasetError, match="no such folder"):
        FilePictures.of_folder(tmp_path / "absent", PixelFormat.MONO8)


def test_video_frames_can_be_skipped_and_looped(tmp_path: Path) -> None:
    path = tmp_path / "belt.avi"
    fourcc = cv2.VideoWriter.fourcc(*"MJPG")
    writer = cv2.VideoWriter(str(path), fourcc, 10.0, (64, 48), isColor=True)
    for grey in (20, 60, 100, 140, 180):
        writer.write(np.full((48, 64, 3), grey, np.uint8))
    writer.release()
    pictures = VideoPictures(path, PixelFormat.MONO8)
    pictures.open()
    assert len(pictures) == 5
    out = np.empty(pictures.format.shape, np.uint8)
    for index, grey in [(0, 20), (3, 140), (1, 60), (4, 180)]:
        assert pictures.read(index, out) == f"belt.avi#{index}"
        assert abs(int(out.mean()) - grey) <= 3
    pictures.close()


def test_a_broken_video_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.avi"
    path.write_bytes(b"not a video")
    with pytest.raises(ImageError, match=r"broken\.avi: no frame"):
        VideoPictures(path, PixelFormat.RGB8).open()
    with pytest.raises(ImageError, match="no such file"):
        VideoPictures(tmp_path / "absent.avi", PixelFormat.RGB8).open()


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_deep_files_reach_the_slot_as_they_are(tmp_path: Path, suffix: str) -> None:
    levels = np.random.default_rng(0).integers(0, 4096, (3, 41, 50), np.uint16)
    for number, image in enumerate(levels):
        cv2.imwrite(str(tmp_path / f"{number}{suffix}"), image)
    clock = HandClock()
    belt = Belt(clock, parts_per_s=10.0, counts_per_part=10)
    pictures = FilePictures.of_folder(tmp_path, PixelFormat.MONO12)
    replay = ReplayCamera("cam", pictures, belt, clock)
    replay.open()
    replay.start()
    clock.move_ms(300)
    assert replay.format.shape == (41, 50, 2)
    slot = np.empty((1, *replay.format.shape), np.uint8)
    for image in levels:
        assert replay.grab(slot[0], 0.0).pixel_format is PixelFormat.MONO12
        assert np.array_equal(levels_of(slot[0])[:, :, 0], image)


def test_a_deep_file_beyond_the_recipe_s_white_is_named_at_open(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "bright.png"), np.full((40, 48), 5000, np.uint16))
    with pytest.raises(ImageError, match=r"bright\.png: level 5000.*Mono12 is 4095"):
        FilePictures.of_folder(tmp_path, PixelFormat.MONO12).open()


@pytest.mark.parametrize("deep", [PixelFormat.MONO12, PixelFormat.RGB16])
def test_videos_are_scaled_up_for_deep_recipes(tmp_path: Path, deep: PixelFormat) -> None:
    path = tmp_path / "belt.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, (64, 48))
    writer.write(np.full((48, 64, 3), 100, np.uint8))
    writer.release()
    pictures = VideoPictures(path, deep)
    pictures.open()
    out = np.empty(pictures.format.shape, np.uint8)
    pictures.read(0, out)
    assert levels_of(out) == pytest.approx(100 * deep.white / 255, rel=0.03)
    pictures.close()
