from __future__ import annotations

import pytest

from inspector.camera.settings import apply_settings, arm, light
from inspector.core.camera_config import StrobeConfig, TriggerConfig
from inspector.core.errors import ConfigError
from tests.camera.scripted_device import ScriptedFeatures

KEY = "camera.settings"


@pytest.fixture
def features() -> ScriptedFeatures:
    return ScriptedFeatures()


def test_what_is_right_already_is_not_written(features: ScriptedFeatures) -> None:
    apply_settings(features, {"ExposureTime": 1000, "ExposureAuto": "Continuous"}, "cam", KEY)
    assert features.written == []


def test_automatics_of_what_is_set_are_switched_off_first(features: ScriptedFeatures) -> None:
    apply_settings(features, {"ExposureTime": 800}, "cam", KEY)
    assert features.written == [("ExposureAuto", "Off"), ("ExposureTime", 800.0)]


def test_offsets_make_room_before_the_size_grows(features: ScriptedFeatures) -> None:
    features.put("OffsetX", 12)
    apply_settings(features, {"Width": 32, "OffsetX": 8}, "cam", KEY)
    assert features.written == [("OffsetX", 0), ("Width", 32), ("OffsetX", 8)]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ExposureTime": 12}, r"ExposureTime: 12: .* Give 20 to 1e\+06 us"),
        ({"ExposureTime": "long"}, "ExposureTime: long: .* Give 20 to"),
        ({"ExposureTime": True}, "ExposureTime: True: this camera refuses"),
        ({"Width": 10.5}, r"Width: 10\.5: .* in steps of 1"),
        ({"PixelFormat": "Mono9"}, r"PixelFormat: Mono9: .* one of: Mono8, Mono12, BayerRG8"),
        ({"Exposure": 100}, "Exposure: this camera has no such feature"),
        ({"DeviceTemperature": 20.0}, r"DeviceTemperature: .* has 41\.5 and lets nobody write"),
    ],
)
def test_what_a_camera_does_not_allow_is_refused_with_key_value_and_its_limits(
    features: ScriptedFeatures, settings: dict[str, float | str], words: str
) -> None:
    with pytest.raises(ConfigError, match=rf"^cam: camera\.settings\.{words}"):
        apply_settings(features, settings, "cam", KEY)


def test_a_camera_that_makes_something_else_of_it_is_found_out(
    features: ScriptedFeatures,
) -> None:
    features.rounds = lambda name, value: 819.0 if name == "ExposureTime" else value
    with pytest.raises(ConfigError, match=r"800\.0: the camera made 819\.0 of it"):
        apply_settings(features, {"ExposureTime": 800.0}, "cam", KEY)
    features.rounds = lambda name, value: 799.4 if name == "ExposureTime" else value
    apply_settings(features, {"ExposureTime": 800.0}, "cam", KEY)


def test_hardware_triggers_by_their_line_and_no_other(features: ScriptedFeatures) -> None:
    arm(features, TriggerConfig(mode="hardware", source="Line2", delay_us=50.0), "cam")
    assert features.get("TriggerSource") == "Line2"
    assert features.get("TriggerDelay") == 50.0
    assert features.get("TriggerMode") == "On"
    selected = [value for name, value in features.written if name == "TriggerSelector"]
    assert selected == ["AcquisitionStart", "FrameStart"], "others were looked at and switched off"


def test_free_running_cameras_wait_for_no_trigger(features: ScriptedFeatures) -> None:
    arm(features, TriggerConfig(mode="timer"), "cam")
    assert features.get("TriggerMode") == "Off"


def test_an_encoder_without_a_divider_is_refused(features: ScriptedFeatures) -> None:
    with pytest.raises(ConfigError, match="TriggerDivider: this camera has no such feature"):
        arm(features, TriggerConfig(mode="encoder", source="Encoder0", divider=4), "cam")


def test_a_camera_without_triggers_can_only_run_free(features: ScriptedFeatures) -> None:
    for name in [name for name in features.names() if name.startswith("Trigger")]:
        del features.tree[name]
    arm(features, TriggerConfig(mode="presence"), "cam")
    with pytest.raises(ConfigError, match="cannot be triggered"):
        arm(features, TriggerConfig(mode="hardware"), "cam")


def test_the_light_hangs_on_an_output_line(features: ScriptedFeatures) -> None:
    light(features, StrobeConfig(line="Line2", inverted=True), "cam")
    assert features.written == [
        ("LineSelector", "Line2"),
        ("LineMode", "Output"),
        ("LineSource", "ExposureActive"),
        ("LineInverter", True),
    ]
