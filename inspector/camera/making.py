"""From a camera's entry in the line's file to a camera: the driver, its triggers, its settings."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import cast

from inspector.camera.device import Device, FeatureValue
from inspector.camera.device_camera import DeviceCamera
from inspector.camera.parameter_file import Parameters
from inspector.camera.presence import PresenceTriggers
from inspector.camera.shots import Shots
from inspector.camera.triggering import CountedTriggers, FiredTriggers, Triggering
from inspector.core.camera_config import DeviceCameraConfig, PluginCamera
from inspector.core.errors import ConfigError
from inspector.core.ports import Clock, TriggerSource

PLUGINS = "inspector.cameras"
"""Entry points by which other packages bring drivers: ``make(PluginCamera) -> Device``."""


def make_device(config: DeviceCameraConfig) -> Device:
    """The driver's device; its SDK is imported here and not before.

    Raises ``ConfigError`` when the SDK or the plugin is not installed.
    """
    if isinstance(config, PluginCamera):
        return _plugged_in(config)
    driver = import_module(f"inspector.camera.drivers.{config.driver}")
    return cast("Device", driver.make(config))


def _plugged_in(config: PluginCamera) -> Device:
    found = {point.name: point for point in entry_points(group=PLUGINS)}
    if config.plugin not in found:
        there = f"There are: {', '.join(sorted(found))}" if found else "No package brings one"
        raise ConfigError(
            f"{config.name}: cameras.plugin: {config.plugin}: no such driver is installed",
            remedy=there,
        )
    return cast("Device", found[config.plugin].load()(config))


def make_camera(
    config: DeviceCameraConfig,
    settings: Mapping[str, FeatureValue],
    sensor: TriggerSource,
    clock: Clock,
    *,
    timeout_s: float,
    parameters: Parameters | None = None,
) -> DeviceCamera:
    """A camera that is not open yet.

    ``sensor`` fires it where its trigger is software; ``timeout_s`` is how long a frame may take;
    ``parameters`` are put back when it is opened, before the settings.
    """
    device = make_device(config)
    triggers = _triggers(config, device, sensor, clock, timeout_s)
    return DeviceCamera(config, device, triggers, settings, clock, parameters=parameters)


def _triggers(
    config: DeviceCameraConfig,
    device: Device,
    sensor: TriggerSource,
    clock: Clock,
    timeout_s: float,
) -> Triggering:
    trigger = config.trigger
    if trigger.mode == "software":
        shots = Shots(config.name, sensor, device.fire)
        return FiredTriggers(shots, timeout_s=timeout_s)
    counted = CountedTriggers(
        counter=trigger.counter,
        encoder=trigger.encoder_chunk,
        transfer_ms=config.transfer_ms,
        clock=clock,
    )
    return PresenceTriggers(config.presence, counted) if trigger.mode == "presence" else counted
