"""What a device delivered comes back: bytes, ids, gaps, incomplete frames, times."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from inspector.camera.device import (
    GIGE_16_BIT,
    Delivered,
    DeviceIdentity,
    Feature,
    FeatureKind,
    FrameIds,
)
from inspector.camera.recorded import RecordedDevice, recorded_camera
from inspector.camera.recorder import Recorder
from inspector.camera.recording import (
    INDEX,
    UNKNOWN,
    About,
    Circumstances,
    read_recording,
    segment_path,
)
from inspector.core.errors import (
    CameraEnded,
    CameraLost,
    CameraTimeout,
    DatasetError,
    FrameCorrupt,
    StorageError,
)
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.ports import SystemClock
from tests.clocks import HandClock

WIDTH, HEIGHT = 40, 32
MS = 1_000_000


def about(ids: FrameIds = FrameIds(0), *, running: bool = False) -> About:  # noqa: B008  # frozen
    features = (
        Feature("Width", FeatureKind.INTEGER, WIDTH),
        Feature("Height", FeatureKind.INTEGER, HEIGHT),
        Feature("PixelFormat", FeatureKind.ENUMERATION, "Mono8", choices=("Mono8",)),
        Feature("ExposureTime", FeatureKind.FLOAT, 800.0, 10.0, 1e6, unit="us"),
        Feature("TriggerMode", FeatureKind.ENUMERATION, "On", choices=("On", "Off")),
    )
    identity = DeviceIdentity("4711", "Maker", "Model")
    return About(utc_us=1, identity=identity, frame_ids=ids, features=features, running=running)


def frame(
    frame_id: int, at_ms: float, *, problem: str = "", size: int = WIDTH * HEIGHT, **chunks: int
) -> Delivered:
    data = np.random.default_rng(frame_id).integers(0, 256, size, np.uint8)
    at_ns = int(at_ms * MS)
    return Delivered(
        data, "Mono8", WIDTH, HEIGHT, WIDTH, frame_id, 5 * MS + at_ns, at_ns, problem, chunks
    )


def record(
    folder: Path,
    frames: list[Delivered],
    known: Circumstances = UNKNOWN,
    *,
    what: About | None = None,
    segment_bytes: int = 2**28,
) -> Path:
    recorder = Recorder(
        folder, what or about(), buffers=len(frames) + 1, segment_bytes=segment_bytes
    )
    for one in frames:
        assert recorder.offer(one, known)
    recorder.close()
    assert (recorder.recorded, recorder.dropped) == (len(frames), 0)
    return folder


FRAMES = [
    frame(0, 0),
    frame(1, 10, problem="", ChunkExposureTime=900),
    frame(4, 40),
    frame(5, 55, problem="3 packets are missing", size=700),
    frame(6, 60),
]


def test_frames_come_back_as_they_were(tmp_path: Path) -> None:
    clock = HandClock()
    device = RecordedDevice(record(tmp_path / "run", FRAMES), clock)
    device.open()
    device.start(8)
    started_ns = clock.now_ns
    for was in FRAMES:
        due_ns = started_ns + was.arrived_ns - FRAMES[0].arrived_ns
        assert clock.now_ns == due_ns or device.fetch(0.0) is None
        clock.now_ns = due_ns
        now = device.fetch(0.0)
        assert now is not None
        assert now.data.tobytes() == was.data.tobytes()
        assert (now.frame_id, now.problem, now.arrived_ns) == (was.frame_id, was.problem, due_ns)
        assert (now.width, now.height, now.stride, now.device_ns, now.chunks) == (
            was.width, was.height, was.stride, was.device_ns, was.chunks,
        )  # fmt: skip
        device.give_back(now)
    with pytest.raises(CameraEnded):
        device.fetch(0.0)
    assert device.identity.serial == "4711"
    device.close()
    with pytest.raises(CameraLost):
        device.fetch(0.0)


def test_as_fast_as_possible_nothing_is_waited_for_and_nothing_lost(tmp_path: Path) -> None:
    device = RecordedDevice(record(tmp_path / "run", FRAMES), HandClock(), fast=True)
    device.open()
    device.start(2)
    ids = []
    for _ in FRAMES:
        now = device.fetch(0.0)
        assert now is not None
        ids.append(now.frame_id)
        device.give_back(now)
    assert ids == [0, 1, 4, 5, 6]
    assert device.statistics().underrun == 0


def test_a_late_consumer_finds_what_the_buffers_held(tmp_path: Path) -> None:
    clock = HandClock()
    frames = [frame(number, 10 * number) for number in range(10)]
    device = RecordedDevice(record(tmp_path / "run", frames), clock)
    device.open()
    device.start(3)
    clock.move_ms(65)
    seen = []
    while (now := device.fetch(0.0)) is not None:
        seen.append(now.frame_id)
        device.give_back(now)
    clock.move_ms(5)
    now = device.fetch(0.0)
    assert now is not None
    assert [*seen, now.frame_id] == [0, 1, 2, 7]
    assert device.statistics().underrun == 4


def test_a_loop_goes_on_with_ids_that_wrap(tmp_path: Path) -> None:
    clock = HandClock()
    frames = [frame(id_, 10 * place) for place, id_ in enumerate((65534, 65535, 2))]
    folder = record(tmp_path / "run", frames, what=about(GIGE_16_BIT, running=True))
    device = RecordedDevice(folder, clock, loop=True)
    device.open()
    device.start(8)
    assert device.frame_ids.first == 65534
    clock.move_ms(50)
    ids = []
    while (now := device.fetch(0.0)) is not None:
        ids.append(now.frame_id)
    assert ids == [65534, 65535, 2, 3, 4, 6]


def test_gaps_and_incomplete_frames_are_lost_parts_of_the_line(tmp_path: Path) -> None:
    folder = record(tmp_path / "run", FRAMES, Circumstances(gain_db=3.0, encoder_count=77))
    camera = recorded_camera("cam", folder, SystemClock(), loop=False)
    camera.open()
    try:
        camera.start()
        assert camera.format == FrameFormat(WIDTH, HEIGHT, PixelFormat.MONO8)
        pixels = np.empty(camera.format.shape, np.uint8)
        seen, lost = {}, {}
        while True:
            try:
                info = camera.grab(pixels, 2.0)
            except FrameCorrupt as error:
                lost[error.trigger_count] = error.problem
            except CameraEnded:
                break
            else:
                seen[info.trigger_count] = (info, pixels.tobytes())
    finally:
        camera.close()
    assert sorted(seen) == [1, 2, 5, 7]
    assert sorted(lost) == [3, 4, 6]
    assert "3 packets are missing" in lost[6]
    for count, was in zip((1, 2, 5, 7), (0, 1, 2, 4), strict=True):
        info, data = seen[count]
        assert data == FRAMES[was].data.tobytes()
        assert (info.encoder_count, info.gain_db) == (77, 3.0)
        assert info.exposure_us == (900.0 if was == 1 else 800.0)
    times = [seen[count][0].arrived_ns for count in (1, 2, 5, 7)]
    assert np.diff(times).tolist() == [10 * MS, 30 * MS, 20 * MS]
    health = camera.health()
    assert health.triggers == health.frames + health.lost


def test_recorded_trigger_counts_rule(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "run", about())
    for number, count in enumerate((10, 11, 13)):
        recorder.offer(frame(number, 5 * number), Circumstances(trigger_count=count))
    recorder.close()
    camera = recorded_camera("cam", tmp_path / "run", SystemClock(), loop=False, fast=True)
    camera.open()
    camera.start()
    pixels = np.empty(camera.format.shape, np.uint8)
    assert [camera.grab(pixels, 1.0).trigger_count for _ in range(2)] == [1, 2]
    with pytest.raises(FrameCorrupt) as lost:
        camera.grab(pixels, 1.0)
    assert lost.value.trigger_count == 3
    assert camera.grab(pixels, 1.0).trigger_count == 4
    camera.close()


def test_what_finds_no_room_is_dropped_and_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    write = Recorder._write_next

    def slow(self: Recorder) -> bool:
        go.wait(5.0)
        return write(self)

    monkeypatch.setattr(Recorder, "_write_next", slow)
    recorder = Recorder(tmp_path / "run", about(), buffers=2)
    taken = [recorder.offer(frame(number, number)) for number in range(4)]
    go.set()
    recorder.close()
    assert taken == [True, True, False, False]
    assert (recorder.recorded, recorder.dropped) == (2, 2)
    entries = read_recording(tmp_path / "run").entries
    assert [(entry.frame_id, entry.dropped) for entry in entries] == [
        (0, False), (1, False), (2, True), (3, True)
    ]  # fmt: skip
    device = RecordedDevice(tmp_path / "run", HandClock(), fast=True)
    device.open()
    device.start(8)
    problems = [device.fetch(0.0).problem for _ in range(4)]  # type: ignore[union-attr]  # all there
    assert problems == ["", "", *["the recorder had no room for it"] * 2]


def test_segments_are_followed(tmp_path: Path) -> None:
    frames = [frame(number, number) for number in range(7)]
    folder = record(tmp_path / "run", frames, segment_bytes=2 * WIDTH * HEIGHT)
    entries = read_recording(folder).entries
    assert [entry.segment for entry in entries] == [0, 0, 1, 1, 2, 2, 3]
    device = RecordedDevice(folder, HandClock(), fast=True)
    device.open()
    device.start(8)
    for was in frames:
        now = device.fetch(0.0)
        assert now is not None
        assert now.data.tobytes() == was.data.tobytes()


@pytest.mark.parametrize("cut", [1, 30])
def test_a_line_that_is_cut_short_is_the_end(tmp_path: Path, cut: int) -> None:
    folder = record(tmp_path / "run", FRAMES)
    index = folder / INDEX
    index.write_bytes(index.read_bytes()[:-cut])
    recording = read_recording(folder)
    assert [entry.frame_id for entry in recording.entries] == [0, 1, 4, 5]
    assert recording.incomplete_end


def test_a_payload_that_is_cut_short_is_the_end(tmp_path: Path) -> None:
    folder = record(tmp_path / "run", FRAMES)
    payloads = segment_path(folder, 0)
    payloads.write_bytes(payloads.read_bytes()[:-1])
    assert len(read_recording(folder).entries) == len(FRAMES) - 1


def test_a_payload_that_was_changed_is_a_damaged_frame(tmp_path: Path) -> None:
    folder = record(tmp_path / "run", FRAMES)
    payloads = segment_path(folder, 0)
    content = bytearray(payloads.read_bytes())
    content[WIDTH * HEIGHT + 3] ^= 1
    payloads.write_bytes(content)
    device = RecordedDevice(folder, HandClock(), fast=True)
    device.open()
    device.start(8)
    frames = [device.fetch(0.0) for _ in FRAMES]
    assert [one.problem for one in frames if one][:3] == ["", "damaged on the disk", ""]


KILLED = """
import itertools, pathlib, sys
from inspector.camera.recorder import Recorder
from tests.camera.test_recording import about, frame
recorder = Recorder(pathlib.Path(sys.argv[1]), about())
for number in itertools.count():
    recorder.offer(frame(number, number))
    if recorder.recorded >= 20:
        print("go", flush=True)
"""


@pytest.mark.chaos
def test_a_recorder_that_is_killed_leaves_whole_frames(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", KILLED, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    device = RecordedDevice(folder, HandClock(), fast=True)
    device.open()
    device.start(8)
    count = len(read_recording(folder).entries)
    assert count >= 20
    for _ in range(count):
        now = device.fetch(0.0)
        assert now is not None
        if not now.problem:
            assert now.data.tobytes() == frame(now.frame_id, 0).data.tobytes()
        device.give_back(now)


def test_a_full_disk_ends_the_recording_with_its_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    recorder = Recorder(tmp_path / "run", about())
    recorder.offer(frame(0, 0))
    monkeypatch.setattr("inspector.camera.recorder.os.fsync", full)
    with pytest.raises(StorageError, match="disk is full"):
        recorder.close()
    assert not recorder.offer(frame(1, 1))
    assert recorder.dropped == 1


def test_a_recording_is_never_written_over(tmp_path: Path) -> None:
    record(tmp_path / "run", FRAMES)
    with pytest.raises(DatasetError, match="already"):
        Recorder(tmp_path / "run", about())


def test_what_is_no_recording_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no recording"):
        read_recording(tmp_path)
    Recorder(tmp_path / "run", about()).close()
    with pytest.raises(DatasetError, match="no frame was recorded"):
        RecordedDevice(tmp_path / "run", HandClock()).open()


def test_features_can_be_read_and_not_changed(tmp_path: Path) -> None:
    device = RecordedDevice(record(tmp_path / "run", FRAMES), HandClock())
    device.open()
    assert device.features.names() == ("Width", "Height", "PixelFormat", "ExposureTime")
    assert device.features.describe("ExposureTime").unit == "us"
    with pytest.raises(ValueError, match="was recorded"):
        device.features.set("ExposureTime", 1200.0)


def test_a_stopped_camera_times_out(tmp_path: Path) -> None:
    frames = [frame(number, 3000 * number) for number in range(2)]
    camera = recorded_camera("cam", record(tmp_path / "run", frames), SystemClock())
    camera.open()
    camera.start()
    pixels = np.empty(camera.format.shape, np.uint8)
    camera.grab(pixels, 1.0)
    with pytest.raises(CameraTimeout):
        camera.grab(pixels, 0.02)
    camera.close()
