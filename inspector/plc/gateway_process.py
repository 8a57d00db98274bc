"""One gateway process and our end of its pipe, into which nobody ever waits to write."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from inspector.core.errors import PlcLost
from inspector.core.plc_config import BusConfig
from inspector.plc import wire

Entry = Callable[[Connection, BusConfig], None]

_KILLED_S = 3.0


class GatewayProcess:
    """Runs from its construction to ``close``. ``send`` on any thread, the rest on one.

    A write waits only when the pipe is full. So we never have more under way than surely fits: what
    the gateway has taken it tells, and while it tells nothing ``send`` refuses.
    """

    def __init__(self, entry: Entry, config: BusConfig, name: str) -> None:
        self._name = name
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._process = spawn.Process(
            target=entry, args=(theirs, config), name=f"plc-{name}", daemon=True
        )
        self._process.start()
        theirs.close()  # else its end would not be seen
        self._sending = threading.Lock()
        self._sent = self._taken = 0
        self._heard_at_s = time.monotonic()

    def send(self, message: wire.ToGateway) -> None:
        """Hand a message over at once, or raise ``PlcLost``."""
        data = wire.encode(message)
        with self._sending:
            sent = self._sent + wire.size(data)
            if sent - self._taken > wire.WINDOW:
                raise PlcLost(f"plc {self._name}: the gateway process takes nothing")
            try:
                self._pipe.send_bytes(data)
            except OSError as error:
                raise PlcLost(f"plc {self._name}: the gateway process has ended") from error
            self._sent = sent

    def receive(self, timeout_s: float) -> wire.FromGateway | None:
        """What it says next; None at the time-out. Raises ``OSError``, ``EOFError`` at its end."""
        if not self._pipe.poll(timeout_s):
            return None
        news = wire.decode_news(self._pipe.recv_bytes())
        self._heard_at_s = time.monotonic()
        if isinstance(news, wire.Taken):
            self._taken = news.total
        return news

    @property
    def silent_s(self) -> float:
        """How long it has said nothing; true only after ``receive`` returned None."""
        return time.monotonic() - self._heard_at_s

    @property
    def pid(self) -> int | None:
        """Of the process."""
        return self._process.pid

    def close(self, patience_s: float) -> None:
        """Let it withdraw everything and end, or kill it after ``patience_s``."""
        with contextlib.suppress(PlcLost):
            self.send(wire.End())
        self._process.join(patience_s)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(_KILLED_S)
        with self._sending:
            self._pipe.close()
