"""A whole station whose PLC is on a desk: commands, recipes, lots, and a PLC that goes away."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest
import yaml

from inspector.core.errors import RefusedError
from inspector.core.record import RecordKind
from inspector.core.state import Health, StationState
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.link.messages import Bypass, HandOver, Start
from inspector.plc import fieldbus_plc
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.station import telling
from inspector.station.opening import OpenStation, catalogue_of, load_line, open_station
from tests.plc.desk_plc import DeskPlc, run_on_desk
from tests.tiny_plant import TinyPlant, make_plant
from tests.waiting import until

PLC = {
    "driver": "modbus-client",
    "host": "desk",
    "scan_ms": 2.0,
    "heartbeat_ms": 10_000.0,  # no busy PC ends them: no test here is about their end
    "watchdog_ms": 30_000.0,
}


def gateway_pid() -> int:
    """The process of the PLC's gateway."""
    (pid,) = (one.pid for one in active_children() if one.name == "plc-modbus-client")
    assert pid is not None
    return pid


@contextmanager
def running(
    plant: TinyPlant, path: Path, monkeypatch: pytest.MonkeyPatch, **more: object
) -> Iterator[tuple[OpenStation, DeskPlc]]:
    line = yaml.safe_load(plant.line_file.read_text())
    line |= {"plc": PLC | more, "belt": {"parts_per_s": 40.0, "counts_per_part": 1000}}
    plant.line_file.write_text(yaml.safe_dump(line))
    recipe_file = plant.line_file.parent / "products/tiny.yaml"
    recipe_file.write_text(yaml.safe_dump(yaml.safe_load(recipe_file.read_text()) | {"plc_id": 7}))
    on_desk = partial(FieldbusPlc, entry=partial(run_on_desk, path))
    monkeypatch.setattr(telling, "FieldbusPlc", on_desk)
    desk = DeskPlc(path)
    try:
        config = load_line(plant.line_file)
        with open_station(config, catalogue_of(plant.line_file, plant.data_folder)) as opened:
            yield opened, desk
    finally:
        desk.stop()


def test_the_plc_starts_it_takes_results_and_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = make_plant(tmp_path)
    with running(plant, tmp_path / "desk", monkeypatch) as (opened, desk):
        station = opened.station
        until(lambda: desk.desk.outputs.ready)
        assert desk.desk.outputs.recipe == 7
        desk.ask(start=True)
        time.sleep(0.3)
        assert not station.state.running, "without write access nothing is carried out"
        desk.ask(start=False, wants_to_write=True, lot="LOT-8")
        until(lambda: desk.desk.outputs.plc_may_write)
        desk.ask(start=True)
        until(lambda: station.state is StationState.CONTINUOUS_EXECUTION)
        with pytest.raises(RefusedError, match="the PLC has write access"):
            opened.console.call(Start())
        until(lambda: len(desk.program.taken) >= 10)
        assert {passed for _, passed in desk.program.taken} == {True, False}
        desk.ask(stop=True)
        until(lambda: station.state is StationState.READY)
        status = station.status()
        assert status.parts.reconciled
        assert status.lot == "LOT-8"
        until(lambda: len(desk.program.taken) == status.parts.verdicts)
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    parts = list(reader.each(RecordFilter(kind=RecordKind.INSPECTION)))
    actions = [r.content for r in reader.each(RecordFilter(kind=RecordKind.ACTION))]
    reader.close()
    assert [record.outcome == "pass" for record in parts] == [
        passed for _, passed in desk.program.taken
    ]
    assert parts[-1].content["lot"] == "LOT-8"
    asked = [(action["action"], action["user"], bool(action["refused"])) for action in actions]
    assert asked[:2] == [("Start", "plc", True), ("Start", "plc", False)]
    assert ("Stop", "plc", False) in asked


def test_recipes_are_confirmed_once_loaded_and_refused_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = make_plant(tmp_path)
    with running(plant, tmp_path / "desk", monkeypatch) as (_, desk):
        desk.ask(wants_to_write=True)
        until(lambda: desk.desk.outputs.plc_may_write)
        desk.ask(recipe_request=True, recipe_wanted=99)
        until(lambda: desk.desk.outputs.recipe_refused)
        assert desk.desk.outputs.recipe_answer == 99
        desk.ask(recipe_request=False)
        until(lambda: not desk.desk.outputs.recipe_refused)
        desk.ask(recipe_request=True, recipe_wanted=7)
        until(lambda: desk.desk.outputs.recipe_confirmed)
        assert desk.desk.outputs.recipe_answer == 7


def test_a_plc_that_is_gone_rejects_everything_and_the_line_goes_on_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = make_plant(tmp_path)
    with running(plant, tmp_path / "desk", monkeypatch) as (opened, desk):
        station = opened.station
        opened.console.call(Start())
        until(lambda: len(desk.program.taken) >= 5)
        desk.desk.reachable = False
        until(lambda: station.state is StationState.ERROR)
        alarms = {alarm.key: alarm.health for alarm in station.status().alarms}
        assert alarms == {"lost plc": Health.FAILURE}
        taken, passed = len(desk.program.taken), station.status().parts.passed
        rejected = station.status().parts.rejected
        until(lambda: station.status().parts.rejected > rejected + 5)
        assert station.status().parts.passed == passed
        desk.desk.reachable = True
        until(lambda: station.state is StationState.CONTINUOUS_EXECUTION)
        until(lambda: len(desk.program.taken) >= taken + 10)
        ids = [part_id for part_id, _ in desk.program.taken]
        assert ids == sorted(set(ids)), "no result twice, none of before the cut afterwards"


def test_a_gateway_that_hangs_delays_no_verdict_and_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fieldbus_plc, "_PATIENCE_S", 4.0)
    plant = make_plant(tmp_path)
    with running(plant, tmp_path / "desk", monkeypatch, heartbeat_ms=500.0) as (opened, desk):
        station = opened.station
        opened.console.call(Start())
        until(lambda: len(desk.program.taken) >= 5)
        os.kill(gateway_pid(), signal.SIGSTOP)
        until(lambda: station.state is StationState.ERROR)
        (alarm,) = station.status().alarms
        assert (alarm.key, alarm.health) == ("lost plc", Health.FAILURE)
        assert "the gateway process" in alarm.text
        taken, parts = len(desk.program.taken), station.status().parts
        until(lambda: station.status().parts.verdicts > parts.verdicts + 20)
        assert station.status().parts.passed == parts.passed, "each of them is a reject"
        until(lambda: station.state is StationState.CONTINUOUS_EXECUTION, 60.0)
        until(lambda: len(desk.program.taken) >= taken + 10)
        assert station.request_stop_and_wait(20.0)
        assert station.status().parts.reconciled
        ids = [part_id for part_id, _ in desk.program.taken]
        assert ids == sorted(set(ids)), "nothing of before the hang"
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    found = [r.content for r in reader.each(RecordFilter(kind=RecordKind.INSPECTION))]
    reader.close()
    assert {part["cause"] for part in found} == {"good", "defect", "fault"}, "no verdict came late"


def test_an_operator_hands_write_access_over_where_the_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = make_plant(tmp_path)
    with running(plant, tmp_path / "desk", monkeypatch, write_access="operator") as (opened, desk):
        desk.ask(wants_to_write=True)
        until(lambda: opened.station.status().plc_asks)
        assert opened.station.status().writer == "operator"
        opened.console.call(HandOver("plc"))
        until(lambda: desk.desk.outputs.plc_may_write)
        opened.console.call(HandOver("operator"))
        until(lambda: not desk.desk.outputs.plc_may_write)


def test_a_bypass_is_signed_loud_and_counted_and_no_part_of_it_is_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = make_plant(tmp_path)
    with running(plant, tmp_path / "desk", monkeypatch) as (opened, desk):
        station = opened.station
        with pytest.raises(RefusedError, match="not allowed to the role operator"):
            opened.console.call(Bypass(on=True, reason="lamp broken"))
        with pytest.raises(RefusedError, match="needs a reason"):
            station.bypass("sato", " ")
        station.bypass("sato", "lamp broken")
        opened.console.call(Start())
        until(lambda: len(desk.program.taken) >= 12)
        assert {passed for _, passed in desk.program.taken} == {True}
        assert desk.desk.outputs.bypass
        status = station.status()
        assert status.parts.passed == 0
        assert status.parts.bypassed > 0
        assert status.health is Health.CHECK_FUNCTION
        assert "sato: lamp broken" in status.alarms[0].text
        station.bypass("", "lamp is new")
        until(lambda: station.status().parts.passed >= 3)
        until(lambda: False in {passed for _, passed in desk.program.taken})
        assert station.request_stop_and_wait(20.0)
        assert station.status().parts.reconciled
        assert station.status().health is Health.GOOD
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    parts = [r.content for r in reader.each(RecordFilter(kind=RecordKind.INSPECTION))]
    reader.close()
    signed = [part for part in parts if part["bypassed"] == "sato"]
    assert len(signed) == station.status().parts.bypassed
    assert {part["cause"] for part in signed} == {"good", "defect"}, "what was found is told"


def test_one_part_abort_halt_and_automatic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant = make_plant(tmp_path)

    def press(desk: DeskPlc, bit: str) -> None:
        desk.ask(**{bit: True})
        time.sleep(0.1)
        desk.ask(**{bit: False})

    with running(plant, tmp_path / "desk", monkeypatch) as (opened, desk):
        station = opened.station
        desk.ask(wants_to_write=True)
        until(lambda: desk.desk.outputs.plc_may_write)
        press(desk, "start_single")
        until(lambda: len(desk.program.taken) >= 1)
        until(lambda: station.state is StationState.READY)
        assert station.status().parts.reconciled
        press(desk, "start")
        until(lambda: station.status().parts.verdicts >= 3)
        press(desk, "abort")
        until(lambda: station.state is StationState.READY)
        press(desk, "halt")
        until(lambda: desk.desk.outputs.state == 2)
        assert not desk.desk.outputs.ready
        press(desk, "start")
        press(desk, "select_automatic")
        until(lambda: desk.desk.outputs.state == 6)
        assert desk.desk.outputs.recipe == 7
