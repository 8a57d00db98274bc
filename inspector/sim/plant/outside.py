"""What goes wrong outside the plant, against the true program: its network and its process.

Signals that hold a process are POSIX only.
"""

from __future__ import annotations

import selectors
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from inspector.core.errors import ConfigError


class Outside(Protocol):
    """Faults that are begun and ended on the plant's thread; none of it blocks."""

    def cut(self, *, off: bool) -> None:
        """Cut the network, or mend it."""

    def crash(self) -> bool:
        """Kill the station; False where it is not ours to kill."""

    def begin(self) -> None:
        """Start the station again."""

    def stall(self, *, on: bool) -> bool:
        """Hold the station's process, or let it go; False where that can't be done."""


class TcpRelay:
    """Carries bytes between a station and the plant's PLC; a cut carries none, and says nothing.

    As on a cut cable, what is sent meanwhile goes nowhere, and who connects gets no answer. When it
    is mended all connections of before are closed, so that nothing old arrives. A thread of its
    own.
    """

    def __init__(self, port: int, to_port: int) -> None:
        """Listen on ``port`` of this PC (0: any). Raises ``OSError``."""
        self._listener = socket.create_server(("127.0.0.1", port))
        self._listener.setblocking(False)
        self.port = int(self._listener.getsockname()[1])
        self._to_port = to_port
        self._peers: dict[socket.socket, socket.socket] = {}
        self._muted, self._mended = threading.Event(), threading.Event()
        self._closing = threading.Event()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name="plant-relay", daemon=True)
        self._thread.start()

    def cut(self, *, off: bool) -> None:
        """Carry nothing, or carry again. Any thread."""
        if off:
            self._muted.set()
        elif self._muted.is_set():
            self._mended.set()
            self._muted.clear()

    def close(self) -> None:
        """Disconnect all."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            if self._muted.is_set():
                self._closing.wait(0.005)
                continue
            if self._mended.is_set():
                self._mended.clear()
                self._drop_all()
            for key, _ in self._selector.select(0.05):
                if self._muted.is_set():
                    break
                if key.fileobj is self._listener:
                    self._accept()
                elif isinstance(key.fileobj, socket.socket) and key.fileobj in self._peers:
                    self._carry(key.fileobj)
        self._drop_all()
        self._listener.close()
        self._selector.close()

    def _accept(self) -> None:
        with suppress(OSError):
            near, _ = self._listener.accept()
            try:
                far = socket.create_connection(("127.0.0.1", self._to_port), 1.0)
            except OSError:
                near.close()
                return
            for one, other in ((near, far), (far, near)):
                one.settimeout(1.0)
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._peers[one] = other
                self._selector.register(one, selectors.EVENT_READ)

    def _carry(self, one: socket.socket) -> None:
        try:
            data = one.recv(65536)
            if data:
                self._peers[one].sendall(data)
                return
        except OSError:
            pass
        self._drop(one)

    def _drop(self, one: socket.socket) -> None:
        for end in (one, self._peers.pop(one)):
            self._peers.pop(end, None)
            self._selector.unregister(end)
            end.close()

    def _drop_all(self) -> None:
        with suppress(OSError):  # BlockingIOError at the end of those that wait
            while True:
                self._listener.accept()[0].close()
        while self._peers:
            self._drop(next(iter(self._peers)))


class StationProgram:
    """The station as a process of ours, which a scenario kills, holds and starts again."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it. Raises ``ConfigError``."""
        try:
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)
        except OSError as error:
            raise ConfigError(
                f"--station {self._command[0]}: {error.strerror}",
                remedy="Give the command that starts a station, such as: inspector run --headless",
            ) from error

    @property
    def running(self) -> bool:
        """Whether it was begun and did not end."""
        return self._process is not None and self._process.poll() is None

    def crash(self) -> bool:
        """Kill it, as kill -9 does; False where it has ended already."""
        process = self._process
        if process is None or process.poll() is not None:
            return False
        process.kill()
        process.wait()
        return True

    def stall(self, *, on: bool) -> bool:
        """Hold all its threads, or let them go on."""
        process, name = self._process, "SIGSTOP" if on else "SIGCONT"
        if process is None or process.poll() is not None or not hasattr(signal, name):
            return False
        process.send_signal(getattr(signal, name))
        return True

    def end(self, patience_s: float) -> None:
        """Ask it to end, and kill it if it does not."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        self.stall(on=False)
        process.terminate()
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Surroundings:
    """Implements ``Outside``: a network, and a station if it is ours."""

    def __init__(self, relay: TcpRelay, station: StationProgram | None = None) -> None:
        self._relay = relay
        self._station = station

    def cut(self, *, off: bool) -> None:
        """The relay's."""
        self._relay.cut(off=off)

    def crash(self) -> bool:
        """The program's."""
        return self._station is not None and self._station.crash()

    def begin(self) -> None:
        """The program's."""
        if self._station is not None:
            self._station.begin()

    def stall(self, *, on: bool) -> bool:
        """The program's."""
        return self._station is not None and self._station.stall(on=on)
