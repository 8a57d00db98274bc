"""The examples of cameras are valid, show every driver and trigger, and spell out every key."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import yaml

from inspector.core import camera_config
from inspector.core.camera_config import PresenceConfig, StrobeConfig, TriggerConfig
from inspector.core.line_config import LineConfig
from inspector.durable.yaml_files import load_yaml

ROOT = Path(__file__).parents[2]
FILE, MANUAL = ROOT / "configs/camera-examples.yaml", ROOT / "docs/cameras.md"
MODELS = (
    camera_config.PylonCamera,
    camera_config.GenicamCamera,
    camera_config.AravisCamera,
    camera_config.OpenCvCamera,
    camera_config.PluginCamera,
    camera_config.ReplayCamera,
    camera_config.SimCamera,
)


def test_each_driver_and_each_trigger_mode_has_an_example() -> None:
    cameras = load_yaml(FILE, LineConfig).cameras
    assert {type(one) for one in cameras} == set(MODELS)
    triggers = [one.trigger for one in cameras]
    modes = {one.mode for one in triggers if isinstance(one, TriggerConfig)}
    assert modes == set(get_args(TriggerConfig.model_fields["mode"].annotation))


def test_every_key_is_spelled_out() -> None:
    written = yaml.safe_load(FILE.read_text(encoding="utf-8"))["cameras"]
    common = written[0]
    for model in MODELS:
        driver = get_args(model.model_fields["driver"].annotation)[0]
        keys = {key for entry in written if entry["driver"] == driver for key in entry}
        keys |= common.keys() - {"transport"}  # what all devices have is spelled out once
        assert model.model_fields.keys() <= keys, driver
    assert TriggerConfig.model_fields.keys() <= common["trigger"].keys()
    assert PresenceConfig.model_fields.keys() <= common["presence"].keys()
    assert StrobeConfig.model_fields.keys() <= written[1]["strobe"].keys()


def test_the_defaults_that_are_spelled_out_are_the_defaults() -> None:
    entry = load_yaml(FILE, LineConfig).cameras[0]
    assert isinstance(entry, camera_config.PylonCamera)
    plain = camera_config.PylonCamera(driver="pylon", name=entry.name, transport=entry.transport)
    assert entry == plain


def test_the_manual_shows_each_trigger_mode_as_it_can_be_written() -> None:
    lines = [line for line in MANUAL.read_text("utf-8").splitlines() if line.startswith("trigger:")]
    shown = [TriggerConfig.model_validate(yaml.safe_load(line)["trigger"]) for line in lines]
    assert {one.mode for one in shown} == set(
        get_args(TriggerConfig.model_fields["mode"].annotation)
    )
