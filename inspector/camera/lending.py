"""A device for a tool: opened, set for a while, and given back as it was found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from inspector.camera.device import Delivered, Device, Features
from inspector.camera.numbering import FrameNumbers
from inspector.camera.parameters import put_back, snapshot
from inspector.camera.settings import Settings, apply_settings, arm
from inspector.core.camera_config import TriggerConfig
from inspector.core.errors import CameraLost, CameraTimeout

FREE = TriggerConfig(mode="timer")
"""Every frame of the camera's own rate."""


@contextmanager
def opened(device: Device) -> Iterator[Device]:
    """Open the device; close it whatever happens."""
    device.open()
    try:
        yield device
    finally:
        device.close()


@contextmanager
def set_for_a_while(
    features: Features, settings: Settings, trigger: TriggerConfig, camera: str
) -> Iterator[None]:
    """Write settings and trigger, and put everything back. Raises ``ConfigError``."""
    before = snapshot(features)
    try:
        apply_settings(features, settings, camera, "camera.settings")
        arm(features, trigger, camera)
        yield
    finally:
        with suppress(CameraLost):
            put_back(features, before, snapshot(features), camera)


@dataclass(slots=True)
class Tally:
    """Frames of one acquisition, as a tool counts them."""

    frames: int = 0
    failed: int = 0
    missing: int = 0
    """Gaps in the frame ids."""

    @property
    def lost(self) -> int:
        """Frames that did not come whole."""
        return self.failed + self.missing


class Acquisition:
    """A running acquisition of one device. One thread; frames are given back by ``done``."""

    def __init__(self, device: Device, buffers: int) -> None:
        self._device = device
        device.start(buffers)
        self._numbers = FrameNumbers(device.frame_ids)
        self._number = 0
        self.tally = Tally()

    def next(self, timeout_s: float) -> Delivered:
        """The next frame, whole or not. Raises ``CameraTimeout``, ``CameraLost``."""
        delivered = self._device.fetch(timeout_s)
        if delivered is None:
            raise CameraTimeout(f"no frame within {timeout_s:g} s")
        number = self._numbers.number_of(delivered.frame_id)
        self.tally.missing += max(number - self._number - 1, 0)
        self._number = max(number, self._number)
        self.tally.failed += bool(delivered.problem)
        self.tally.frames += not delivered.problem
        return delivered

    def done(self, delivered: Delivered) -> None:
        """The frame was looked at."""
        self._device.give_back(delivered)


@contextmanager
def acquiring(device: Device, buffers: int) -> Iterator[Acquisition]:
    """Start, and stop whatever happens."""
    try:
        yield Acquisition(device, buffers)
    finally:
        device.stop()
