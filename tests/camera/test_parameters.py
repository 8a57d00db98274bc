"""What a camera is set to, as a whole: kept in files, compared, put back."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from inspector.camera.device_camera import DeviceCamera
from inspector.camera.parameter_file import Parameters
from inspector.camera.parameters import differences, put_back, snapshot
from inspector.core.camera_config import PylonCamera
from inspector.core.errors import ConfigError
from inspector.core.ports import SystemClock
from tests.camera.rig import HandSensor, config, triggering
from tests.camera.selecting_device import SelectingDevice, SelectingFeatures

MODE = "TriggerMode[TriggerSelector={}]"


@pytest.fixture
def features() -> SelectingFeatures:
    made = SelectingFeatures()
    made.put("ExposureAuto", "Off")
    return made


def test_each_entry_of_a_selector_has_its_value_and_the_selector_stays(
    features: SelectingFeatures,
) -> None:
    features.put("TriggerSelector", "AcquisitionStart")
    features.put("TriggerMode", "Off")
    features.put("TriggerSelector", "FrameStart")
    found = snapshot(features)
    assert found[MODE.format("AcquisitionStart")] == "Off"
    assert found[MODE.format("FrameStart")] == "On"
    assert found["Gain[GainSelector=Red]"] == 0.0
    assert features.get("TriggerSelector") == "FrameStart"
    assert "TriggerSelector" not in found
    assert "TriggerMode" not in found


def test_what_is_no_setting_is_left_out(features: SelectingFeatures) -> None:
    found = snapshot(features)
    assert {"ExposureTime", "Width", "PixelFormat", "GevSCPD"} <= found.keys()
    assert not found.keys() & {
        "DeviceTemperature", "LUTValue", "LUTIndex", "GevSCPSPacketSize", "ExposureTimeRaw",
    }  # fmt: skip


def test_what_an_automatic_rules_is_no_setting(features: SelectingFeatures) -> None:
    features.put("ExposureAuto", "Continuous")
    found = snapshot(features)
    assert "ExposureTime" not in found
    assert found["ExposureAuto"] == "Continuous"


def test_what_somebody_changed_is_told_in_words_and_put_back(features: SelectingFeatures) -> None:
    saved = snapshot(features)
    features.put("ExposureTime", 1200.0)
    features.put("OffsetX", 4)
    features.put("LineSelector", "Line2")
    features.put("LineInverter", True)
    features.put("LineSelector", "Line1")
    now = snapshot(features)
    assert differences(saved, now) == (
        "OffsetX from 0 to 4",
        "ExposureTime from 1000.0 to 1200.0",
        "LineInverter[LineSelector=Line2] from False to True",
    )
    assert put_back(features, saved, now, "4711") == ()
    assert snapshot(features) == saved
    assert features.get("LineSelector") == "Line1"


def test_what_the_camera_refuses_is_named_and_the_rest_put_back(
    features: SelectingFeatures,
) -> None:
    saved = snapshot(features)
    features.put("ExposureTime", 1200.0)
    features.put("OffsetX", 4)
    features.locked = {"ExposureTime"}
    assert put_back(features, saved, snapshot(features), "4711") == ("ExposureTime",)
    assert features.get("OffsetX") == 0


# -- in files -----------------------------------------------------------------------------------


def loaded(
    folder: Path, device: SelectingDevice, product: str, **settings: float | str
) -> Parameters:
    """Load a product with the camera, and close it again."""
    clock = SystemClock()
    made = config()
    parameters = Parameters(folder, "4711", product, clock)
    triggers = triggering(made.trigger, device, HandSensor())
    camera = DeviceCamera(made, device, triggers, settings, clock, parameters=parameters)
    camera.open()
    camera.close()
    return parameters


def values(path: Path) -> dict[str, object]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))["values"])


def test_a_change_is_noticed_at_the_next_load_and_undone(tmp_path: Path) -> None:
    device = SelectingDevice()
    first = loaded(tmp_path, device, "lens", ExposureTime=800.0)
    assert first.changed == ()
    assert first.path == tmp_path / "cameras/4711/parameters/lens.yaml"
    assert values(first.path)["ExposureTime"] == 800.0
    device.features.put("ExposureTime", 1200.0)
    device.features.put("GevSCPD", 500)
    second = loaded(tmp_path, device, "lens", ExposureTime=800.0)
    assert set(second.changed) == {
        "ExposureTime from 800.0 to 1200.0", "GevSCPD from 0 to 500"
    }  # fmt: skip
    assert device.features.get("ExposureTime") == 800.0
    assert device.features.get("GevSCPD") == 0
    assert loaded(tmp_path, device, "lens", ExposureTime=800.0).changed == ()


def test_neither_a_changeover_nor_a_new_recipe_is_somebody(tmp_path: Path) -> None:
    device = SelectingDevice()
    assert loaded(tmp_path, device, "a", ExposureTime=800.0).changed == ()
    assert loaded(tmp_path, device, "b", ExposureTime=1200.0, Width=32).changed == ()
    assert loaded(tmp_path, device, "a", ExposureTime=800.0).changed == ()
    assert loaded(tmp_path, device, "a", ExposureTime=900.0).changed == ()
    assert loaded(tmp_path, device, "a", ExposureTime=900.0).changed == ()
    assert device.features.get("Width") == 8, "the file of a product holds what no recipe sets"


def test_what_was_saved_by_a_person_is_right(tmp_path: Path) -> None:
    device = SelectingDevice()
    loaded(tmp_path, device, "a")
    device.features.put("GevSCPD", 500)
    device.open()
    Parameters(tmp_path, "4711", "a", SystemClock()).save(device.features, device.identity)
    assert loaded(tmp_path, device, "a").changed == ()
    assert device.features.get("GevSCPD") == 500


def test_what_is_refused_stays_wanted(tmp_path: Path) -> None:
    device = SelectingDevice()
    loaded(tmp_path, device, "a")
    device.features.put("GevSCPD", 500)
    device.features.locked = {"GevSCPD"}
    second = loaded(tmp_path, device, "a")
    assert second.refused == ("GevSCPD",)
    assert values(second.path)["GevSCPD"] == 0


def test_nothing_is_written_while_nothing_changes(tmp_path: Path) -> None:
    device = SelectingDevice()
    path = loaded(tmp_path, device, "a").path
    before = path.stat().st_mtime_ns, path.stat().st_ino
    loaded(tmp_path, device, "a")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    device = SelectingDevice()
    path = loaded(tmp_path, device, "a").path
    path.write_text("values: 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"a\.yaml: "):
        loaded(tmp_path, device, "a")


def test_a_camera_that_forgot_its_settings_gets_them_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pypylon", reason="pypylon is not installed")
    from inspector.camera.drivers.pylon import make

    monkeypatch.setenv("PYLON_CAMEMU", "2")
    device = make(PylonCamera(driver="pylon", name="0815-0001", transport="BaslerCamEmu"))
    device.open()
    parameters = Parameters(tmp_path, "0815-0001", "a", SystemClock())
    device.features.set("TriggerSelector", "FrameBurstStart")
    device.features.set("TriggerDelay", 7.0)
    device.features.set("TriggerSelector", "FrameStart")
    device.features.set("ReverseX", True)
    before = snapshot(device.features)
    parameters.keep(device.features, device.identity)
    assert values(parameters.path) == before
    assert before["TriggerDelay[TriggerSelector=FrameBurstStart]"] == 7.0
    assert before["TriggerDelay[TriggerSelector=FrameStart]"] == 0.0
    device.close()
    device.open()  # the emulation begins anew, like a camera without power
    parameters.put_back(device.features)
    assert set(parameters.changed) == {
        "ReverseX from True to False",
        "TriggerDelay[TriggerSelector=FrameBurstStart] from 7.0 to 0.0",
    }
    assert parameters.refused == ()
    assert snapshot(device.features) == before
    device.close()
