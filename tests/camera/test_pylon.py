"""The pylon driver, against the emulation of cameras that the SDK itself brings."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from inspector.camera.device import Delivered, FeatureKind, FrameIds
from inspector.core.camera_config import PylonCamera
from inspector.core.errors import CameraError, CameraLost, ConfigError

try:
    from inspector.camera.drivers.pylon import discover, make
except ConfigError as error:
    pytest.skip(str(error), allow_module_level=True)

if TYPE_CHECKING:
    from inspector.camera.drivers.pylon import PylonDevice

SERIAL = "0815-0001"
TRANSPORT = "BaslerCamEmu"
WAIT_S = 5.0


@pytest.fixture(autouse=True)
def emulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cameras; the SDK reads this at each search."""
    monkeypatch.setenv("PYLON_CAMEMU", "2")


@pytest.fixture
def device() -> Iterator[PylonDevice]:
    made = make(config())
    made.open()
    for name, value in (("Width", 64), ("Height", 48), ("ExposureTimeAbs", 100.0)):
        made.features.set(name, value)
    made.features.set("AcquisitionFrameRate", 200.0)
    yield made
    made.close()


def config(name: str = SERIAL, transport: str = TRANSPORT) -> PylonCamera:
    return PylonCamera(driver="pylon", name=name, transport=transport)


def fetched(device: PylonDevice) -> Delivered:
    delivered = device.fetch(WAIT_S)
    assert delivered is not None
    return delivered


def fetch_ids(device: PylonDevice, count: int, ids: list[int] | None = None) -> list[int]:
    ids = [] if ids is None else ids
    for _ in range(count):
        delivered = fetched(device)
        ids.append(delivered.frame_id)
        device.give_back(delivered)
    return ids


def wait_until_gone(device: PylonDevice) -> None:
    deadline = time.monotonic() + WAIT_S
    while device.alive() and time.monotonic() < deadline:
        time.sleep(0.001)
    assert not device.alive()


# -- finding and opening ------------------------------------------------------------------------


def test_finds_cameras_of_one_transport() -> None:
    assert [found.serial for found in discover(TRANSPORT)] == ["0815-0000", SERIAL]
    assert discover(TRANSPORT)[0].vendor == "Basler"


def test_opens_again_after_close_and_numbers_anew(device: PylonDevice) -> None:
    for _ in range(3):
        device.close()
        device.close()
        device.open()
        assert device.identity.serial == SERIAL
        assert device.frame_ids == FrameIds(0)
        for _ in range(2):
            device.start(4)
            assert fetch_ids(device, 3) == [0, 1, 2]
            device.stop()
            device.stop()


def test_a_camera_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(CameraError, match=r"no camera 4711 on BaslerCamEmu.*0815-0000.*0815-0001"):
        make(config("4711")).open()


def test_a_transport_that_pylon_has_not_is_a_wrong_configuration() -> None:
    with pytest.raises(ConfigError, match=r"BaslerGige.*BaslerCamEmu"):
        make(config(transport="BaslerGige")).open()


@pytest.mark.parametrize(
    ("access", "says"),
    [
        ("Accessibility_NotReachable", "subnet"),
        ("Accessibility_OpenedExclusively", "held by another program"),
        ("Accessibility_Opened", "held by another program"),
    ],
)
def test_a_camera_that_cannot_be_opened_says_why(
    monkeypatch: pytest.MonkeyPatch, access: str, says: str
) -> None:
    sdk = importlib.import_module("inspector.camera.drivers.pylon_sdk").pylon
    answer = (False, getattr(sdk, access))
    monkeypatch.setattr(sdk.TlFactory, "IsDeviceAccessibleInfo", lambda *_: answer, raising=False)
    with pytest.raises(CameraError, match=says):
        make(config()).open()


def test_a_missing_sdk_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypylon", None)
    monkeypatch.delitem(sys.modules, "inspector.camera.drivers.pylon_sdk")
    with pytest.raises(ConfigError, match="pip install pypylon"):
        importlib.import_module("inspector.camera.drivers.pylon_sdk")


def test_opening_leaves_the_settings_as_they_are(device: PylonDevice) -> None:
    device.features.set("TriggerMode", "On")
    device.start(4)
    assert device.features.get("TriggerMode") == "On"
    assert device.features.get("AcquisitionMode") == "Continuous"


def test_a_program_that_ends_with_an_open_camera_ends_well() -> None:
    program = (
        "from inspector.camera.drivers.pylon import make\n"
        "from inspector.core.camera_config import PylonCamera\n"
        f"d = make(PylonCamera(driver='pylon', name={SERIAL!r}, transport={TRANSPORT!r}))\n"
        "d.open(); d.start(4); d.fetch(5.0)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert ended.returncode == 0


# -- frames -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "delivered_as", "bytes_per_pixel"),
    [
        ("Mono8", "Mono8", 1),
        ("Mono10", "Mono10", 2),
        ("Mono12", "Mono12", 2),
        ("Mono16", "Mono16", 2),
        ("BayerRG8", "BayerRG8", 1),
        ("BayerGB12", "BayerGB12", 2),
        ("RGB8Packed", "RGB8", 3),
        ("BGR8Packed", "BGR8", 3),
        ("BGRA8Packed", "BGRa8", 4),
    ],
)
def test_delivers_each_format_by_its_pfnc_name(
    device: PylonDevice, written: str, delivered_as: str, bytes_per_pixel: int
) -> None:
    device.features.set("PixelFormat", written)
    device.features.set("Width", 63)
    device.start(4)
    delivered = fetched(device)
    assert (delivered.width, delivered.height) == (63, 48)
    assert delivered.pixel_format == delivered_as
    assert delivered.stride == 63 * bytes_per_pixel
    assert delivered.data.shape == (48 * delivered.stride,)
    assert delivered.data.dtype == np.uint8
    assert delivered.data.any()
    assert not delivered.problem
    device.give_back(delivered)


def test_data_is_the_memory_of_the_sdk(device: PylonDevice) -> None:
    device.start(4)
    held = [fetched(device) for _ in range(3)]
    for delivered in held:
        handle: Any = delivered.handle
        again = np.frombuffer(handle.GetImageMemoryView(), np.uint8)
        assert delivered.data.ctypes.data == again.ctypes.data
    assert len({delivered.data.ctypes.data for delivered in held}) == 3
    for delivered in held:
        device.give_back(delivered)
    assert device.fetch(WAIT_S) is not None


def test_shows_the_pictures_of_a_file(device: PylonDevice, tmp_path: Path) -> None:
    picture = np.random.default_rng(5).integers(0, 255, (48, 64), np.uint8)
    cv2.imwrite(str(tmp_path / "part.png"), picture)
    device.features.set("PixelFormat", "Mono8")
    device.features.set("TestImageSelector", "Off")
    device.features.set("ImageFilename", str(tmp_path / "part.png"))
    device.features.set("ImageFileMode", "On")
    device.start(4)
    delivered = fetched(device)
    np.testing.assert_array_equal(delivered.data.reshape(48, 64), picture)
    device.give_back(delivered)


def test_frames_come_in_order_and_are_stamped_on_arrival(device: PylonDevice) -> None:
    device.start(8)
    before_ns = time.monotonic_ns()
    frames = [fetched(device) for _ in range(8)]
    assert [frame.frame_id for frame in frames] == list(range(8))
    arrived = [frame.arrived_ns for frame in frames]
    assert arrived == sorted(arrived)
    assert arrived[-1] > before_ns
    assert all(frame.device_ns is None and not frame.chunks for frame in frames)  # it keeps none


def test_a_stalled_consumer_loses_nothing_while_buffers_last(device: PylonDevice) -> None:
    device.start(16)
    time.sleep(0.3)
    resumed_ns = time.monotonic_ns()
    frames = [fetched(device) for _ in range(16)]
    assert [frame.frame_id for frame in frames] == list(range(16))
    assert all(frame.arrived_ns < resumed_ns for frame in frames)  # their age is told


def test_frames_that_no_buffer_is_left_for_are_a_gap_and_underruns(device: PylonDevice) -> None:
    """pylon would end its acquisition, at times, were the last of its results lent as well."""
    device.start(4)
    held = [fetched(device) for _ in range(4)]
    assert device.fetch(0.1) is None
    for delivered in held:
        device.give_back(delivered)
    resumed = fetched(device)
    lost = device.statistics().underrun
    assert [frame.frame_id for frame in held] == [0, 1, 2, 3]
    assert resumed.frame_id > 4
    assert lost >= resumed.frame_id - 4  # more may have been lost by now
    device.give_back(resumed)
    device.stop()
    assert device.statistics().underrun >= lost  # nothing is forgotten by
    lost = device.statistics().underrun
    device.start(4)  # an acquisition anew
    assert fetch_ids(device, 4) == [0, 1, 2, 3]
    assert device.statistics().underrun >= lost


def test_a_forced_failure_is_told_with_its_id(device: PylonDevice) -> None:
    device.start(8)
    device.features.set("ForceFailedBufferCount", 5)
    device.give_back(fetched(device))
    device.features.execute("ForceFailedBuffer")
    frames = []
    for _ in range(40):
        delivered = fetched(device)
        frames.append((delivered.frame_id, delivered.problem))
        device.give_back(delivered)
    assert [frame_id for frame_id, _ in frames] == list(range(1, 41))
    failed = [problem for _, problem in frames if problem]
    assert failed == ["The buffer was incompletely grabbed."] * 5


def test_a_failed_buffer_without_an_id_is_left_to_the_gap(device: PylonDevice) -> None:
    device.start(4)
    first = fetched(device)
    handle: Any = first.handle
    no_id = {"GetBlockID": lambda: 2**64 - 1, "GrabSucceeded": lambda: False}
    members = {name: getattr(handle, name) for name in dir(type(handle)) if name[0] != "_"}
    assert device._arrivals is not None
    device.stop()
    device._arrivals._came.put((0, SimpleNamespace(**{**members, **no_id})))
    assert device.fetch(0.01) is None


# -- triggers -----------------------------------------------------------------------------------


def test_a_software_trigger_makes_one_frame(device: PylonDevice) -> None:
    device.features.set("TriggerSource", "Software")
    device.features.set("TriggerMode", "On")
    device.start(4)
    assert device.fetch(0.02) is None
    for frame_id in range(5):
        deadline = time.monotonic() + WAIT_S
        while not device.fire():
            assert time.monotonic() < deadline
        assert fetch_ids(device, 1) == [frame_id]
    assert device.fetch(0.02) is None


def test_a_trigger_while_one_is_exposed_is_refused(device: PylonDevice) -> None:
    device.features.set("TriggerSource", "Software")
    device.features.set("TriggerMode", "On")
    device.features.set("ExposureTimeAbs", 100_000.0)
    device.start(4)
    deadline = time.monotonic() + WAIT_S
    while not device.fire():
        assert time.monotonic() < deadline
    assert not device.fire()


# -- loss ---------------------------------------------------------------------------------------


def test_removal_and_return(device: PylonDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    device.start(16)
    assert fetch_ids(device, 2) == [0, 1]
    features = device.features
    features.execute("FirePnPCallback")
    wait_until_gone(device)
    monkeypatch.setenv("PYLON_CAMEMU", "1")  # the second camera is gone
    with pytest.raises(CameraLost):
        fetch_ids(device, 100)
    with pytest.raises(CameraLost):
        device.fetch(0.0)
    with pytest.raises(CameraLost):
        features.get("Width")
    with pytest.raises(CameraLost):
        device.statistics()
    device.stop()
    device.close()
    for _ in range(3):
        with pytest.raises(CameraError, match=f"no camera {SERIAL}"):
            device.open()
    assert not device.alive()
    monkeypatch.setenv("PYLON_CAMEMU", "2")
    device.open()
    assert device.alive()
    device.start(4)
    assert fetch_ids(device, 3) == [0, 1, 2]
    with pytest.raises(CameraLost):  # of the camera that was: its nodes are gone for good
        features.get("Width")


def test_frames_that_came_before_the_removal_are_delivered(device: PylonDevice) -> None:
    device.start(16)
    held = [fetched(device) for _ in range(3)]
    time.sleep(0.1)
    device.features.execute("FirePnPCallback")
    wait_until_gone(device)
    ids: list[int] = []
    with pytest.raises(CameraLost):
        fetch_ids(device, 100, ids)
    assert ids[:5] == [3, 4, 5, 6, 7]
    assert ids == list(range(3, 3 + len(ids)))
    device.close()
    assert all(delivered.data.any() for delivered in held)  # they stay until given back
    for delivered in held:
        device.give_back(delivered)


def test_a_removal_wakes_the_consumer(device: PylonDevice) -> None:
    device.features.set("TriggerMode", "On")
    device.start(4)
    device.features.execute("FirePnPCallback")
    with pytest.raises(CameraLost):
        device.fetch(60.0)


# -- features -----------------------------------------------------------------------------------


def test_features_carry_limits_unit_and_choices(device: PylonDevice) -> None:
    names = device.features.names()
    assert len(names) == len(set(names))
    assert {"Width", "ExposureTime", "TriggerSoftware", "PixelFormat"} <= set(names)
    exposure = device.features.describe("ExposureTime")
    assert (exposure.kind, exposure.unit) == (FeatureKind.FLOAT, "us")
    assert (exposure.lower, exposure.upper, exposure.step) == (1.0, 1e7, 0.1)
    assert exposure.writable
    pixel_format = device.features.describe("PixelFormat")
    assert pixel_format.value == "Mono8"
    assert {"Mono8", "Mono12", "BayerRG8"} <= set(pixel_format.choices)
    sensor = device.features.describe("SensorWidth")
    assert (sensor.kind, sensor.value, sensor.writable) == (FeatureKind.INTEGER, 4096, False)
    assert device.features.describe("TriggerSoftware").value is None
    assert [device.features.describe(name).name for name in names] == list(names)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("Width", 99999, r"Width takes 1 to 4096, not 99999"),
        ("Width", 0, r"Width takes 1 to 4096, not 0"),
        ("Width", 64.5, "whole number"),
        ("Width", True, "whole number"),
        ("Width", "wide", "whole number"),
        ("ExposureTime", 2e7, r"1\.0 to 10000000\.0 us, not 20000000\.0"),
        ("ExposureTime", "long", "a number"),
        ("ReverseX", 1, "true or false"),
        ("PixelFormat", "Mono9", "one of Mono8, .*not Mono9"),
        ("ImageFilename", 3, "a text"),
        ("SensorWidth", 4096, "cannot be written"),
        ("TriggerSoftware", True, "command"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_limits(
    device: PylonDevice, name: str, value: Any, says: str
) -> None:
    before = None if name == "TriggerSoftware" else device.features.get(name)
    with pytest.raises(ValueError, match=says):
        device.features.set(name, value)
    assert before is None or device.features.get(name) == before


def test_values_are_read_back_as_written(device: PylonDevice) -> None:
    for name, value in (("ExposureTime", 800), ("ReverseX", True), ("DeviceUserID", "left")):
        device.features.set(name, value)
        assert device.features.get(name) == value


def test_a_feature_that_the_camera_has_not(device: PylonDevice) -> None:
    for access in (device.features.get, device.features.describe, device.features.execute):
        with pytest.raises(KeyError):
            access("Aperture")
    with pytest.raises(ValueError, match="command"):
        device.features.execute("Width")
    with pytest.raises(ValueError, match="cannot be read"):
        device.features.get("TriggerSoftware")


def test_what_is_locked_while_acquiring_is_refused(device: PylonDevice) -> None:
    device.start(4)
    with pytest.raises(ValueError, match="Width cannot be written now"):
        device.features.set("Width", 128)
    device.stop()
    device.features.set("Width", 128)
