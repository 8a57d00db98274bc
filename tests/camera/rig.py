"""Cameras of the line over the scripted device, and what tests do with them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from inspector.camera.device import Device, FeatureValue
from inspector.camera.device_camera import DeviceCamera
from inspector.camera.shots import Shots
from inspector.camera.triggering import CountedTriggers, FiredTriggers, Triggering
from inspector.core.camera_config import DeviceCameraConfig, PylonCamera, TriggerConfig
from inspector.core.frame import FrameInfo, Pixels, Trigger
from inspector.core.ports import Camera, SystemClock

TIMEOUT_S = 2.0


class HandSensor:
    """A trigger sensor whose parts a test sends by hand."""

    def __init__(self) -> None:
        self.count = 0
        self._clock = SystemClock()
        self._seen: list[Trigger] = []
        self._came = threading.Condition()
        self._stopped = False

    def pass_part(self, parts: int = 1) -> None:
        """Parts cross the sensor now."""
        with self._came:
            for _ in range(parts):
                self.count += 1
                at_ns = self._clock.monotonic_ns()
                self._seen.append(Trigger(self.count, 100 * self.count, at_ns))
            self._came.notify_all()

    def wait(self, after: int, timeout_s: float) -> Trigger | None:
        with self._came:
            self._came.wait_for(lambda: len(self._seen) > after or self._stopped, timeout_s)
            return self._seen[after] if len(self._seen) > after else None

    def start(self) -> None:
        self._stopped = False

    def stop(self) -> None:
        with self._came:
            self._stopped = True
            self._came.notify_all()


def config(mode: str = "hardware", **more: object) -> PylonCamera:
    trigger = {"mode": mode, **more.pop("trigger", {})}  # type: ignore[dict-item]  # of a test
    return PylonCamera.model_validate(
        {"driver": "pylon", "name": "4711", "trigger": trigger, "retry_s": 0.3, **more}
    )


def triggering(
    trigger: TriggerConfig, device: Device, sensor: HandSensor, timeout_s: float = TIMEOUT_S
) -> Triggering:
    if trigger.mode == "software":
        return FiredTriggers(Shots("4711", sensor, device.fire), timeout_s=timeout_s)
    return CountedTriggers(
        counter=trigger.counter, encoder=trigger.encoder_chunk, clock=SystemClock()
    )


@contextmanager
def opened(
    device: Device,
    made: DeviceCameraConfig | None = None,
    settings: Mapping[str, FeatureValue] | None = None,
    sensor: HandSensor | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Iterator[DeviceCamera]:
    """A camera that is open and armed, and closed again."""
    made = made or config()
    triggers = triggering(made.trigger, device, sensor or HandSensor(), timeout_s)
    camera = DeviceCamera(made, device, triggers, settings or {}, SystemClock())
    camera.open()
    try:
        camera.start()
        yield camera
        camera.stop()
    finally:
        camera.close()


def slot_of(camera: Camera) -> Pixels:
    return np.zeros(camera.format.shape, np.uint8)


def grab(camera: Camera, timeout_s: float = TIMEOUT_S) -> FrameInfo:
    return camera.grab(slot_of(camera), timeout_s)
