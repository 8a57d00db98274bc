"""A gateway process that hangs: nobody waits for it, everybody is told, another one takes over."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from inspector.core.errors import PlcLost
from inspector.core.plc_config import BusConfig
from inspector.core.ports import Plc, PlcStatus
from inspector.plc import fieldbus_plc, wire
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.plc.gateway import run_gateway
from inspector.plc.several import Several
from tests.plc.desk_plc import DeskPlc, run_on_desk
from tests.plc.peers import opened, pid_of, verdict
from tests.plc.test_gateway import config, conversation
from tests.waiting import until

TOO_MANY = 3000
"""Messages that no pipe holds; a small one of Linux takes some hundred."""


def all_return(what: Callable[[int], object], times: int = TOO_MANY) -> None:
    """Call it so often; fails when one of the calls waits for what never comes."""

    def call() -> None:
        for number in range(times):
            with contextlib.suppress(PlcLost):
                what(number)

    caller = threading.Thread(target=call, daemon=True)
    caller.start()
    caller.join(20.0)
    assert not caller.is_alive(), "somebody waits for the gateway"


def talk(plc: Plc, number: int) -> None:
    """All that the line says, so that each method would be the one that waits."""
    plc.beat()
    plc.exposed(number)
    plc.set_status(PlcStatus(online=True, ready=True, verdicts=number))
    plc.publish(verdict(number))


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def takes(plc: FieldbusPlc, desk: DeskPlc, part_id: int) -> None:
    """A result arrives again; on a busy PC not the first."""

    def taken() -> bool:
        with contextlib.suppress(PlcLost):
            plc.publish(verdict(part_id))
            time.sleep(0.02)
        return (part_id, True) in desk.program.taken

    until(taken)


@pytest.mark.parametrize("way", ["stopped by a signal", "held by its library"])
def test_a_gateway_that_hangs_is_told_and_replaced_and_nobody_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(fieldbus_plc, "_PATIENCE_S", 2.5)
    with conversation(tmp_path, heartbeat_ms=300.0) as (plc, running):
        takes(plc, running, 1)
        hung = pid_of(plc)
        if way == "stopped by a signal":
            os.kill(hung, signal.SIGSTOP)
        else:
            running.desk.holds = True
        lost = plc.lost
        all_return(lambda number: talk(plc, 10 + number))
        assert plc.lost > lost, "what was not handed over is counted"
        until(lambda: not plc.read_inputs().connected)
        with pytest.raises(PlcLost, match="gateway process"):
            plc.publish(verdict(2))
        until(lambda: pid_of(plc) != hung)
        running.desk.holds = False
        until(lambda: plc.read_inputs().connected, 60.0)
        takes(plc, running, TOO_MANY + 10)
        between = [part for part, _ in running.program.taken if 10 <= part < TOO_MANY + 10]
        assert len(between) <= 1, "one may have been under way"
        with pytest.raises(ProcessLookupError):
            os.kill(hung, 0)


def test_a_gateway_that_goes_on_shows_nothing_old_and_the_status_of_now(tmp_path: Path) -> None:
    status = PlcStatus(online=True, ready=True, verdicts=77)
    with conversation(tmp_path, heartbeat_ms=300.0, watchdog_ms=300.0) as (plc, running):
        takes(plc, running, 1)
        pid = pid_of(plc)
        with stopped(pid):
            for number in range(2, 6):
                with contextlib.suppress(PlcLost):
                    plc.publish(verdict(number))
            all_return(plc.exposed)
            plc.set_status(status)
            until(lambda: plc.read_inputs().detail == "the gateway process says nothing")
        until(lambda: plc.read_inputs().connected)
        plc.set_status(status)  # as the supervisor does again and again
        until(lambda: running.desk.outputs.verdicts == 77)
        takes(plc, running, 9)
        assert {part for part, _ in running.program.taken} == {1, 9}
        assert pid_of(plc) == pid


def never_speak(_pipe: Connection, _config: BusConfig) -> None:
    """A gateway whose library never returns, not even on import."""
    threading.Event().wait()


def test_pauses_and_patience_grow_until_one_is_connected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fieldbus_plc, "_PATIENCE_S", 0.05)
    monkeypatch.setattr(fieldbus_plc, "_PAUSE_S", 0.01)
    plc = FieldbusPlc(config(), entry=never_speak, awaited=False)
    plc.open()
    try:
        until(lambda: plc._failures >= 3)
        assert plc._longer(1.0) >= 8.0
        assert plc._longer(1e3) == fieldbus_plc._LONGEST_S
        assert plc.read_inputs().detail == "not connected yet", "it never was"
    finally:
        plc.close()


def test_a_gateway_that_lacks_its_library_lives_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is no hang: another process would find as little."""
    monkeypatch.setitem(sys.modules, "inspector.plc.buses.modbus_client", None)
    ours, theirs = multiprocessing.Pipe()
    gateway = threading.Thread(target=run_gateway, args=(theirs, config(heartbeat_ms=50.0)))
    gateway.start()
    news = [wire.decode_news(ours.recv_bytes()) for _ in range(6)]
    ours.send_bytes(wire.encode(wire.End()))
    gateway.join()
    heard = [one.inputs for one in news if isinstance(one, wire.Heard)]
    assert "pip install inspector-line[plc]" in heard[-1].detail
    assert len(heard) == 1, "said once, however often it tries"
    assert wire.Taken(0) in news
    ours.close()


def test_an_observer_that_hangs_does_not_touch_who_decides(tmp_path: Path) -> None:
    observing = DeskPlc(tmp_path / "observing")
    entry = partial(run_on_desk, tmp_path / "observing")
    observer = FieldbusPlc(config().model_copy(update={"name": "scada"}), entry=entry)
    try:
        with conversation(tmp_path) as (gate, running), opened(observer):
            both = Several(gate, [observer])
            with stopped(pid_of(observer)):
                all_return(observer.exposed)

                def publish(number: int) -> None:
                    both.publish(verdict(number + 1))
                    until(lambda: len(running.program.taken) == number + 1)
                    both.beat()
                    both.set_status(PlcStatus(online=True, verdicts=number))

                all_return(publish, 40)
            assert [part for part, _ in running.program.taken] == list(range(1, 41))
            assert gate.lost == 0
            assert both.untold == observer.lost == 40
            assert both.read_inputs().connected
    finally:
        observing.stop()
