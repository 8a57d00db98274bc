"""The manual test of outputs: in Halted alone, loud, over by itself, and recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.errors import RefusedError
from inspector.core.record import RecordKind
from inspector.core.state import Health, StationState
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.link.details import Details, GetDetails
from inspector.link.messages import Halt, Login, SelectAutomatic, Signature
from inspector.link.signals import BeginTest, EndTest, ForceOutput, GetSignals, Signals
from inspector.station import manual_test
from inspector.station.opening import OpenStation
from tests.station.production_line import (
    PASSWORD,
    make_production_plant,
    opened,
    wait_for_state,
    wait_until,
)
from tests.station.test_plc_station import running
from tests.tiny_plant import make_plant
from tests.waiting import until

BEGIN = BeginTest("new tower lamp", (Signature("ann", PASSWORD),))
GATE = ForceOutput("gate_pass", on=True, seconds=20.0)


def signals(station: OpenStation) -> Signals:
    answer = station.console.call(GetSignals())
    assert isinstance(answer, Signals)
    return answer


def output(station: OpenStation, name: str) -> bool | int | str:
    return {one.name: one.value for one in signals(station).connections[0].outputs}[name]


def halt(station: OpenStation) -> None:
    wait_until(lambda: station.station.state is not StationState.PREOPERATIONAL, "not open")
    station.console.call(Login("ann", PASSWORD))
    station.console.call(Halt())
    wait_for_state(station, StationState.HALTED)
    wait_until(lambda: output(station, "state") == 2, "the PLC is not told")  # or it lets go


def test_outputs_are_forced_in_halted_alone_by_who_signed(tmp_path: Path) -> None:
    plant = make_production_plant(tmp_path)
    with opened(plant) as station:
        station.console.call(Login("ann", PASSWORD))
        with pytest.raises(RefusedError, match="cannot force outputs while the station is"):
            station.console.call(BEGIN)
        halt(station)
        with pytest.raises(RefusedError, match="no manual test is on"):
            station.console.call(GATE)
        with pytest.raises(RefusedError, match="needs your signature"):
            station.console.call(BeginTest("new tower lamp"))
        station.console.call(BEGIN)
        with pytest.raises(RefusedError, match="no output bit"):
            station.console.call(ForceOutput("part_id", on=True))
        with pytest.raises(RefusedError, match="30 s at most"):
            station.console.call(ForceOutput("ok", on=True, seconds=31.0))
        with pytest.raises(RefusedError, match="no outputs to force"):
            station.console.call(ForceOutput("ok", on=True, connection=3))
        station.console.call(GATE)
        assert output(station, "gate_pass") is True
        wait_until(lambda: output(station, "health") == 3, "the PLC is not told")
        (alarm,) = (one for one in station.station.status().alarms if one.key == manual_test.ALARM)
        assert (alarm.health, "ann" in alarm.text) == (Health.CHECK_FUNCTION, True)
        station.console.call(SelectAutomatic())
        assert signals(station).test is None
        wait_until(lambda: output(station, "gate_pass") is False, "still forced")
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    actions = [one.content for one in reader.each(RecordFilter(kind=RecordKind.ACTION))]
    reader.close()
    (begun,) = (one for one in actions if one["action"] == "BeginTest" and not one["refused"])
    assert begun["reason"] == "new tower lamp"
    assert begun["signatures"][0]["user"] == "ann"
    (forced,) = (one for one in actions if one["action"] == "ForceOutput" and not one["refused"])
    assert (forced["output"], forced["on"], forced["seconds"]) == ("gate_pass", True, 20.0)


def test_it_ends_by_itself_and_by_a_touch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant = make_production_plant(tmp_path)
    with opened(plant) as station:
        halt(station)
        station.console.call(BEGIN)
        station.console.call(ForceOutput("ok", on=True, seconds=0.1))
        wait_until(lambda: output(station, "ok") is False, "still forced")
        station.console.call(GATE)
        station.console.call(EndTest())
        assert (output(station, "gate_pass"), signals(station).test) == (False, None)
        monkeypatch.setattr(manual_test, "LONGEST_TEST_S", 0.1)
        station.console.call(BEGIN)
        wait_until(lambda: signals(station).test is None, "the test goes on")
        assert not station.station.status().alarms or all(
            alarm.key != manual_test.ALARM for alarm in station.station.status().alarms
        )


def test_a_real_plc_sees_it_and_the_panel_sees_both_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = make_plant(tmp_path)
    from inspector.access.permissions import Role
    from inspector.access.users import Users

    Users(plant.data_folder).add("ann", Role.ENGINEER, PASSWORD)
    with running(plant, tmp_path / "desk", monkeypatch) as (station, desk):
        desk.ask(lot="LOT-8")
        until(lambda: _inputs(station).get("lot") == "LOT-8")
        halt(station)
        until(lambda: desk.desk.outputs.state == 2)
        station.console.call(BEGIN)
        station.console.call(GATE)
        until(lambda: desk.desk.outputs.gate_pass)
        until(lambda: output(station, "gate_pass") is True)
        station.console.call(SelectAutomatic())
        until(lambda: not desk.desk.outputs.gate_pass)
        wait_for_state(station, StationState.READY)
        assert not desk.desk.outputs.gate_pass


def _inputs(station: OpenStation) -> dict[str, bool | int | str]:
    return {one.name: one.value for one in signals(station).connections[0].inputs}


def test_details_tell_of_cameras_engine_and_store(tmp_path: Path) -> None:
    plant = make_production_plant(tmp_path)
    with opened(plant) as station:
        station.console.call(Login("ann", PASSWORD))
        found = station.console.call(GetDetails())
        assert isinstance(found, Details)
        assert [camera.connected for camera in found.cameras] == [True]
        assert found.engine is not None
        assert found.engine.checks
        assert found.engine.calibrated_utc_us is not None
        assert found.store is not None
        assert found.store.room > 0
        halt(station)
        found = station.console.call(GetDetails())
        assert isinstance(found, Details)
        assert found.engine is None
