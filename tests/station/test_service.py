"""What systemd hears of a station: ready, alive while parts can be inspected, silence, the end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.line.line import Line
from inspector.link.messages import Start
from inspector.station.service import ServiceManager
from inspector.station.watch import Watch
from tests.station.production_line import opened, wait_until
from tests.tiny_plant import TinyPlant, make_plant

SILENCE_S = 1.0
"""Longer than several turns of the supervisor; what may come late is taken before."""


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket of a service manager that listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        path = tmp_path / "notify"
        channel.bind(str(path))
        channel.settimeout(30.0)
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        yield channel


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    return make_plant(tmp_path / "plant")


def await_word(manager: socket.socket, word: bytes) -> None:
    while manager.recv(64) != word:
        pass


def heard(manager: socket.socket) -> list[bytes]:
    """Everything that was said until now."""
    words = []
    manager.setblocking(False)
    try:
        while True:
            words.append(manager.recv(64))
    except BlockingIOError:
        return words
    finally:
        manager.settimeout(30.0)


def falls_silent(manager: socket.socket) -> bool:
    """True once nothing came for a while; false when it never ends."""
    until = time.monotonic() + 30.0
    while time.monotonic() < until:
        heard(manager)
        time.sleep(SILENCE_S)
        if not heard(manager):
            return True
    return False


def test_ready_then_alive_then_stopping(manager: socket.socket, plant: TinyPlant) -> None:
    with opened(plant) as station:
        await_word(manager, b"READY=1")
        await_word(manager, b"WATCHDOG=1")
        station.console.call(Start())
        run = station.station
        wait_until(lambda: run.status().parts.verdicts >= 10, "no parts")
        heard(manager)
        await_word(manager, b"WATCHDOG=1")
    await_word(manager, b"STOPPING=1")


def test_silence_while_the_inspection_thread_does_not_move(
    manager: socket.socket, plant: TinyPlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(plant) as station:
        station.console.call(Start())
        run = station.station
        wait_until(lambda: run.status().parts.verdicts >= 5, "no parts")
        monkeypatch.setattr(Line, "stalled", lambda _line: True)
        assert falls_silent(manager)
        monkeypatch.undo()


@pytest.mark.slow
def test_the_command_of_the_unit_is_heard_and_ends_when_asked(
    manager: socket.socket, plant: TinyPlant
) -> None:
    command = [sys.executable, "-m", "inspector", "run", "--service", "--line"]
    with subprocess.Popen([*command, str(plant.line_file)], stderr=subprocess.PIPE) as station:
        manager.settimeout(60.0)
        await_word(manager, b"READY=1")
        await_word(manager, b"WATCHDOG=1")
        station.send_signal(signal.SIGSTOP)
        assert falls_silent(manager)
        station.send_signal(signal.SIGCONT)
        await_word(manager, b"WATCHDOG=1")
        station.terminate()
        await_word(manager, b"STOPPING=1")
        said = station.communicate(timeout=60.0)[1].decode()
    assert station.returncode == 0, said
    assert "password" not in said, "the journal would keep it"
    assert not (plant.data_folder / "access" / "users.json").exists()


def test_silence_while_the_supervisor_hangs(
    manager: socket.socket, plant: TinyPlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    with opened(plant):
        await_word(manager, b"WATCHDOG=1")
        monkeypatch.setattr(Watch, "look", lambda _watch, _line: go_on.wait(60.0))
        assert falls_silent(manager)
        go_on.set()
        await_word(manager, b"WATCHDOG=1")


def test_no_manager_or_one_that_is_gone_is_nobodys_concern(tmp_path: Path) -> None:
    ServiceManager.of({}).alive()
    ServiceManager.of({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready()
    ServiceManager.of({"NOTIFY_SOCKET": "@nobody-listens-here"}).stopping()


def test_an_abstract_socket_is_reached() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind("\0inspector-test-of-notify")
        channel.settimeout(30.0)
        ServiceManager("@inspector-test-of-notify").ready()
        assert channel.recv(64) == b"READY=1"
