"""The network and the process that a scenario cuts, kills and holds; a PLC without memory."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from inspector.core.errors import ConfigError
from inspector.core.ports import SystemClock
from inspector.plc.registers import Inputs, Outputs
from inspector.sim.plant.faults import Fault, NetworkCut, PlcRestart, Stall, StationCrash
from inspector.sim.plant.modbus_io import ModbusIo
from inspector.sim.plant.outside import StationProgram, TcpRelay
from inspector.sim.plant.real_time import RealTimePlant
from tests.sim.test_plant import scenario
from tests.sim.test_real_time_plant import HonestStation
from tests.waiting import until

LONGEST_S = 30.0


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as one:
        one.settimeout(LONGEST_S)
        yield one


def called(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), LONGEST_S)


def test_what_is_sent_while_the_network_is_cut_never_arrives(server: socket.socket) -> None:
    with closing(TcpRelay(0, server.getsockname()[1])) as relay, called(relay.port) as near:
        far, _ = server.accept()
        with far:
            far.settimeout(LONGEST_S)
            near.sendall(b"before")
            assert far.recv(100) == b"before"
            relay.cut(off=True)
            time.sleep(0.1)
            near.sendall(b"meanwhile")
            late = called(relay.port)
            late.sendall(b"late")
            near.settimeout(0.2)
            with pytest.raises(TimeoutError):
                near.recv(100)
            relay.cut(off=False)
            assert far.recv(100) == b"", "closed, and nothing old"
        with suppress(ConnectionError):
            assert late.recv(100) == b""
        late.close()
        with called(relay.port) as again:
            other, _ = server.accept()
            with other:
                other.settimeout(LONGEST_S)
                again.sendall(b"after")
                assert other.recv(100) == b"after"


@pytest.mark.skipif(os.name != "posix", reason="a process is held by a POSIX signal")
def test_a_station_is_held_let_go_killed_and_started_again(tmp_path: Path) -> None:
    beats = tmp_path / "beats"
    code = f"import time\nwhile 1: open({str(beats)!r}, 'a').write('x'); time.sleep(0.01)"
    station = StationProgram([sys.executable, "-S", "-c", code])

    def size() -> int:
        return beats.stat().st_size if beats.exists() else 0

    def beats_on() -> None:
        before = size()
        until(lambda: size() > before)

    assert not station.crash()
    station.begin()
    beats_on()
    assert station.stall(on=True)
    time.sleep(0.1)
    held = size()
    time.sleep(0.2)
    assert size() == held
    station.stall(on=False)
    beats_on()
    assert station.crash()
    assert not station.running
    assert not station.stall(on=True)
    station.begin()
    beats_on()
    station.end(LONGEST_S)
    assert not station.running


def test_a_station_that_cannot_be_started_is_named() -> None:
    with pytest.raises(ConfigError, match="no-such-program"):
        StationProgram(["no-such-program"]).begin()


def test_a_plc_that_was_restarted_has_empty_registers() -> None:
    io = ModbusIo(0, SystemClock())
    io.write(Inputs(trigger_count=3, encoder=300, heartbeat=9))
    io._take(Outputs(online=True, heartbeat=4))
    io.reset()
    assert io.read() == Outputs()
    assert io._next_image() == Inputs()


class Outside:
    """Writes down what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def cut(self, *, off: bool) -> None:
        self.asked.append("cut" if off else "mend")

    def crash(self) -> bool:
        self.asked.append("crash")
        return True

    def begin(self) -> None:
        self.asked.append("begin")

    def stall(self, *, on: bool) -> bool:
        self.asked.append("stall" if on else "let go")
        return True


def test_a_script_cuts_kills_and_holds_what_is_outside() -> None:
    faults: tuple[Fault, ...] = (
        NetworkCut(at_s=0.1, for_s=0.1),
        StationCrash(at_s=0.3, for_s=0.1),
        Stall(at_s=0.5, for_s=0.1),
        PlcRestart(at_s=0.7, for_s=0.1),
    )
    station, outside = HonestStation(), Outside()
    plant = RealTimePlant(
        scenario(2, 6, 0.0, *faults), SystemClock(), station, station.camera, outside
    )
    plant.start()
    assert plant.wait_empty(LONGEST_S)
    until(lambda: len(outside.asked) == 8)
    score = plant.stop()
    both = [("cut", "mend"), ("crash", "begin"), ("stall", "let go"), ("cut", "mend")]
    assert outside.asked == [word for pair in both for word in pair]
    assert score.faults.total() == 4
