"""Files keep their rate, frames are never lost silently, and what is cut can come back."""

from __future__ import annotations

import http.server
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest

from inspector.camera.device import Delivered
from inspector.camera.drivers.opencv import OpenCvDevice, make
from inspector.camera.drivers.opencv_features import CaptureFeatures
from inspector.camera.drivers.opencv_reader import Reader
from inspector.camera.drivers.opencv_source import Source
from inspector.camera.formats import Unpacker
from inspector.core.camera_config import OpenCvCamera
from inspector.core.errors import CameraEnded, CameraError, CameraLost
from inspector.core.frame import FrameFormat, PixelFormat, Pixels

LEVELS = (20, 60, 100, 140, 180, 220)


def write_video(path: Path, levels: tuple[int, ...] = LEVELS) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 50.0, (64, 48))
    for level in levels:
        writer.write(np.full((48, 64, 3), level, np.uint8))
    writer.release()
    return path


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "belt.avi")


@contextmanager
def opened(device: OpenCvDevice, buffers: int = 8) -> Iterator[OpenCvDevice]:
    device.open()
    try:
        device.start(buffers)
        yield device
    finally:
        device.close()


def device_of(source: Path | str, *, frame_rate: float = 0.0, loop: bool = False) -> OpenCvDevice:
    return make(
        OpenCvCamera(
            driver="opencv", name="cam", source=str(source), frame_rate=frame_rate, loop=loop
        )
    )


def next_frame(device: OpenCvDevice) -> Delivered:
    frame = device.fetch(5.0)
    assert frame is not None
    return frame


def take_all(device: OpenCvDevice) -> None:
    while True:
        device.give_back(next_frame(device))


def test_a_file_is_played_at_its_rate_and_ends(video: Path) -> None:
    with opened(device_of(video)) as device:
        frames = []
        for _ in LEVELS:
            frame = next_frame(device)
            frames.append((frame.frame_id, frame.arrived_ns, int(frame.data.mean()), frame.source))
            device.give_back(frame)
        with pytest.raises(CameraEnded):
            device.fetch(5.0)
        assert device.alive()
    assert [number for number, *_ in frames] == list(range(len(LEVELS)))
    assert [level for _, _, level, _ in frames] == pytest.approx(LEVELS, abs=3)
    assert frames[3][3] == f"{video}#3"
    took_s = (frames[-1][1] - frames[0][1]) / 1e9
    assert took_s >= 0.8 * (len(LEVELS) - 1) / 50.0


def test_a_rate_of_our_own_is_kept_and_told(video: Path) -> None:
    with opened(device_of(video, frame_rate=20.0)) as device:
        assert device.features.get("AcquisitionFrameRate") == 20.0
        first, second = next_frame(device), next_frame(device)
        assert second.arrived_ns - first.arrived_ns >= 0.04e9


def test_a_loop_goes_on_with_frame_ids(video: Path) -> None:
    with opened(device_of(video, frame_rate=500.0, loop=True)) as device:
        for number in range(2 * len(LEVELS) + 2):
            frame = next_frame(device)
            assert frame.frame_id == number
            assert frame.source == f"{video}#{number % len(LEVELS)}"
            device.give_back(frame)


def test_a_consumer_that_keeps_the_buffers_leaves_gaps_and_they_are_counted(video: Path) -> None:
    with opened(device_of(video, frame_rate=200.0, loop=True), buffers=2) as device:
        kept = [next_frame(device), next_frame(device)]
        while device.statistics().underrun < 5:
            time.sleep(0.005)
        for frame in kept:
            device.give_back(frame)
        after = next_frame(device)
        lost = device.statistics().underrun
        assert after.frame_id >= 2 + 5
        assert after.frame_id <= 2 + lost


def test_buffers_are_used_again(video: Path) -> None:
    with opened(device_of(video, frame_rate=500.0, loop=True), buffers=3) as device:
        places = set()
        for _ in range(20):
            frame = next_frame(device)
            places.add(frame.data.ctypes.data)
            device.give_back(frame)
        assert len(places) <= 3


def test_frames_unpack_to_rgb(tmp_path: Path) -> None:
    path = tmp_path / "red.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 50.0, (64, 48))
    writer.write(np.full((48, 64, 3), (0, 0, 250), np.uint8))
    writer.release()
    with opened(device_of(path)) as device:
        out = np.empty((48, 64, 3), np.uint8)
        Unpacker(FrameFormat(64, 48, PixelFormat.RGB8)).unpack(next_frame(device), out)
    assert out.mean(axis=(0, 1)) == pytest.approx((250, 0, 0), abs=6)


def test_a_stopped_file_waits_and_numbers_begin_anew(video: Path) -> None:
    with opened(device_of(video, frame_rate=100.0)) as device:
        first = next_frame(device)
        device.stop()
        assert device.fetch(0.05) is None
        device.start(4)
        again = next_frame(device)
        assert again.frame_id == 0
        device.give_back(first)  # of the acquisition before: not ours any more
        assert len(again.data) == len(first.data)


def test_a_file_that_disappears_is_a_loss_and_it_can_be_opened_again(video: Path) -> None:
    device = device_of(video, frame_rate=500.0, loop=True)
    with opened(device):
        video.unlink()
        with pytest.raises(CameraLost, match=r"belt\.avi"):
            take_all(device)
        assert not device.alive()
        with pytest.raises(CameraLost):
            device.features.get("Width")
        with pytest.raises(CameraError, match="cannot be opened"):
            device.open()
    write_video(video)
    with opened(device):
        assert next_frame(device).frame_id == 0


def test_features_of_a_file_are_read_only(video: Path) -> None:
    with opened(device_of(video)) as device:
        features = device.features
        values = {name: features.describe(name).value for name in features.names()}
        with pytest.raises(ValueError, match="cannot be set"):
            features.set("Width", 32)
        with pytest.raises(KeyError):
            features.get("ExposureTime")
    assert values == {
        "Width": 64, "Height": 48, "AcquisitionFrameRate": 50.0, "PixelFormat": "BGR8"
    }  # fmt: skip


class Mjpeg:
    """A network camera on the loop-back address: motion JPEG by HTTP."""

    def __init__(self, port: int = 0) -> None:
        self.running = threading.Event()
        self.running.set()
        running = self.running

        class Stream(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                picture = cv2.imencode(".jpg", np.full((48, 64, 3), 90, np.uint8))[1].tobytes()
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}"
                while running.is_set():
                    self.wfile.write(head.encode() + b"\r\n\r\n" + picture + b"\r\n")
                    time.sleep(0.01)

            def log_message(self, *_args: object) -> None: ...

        http.server.ThreadingHTTPServer.allow_reuse_address = True
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Stream)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def cut(self) -> None:
        self.running.clear()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def test_a_network_stream_that_is_cut_is_lost_and_comes_back() -> None:
    camera = Mjpeg()
    device = device_of(f"http://inspector:secret@127.0.0.1:{camera.port}/video.mjpg")
    try:
        with opened(device):
            for number in range(5):
                frame = next_frame(device)
                assert frame.frame_id == number
                assert int(frame.data.mean()) == pytest.approx(90, abs=3)
                device.give_back(frame)
            camera.cut()
            with pytest.raises(CameraLost) as lost:
                take_all(device)
            assert not device.alive()
            assert "secret" not in f"{lost.value} {device.identity}"
            with pytest.raises(CameraError, match="cannot be opened"):
                device.open()
        camera = Mjpeg(camera.port)
        with opened(device):
            assert next_frame(device).frame_id == 0
            assert device.alive()
    finally:
        camera.cut()


@pytest.mark.parametrize("source", ["9", "/nowhere/belt.mp4", "http://127.0.0.1:9/none"])
def test_what_cannot_be_opened_is_told_at_once(source: str) -> None:
    with pytest.raises(CameraError, match="cannot be opened"):
        device_of(source).open()


def test_passwords_are_not_shown() -> None:
    assert Source("rtsp://me:secret@10.0.0.7:554/one").shown == "rtsp://10.0.0.7:554/one"


def test_a_closed_device_is_lost_for_whoever_still_asks(video: Path) -> None:
    device = device_of(video)
    with opened(device):
        pass
    device.close()
    assert not device.alive()
    for ask in (lambda: device.fetch(0.0), lambda: device.features, lambda: device.start(2)):
        with pytest.raises(CameraLost):
            ask()


class UsbCamera:
    """A driver that, like Video4Linux, takes a size only when both sides were written."""

    def __init__(self) -> None:
        self.values = {
            cv2.CAP_PROP_FRAME_WIDTH: 640.0,
            cv2.CAP_PROP_FRAME_HEIGHT: 480.0,
            cv2.CAP_PROP_FPS: 30.0,
            cv2.CAP_PROP_EXPOSURE: 157.0,
            cv2.CAP_PROP_AUTO_EXPOSURE: 3.0,
        }
        self.pending: dict[int, float] = {}
        self.grabs = 0

    def get(self, number: int) -> float:
        return self.values.get(number, -1.0)

    def set(self, number: int, value: float) -> bool:
        if number not in self.values:
            return False
        if number > cv2.CAP_PROP_FRAME_HEIGHT:
            self.values[number] = value
            return True
        self.pending[number] = value
        if len(self.pending) == 2:
            self.values.update(self.pending)
            self.pending.clear()
        return True

    def grab(self) -> bool:
        self.grabs += 1
        time.sleep(0.002)
        return self.grabs < 20

    def retrieve(self, image: Pixels) -> tuple[bool, Pixels]:
        return True, image


@pytest.mark.skipif(sys.platform == "win32", reason="DirectShow counts exposures otherwise")
def test_features_of_a_usb_camera() -> None:
    video = UsbCamera()
    features = CaptureFeatures(
        Reader(Source("0"), cast("cv2.VideoCapture", video), period_s=0.0, loop=False), camera=True
    )
    assert "Gain" not in features.names()
    assert features.get("ExposureTime") == 15_700.0
    features.set("ExposureAuto", "Off")
    features.set("ExposureTime", 800.0)
    features.set("Width", 1280)
    features.set("Height", 720)
    assert (features.get("Width"), features.get("Height")) == (1280, 720)
    assert (features.get("ExposureAuto"), features.get("ExposureTime")) == ("Off", 800.0)
    assert features.describe("ExposureAuto").choices == ("Off", "Continuous")
    with pytest.raises(ValueError, match="cannot be set"):
        features.set("PixelFormat", "Mono8")


def test_a_usb_camera_is_lost_after_several_failures() -> None:
    video = UsbCamera()
    reader = Reader(Source("0"), cast("cv2.VideoCapture", video), period_s=0.0, loop=False)
    reader.start(1, (48, 64, 3))
    reader.stop()
    with pytest.raises(CameraLost, match="USB camera 0"):
        reader.take(5.0)
    assert video.grabs > 20 + 3
    reader.close()
