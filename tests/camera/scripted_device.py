"""A device of no SDK: a test delivers, loses, breaks and brings back what it wants."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

import numpy as np

from inspector.camera.device import (
    Delivered,
    DeviceIdentity,
    Feature,
    FeatureKind,
    FeatureValue,
    FrameIds,
    LinkStatistics,
)
from inspector.core.errors import CameraError, CameraLost

WIDTH, HEIGHT = 8, 6


class ScriptedFeatures:
    """Features in a dictionary, with limits."""

    def __init__(self) -> None:
        self.tree: dict[str, Feature] = {
            feature.name: feature
            for feature in (
                _number("Width", WIDTH, 1, 64, step=1),
                _number("Height", HEIGHT, 1, 64, step=1),
                _number("OffsetX", 0, 0, 56, step=1),
                _number("OffsetY", 0, 0, 58, step=1),
                _choice("PixelFormat", "Mono8", "Mono8", "Mono12", "BayerRG8"),
                _float("ExposureTime", 1000.0, 20.0, 1e6, "us"),
                _choice("ExposureAuto", "Continuous", "Off", "Once", "Continuous"),
                _float("Gain", 0.0, 0.0, 24.0, "dB"),
                _float("DeviceTemperature", 41.5, -40.0, 125.0, "C", writable=False),
                _choice("TriggerSelector", "FrameStart", "AcquisitionStart", "FrameStart"),
                _choice("TriggerMode", "On", "Off", "On"),
                _choice("TriggerSource", "Line1", "Line1", "Line2", "Software", "Encoder0"),
                _choice("TriggerActivation", "RisingEdge", "RisingEdge", "FallingEdge"),
                _float("TriggerDelay", 0.0, 0.0, 1e6, "us"),
                _choice("LineSelector", "Line1", "Line1", "Line2"),
                _choice("LineMode", "Input", "Input", "Output"),
                _choice("LineSource", "Off", "Off", "ExposureActive"),
                Feature("LineInverter", FeatureKind.BOOLEAN, False, writable=True),
            )
        }
        self.written: list[tuple[str, FeatureValue]] = []
        self.rounds: Callable[[str, FeatureValue], FeatureValue] = lambda _name, value: value

    def names(self) -> tuple[str, ...]:
        return tuple(self.tree)

    def describe(self, name: str) -> Feature:
        return self.tree[name]

    def get(self, name: str) -> FeatureValue:
        value = self.tree[name].value
        assert value is not None
        return value

    def set(self, name: str, value: FeatureValue) -> None:
        self.written.append((name, value))
        self.put(name, self.rounds(name, value))

    def put(self, name: str, value: FeatureValue) -> None:
        """As if the device, or another person, had changed it."""
        old = self.tree[name]
        self.tree[name] = Feature(
            name, old.kind, value, old.lower, old.upper, old.step, old.unit, old.choices,
            old.writable,
        )  # fmt: skip

    def execute(self, name: str) -> None:
        raise KeyError(name)


class ScriptedDevice:
    """Implements ``Device``."""

    def __init__(self, *, frame_ids: FrameIds | None = None, serial: str = "4711") -> None:
        self.identity = DeviceIdentity(serial, "Scripts", "S-1")
        self.frame_ids = frame_ids or FrameIds(1, 65535, 1)
        self.features = ScriptedFeatures()
        self.present = True
        self.ready = True
        self.on_fire: Callable[[], None] = self.expose
        self.opened = self.leased = self.started = 0
        self.next_id = self.frame_ids.first
        self._queue: deque[Delivered] = deque()
        self._came = threading.Condition()
        self._is_open = False

    def open(self) -> None:
        if not self.present:
            raise CameraError("no camera with serial number 4711", remedy="Plug it in")
        self._is_open = True
        self.opened += 1

    def start(self, buffers: int) -> None:
        del buffers
        self._need()
        self._queue.clear()
        self.started += 1
        self.next_id = self.frame_ids.first

    def expose(
        self,
        level: int | None = None,
        *,
        problem: str = "",
        lost: bool = False,
        chunks: dict[str, FeatureValue] | None = None,
        device_ns: int | None = None,
    ) -> None:
        """One frame; its pixels are its id, or ``level``."""
        frame_id = self.next_id
        self.next_id = (
            self.frame_ids.after_wrap if frame_id == self.frame_ids.last else frame_id + 1
        )
        if lost:
            return
        width, height = int(self.features.get("Width")), int(self.features.get("Height"))
        data = np.full(width * height, (frame_id if level is None else level) % 256, np.uint8)
        with self._came:
            self._queue.append(
                Delivered(
                    data,
                    str(self.features.get("PixelFormat")),
                    width,
                    height,
                    width,
                    frame_id,
                    time.monotonic_ns(),
                    device_ns,
                    problem,
                    chunks or {},
                )
            )
            self._came.notify()

    def fetch(self, timeout_s: float) -> Delivered | None:
        self._need()
        with self._came:
            self._came.wait_for(lambda: self._queue or not self.present, timeout_s)
            self._need()
            if not self._queue:
                return None
            self.leased += 1
            return self._queue.popleft()

    def give_back(self, delivered: Delivered) -> None:
        delivered.data.fill(255)  # whoever still looks at it sees that it is another's
        self.leased -= 1

    def fire(self) -> bool:
        self._need()
        if self.ready:
            self.on_fire()
        return self.ready

    def vanish(self) -> None:
        """Unplug it."""
        with self._came:
            self.present = False
            self._came.notify()

    def alive(self) -> bool:
        return self.present

    def statistics(self) -> LinkStatistics:
        return LinkStatistics(resent=3)

    def stop(self) -> None:
        self._queue.clear()

    def close(self) -> None:
        self._is_open = False

    def _need(self) -> None:
        if not (self.present and self._is_open):
            raise CameraLost("the device does not answer")


def _number(name: str, value: int, lower: int, upper: int, step: float) -> Feature:
    return Feature(name, FeatureKind.INTEGER, value, lower, upper, step, writable=True)


def _float(
    name: str, value: float, lower: float, upper: float, unit: str, *, writable: bool = True
) -> Feature:
    return Feature(name, FeatureKind.FLOAT, value, lower, upper, None, unit, writable=writable)


def _choice(name: str, value: str, *choices: str) -> Feature:
    return Feature(name, FeatureKind.ENUMERATION, value, choices=choices, writable=True)
