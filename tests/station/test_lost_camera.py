"""A camera is unplugged in mid-run, and comes back: every part is accounted for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from inspector.camera import making
from inspector.core.record import RecordKind
from inspector.core.state import Health, StationState
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.link.messages import Start
from inspector.station.opening import OpenStation, catalogue_of, load_line, open_station
from tests.camera.scripted_device import ScriptedDevice
from tests.tiny_plant import GOOD, SIDE, TinyPlant, make_plant
from tests.waiting import until

SETTINGS = {"Width": SIDE, "Height": SIDE, "PixelFormat": "Mono8", "ExposureTime": 500.0}


class PartsDevice(ScriptedDevice):
    """Its frames show good parts."""

    def __init__(self) -> None:
        super().__init__()
        self.on_fire = lambda: self.expose(level=GOOD)


@contextmanager
def running(
    plant: TinyPlant, device: ScriptedDevice, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenStation]:
    monkeypatch.setattr(making, "make_device", lambda _config: device)
    line = yaml.safe_load(plant.line_file.read_text())
    camera = {"driver": "pylon", "name": "4711", "trigger": {"mode": "software"}, "retry_s": 0.3}
    line |= {"cameras": [camera], "belt": {"parts_per_s": 50.0, "counts_per_part": 1000}}
    plant.line_file.write_text(yaml.safe_dump(line))
    recipe_file = plant.line_file.parent / "products/tiny.yaml"
    recipe = yaml.safe_load(recipe_file.read_text()) | {"camera": {"settings": SETTINGS}}
    recipe_file.write_text(yaml.safe_dump(recipe))
    config = load_line(plant.line_file)
    with open_station(config, catalogue_of(plant.line_file, plant.data_folder)) as opened:
        opened.console.call(Start())
        until(lambda: opened.station.state is StationState.CONTINUOUS_EXECUTION)
        yield opened


def inspections(plant: TinyPlant) -> list[tuple[str, str]]:
    """Outcome and cause of each part, in order."""
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    records = list(reader.each(RecordFilter(kind=RecordKind.INSPECTION)))
    reader.close()
    return [(str(record.outcome), str(record.content["cause"])) for record in records]


def test_parts_are_rejected_while_it_is_gone_and_the_line_goes_on_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, device = make_plant(tmp_path), PartsDevice()
    with running(plant, device, monkeypatch) as opened:
        station = opened.station
        until(lambda: station.status().parts.passed >= 5)
        device.vanish()
        until(lambda: station.state is StationState.ERROR)
        alarms = {alarm.key: alarm.health for alarm in station.status().alarms}
        assert alarms == {"lost 4711": Health.FAILURE}
        rejected = station.status().parts.rejected
        until(lambda: station.status().parts.rejected >= rejected + 5)
        passed = station.status().parts.passed
        time.sleep(0.1)
        assert station.status().parts.passed == passed
        device.present = True
        until(lambda: station.state is StationState.CONTINUOUS_EXECUTION)
        until(lambda: station.status().parts.passed >= passed + 5)
        assert station.status().health is Health.GOOD
        assert device.features.get("ExposureTime") == 500.0
        assert station.request_stop_and_wait(20.0)
        status = station.status()
        assert status.state is StationState.READY  # so nothing was left unaccounted for
        assert status.parts.reconciled
        assert status.cameras["4711"].reconciled
    outcomes = inspections(plant)
    assert len(outcomes) == status.parts.parts
    assert ("reject", "frame-lost") in outcomes
    gone = outcomes.index(("reject", "frame-lost"))
    meanwhile = [outcome for outcome, _ in outcomes[gone : gone + 6]]
    assert set(meanwhile) == {"reject"}, "one stretch of rejects, and no pass in it"


def test_another_fault_meanwhile_keeps_the_station_in_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, device = make_plant(tmp_path), PartsDevice()
    with running(plant, device, monkeypatch) as opened:
        station = opened.station
        until(lambda: station.status().parts.passed >= 3)
        device.vanish()
        until(lambda: station.state is StationState.ERROR)
        station.fault("a device failed")
        device.present = True
        until(lambda: "lost 4711" not in {alarm.key for alarm in station.status().alarms})
        passed = station.status().parts.passed
        time.sleep(0.3)
        assert station.state is StationState.ERROR
        assert station.status().parts.passed == passed


def test_a_link_that_loses_frames_is_out_of_specification(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, device = make_plant(tmp_path), PartsDevice()
    with running(plant, device, monkeypatch) as opened:
        station = opened.station
        until(lambda: station.status().parts.passed >= 3)
        device.on_fire = lambda: device.expose(level=GOOD, problem="5 packets are missing")
        until(lambda: station.status().health is Health.OUT_OF_SPECIFICATION)
        (alarm,) = station.status().alarms
        assert alarm.key == "link 4711"
        assert "incomplete" in alarm.text
        assert station.state is StationState.CONTINUOUS_EXECUTION
