"""``inspector camera list``, ``show``, ``save``, ``live``, ``trigger`` and ``record``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import cv2
import pytest
import yaml
from typer.testing import CliRunner

from inspector.camera import discovery
from inspector.camera.device import Delivered, DeviceIdentity
from inspector.camera.discovery import Search
from inspector.camera.recording import read_recording
from inspector.cli import camera_names
from inspector.cli.app import app
from inspector.cli.live_look import bars
from inspector.core.errors import CameraTimeout, ConfigError, InputError
from tests.camera.selecting_device import SelectingDevice

SERIAL = "4711"


class FreeDevice(SelectingDevice):
    """Runs freely when it is not triggered; each third frame goes missing on the way if wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.loses = self.dead = False
        self.features.put("ExposureAuto", "Off")

    def fetch(self, timeout_s: float) -> Delivered | None:
        if self.features.get("TriggerMode") == "Off" and not self.dead:
            for count in range(3):
                self.expose(level=100, lost=self.loses and count == 1)
        return super().fetch(0.0 if self.dead else timeout_s)


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> FreeDevice:
    made = FreeDevice()
    made.features.set("Width", 48)
    made.features.set("Height", 40)
    made.features.written.clear()
    monkeypatch.setattr(camera_names, "make_device", lambda _config: made)
    return made


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A line with one camera of each kind, and a recipe that sets the exposure."""
    monkeypatch.setenv("INSPECTOR_DATA", str(tmp_path / "data"))
    cameras = [
        {"driver": "pylon", "name": SERIAL, "trigger": {"source": "Line2"}},
        {"driver": "replay", "name": "pictures", "source": "demo"},
    ]
    file = tmp_path / "configs/line.yaml"
    products = file.parent / "products"
    products.mkdir(parents=True)
    file.write_text(yaml.safe_dump({"product": "tiny", "cameras": cameras}), encoding="utf-8")
    recipe = {
        "product": "tiny",
        "title": {"en": "Tiny"},
        "camera": {"settings": {"ExposureTime": 250.0}},
    }
    (products / "tiny.yaml").write_text(yaml.safe_dump(recipe), encoding="utf-8")
    return file


def said(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["camera", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def refused(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["camera", *map(str, arguments)])
    assert isinstance(result.exception, InputError | CameraTimeout)
    return str(result.exception)


# -- list ---------------------------------------------------------------------------------------


class FakeDrivers:
    """Notes what is asked of which driver."""

    def __init__(self, missing: str = "") -> None:
        self.asked: list[tuple[str, object]] = []
        self.missing = missing

    def __call__(self, name: str) -> FakeDrivers:
        if name == self.missing:
            raise ConfigError(f"driver {name}: no SDK", remedy="Install it with pip")
        self._name = name
        return self

    def discover(self, place: object) -> list[DeviceIdentity]:
        self.asked.append((self._name, place))
        return [DeviceIdentity("1", "Maker", "Model", address="10.0.0.9")]


@pytest.fixture
def drivers(monkeypatch: pytest.MonkeyPatch) -> FakeDrivers:
    made = FakeDrivers()
    monkeypatch.setattr(discovery, "_driver", made)
    monkeypatch.delenv("PYLON_CAMEMU", raising=False)
    monkeypatch.delenv("GENICAM_GENTL64_PATH", raising=False)
    monkeypatch.setattr(discovery, "usb_cameras", list)
    return made


def test_networks_are_searched_when_asked_and_named_when_not(drivers: FakeDrivers) -> None:
    told = said("list")
    assert drivers.asked == [("pylon", "BaslerUsb"), ("aravis", "USB3Vision")]
    assert "not searched pylon BaslerGigE, aravis GigEVision: --network sends broadcasts" in told
    assert "BaslerUsb: 1  Maker Model  10.0.0.9" in told
    drivers.asked.clear()
    assert "not searched" not in said("list", "--network")
    assert {place for _, place in drivers.asked} == {
        "BaslerUsb", "BaslerGigE", "USB3Vision", "GigEVision"
    }  # fmt: skip


def test_one_driver_and_one_transport_alone(drivers: FakeDrivers, tmp_path: Path) -> None:
    said("list", "--driver", "pylon", "--transport", "BaslerGigE")
    assert drivers.asked == [("pylon", "BaslerGigE")]
    drivers.asked.clear()
    producer = tmp_path / "maker.cti"
    said("list", "--driver", "genicam", "--producer", producer)
    assert drivers.asked == [("genicam", producer)]


def test_a_producer_is_named_and_not_loaded_without_being_asked(
    drivers: FakeDrivers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "maker.cti").touch()
    monkeypatch.setenv("GENICAM_GENTL64_PATH", str(tmp_path))
    assert f"{tmp_path / 'maker.cti'}. Name one with --producer" in said("list")
    assert "genicam" not in {name for name, _ in drivers.asked}


def test_a_missing_sdk_is_one_line(drivers: FakeDrivers) -> None:
    for drivers.missing in ("pylon", "aravis"):
        found = [one for one in discovery.discover(Search()) if one.driver == drivers.missing]
        assert found[0].problem == f"driver {drivers.missing}: no SDK. Install it with pip"
        assert not any(one.cameras for one in found)


# -- naming -------------------------------------------------------------------------------------


def test_what_is_named_must_be_a_device_of_the_line(line: Path) -> None:
    assert "has 4711, pictures" in refused("show", "9999", "--line", line)
    assert "replay shows pictures" in refused("show", "pictures", "--line", line)


def test_an_ad_hoc_camera_needs_a_place_lest_networks_are_searched() -> None:
    assert "Give --transport" in refused("show", "1", "--driver", "pylon")
    assert "Give --device" in refused("show", "1", "--driver", "aravis")
    assert "unknown" in refused("show", "1", "--driver", "nothing")
    assert "of which driver" in refused("show", "1", "--transport", "BaslerUsb")


# -- show and save ------------------------------------------------------------------------------


def test_features_are_shown_with_what_is_allowed(
    device: FreeDevice, line: Path, tmp_path: Path
) -> None:
    out = tmp_path / "features.json"
    told = said("show", SERIAL, "e", "--line", line, "--json", out)
    assert "ExposureTime                     w 1000 us  [20 to 1000000]" in told
    assert "PixelFormat                      w Mono8  [Mono8, Mono12, BayerRG8]" in told
    assert "DeviceTemperature                - 41.5 C" in told
    assert "Gain " not in told, "the text filters"
    features = {one["name"]: one for one in json.loads(out.read_text())["features"]}
    assert features["ExposureTime"]["upper"] == 1e6
    assert device.features.written == []


def test_parameters_are_kept_and_what_the_recipe_sets_otherwise_is_told(
    device: FreeDevice, line: Path, tmp_path: Path
) -> None:
    told = said("save", SERIAL, "--product", "tiny", "--line", line)
    file = tmp_path / "data/cameras/4711/parameters/tiny.yaml"
    assert str(file) in told
    assert "tiny sets ExposureTime to 250.0; the camera has 1000.0" in told
    assert yaml.safe_load(file.read_text())["values"]["ExposureTime"] == 1000.0


# -- live, trigger, record ----------------------------------------------------------------------


def test_live_measures_a_free_camera_and_leaves_it_as_it_was(
    device: FreeDevice, line: Path, tmp_path: Path
) -> None:
    device.loses = True
    picture = tmp_path / "last.png"
    arguments = ("live", SERIAL, "--line", line, "--product", "tiny")
    told = said(*arguments, "--seconds", "0.3", "--save", picture)
    assert "mean 39%" in told
    assert "nothing to focus on" in told
    assert "sharpness" in told
    assert ("ExposureTime", 250.0) in device.features.written
    assert device.features.get("ExposureTime") == 1000.0
    assert device.features.get("TriggerMode") == "On"
    assert device.leased == 0
    image = cv2.imread(str(picture), cv2.IMREAD_UNCHANGED)
    assert image is not None
    assert image.shape == (40, 48)
    assert (image == 100).all()


def test_live_of_a_camera_that_delivers_nothing_is_a_fault(device: FreeDevice, line: Path) -> None:
    device.dead = True
    assert "no whole frame came" in refused("live", SERIAL, "--line", line, "--seconds", "0.05")


def test_each_trigger_has_its_latency(device: FreeDevice, line: Path) -> None:
    told = said("trigger", SERIAL, "--count", "3", "--line", line)
    assert "    3  frame 3  " in told
    assert "3 of 3 triggers gave a frame" in told
    assert device.features.get("TriggerSource") == "Line1", "as it was"


def test_a_trigger_that_is_not_taken_is_told(
    device: FreeDevice, line: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.cli.camera_live._READY_S", 0.01)
    device.ready = False
    assert "no frame came" in refused("trigger", SERIAL, "--line", line)


def test_what_is_recorded_can_be_read(device: FreeDevice, line: Path, tmp_path: Path) -> None:
    device.loses = True
    out = tmp_path / "recording"
    told = said("record", SERIAL, out, "--frames", "4", "--line", line)
    assert "4 frames; 0 of them incomplete, 2 missing, 0 dropped" in told
    recording = read_recording(out)
    assert [entry.frame_id for entry in recording.entries] == [1, 3, 4, 6]
    assert "there is a recording already" in refused(
        "record", SERIAL, out, "--frames", "1", "--line", line
    )


def test_armed_uses_the_trigger_of_the_line(device: FreeDevice, line: Path, tmp_path: Path) -> None:
    out = tmp_path / "recording"
    said("record", SERIAL, out, "--armed", "--seconds", "0.05", "--line", line)
    assert ("TriggerSource", "Line2") in device.features.written
    assert device.features.get("TriggerSource") == "Line1"


def test_the_commands_of_the_manual_exist() -> None:
    manual = Path(__file__).parents[2] / "docs/cameras.md"
    shown = set(re.findall(r"^inspector camera (\w+)", manual.read_text("utf-8"), re.MULTILINE))
    assert shown == {"list", "show", "live", "trigger", "record", "save"}
    for command in shown:
        assert "Examples" in said(command, "--help")


def test_small_shares_are_seen_in_the_histogram() -> None:
    assert bars((0.0, 0.9, 0.001, 0.0)) == " █▁ "


# -- an SDK -------------------------------------------------------------------------------------


def test_the_emulated_camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypylon", reason="pypylon is not installed")
    monkeypatch.setenv("PYLON_CAMEMU", "2")
    emulated = ["0815-0001", "--driver", "pylon", "--transport", "BaslerCamEmu"]
    found = said("list", "--driver", "pylon", "--transport", "BaslerCamEmu")
    assert "0815-0001  Basler Emulation" in found
    assert "ExposureTime                     w 10000 us" in said("show", *emulated)
    assert "3 of 3 triggers gave a frame" in said("trigger", *emulated, "--count", "3")
    told = said("record", emulated[0], tmp_path / "out", *emulated[1:], "--frames", "5")
    assert "5 frames; 0 of them incomplete, 0 missing, 0 dropped" in told
    assert len(read_recording(tmp_path / "out").entries) == 5
