"""A gate on the user outputs of a camera: a scripted one, and pylon's emulation."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from inspector.camera.device import Feature, FeatureKind, Features
from inspector.core.camera_config import PylonCamera
from inspector.core.errors import CameraLost, ConfigError, PlcError, PlcLost
from inspector.core.plc_config import CameraOutput
from inspector.core.ports import PlcStatus
from inspector.plc import camera_output
from inspector.plc.camera_output import CameraOutputPlc, SetOutput
from inspector.plc.several import NamedPlc, Several
from tests.camera.scripted_device import ScriptedFeatures
from tests.plc.peers import verdict
from tests.waiting import until

OK, NG = "UserOutput1", "UserOutput2"


def through(features: Features) -> SetOutput:
    """As the station wires it."""

    def set_output(name: str, on: bool) -> None:
        features.set("UserOutputSelector", name)
        features.set("UserOutputValue", on)

    return set_output


class Camera:
    """User outputs that keep their history; it may be gone, or slow."""

    def __init__(self) -> None:
        self.features = ScriptedFeatures()
        for feature in (
            Feature(
                "UserOutputSelector", FeatureKind.ENUMERATION, OK, choices=(OK, NG), writable=True
            ),
            Feature("UserOutputValue", FeatureKind.BOOLEAN, False, writable=True),
        ):
            self.features.tree[feature.name] = feature
        self.on: set[str] = set()
        self.edges: list[str] = []
        self.gone = False
        self.free = threading.Event()
        self.free.set()
        self._set = through(self.features)

    def set_output(self, name: str, on: bool) -> None:
        assert self.free.wait(10.0)
        if self.gone:
            raise CameraLost("camera c1: gone")
        self._set(name, on)
        if on:
            self.edges.append(name)
        (self.on.add if on else self.on.discard)(name)


@pytest.fixture
def camera() -> Camera:
    return Camera()


def config(**changed: Any) -> CameraOutput:
    entry = {"driver": "camera-output", "camera": "c1", "pulse_ms": 400.0}
    return CameraOutput.model_validate(entry | {"ok_output": OK, "ng_output": NG} | changed)


@pytest.fixture
def gate(camera: Camera) -> Iterator[CameraOutputPlc]:
    gate = CameraOutputPlc(config(), camera.set_output)
    gate.open()
    gate.set_status(PlcStatus(online=True, ready=True))
    yield gate
    camera.free.set()
    gate.close()


def test_it_is_a_plc_with_a_name(gate: CameraOutputPlc) -> None:
    named: NamedPlc = gate
    Several(named, [named]).beat()
    assert named.name == "camera-output"


def test_a_result_is_one_pulse_on_its_output(camera: Camera, gate: CameraOutputPlc) -> None:
    for part_id, output in ((1, OK), (2, NG)):
        gate.publish(verdict(part_id, passed=output == OK))
        until(lambda: camera.on == {output})  # noqa: B023  # waited for here
        until(lambda: not camera.on)
    assert camera.edges == [OK, NG]
    assert gate.read_inputs().connected


def test_the_next_result_ends_the_pulse_before_it(camera: Camera, gate: CameraOutputPlc) -> None:
    for part_id in (1, 2):
        gate.publish(verdict(part_id))
    until(lambda: camera.edges == [OK, OK])
    gate.publish(verdict(3, passed=False))
    until(lambda: camera.on == {NG})
    assert (gate.lost, camera.edges) == (0, [OK, OK, NG])


def test_an_output_that_is_not_wired_still_ends_the_pulse_before(camera: Camera) -> None:
    gate = CameraOutputPlc(config(ng_output="", pulse_ms=5000.0), camera.set_output)
    gate.open()
    gate.set_status(PlcStatus(online=True))
    gate.publish(verdict(1))
    until(lambda: camera.on == {OK})
    gate.publish(verdict(2, passed=False))
    until(lambda: not camera.on)
    gate.close()


def test_a_camera_that_answers_too_late_shows_no_result_of_before(
    camera: Camera, gate: CameraOutputPlc
) -> None:
    gate.publish(verdict(1))
    until(lambda: camera.on == {OK})
    camera.free.clear()
    for part_id in range(2, 14):
        gate.publish(verdict(part_id))
    time.sleep(0.5)
    camera.free.set()
    until(lambda: gate.lost == 12)
    until(lambda: not camera.on)
    assert gate.read_inputs().overrun
    assert camera.edges == [OK]


@pytest.mark.parametrize("status", [PlcStatus(), PlcStatus(online=True, error=True)])
def test_what_is_withdrawn_is_off_at_once(camera: Camera, status: PlcStatus) -> None:
    gate = CameraOutputPlc(config(pulse_ms=20_000.0), camera.set_output)
    gate.open()
    gate.publish(verdict(1))
    gate.set_status(PlcStatus(online=True))
    gate.publish(verdict(2))
    until(lambda: camera.on == {OK})
    gate.set_status(status)
    until(lambda: not camera.on)
    gate.publish(verdict(3))
    gate.close()
    assert camera.edges == [OK], "nothing before online, nothing after"


def test_everything_is_off_at_the_end(camera: Camera) -> None:
    gate = CameraOutputPlc(config(pulse_ms=20_000.0), camera.set_output)
    gate.open()
    gate.set_status(PlcStatus(online=True))
    gate.publish(verdict(1))
    until(lambda: camera.on == {OK})
    gate.close()
    gate.close()
    assert not camera.on
    with pytest.raises(PlcLost):
        gate.publish(verdict(2))


def test_a_camera_that_is_gone_is_told_and_switched_off_when_it_is_back(
    camera: Camera, gate: CameraOutputPlc
) -> None:
    camera.gone = True
    gate.publish(verdict(1))
    until(lambda: not gate.read_inputs().connected)
    assert "c1: gone" in gate.read_inputs().detail
    with pytest.raises(PlcLost, match="gone"):
        gate.publish(verdict(2))
    camera.on = {OK, NG}
    camera.gone = False
    until(lambda: gate.read_inputs().connected)
    assert not camera.on
    gate.publish(verdict(3))
    until(lambda: camera.edges == [OK])


def test_a_camera_that_never_answers_is_told_and_nobody_waits(
    camera: Camera, gate: CameraOutputPlc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_output, "_HANGS_S", 0.1)
    camera.free.clear()
    gate.publish(verdict(1))
    until(lambda: not gate.read_inputs().connected)
    with pytest.raises(PlcLost, match="camera c1 does not answer"):
        gate.publish(verdict(2))
    camera.free.set()
    until(lambda: gate.read_inputs().connected)


def test_a_camera_that_does_not_obey_is_told_at_the_start(camera: Camera) -> None:
    camera.gone = True
    with pytest.raises(PlcError, match="camera c1: gone"):
        CameraOutputPlc(config(), camera.set_output).open()


def test_outputs_of_pylons_emulated_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYLON_CAMEMU", "1")
    try:
        from inspector.camera.drivers.pylon import make
    except ConfigError as error:
        pytest.skip(str(error))
    device = make(PylonCamera(driver="pylon", name="0815-0000", transport="BaslerCamEmu"))
    device.open()
    gate = CameraOutputPlc(config(pulse_ms=1000.0), through(device.features))
    try:
        gate.open()
        gate.set_status(PlcStatus(online=True))
        gate.publish(verdict(1, passed=False))
        until(lambda: device.features.get("UserOutputValue") is True)
        assert device.features.get("UserOutputSelector") == NG
        until(lambda: device.features.get("UserOutputValue") is False)
        with pytest.raises(PlcError, match="UserOutput7"):
            CameraOutputPlc(config(ok_output="UserOutput7"), through(device.features)).open()
    finally:
        gate.close()
        device.close()
