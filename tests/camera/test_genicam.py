"""The GenTL driver against the simulated producer that the package ``genicam`` brings."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("genicam", reason="the package genicam is not installed")
pytest.importorskip("harvesters", reason="the package harvesters is not installed")

import genicam
from genicam import gentl

from inspector.camera.device import GIGE_16_BIT, Delivered, FrameIds
from inspector.camera.drivers.genicam import GenicamDevice, discover, make
from inspector.camera.drivers.gentl_stream import GIGE
from inspector.camera.drivers.producers import Producer
from inspector.core.camera_config import GenicamCamera
from inspector.core.errors import CameraError, CameraLost, ConfigError

PACKAGE = Path(genicam.__file__).parent
VIKY = PACKAGE / "viky.cti"
RED, BLUE = "0", "VikyTL_DEV_blue"

Opened = Callable[[str], GenicamDevice]


def a_device(name: str = RED, producer: Path = VIKY) -> GenicamDevice:
    return make(GenicamCamera(driver="genicam", name=name, producer=str(producer)))


@pytest.fixture
def opened() -> Iterator[Opened]:
    devices: list[GenicamDevice] = []

    def open_one(name: str = RED) -> GenicamDevice:
        device = a_device(name)
        devices.append(device)
        device.open()
        device.features.set("AcquisitionFrameRate", 200.0)
        return device

    yield open_one
    for device in devices:
        device.close()
    assert not Producer._loaded


@pytest.fixture
def device(opened: Opened) -> GenicamDevice:
    return opened(RED)


def next_of(device: GenicamDevice) -> Delivered:
    delivered = device.fetch(2.0)
    assert delivered is not None
    return delivered


def ids(device: GenicamDevice, count: int) -> list[int]:
    numbers = []
    for _ in range(count):
        delivered = next_of(device)
        numbers.append(delivered.frame_id)
        device.give_back(delivered)
    return numbers


def test_discovers_what_the_producer_lists() -> None:
    found = discover(VIKY)
    assert [(d.serial, d.model) for d in found] == [("0", "Viky"), ("1", "Viky"), ("2", "Viky")]
    assert found[2].address == BLUE


def test_frames_come_in_order_and_begin_anew_at_every_start(device: GenicamDevice) -> None:
    for _ in range(2):
        device.start(16)
        first = device.frame_ids.first
        assert ids(device, 20) == list(range(first, first + 20))
        device.stop()
    device.close()
    device.open()
    device.start(16)
    assert ids(device, 3) == [0, 1, 2]


def test_a_frame_is_a_view_of_the_producers_memory(device: GenicamDevice) -> None:
    device.start(3)
    addresses = set()
    for _ in range(9):
        frame = next_of(device)
        assert (frame.pixel_format, frame.width, frame.height) == ("RGBa8", 400, 400)
        assert frame.stride == 1600
        assert frame.data.reshape(400, 400, 4).std() > 0
        assert frame.problem == ""
        addresses.add(frame.data.__array_interface__["data"][0])
        device.give_back(frame)
    assert len(addresses) <= 3


def test_size_and_format_follow_the_features(device: GenicamDevice) -> None:
    device.features.set("PixelFormat", "Mono8")
    device.features.set("Width", 321)
    device.features.set("Height", 200)
    device.start(3)
    frame = next_of(device)
    assert (frame.pixel_format, frame.width, frame.height) == ("Mono8", 321, 200)
    assert (frame.stride, frame.data.size) == (321, 321 * 200)


def test_chunks_come_under_their_names(device: GenicamDevice) -> None:
    device.features.set("ChunkModeActive", True)
    device.start(3)
    assert set(next_of(device).chunks) == {"ChunkNrBounces"}


def test_a_frame_without_a_free_buffer_is_a_gap_of_the_ids(device: GenicamDevice) -> None:
    device.start(3)
    held = [next_of(device) for _ in range(3)]
    assert device.fetch(0.0) is None
    time.sleep(0.1)
    for frame in held:
        device.give_back(frame)
    assert [frame.frame_id for frame in held] == [0, 1, 2]
    assert next_of(device).frame_id > 3


def test_no_frame_is_none(device: GenicamDevice) -> None:
    device.features.set("AcquisitionFrameRate", 1.0)
    device.start(3)
    assert device.fetch(0.001) is None


def test_two_devices_of_one_producer(opened: Opened) -> None:
    red, blue = opened(RED), opened(BLUE)
    assert (red.identity.serial, blue.identity.serial) == ("0", "2")
    red.start(4)
    blue.start(4)
    assert ids(red, 3) == [0, 1, 2]
    red.close()
    blue.start(4)
    assert ids(blue, 3) == [0, 1, 2]


def test_features_have_limits(device: GenicamDevice) -> None:
    width = device.features.describe("Width")
    assert (width.lower, width.upper, width.step, width.value) == (100, 800, 1, 400)
    with pytest.raises(ValueError, match=r"AcquisitionFrameRate takes 1(\.0)? to 200(\.0)? Hz"):
        device.features.set("AcquisitionFrameRate", 1000)
    with pytest.raises(ValueError, match="PixelFormat takes one of RGBa8, Mono8"):
        device.features.set("PixelFormat", "Mono12")
    with pytest.raises(KeyError):
        device.features.get("ExposureTime")


def test_a_device_that_is_not_there(device: GenicamDevice) -> None:
    assert device.alive()
    with pytest.raises(CameraError, match=r"17: not found .* Viky 0 .*Viky 1 .*Viky 2"):
        a_device("17").open()


def test_a_device_that_another_holds(device: GenicamDevice) -> None:
    with pytest.raises(CameraError, match="another program holds the camera"):
        a_device(RED).open()
    assert device.alive()


def test_what_is_closed_is_lost(device: GenicamDevice) -> None:
    features = device.features
    device.close()
    device.close()
    assert not device.alive()
    for use in (lambda: features.get("Width"), lambda: device.features, lambda: device.fetch(0.0)):
        with pytest.raises(CameraLost):
            use()


def test_a_device_that_vanishes_is_lost_and_can_be_opened_again(device: GenicamDevice) -> None:
    device.start(4)
    held = next_of(device)
    device._device.close()
    assert not device.alive()
    with pytest.raises(CameraLost):
        device.features.set("Width", 300)
    with pytest.raises(CameraLost):
        device.fetch(1.0)
    device.give_back(held)
    device.stop()
    device.open()
    device.start(4)
    assert ids(device, 2) == [0, 1]


def test_a_buffer_of_an_earlier_acquisition_is_ignored(device: GenicamDevice) -> None:
    device.start(2)
    old = next_of(device)
    device.start(2)
    device.give_back(old)
    device.give_back(old)
    assert ids(device, 6)[0] == 0


def test_a_software_trigger_needs_the_feature(
    device: GenicamDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CameraError, match="no TriggerSoftware"):
        device.fire()
    given: list[str] = []
    monkeypatch.setattr(device.features, "execute", given.append)
    assert device.fire()
    assert given == ["TriggerSoftware"]

    def refuse(name: str) -> None:
        raise ValueError(name)

    monkeypatch.setattr(device.features, "execute", refuse)
    assert not device.fire()


class ABuffer:
    """A buffer that says what it is told to say; other questions are not implemented."""

    def __init__(self, **says: Any) -> None:
        self._says = says

    def __getattr__(self, name: str) -> Any:
        return (lambda: self._said(name)) if name.startswith(("is_", "has_")) else self._said(name)

    def _said(self, name: str) -> Any:
        if name not in self._says:
            raise gentl.NotAvailableException(name)
        return self._says[name]


def described(device: GenicamDevice, **says: Any) -> Delivered:
    usual: dict[str, Any] = {
        "width": 10,
        "height": 4,
        "pixel_format": 0x01100005,
        "padding_x": 2,
        "frame_id": 65535,
        "raw_buffer": bytes(100),
        "payload_type": 1,
        "is_complete": True,
        "size_filled": 88,
    }
    assert device._stream is not None
    return device._stream._describe(ABuffer(**usual | says), arrived_ns=5)


def test_rows_may_be_padded(device: GenicamDevice) -> None:
    frame = described(device, image_offset=12)
    assert (frame.pixel_format, frame.stride, frame.data.size) == ("Mono12", 22, 88)
    assert frame.arrived_ns == 5


def test_a_buffer_that_says_nothing_of_its_size_is_as_the_device_says(
    device: GenicamDevice,
) -> None:
    frame = described(device, width=0, height=0, pixel_format=0, raw_buffer=bytes(802 * 800))
    assert (frame.width, frame.height, frame.pixel_format) == (400, 400, "RGBa8")


def test_what_is_wrong_with_a_buffer_is_said(device: GenicamDevice) -> None:
    assert described(device).problem == ""
    incomplete = described(device, is_complete=False, size_filled=44)
    assert incomplete.problem == "incomplete: 44 of 88 bytes"
    assert incomplete.frame_id == 0
    assert "larger" in described(device, has_received_larger_payload=True).problem
    assert "type 10" in described(device, payload_type=10).problem


def test_time_stamps_are_in_nanoseconds(device: GenicamDevice) -> None:
    assert described(device, timestamp_ns=7).device_ns == 7
    assert described(device, timestamp=125).device_ns is None
    assert device._stream is not None
    device._stream._ticks_per_s = 125_000_000
    assert described(device, timestamp=125).device_ns == 1000


def test_gige_vision_numbers_its_frames_itself(
    device: GenicamDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert device._numbering("U3V") == FrameIds(0)
    assert device._numbering(GIGE) == GIGE_16_BIT
    monkeypatch.setattr(device.features, "get", lambda name: "On")
    assert device._numbering(GIGE) == FrameIds(1)
    assert device._stream is not None
    device._stream._transport = GIGE
    assert described(device).frame_id == 65535


def test_a_producer_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.cti: no such file"):
        discover(tmp_path / "nothing.cti")


@pytest.mark.parametrize("damage", ["text", "half", "foreign"])
def test_a_damaged_producer_is_told_of_and_does_not_end_the_process(
    tmp_path: Path, damage: str
) -> None:
    path = tmp_path / "damaged.cti"
    whole = VIKY.read_bytes()
    other = next(PACKAGE.glob("*Log*"))
    contents = {"text": b"text", "half": whole[: len(whole) // 2], "foreign": other.read_bytes()}
    path.write_bytes(contents[damage])
    with pytest.raises(ConfigError, match=r"damaged\.cti: not a GenTL producer, or damaged"):
        a_device(producer=path).open()


def test_a_missing_package_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "genicam", None)
    monkeypatch.delitem(sys.modules, "inspector.camera.drivers.producers")
    with pytest.raises(ConfigError, match=r"packages genicam and harvesters .*pip install"):
        importlib.import_module("inspector.camera.drivers.producers")


def test_the_picture_moves(device: GenicamDevice) -> None:
    device.start(4)
    first = next_of(device)
    before = first.data.copy()
    device.give_back(first)
    assert any(not np.array_equal(before, next_of(device).data) for _ in range(4))
