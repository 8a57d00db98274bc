"""The Aravis driver: at Aravis' simulated camera in this process, and at its fake GigE camera.

The fake GigE camera is a program of its own that speaks the real protocol over loopback; see
``aravis_network``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from inspector.camera.device import GIGE_16_BIT, Delivered, FeatureKind, FrameIds, LinkStatistics
from inspector.camera.drivers import aravis_link
from inspector.camera.drivers.aravis import AravisDevice, make
from inspector.camera.drivers.aravis_stream import FrameCount, _active_chunks
from inspector.core.camera_config import AravisCamera
from inspector.core.errors import CameraError, CameraLost, ConfigError

try:
    SDK = aravis_link.load()
except ConfigError as error:
    pytest.skip(str(error), allow_module_level=True)

SERIAL = "1"
ADDED = """
<Integer Name="NeverThere"><pIsAvailable>No</pIsAvailable><Value>3</Value></Integer>
<Integer Name="No"><Value>0</Value></Integer>
<Integer Name="Speed">
  <Value>30</Value><Min>10</Min><Max>90</Max><Inc>5</Inc><Unit>km/h</Unit>
</Integer>
<Enumeration Name="AcquisitionStatusSelector">
  <EnumEntry Name="FrameTriggerWait"><Value>0</Value></EnumEntry><Value>0</Value>
</Enumeration>
<Boolean Name="AcquisitionStatus">
  <Value>READY</Value><OnValue>1</OnValue><OffValue>0</OffValue>
</Boolean>
<Boolean Name="ChunkModeActive">
  <Value>READY</Value><OnValue>1</OnValue><OffValue>0</OffValue>
</Boolean>
<Enumeration Name="ChunkSelector">
  <EnumEntry Name="CounterValue"><Value>0</Value></EnumEntry>
  <EnumEntry Name="ExposureTime"><Value>1</Value></EnumEntry>
  <EnumEntry Name="Image"><Value>2</Value></EnumEntry>
  <Value>0</Value>
</Enumeration>
<Boolean Name="ChunkEnable">
  <pValue>Enabled</pValue><OnValue>1</OnValue><OffValue>0</OffValue>
</Boolean>
<IntSwissKnife Name="Enabled">
  <pVariable Name="S">ChunkSelector</pVariable><Formula>S = 1</Formula>
</IntSwissKnife>
<Integer Name="ChunkCounterValue"><Value>7</Value></Integer>
<Float Name="ChunkExposureTime"><Value>800.0</Value></Float>
"""


@pytest.fixture(scope="module", autouse=True)
def _only_the_simulated_camera() -> Iterator[None]:
    """Nothing goes to the network from this process."""
    real = ("GigEVision", "USB3Vision")
    for name in real:
        SDK.disable_interface(name)
    SDK.enable_interface("Fake")
    yield
    SDK.disable_interface("Fake")
    for name in real:
        SDK.enable_interface(name)


def device(name: str = SERIAL, address: str = "Fake_1") -> AravisDevice:
    return make(AravisCamera(driver="aravis", name=name, device=address))


@pytest.fixture
def camera() -> Iterator[AravisDevice]:
    opened = device()
    opened.open()
    opened.features.set("AcquisitionFrameRate", 200.0)
    yield opened
    opened.close()


def fetch(camera: AravisDevice) -> Delivered:
    delivered = camera.fetch(5.0)
    assert delivered is not None
    return delivered


def test_who_it_is(camera: AravisDevice) -> None:
    identity = camera.identity
    assert (identity.serial, identity.vendor, identity.model) == ("1", "Aravis", "Fake")
    assert identity.version


def test_it_is_found_by_its_serial_number() -> None:
    found = device(address="")
    found.open()
    assert found.identity.serial == SERIAL
    found.close()


def test_another_serial_number_is_refused() -> None:
    other = device("22334455")
    with pytest.raises(CameraError, match=r"22334455: .* has the serial number 1\. Correct"):
        other.open()
    assert not other.alive()


def test_a_camera_that_is_nowhere_is_not_found() -> None:
    with pytest.raises(CameraError, match=r"no camera with this serial number; found: 1\. Check"):
        device("22334455", address="").open()


def test_a_frame_is_a_view_of_the_memory_that_aravis_fills(camera: AravisDevice) -> None:
    camera.features.set("Width", 320)
    camera.features.set("Height", 200)
    camera.start(2)
    addresses = []
    for _ in range(6):
        frame = fetch(camera)
        handle: Any = frame.handle
        assert (frame.width, frame.height, frame.stride, frame.data.size) == (320, 200, 320, 64000)
        assert frame.data.tobytes() == handle.get_data()  # which copies
        addresses.append(frame.data.ctypes.data)
        camera.give_back(frame)
    assert len(set(addresses)) <= 2


def test_pixels_of_more_bytes_have_longer_rows(camera: AravisDevice) -> None:
    camera.features.set("PixelFormat", "Mono16")
    camera.features.set("Width", 100)
    camera.start(2)
    frame = fetch(camera)
    assert (frame.pixel_format, frame.width, frame.stride) == ("Mono16", 100, 200)
    camera.features.set("PixelFormat", "Mono8")


def test_a_frame_outlives_its_acquisition(camera: AravisDevice) -> None:
    camera.start(2)
    kept = fetch(camera)
    pixels = kept.data.copy()
    for _ in range(3):
        camera.start(2)
        camera.give_back(kept)  # of an acquisition that is over
        fetch(camera)
    assert np.array_equal(kept.data, pixels)


def test_ids_begin_at_one_and_wrap_nowhere_near_it(camera: AravisDevice) -> None:
    """The simulated camera counts on from 65400 and wraps after 135 frames."""
    for count in (150, 3):
        camera.start(16)
        ids = []
        for _ in range(count):
            frame = fetch(camera)
            ids.append(frame.frame_id)
            camera.give_back(frame)
        assert ids == sorted(set(ids))
        assert ids[0] == 1
        assert ids[-1] < 1000
    assert (camera.frame_ids.first, camera.frame_ids.last) == (1, 65535)


def test_ids_of_a_device_that_counts_on_are_shifted() -> None:
    count = FrameCount(GIGE_16_BIT)
    assert [count.id_of(i) for i in (65530, 65535, 1, 4)] == [1, 6, 7, 10]
    count.begin()  # it is known by now
    assert [count.id_of(i) for i in (6, 9)] == [1, 4]


def test_ids_of_a_device_that_keeps_to_the_standard_tell_of_the_first_loss() -> None:
    count = FrameCount(GIGE_16_BIT)
    for _ in range(2):
        count.begin()
        assert [count.id_of(i) for i in (3, 4, 65535, 1)] == [3, 4, 65535, 1]
    usb = FrameCount(FrameIds(0))
    assert [usb.id_of(i) for i in (0, 1, 70000)] == [0, 1, 70000]


def test_a_frame_whose_id_was_lost_is_the_next_one() -> None:
    lost = 2**64 - 1
    count = FrameCount(GIGE_16_BIT)
    assert [count.id_of(i) for i in (lost, 2, lost, 4, 65535, lost)] == [1, 2, 3, 4, 65535, 1]
    count.begin()
    assert [count.id_of(i) for i in (lost, lost, 65401, lost)] == [1, 2, 3, 4]


def test_nothing_comes_when_no_buffer_is_given_back(camera: AravisDevice) -> None:
    camera.start(2)
    kept = [fetch(camera), fetch(camera)]
    assert camera.fetch(0.05) is None
    camera.give_back(kept[0])
    assert fetch(camera).frame_id >= 3
    assert camera.alive()


def test_after_close_everything_says_that_the_camera_is_gone(camera: AravisDevice) -> None:
    features = camera.features
    camera.start(2)
    camera.close()
    camera.close()
    assert not camera.alive()
    for access in (features.names, lambda: features.get("Width"), camera.fire):
        with pytest.raises(CameraLost):
            access()
    camera.open()
    camera.start(2)
    assert fetch(camera).frame_id == 1
    assert camera.statistics() == LinkStatistics()


def test_features_have_kinds_limits_choices(camera: AravisDevice) -> None:
    features = camera.features
    assert {"Width", "PixelFormat", "TriggerSoftware", "ExposureTimeAbs"} <= set(features.names())
    assert "Root" not in features.names()
    width = features.describe("Width")
    assert (width.kind, width.lower, width.upper, width.step) == (FeatureKind.INTEGER, 1, 2048, 1)
    assert width.writable
    assert not features.describe("SensorWidth").writable
    exposure = features.describe("ExposureTimeAbs")
    assert (exposure.kind, exposure.lower, exposure.step) == (FeatureKind.FLOAT, 10.0, None)
    pixel_format = features.describe("PixelFormat")
    assert pixel_format.kind is FeatureKind.ENUMERATION
    assert {"Mono8", "BayerRG8"} <= set(pixel_format.choices)
    assert features.describe("TriggerSoftware").kind is FeatureKind.COMMAND
    assert features.describe("TriggerSoftware").value is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Width", 4096),
        ("Width", "320"),
        ("Width", True),
        ("Width", 2**70),
        ("ExposureTimeAbs", -1.0),
        ("PixelFormat", "Mono99"),
        ("SensorWidth", 640),
        ("AcquisitionStart", 1),
    ],
)
def test_values_that_do_not_fit_are_refused(
    camera: AravisDevice, name: str, value: int | str | float
) -> None:
    with pytest.raises(ValueError, match=name):
        camera.features.set(name, value)
    assert camera.alive()


def test_values_are_written(camera: AravisDevice) -> None:
    for name, value in (("Width", 640), ("ExposureTimeAbs", 500), ("PixelFormat", "BayerRG8")):
        camera.features.set(name, value)
        assert camera.features.get(name) == value
    camera.features.set("PixelFormat", "Mono8")


def test_features_that_the_camera_has_not(camera: AravisDevice) -> None:
    with pytest.raises(KeyError, match="Nonesuch"):
        camera.features.get("Nonesuch")
    with pytest.raises(KeyError, match="Nonesuch"):
        camera.features.set("Nonesuch", 1)
    with pytest.raises(ValueError, match="AcquisitionStart"):
        camera.features.get("AcquisitionStart")
    with pytest.raises(ValueError, match="Width"):
        camera.features.execute("Width")


@pytest.fixture
def described(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AravisDevice]:
    """The simulated camera with features added to its description; ready as the parameter says."""
    plain = device()
    plain.open()
    with plain._link.camera() as camera:
        xml, _size = camera.get_device().get_genicam_xml()
    plain.close()
    (tmp_path / "plain.xml").write_text(xml)
    added = ADDED.replace("READY", str(request.param))
    names = ("NeverThere", "Speed", "AcquisitionStatusSelector", "AcquisitionStatus")
    listed = "".join(f"<pFeature>{name}</pFeature>" for name in names)
    category = '<Category Name="Root" NameSpace="Standard">'
    assert category in xml
    path = tmp_path / "camera.xml"
    xml = xml.replace(category, f"{category}<pFeature>Added</pFeature>")
    added += f'<Category Name="Added">{listed}</Category>'
    path.write_text(xml.replace("</RegisterDescription>", f"{added}</RegisterDescription>"))
    SDK.set_fake_camera_genicam_filename(str(path))
    opened = device()
    opened.open()
    yield opened
    opened.close()
    SDK.set_fake_camera_genicam_filename(str(tmp_path / "plain.xml"))


@pytest.mark.parametrize("described", [1], indirect=True)
def test_what_is_not_available_is_not_listed(described: AravisDevice) -> None:
    names = described.features.names()
    assert "Speed" in names
    assert "NeverThere" not in names
    speed = described.features.describe("Speed")
    assert (speed.lower, speed.upper, speed.step, speed.unit) == (10, 90, 5, "km/h")


@pytest.mark.parametrize(("described", "ready"), [(1, True), (0, False)], indirect=["described"])
def test_it_fires_when_the_camera_waits_for_a_trigger(described: AravisDevice, ready: bool) -> None:
    described.start(2)
    assert described.fire() is ready


@pytest.mark.parametrize(
    ("described", "chunks"),
    [(1, {"ChunkExposureTime": "get_float_value"}), (0, {})],
    indirect=["described"],
)
def test_the_chunks_that_are_switched_on_are_read(
    described: AravisDevice, chunks: dict[str, str]
) -> None:
    """Neither fake camera sends chunks: which are asked for is all that can be seen."""
    with described._link.camera() as camera:
        assert _active_chunks(camera) == chunks
    assert described.features.get("ChunkSelector") == "CounterValue"
    described.start(2)
    assert fetch(described).chunks == {}


def test_a_missing_sdk_is_one_line_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "gi", None)
    with pytest.raises(ConfigError, match=r"aravis: .*Install Debian's gir1\.2-aravis-0\.8"):
        device()


def test_an_address_is_in_reach_when_a_card_is_in_its_subnet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cards = {
        "lo": [SimpleNamespace(address="127.0.0.1", netmask="255.0.0.0")],
        "eth0": [
            SimpleNamespace(address="02:42:ac:11:00:02", netmask=None),
            SimpleNamespace(address="192.168.5.1", netmask="255.255.255.0"),
        ],
    }
    monkeypatch.setattr("psutil.net_if_addrs", lambda: cards)
    assert aravis_link.in_reach("127.3.4.5")
    assert aravis_link.in_reach("192.168.5.77")
    assert not aravis_link.in_reach("192.168.6.77")
    assert aravis_link.in_reach("Basler-12345")


# -- over the network -----------------------------------------------------------------------------


@cache
def namespace() -> tuple[str, ...]:
    """The start of a command that runs in a network of its own; empty where that is forbidden."""
    program = shutil.which("unshare")
    if program is None:
        return ()
    command = (program, "--map-root-user", "--net")
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if tried.returncode == 0 else ()


def scenario(name: str) -> dict[str, Any]:
    """What happened in it, as it tells. Without a namespace it talks to 127.0.0.1 alone."""
    if shutil.which("arv-fake-gv-camera-0.8") is None:
        pytest.skip("Aravis' fake camera is not installed (Debian: aravis-tools)")
    command = [*namespace(), sys.executable, "-m", "tests.camera.aravis_network", name]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]
    )
    assert ended.returncode == 0, ended.stderr
    assert "CRITICAL" not in ended.stderr
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def test_gige_frames_arrive_as_views_and_dated() -> None:
    told = scenario("views")
    assert told["identity"]["serial"] == "GV02"
    assert told["identity"]["address"] == "127.0.0.1"
    assert told["sizes"]
    assert all(size == [512, 512, 512, 512 * 512] for size in told["sizes"])
    assert set(told["formats"]) == {"Mono8"}
    assert told["stamps"] == sorted(told["stamps"])
    assert min(told["late"]) >= 0
    assert told["same"]
    assert told["different"] == len(told["sizes"])


@pytest.mark.parametrize("name", ["shots", "loss"])
def test_every_frame_that_was_sent_is_accounted_for(name: str) -> None:
    """Good, incomplete or a gap in the ids; packets get lost on the way at one per mille."""
    told = scenario(name)
    good, incomplete = told["good"], told["incomplete"]
    ids = sorted(good + incomplete)
    assert len(set(ids)) == len(ids)
    assert set(ids) <= set(range(1, told["sent"] + 1))
    gaps = max(ids) - len(ids)
    assert len(good) + len(incomplete) + gaps == told["sent"]
    assert good
    if name == "loss":
        assert incomplete
        assert told["missing_packets"] > 0


def test_a_consumer_that_sleeps_is_told_what_it_missed() -> None:
    told = scenario("stalled")
    ids = told["ids"]
    assert ids == sorted(set(ids))
    gaps = ids[-1] - len(ids)
    assert gaps > 0
    assert told["underrun"] == pytest.approx(gaps, abs=2)


def test_a_camera_that_dies_is_lost_and_can_be_opened_again() -> None:
    told = scenario("gone_and_back")
    assert told["before"]
    assert "does not answer" in told["cause"]
    assert told["dead"]
    assert told["features"].startswith("CameraLost")
    assert told["first"] == 1
    assert told["alive"]


def test_a_camera_of_another_program_or_of_another_number_is_refused() -> None:
    told = scenario("refused")
    assert "another program controls the camera. Close it" in told["seized"]
    assert "GV03: the camera that answers has the serial number GV02" in told["other"]
    assert told["after"] == ""


def test_it_keeps_what_every_camera_keeps() -> None:
    told = scenario("conformance")
    assert told["code"] == 0, told["shown"]
    assert " passed" in told["shown"]


def test_cameras_are_found_by_broadcast() -> None:
    if not namespace():
        pytest.skip("a search sends broadcasts; no network namespace may be made here")
    told = scenario("searched")
    assert [found["serial"] for found in told["found"]] == ["GV02"]
    assert told["address"] == "127.0.0.1"
    assert "found: GV02" in told["none"]
    assert "another subnet" in told["subnet"]
