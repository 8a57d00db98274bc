"""The audit trail to a syslog server, beside being recorded: RFC 5424 over UDP or TCP.

The ledger is the record; this is a copy in another house, made as well as it can be. What waits is
bounded, what cannot be sent is dropped and counted, and nothing waits for it. (The standard
library's handler knows neither the form of RFC 5424 nor how to connect anew.)
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from queue import Empty, Full, Queue

import structlog

from inspector.core.errors import ConfigError
from inspector.core.line_config import SyslogConfig
from inspector.core.record import RecordKind
from inspector.ledger.chain import StoredRecord

_log = structlog.get_logger(__name__)

_AUDITED = (RecordKind.ACTION, RecordKind.EVENT, RecordKind.SIGNING)
_PORT = 514
_WAITING = 10_000
_RETRY_S = 5.0
_TIMEOUT_S = 5.0
_PRIORITY = 8 * 13 + 5
"""Facility log audit, severity notice."""
_ID = "inspector@32473"
"""Structured data under the number that is reserved for documentation: we have none of our own."""


class SyslogForward:
    """Sends what ``tell`` is given. ``tell`` on the ledger's thread: it never waits, never raises.

    Raises ``ConfigError`` for an address that is none.
    """

    def __init__(self, config: SyslogConfig) -> None:
        self._host, self._port = _address(config.address)
        self._tcp = config.protocol == "tcp"
        self._host_name = socket.gethostname() or "-"
        self._waiting: Queue[StoredRecord] = Queue(_WAITING)
        self._closing = threading.Event()
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name="syslog", daemon=True)
        self.dropped = 0
        self._thread.start()

    def tell(self, stored: Sequence[StoredRecord]) -> None:
        """Queue those of them that are the audit trail."""
        for record in stored:
            if record.kind in _AUDITED:
                try:
                    self._waiting.put_nowait(record)
                except Full:
                    self.dropped += 1

    def close(self) -> None:
        """Send what waits, if it can be sent at once, and end."""
        self._closing.set()
        self._thread.join(2 * _TIMEOUT_S)

    def _run(self) -> None:
        while not (self._closing.is_set() and self._waiting.empty()):
            with contextlib.suppress(Empty):
                record = self._waiting.get(timeout=0.1)
                self._send_surely(line_of(record, self._host_name))
        self._disconnect()

    def _send_surely(self, line: bytes) -> None:
        """Until it is sent; while the station closes only once."""
        told = False
        while True:
            try:
                self._send(line)
            except OSError as error:
                self._disconnect()
                if not told:
                    _log.warning("syslog", problem=str(error), host=self._host)
                told = True
                if self._closing.wait(_RETRY_S):
                    self.dropped += 1
                    return
            else:
                return

    def _send(self, line: bytes) -> None:
        if self._socket is None:
            self._socket = self._connected()
        if self._tcp:  # octet counting, RFC 6587
            self._socket.sendall(b"%d %b" % (len(line), line))
        else:
            self._socket.send(line)

    def _connected(self) -> socket.socket:
        if self._tcp:
            return socket.create_connection((self._host, self._port), _TIMEOUT_S)
        found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_DGRAM)
        family, kind, protocol, _, address = found[0]
        made = socket.socket(family, kind, protocol)
        made.connect(address)
        return made

    def _disconnect(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def line_of(record: StoredRecord, host: str) -> bytes:
    """One message: the record's place in the chain as structured data, its payload as text."""
    seconds, micros = divmod(record.utc_us, 1_000_000)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
    time = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
    chain = (
        f'[{_ID} station="{record.station}" sequence="{record.sequence}" '
        f'digest="{record.digest.hex()}"]'
    )
    head = f"<{_PRIORITY}>1 {time} {host} inspector {os.getpid()} {record.kind} {chain} "
    return head.encode() + b"\xef\xbb\xbf" + record.payload


def _address(given: str) -> tuple[str, int]:
    """``HOST``, ``HOST:PORT`` or ``[IPV6]:PORT``."""
    host, colon, port = given.rpartition(":")
    if not colon or given.endswith("]"):
        return given.strip("[]"), _PORT
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ConfigError(f"syslog.address: {given}: no address", remedy="Write HOST or HOST:PORT")
    return host.strip("[]"), int(port)
