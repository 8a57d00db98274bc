"""Somebody changes a camera behind the station's back: it is told, recorded, and undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.record import RecordKind
from inspector.core.state import Health, StationState
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.link.messages import Start
from tests.camera.selecting_device import SelectingDevice
from tests.station.test_lost_camera import running
from tests.tiny_plant import GOOD, TinyPlant, make_plant
from tests.waiting import until


def device_with_parts() -> SelectingDevice:
    device = SelectingDevice()
    device.on_fire = lambda: device.expose(level=GOOD)
    return device


def events(plant: TinyPlant) -> list[dict[str, object]]:
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    found = [dict(r.content) for r in reader.each(RecordFilter(kind=RecordKind.EVENT))]
    reader.close()
    return [content for content in found if content["event"] == "camera changed"]


def test_a_change_is_an_event_and_an_alarm_and_is_undone_before_the_first_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, device = make_plant(tmp_path), device_with_parts()
    with running(plant, device, monkeypatch) as opened:
        assert opened.station.status().alarms == ()
    assert events(plant) == []
    device.features.put("ExposureTime", 1200.0)
    device.features.put("GevSCPD", 500)
    with running(plant, device, monkeypatch) as opened:
        station = opened.station
        (alarm,) = station.status().alarms
        assert (alarm.key, alarm.health) == ("settings 4711", Health.MAINTENANCE_REQUIRED)
        assert "someone changed ExposureTime from 500.0 to 1200.0, GevSCPD from 0 to 500" in (
            alarm.text
        )
        assert device.features.get("ExposureTime") == 500.0
        assert device.features.get("GevSCPD") == 0
        assert station.request_stop_and_wait(20.0)
        station.request_product("tiny")  # loaded anew, and nothing was changed since
        until(lambda: not station.status().alarms and station.state is StationState.READY)
        opened.console.call(Start())
        until(lambda: station.status().parts.passed >= 3)
    (event,) = events(plant)
    assert event["camera"] == "4711"
    assert event["changed"] == ["ExposureTime from 500.0 to 1200.0", "GevSCPD from 0 to 500"]
    assert event["refused"] == []
