"""Telling the service manager (systemd) that the station is ready, alive, or about to end.

The protocol is that of ``sd_notify(3)``: lines of text to the datagram socket that the environment
names. Where none is named nobody is told.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping

_READY, _ALIVE, _STOPPING = b"READY=1", b"WATCHDOG=1", b"STOPPING=1"


class ServiceManager:
    """Whoever started this process as a service. Any thread; never waits, never raises."""

    def __init__(self, address: str = "") -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> ServiceManager:
        """The one that the environment names."""
        return cls(environment.get("NOTIFY_SOCKET", ""))

    def ready(self) -> None:
        """Everything is open, and panels can connect."""
        self._tell(_READY)

    def alive(self) -> None:
        """The station lives; who does not say so for ``WatchdogSec`` is killed and started anew."""
        self._tell(_ALIVE)

    def stopping(self) -> None:
        """It ends as it was asked to."""
        self._tell(_STOPPING)

    def _tell(self, state: bytes) -> None:
        if not self._address or not hasattr(socket, "AF_UNIX"):
            return
        with (
            contextlib.suppress(OSError),  # it is gone, or takes nothing: not the line's concern
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel,
        ):
            channel.setblocking(False)
            channel.connect(self._address)
            channel.send(state)
