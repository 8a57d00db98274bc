"""Station, gateway process and a PLC on a desk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from inspector.core.errors import PlcError, PlcLost
from inspector.core.plc_config import BusConfig, ModbusClient
from inspector.core.ports import PlcStatus
from inspector.core.verdict import Cause, Outcome, Verdict
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.plc.gateway import STOPPED_ANSWERING, Gateway
from inspector.plc.handshake import Demand
from tests.plc.desk_plc import Desk, DeskBus, until
from tests.plc.test_handshake import PlcProgram


def run_on_desk(path: Path, pipe: Connection, config: BusConfig) -> None:
    """The gateway process, with the desk's bus."""
    Gateway(pipe, config, DeskBus(path)).run()


class RunningPlc:
    """The desk's PLC, scanning on a thread of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.program = desk, PlcProgram()
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        while not self.stopped.wait(0.002):
            self.program.scan(self.desk.outputs)
            self.desk.inputs = self.program.inputs

    def ask(self, **inputs: object) -> None:
        self.program.inputs = replace(self.program.inputs, **inputs)  # type: ignore[arg-type]  # of a test

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join()


def config() -> ModbusClient:
    return ModbusClient(
        driver="modbus-client", host="desk", scan_ms=2.0, heartbeat_ms=100.0, watchdog_ms=200.0
    )


@contextmanager
def conversation(
    tmp_path: Path, demands: list[Demand] | None = None
) -> Iterator[tuple[FieldbusPlc, RunningPlc]]:
    path = tmp_path / "desk"
    running = RunningPlc(Desk(path))
    on_demand = (lambda _: None) if demands is None else demands.append
    plc = FieldbusPlc(config(), on_demand, entry=partial(run_on_desk, path))
    try:
        plc.open()
        plc.set_status(PlcStatus(online=True, ready=True))
        beating = threading.Event()
        beats = threading.Thread(target=_beat, args=(plc, beating))
        beats.start()
        try:
            yield plc, running
        finally:
            beating.set()
            beats.join()
    finally:
        plc.close()
        running.stop()


def _beat(plc: FieldbusPlc, ended: threading.Event) -> None:
    while not ended.wait(0.02):
        plc.beat()


def verdict(part_id: int, *, passed: bool = True) -> Verdict:
    return Verdict(
        part_id=part_id,
        trigger_count=part_id,
        encoder_count=10 * part_id,
        outcome=Outcome.PASS if passed else Outcome.REJECT,
        cause=Cause.GOOD if passed else Cause.DEFECT,
        triggered_ns=0,
        deadline_ns=0,
        decided_ns=0,
    )


def test_results_status_and_heartbeat_reach_the_plc(tmp_path: Path) -> None:
    with conversation(tmp_path) as (plc, running):
        for part_id in range(1, 21):
            plc.publish(verdict(part_id, passed=part_id % 4 != 0))
            time.sleep(0.01)
        until(lambda: len(running.program.taken) == 20)
        assert running.program.taken == [(n, n % 4 != 0) for n in range(1, 21)]
        beat = running.desk.outputs.heartbeat
        until(lambda: running.desk.outputs.heartbeat != beat)
        assert running.desk.outputs.ready
    assert not running.desk.outputs.online, "withdrawn at the end"


def test_a_station_that_stands_still_is_withdrawn_by_the_watchdog(tmp_path: Path) -> None:
    path = tmp_path / "desk"
    running = RunningPlc(Desk(path))
    plc = FieldbusPlc(config(), entry=partial(run_on_desk, path))
    try:
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
    with conversation(tmp_path) as (plc, running):
        running.stop()
        until(lambda: not plc.read_inputs().connected)
        assert "heartbeat" in plc.read_inputs().detail


def test_a_gateway_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with conversation(tmp_path) as (plc, running):
        until(lambda: running.desk.outputs.online)
        process = plc._process
        assert process is not None
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
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
    plc = FieldbusPlc(config(), entry=partial(run_on_desk, path))
    from inspector.plc import fieldbus_plc

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fieldbus_plc, "_FIRST_S", 3.0)
        with pytest.raises(PlcError, match="nobody answers"):
            plc.open()


STATION = """
import sys, threading, time
from functools import partial
from pathlib import Path
from inspector.core.ports import PlcStatus
from inspector.plc.fieldbus_plc import FieldbusPlc
from tests.plc.test_gateway import config, run_on_desk, verdict

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
    running = RunningPlc(Desk(path))
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
