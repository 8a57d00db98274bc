"""Two cameras that are triggered past us look at each part: what one misses costs that part."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from inspector.camera import making
from inspector.core.camera_config import DeviceCameraConfig
from inspector.core.state import StationState
from tests.camera.scripted_device import ScriptedDevice
from tests.station.camera_line import (
    SETTINGS,
    Entry,
    parts_of,
    running,
    stopped,
    verdicts,
)
from tests.tiny_plant import GOOD, make_plant
from tests.waiting import until

CAPTURE = {"slots": 16, "timeout_ms": 250.0, "join_ms": 80.0}


class ShyDevice(ScriptedDevice):
    """Shows good parts; at some shots its trigger line is not connected, and it does not know."""

    def __init__(self, serial: str) -> None:
        super().__init__(serial=serial)
        self.misses = 0

    def pass_part(self, at_ns: int) -> None:
        if self.misses:
            self.misses -= 1
            return
        self.expose(level=GOOD, device_ns=at_ns)


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> dict[str, ShyDevice]:
    """Two cameras in hardware mode."""
    devices = {serial: ShyDevice(serial) for serial in ("left", "right")}

    def made(config: DeviceCameraConfig) -> ShyDevice:
        return devices[config.name]

    monkeypatch.setattr(making, "make_device", made)
    return devices


def pair() -> list[Entry]:
    return [{"driver": "pylon", "name": name, "retry_s": 0.2} for name in ("left", "right")]


def armed(devices: dict[str, ShyDevice]) -> None:
    until(lambda: all(device.started for device in devices.values()))


def pass_parts(devices: dict[str, ShyDevice], parts: int, gap_s: float) -> None:
    for _ in range(parts):
        at_ns = time.monotonic_ns()
        for device in devices.values():
            device.pass_part(at_ns)
        time.sleep(gap_s)


@pytest.mark.parametrize("shy", ["left", "right"])
@pytest.mark.parametrize("gap_s", [0.1, 0.4])
def test_one_camera_that_misses_a_trigger_costs_one_part(
    tmp_path: Path, two: dict[str, ShyDevice], shy: str, gap_s: float
) -> None:
    plant = make_plant(tmp_path)
    with running(plant, pair(), SETTINGS, capture=CAPTURE) as station:
        armed(two)
        pass_parts(two, 5, gap_s)
        two[shy].misses = 1
        pass_parts(two, 1, gap_s)
        pass_parts(two, 5, gap_s)
        until(lambda: verdicts(station) == 11)
        stopped(station)
    parts = parts_of(plant)
    assert [part.cause for part in parts] == ["good"] * 5 + ["frame-lost"] + ["good"] * 5
    assert parts[5].detail == f"{shy}: it was not triggered with the others"


def test_one_of_two_cameras_that_is_gone_costs_the_parts_meanwhile(
    tmp_path: Path, two: dict[str, ShyDevice]
) -> None:
    """The other one sees every part, so each is counted; both are in step when it is back."""
    plant = make_plant(tmp_path)
    with running(plant, pair(), SETTINGS, capture=CAPTURE) as station:
        armed(two)
        pass_parts(two, 5, 0.1)
        two["left"].vanish()
        until(lambda: station.state is StationState.ERROR)
        pass_parts({"right": two["right"]}, 40, 0.02)
        until(lambda: verdicts(station) == 45)
        two["left"].present = True
        until(lambda: station.state is StationState.CONTINUOUS_EXECUTION)
        pass_parts(two, 5, 0.1)
        until(lambda: verdicts(station) == 50)
        stopped(station)
    parts = parts_of(plant)
    assert [part.outcome for part in parts] == ["pass"] * 5 + ["reject"] * 40 + ["pass"] * 5
    assert all("left" in part.detail for part in parts[5:45])
