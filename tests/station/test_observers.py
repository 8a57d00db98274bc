"""A gate on a camera's output lines, and observers that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from inspector.camera import making
from inspector.camera.device import Feature, FeatureKind, FeatureValue
from inspector.core.state import Health, StationState
from inspector.link.messages import Start
from inspector.station.opening import catalogue_of, load_line, open_station
from tests.camera.scripted_device import ScriptedDevice
from tests.station.camera_line import parts_of
from tests.station.test_lost_camera import SETTINGS
from tests.tiny_plant import DEFECT, GOOD, TinyPlant, make_plant
from tests.waiting import until

CAMERA = {"driver": "pylon", "name": "4711", "trigger": {"mode": "software"}}


class WiredDevice(ScriptedDevice):
    """Every third part is defective; remembers what its outputs did."""

    def __init__(self) -> None:
        super().__init__()
        tree = self.features.tree
        kind, lines = FeatureKind.ENUMERATION, ("UserOutput1", "UserOutput2")
        name = "UserOutputSelector"
        tree[name] = Feature(name, kind, lines[0], choices=lines, writable=True)
        name = "UserOutputValue"
        tree[name] = Feature(name, FeatureKind.BOOLEAN, value=False, writable=True)
        self.pulses: list[FeatureValue] = []
        self._shown = 0
        self.on_fire = self._show
        plain = self.features.set

        def noted(name: str, value: FeatureValue) -> None:
            plain(name, value)
            if name == "UserOutputValue" and value:
                self.pulses.append(self.features.get("UserOutputSelector"))

        self.features.set = noted  # type: ignore[method-assign]  # of a test

    def _show(self) -> None:
        self._shown += 1
        self.expose(level=DEFECT if self._shown % 3 == 0 else GOOD)


def rewrite(plant: TinyPlant, **line: object) -> None:
    content = yaml.safe_load(plant.line_file.read_text())
    content |= {"cameras": [CAMERA], "belt": {"parts_per_s": 10.0, "counts_per_part": 1000}, **line}
    plant.line_file.write_text(yaml.safe_dump(content))
    recipe_file = plant.line_file.parent / "products/tiny.yaml"
    recipe = yaml.safe_load(recipe_file.read_text()) | {"camera": {"settings": SETTINGS}}
    recipe_file.write_text(yaml.safe_dump(recipe))


def test_results_are_pulses_on_the_cameras_outputs_and_a_missing_observer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, plant = WiredDevice(), make_plant(tmp_path)
    monkeypatch.setattr(making, "make_device", lambda _config: device)
    output = {"driver": "camera-output", "camera": "4711", "pulse_ms": 5000.0}  # the next ends it
    output |= {"ok_output": "UserOutput1", "ng_output": "UserOutput2"}
    absent = {"driver": "modbus-client", "name": "scada", "host": "127.0.0.1", "port": 9}
    rewrite(plant, observers=[output, absent])
    config = load_line(plant.line_file)
    with open_station(config, catalogue_of(plant.line_file, plant.data_folder)) as opened:
        station = opened.station
        opened.console.call(Start())
        until(lambda: station.state is StationState.CONTINUOUS_EXECUTION)
        until(lambda: len(device.pulses) >= 6)
        assert station.request_stop_and_wait(20.0)
        status = station.status()
        assert status.state is StationState.READY, "observers fail nothing"
        alarms = {alarm.key: alarm.health for alarm in status.alarms}
        assert alarms == {"observer scada": Health.MAINTENANCE_REQUIRED}
    pins = {"pass": "UserOutput1", "reject": "UserOutput2"}
    assert device.pulses == [pins[part.outcome] for part in parts_of(plant)]
    assert set(device.pulses) == set(pins.values())
    assert not device.features.get("UserOutputValue")
