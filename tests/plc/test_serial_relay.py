"""A relay board at the other end of a pseudo-terminal."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("serial", reason="needs the package pyserial")
if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)

import tty

from inspector.core.errors import ConfigError, PlcError
from inspector.core.plc_config import SerialRelay
from inspector.core.ports import PlcStatus
from inspector.plc.buses import serial_relay
from inspector.plc.buses.serial_relay import SerialRelayBus, command
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.plc.registers import Outputs
from tests.plc.peers import verdict
from tests.waiting import until

OK, NG, ALIVE, RED, YELLOW, GREEN = range(1, 7)


class Board:
    """Understands ``+N;`` and ``-N;``, and may be unplugged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.heard: list[str] = []
        self.plug_in()

    def plug_in(self) -> None:
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(slave))
        self._slave = slave
        self._thread = threading.Thread(target=self._read, args=(self._master,))
        self._thread.start()

    def _read(self, master: int) -> None:
        text = ""
        while True:
            try:
                text += os.read(master, 256).decode()
            except OSError:
                return
            *whole, text = text.split(";")
            self.heard += whole
            if "end" in whole:
                return

    def unplug(self) -> None:
        self.path.unlink()
        os.write(self._slave, b"end;")
        self._thread.join()
        os.close(self._slave)
        os.close(self._master)

    @property
    def on(self) -> set[int]:
        last = {int(word[1:]): word[0] == "+" for word in self.heard if word != "end"}
        return {relay for relay, on in last.items() if on}

    def edges(self, relay: int) -> int:
        """How often the relay went on; that it was told so again is no edge."""
        told = [word[0] for word in self.heard if word[1:] == str(relay)]
        return sum(pair == ("-", "+") for pair in zip(["-", *told], told, strict=False))


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    board = Board(tmp_path / "relays")
    yield board
    if board.path.is_symlink():
        board.unplug()


def config(board: Board, **changed: Any) -> SerialRelay:
    entry = {
        "driver": "serial", "port": str(board.path), "on": "+{n};", "off": "-{n};",
        "ok_relay": OK, "ng_relay": NG, "alive_relay": ALIVE, "pulse_ms": 60.0, "scan_ms": 2.0,
        "heartbeat_ms": 50.0, "lamps": {"red": RED, "yellow": YELLOW, "green": GREEN},
    }  # fmt: skip
    return SerialRelay.model_validate(entry | changed)


def result(part_id: int, *, passed: bool = True) -> Outputs:
    return Outputs(online=True, result_valid=True, ok=passed, ng=not passed, part_id=part_id)


class Clock:
    """Time as the bus sees it."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(serial_relay, "time", clock)
    return clock


@pytest.fixture
def bus(board: Board, clock: Clock) -> Iterator[SerialRelayBus]:
    assert clock.now_s
    bus = SerialRelayBus(config(board))
    bus.open()
    yield bus
    bus.close()


@pytest.mark.parametrize(
    ("template", "data"),
    [
        ("relay on {n}\r", b"relay on 3\r"),
        ("hex:A0 {n:02X} 01 {sum}", bytes([0xA0, 3, 1, 0xA4])),
        ("hex:FF {n:02X} 00", bytes([0xFF, 3, 0])),
        ("hex:FE 05 {sum} 0D", bytes([0xFE, 5, 3, 13])),
    ],
)
def test_templates_make_the_commands_of_boards(template: str, data: bytes) -> None:
    assert command(template, 3) == data


@pytest.mark.parametrize("template", ["{m}", "hex:A0 {n} GG", "{n.x}", "{", "継電器{n}"])
def test_a_template_that_makes_no_command_is_a_fault_of_the_file(template: str) -> None:
    with pytest.raises(ConfigError, match="relay 3"):
        command(template, 3)


def test_a_result_is_one_pulse_on_its_relay(
    board: Board, bus: SerialRelayBus, clock: Clock
) -> None:
    shown = result(1)
    assert bus.exchange(shown) is None
    until(lambda: OK in board.on)
    bus.exchange(Outputs(online=True))
    assert OK in board.on, "it outlasts the image"
    clock.now_s += 0.07
    bus.exchange(Outputs(online=True))
    until(lambda: OK not in board.on)
    assert (board.edges(OK), board.edges(NG)) == (1, 0)


def test_the_next_result_ends_the_pulse_before_it_and_has_its_own_edge(
    board: Board, bus: SerialRelayBus
) -> None:
    bus.exchange(result(1))
    bus.exchange(result(2))
    bus.exchange(result(3, passed=False))
    until(lambda: NG in board.on)
    assert (board.edges(OK), board.edges(NG), OK in board.on) == (2, 1, False)


def test_what_stands_is_no_new_result(board: Board, bus: SerialRelayBus, clock: Clock) -> None:
    for _ in range(3):
        bus.exchange(result(1))
        clock.now_s += 0.04
    until(lambda: board.edges(OK) > 0 and OK not in board.on)
    assert board.edges(OK) == 1


@pytest.mark.parametrize("image", [Outputs(), Outputs(online=True, error=True)])
def test_what_is_withdrawn_is_off_at_once_and_for_good(
    board: Board, bus: SerialRelayBus, image: Outputs
) -> None:
    bus.exchange(result(1))
    until(lambda: OK in board.on)
    bus.exchange(image)
    until(lambda: not board.on & {OK, NG, ALIVE})
    bus.exchange(Outputs(online=True))
    time.sleep(0.03)
    assert board.edges(OK) == 1, "and does not come back"


@pytest.mark.parametrize(
    ("image", "lamp"),
    [
        (Outputs(online=True, ready=True), GREEN),
        (Outputs(online=True, ready=True, health=1), YELLOW),
        (Outputs(online=True, ready=True, bypass=True), YELLOW),
        (Outputs(online=True, ready=True, health=4), RED),
        (Outputs(error=True, error_code=4), RED),
        (Outputs(), None),
    ],
)
def test_the_tower_shows_the_health(
    board: Board, bus: SerialRelayBus, image: Outputs, lamp: int | None
) -> None:
    bus.exchange(image)
    until(lambda: board.on == ({lamp} - {None}))


def test_the_sign_of_life_toggles_with_the_heartbeat_and_stops_with_it(
    board: Board, bus: SerialRelayBus, clock: Clock
) -> None:
    for beat in range(1, 6):
        bus.exchange(Outputs(online=True, heartbeat=beat))
        clock.now_s += 0.06
    until(lambda: board.edges(ALIVE) == 3)
    for _ in range(3):
        clock.now_s += 0.06
        bus.exchange(Outputs(online=True, heartbeat=5))
    assert board.edges(ALIVE) == 3


def test_states_are_told_again_for_what_the_line_lost(
    board: Board, bus: SerialRelayBus, clock: Clock
) -> None:
    told = len(board.heard)
    for _ in range(12):
        bus.exchange(Outputs())
        clock.now_s += 0.055
    relays = {str(relay) for relay in range(1, 7)}
    until(lambda: {word[1:] for word in board.heard[told:]} == relays)


def test_everything_is_off_at_the_end(board: Board, bus: SerialRelayBus) -> None:
    bus.exchange(result(1))
    until(lambda: OK in board.on)
    bus.close()
    bus.close()
    until(lambda: not board.on)


def test_a_port_that_is_not_there_is_said(board: Board) -> None:
    bus = SerialRelayBus(config(board, port="/dev/no-such-port"))
    with pytest.raises(PlcError, match="/dev/no-such-port"):
        bus.open()
    bus.close()


def test_through_the_gateway_an_unplugged_board_is_lost_and_found(board: Board) -> None:
    plc = FieldbusPlc(config(board, heartbeat_ms=1000.0, watchdog_ms=30_000.0))
    try:
        plc.open()
        plc.set_status(PlcStatus(online=True, ready=True))
        plc.beat()
        plc.publish(verdict(1))
        until(lambda: board.edges(OK) == 1)
        board.unplug()
        until(lambda: not plc.read_inputs().connected)
        with pytest.raises(PlcError, match="serial port"):
            plc.publish(verdict(2))
        board.plug_in()
        until(lambda: plc.read_inputs().connected)
        plc.publish(verdict(3, passed=False))
        until(lambda: board.edges(NG) == 1)
        assert board.edges(OK) == 1
    finally:
        plc.close()
    until(lambda: not board.on)
