"""Station, gateway process and a PLC on a desk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

from inspector.core.errors import PlcError, PlcLost
from inspector.core.plc_config import ModbusClient
from inspector.core.ports import PlcStatus
from inspector.plc import fieldbus_plc
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.plc.gateway import STOPPED_ANSWERING
from inspector.plc.handshake import Demand
from tests.plc.desk_plc import Desk, DeskPlc, run_on_desk
from tests.plc.peers import LONGEST_S, expected, opened, pid_of, publish_all, verdict
from tests.waiting import until


def config(**changed: float) -> ModbusClient:
    """Times that no busy PC reaches, unless the test is about their end."""
    times = {"scan_ms": 2.0, "heartbeat_ms": 5000.0, "watchdog_ms": 10_000.0, **changed}
    return ModbusClient.model_validate({"driver": "modbus-client", "host": "desk", **times})


@contextmanager
def conversation(
    tmp_path: Path, demands: list[Demand] | None = None, **times: float
) -> Iterator[tuple[FieldbusPlc, DeskPlc]]:
    path = tmp_path / "desk"
    running = DeskPlc(path)
    on_demand = (lambda _: None) if demands is None else demands.append
    entry = partial(run_on_desk, path)
    try:
        with opened(FieldbusPlc(config(**times), on_demand, entry=entry)) as plc:
            yield plc, running
    finally:
        running.stop()


def test_results_status_and_heartbeat_reach_the_plc(tmp_path: Path) -> None:
    with conversation(tmp_path) as (plc, running):
        publish_all(plc, lambda: running.program.taken, range(1, 21))
        until(lambda: len(running.program.taken) == 20)
        assert running.program.taken == expected(range(1, 21))
        beat = running.desk.outputs.heartbeat
        until(lambda: running.desk.outputs.heartbeat != beat)
        assert running.desk.outputs.ready
    assert not running.desk.outputs.online, "withdrawn at the end"


def test_a_station_that_stands_still_is_withdrawn_by_the_watchdog(tmp_path: Path) -> None:
    path = tmp_path / "desk"
    running = DeskPlc(path)
    plc = FieldbusPlc(config(watchdog_ms=1000.0), entry=partial(run_on_desk, path))
    try:
        with patch.object(fieldbus_plc, "_FIRST_S", LONGEST_S):
            plc.open()
        plc.set_status(PlcStatus(online=True, ready=True))
        plc.beat()
        until(lambda: running.desk.outputs.online)
        until(lambda: running.desk.outputs.error_code == STOPPED_ANSWERING)
        assert not running.desk.outputs.online
        plc.beat()
        until(lambda: running.desk.outputs.online)
    finally:
        plc.close()
        running.stop()


def test_a_plc_that_cannot_be_reached_is_lost_and_found_again(tmp_path: Path) -> None:
    with conversation(tmp_path) as (plc, running):
        running.desk.reachable = False
        until(lambda: not plc.read_inputs().connected)
        with pytest.raises(PlcLost, match="nobody answers"):
            plc.publish(verdict(1))
        running.desk.reachable = True
        until(lambda: plc.read_inputs().connected)
        plc.publish(verdict(2))
        until(lambda: running.program.taken == [(2, True)])


def test_a_plc_whose_program_stands_still_counts_as_lost(tmp_path: Path) -> None:
    with conversation(tmp_path, heartbeat_ms=300.0) as (plc, running):
        running.stop()
        until(lambda: not plc.read_inputs().connected)
        assert "heartbeat" in plc.read_inputs().detail


def test_a_gateway_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with conversation(tmp_path) as (plc, running):
        until(lambda: running.desk.outputs.online)
        os.kill(pid_of(plc), signal.SIGKILL)
        until(lambda: not plc.read_inputs().connected)
        until(lambda: plc.read_inputs().connected)
        plc.publish(verdict(3, passed=False))
        until(lambda: (3, False) in running.program.taken)


def test_what_the_plc_asks_for_is_heard_once(tmp_path: Path) -> None:
    demands: list[Demand] = []
    with conversation(tmp_path, demands) as (plc, running):
        running.ask(lot="L-17", counts_triggers=True, trigger_count=5)
        until(lambda: plc.read_inputs().lot == "L-17")
        assert plc.read_inputs().triggers == 5
        running.ask(recipe_request=True, recipe_wanted=42)
        until(lambda: bool(demands))
        plc.answer_recipe(42, confirmed=True)
        until(lambda: running.desk.outputs.recipe_confirmed)
        assert demands == [Demand("recipe_request", 42)]


def test_a_plc_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "desk"
    Desk(path).reachable = False
    entry = partial(run_on_desk, path)
    with (
        patch.object(fieldbus_plc, "_FIRST_S", 0.1),
        pytest.raises(PlcError, match="Check plc: in the line's file"),
    ):
        FieldbusPlc(config(), entry=entry).open()
    observer = FieldbusPlc(config(), entry=entry, awaited=False)
    observer.open()
    try:
        until(lambda: observer.read_inputs().detail == "nobody answers", LONGEST_S)
    finally:
        observer.close()


STATION = """
import sys, threading, time
from functools import partial
from pathlib import Path
from inspector.core.ports import PlcStatus
from inspector.plc.fieldbus_plc import FieldbusPlc
from tests.plc.desk_plc import run_on_desk
from tests.plc.peers import verdict
from tests.plc.test_gateway import config

if __name__ == "__main__":
    plc = FieldbusPlc(config(), entry=partial(run_on_desk, Path(sys.argv[1])))
    plc.open()
    plc.set_status(PlcStatus(online=True, ready=True, busy=True))
    for part_id in range(1, 10_000):
        plc.beat()
        plc.publish(verdict(part_id))
        print(part_id, flush=True)
        time.sleep(0.01)
"""


@pytest.mark.chaos
def test_a_station_that_is_killed_leaves_no_result_standing(tmp_path: Path) -> None:
    """kill -9 with parts on the belt: the gateway sees the end of its pipe and withdraws."""
    path, script = tmp_path / "desk", tmp_path / "station.py"
    script.write_text(STATION)
    running = DeskPlc(path)
    root = Path(__file__).parents[2]
    command = [sys.executable, str(script), str(path)]
    env = os.environ | {"PYTHONPATH": str(root)}
    station = subprocess.Popen(command, stdout=subprocess.PIPE, env=env)
    try:
        assert station.stdout is not None
        for _ in range(20):
            station.stdout.readline()
        assert running.desk.outputs.online
        station.kill()
        station.wait()
        until(lambda: not running.desk.outputs.online)
        image = running.desk.outputs
        assert (image.ok, image.ng, image.result_valid) == (False, False, False)
        taken = len(running.program.taken)
        time.sleep(0.2)
        assert len(running.program.taken) == taken
    finally:
        station.kill()
        station.communicate()
        running.stop()
