"""The sockets of a server: for this PC, and for panels on others; and who is let in through them.

Both use CurveZMQ; a ZAP handler (ZeroMQ RFC 27) lets known client keys in and nobody else. Through
the door of this PC comes its panel's key alone; through the other one a key that the station was
told of, from an address that the line's file allows.
"""

from __future__ import annotations

import time
from pathlib import Path

import structlog
import zmq
from zmq.utils import z85

from inspector.core.errors import LinkError
from inspector.core.line_config import RemoteConfig
from inspector.link.control import PanelEntry
from inspector.link.endpoint import OFFICE, Endpoint
from inspector.link.keys import LOCAL_PEER, KeyPair, remote_peer
from inspector.link.panel_keys import PanelKeys

HARD_LIMIT = 1024 * 1024
"""Bytes; a longer message ends its connection before it is in memory."""
EVENTS_PER_CLIENT = 64
QUIET_S = 10.0
"""A stranger that tries again and again is logged once in so many seconds."""
LOOK_S = 1.0
"""How often it is looked whether a panel was taken off the list, or the network is there."""
HERE, ELSEWHERE = b"inspector", b"remote"
_ZAP = "inproc://zeromq.zap.01"

_log = structlog.get_logger(__name__)


class Door:
    """Two sockets, bound: requests and events."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        key: KeyPair,
        bind_to: tuple[str, str],
        domain: bytes = HERE,
    ) -> None:
        self._key = key
        self.requests = context.socket(zmq.ROUTER)
        self.requests.setsockopt(zmq.MAXMSGSIZE, HARD_LIMIT)
        self.events = context.socket(zmq.PUB)
        self.events.setsockopt(zmq.SNDHWM, EVENTS_PER_CLIENT)
        try:
            for own, address in ((self.requests, bind_to[0]), (self.events, bind_to[1])):
                own.setsockopt(zmq.CURVE_SERVER, 1)
                own.setsockopt(zmq.CURVE_SECRETKEY, key.secret)
                own.setsockopt(zmq.ZAP_DOMAIN, domain)
                own.setsockopt(zmq.HANDSHAKE_IVL, 5000)
                own.setsockopt(zmq.LINGER, 0)
                own.setsockopt(zmq.IPV6, int("[" in address))
                own.bind(address)
        except zmq.ZMQError:
            self.close()
            raise

    def endpoint(self, pictures: Path | None) -> Endpoint:
        """What was bound, with ports that the system chose."""
        return Endpoint(
            requests=self.requests.get_string(zmq.LAST_ENDPOINT).rstrip("\0"),
            events=self.events.get_string(zmq.LAST_ENDPOINT).rstrip("\0"),
            server_key=self._key.public.decode("ascii"),
            pictures=str(pictures or ""),
        )

    def close(self) -> None:
        """Whoever came through it is gone."""
        self.requests.close(linger=0)
        self.events.close(linger=0)


class Porter:
    """Says who is let in. Server's thread."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        panel_key: bytes,
        remote: RemoteConfig,
        keys: PanelKeys,
    ) -> None:
        self.zap = context.socket(zmq.REP)
        self.zap.bind(_ZAP)
        self._panel_key, self._remote, self._keys = panel_key, remote, keys
        self._inside: set[PanelEntry] = set()
        self._quiet_until = 0.0

    def admit(self) -> None:
        """Answer one ZAP request."""
        version, request_id, *rest = self.zap.recv_multipart()
        peer, address = "", ""
        if len(rest) == 5 and rest[3] == b"CURVE":
            domain, address, key = rest[0], rest[1].decode("ascii", "replace"), rest[4]
            peer = self._peer(domain, address, z85.encode(key))
        verdict = (b"200", b"OK") if peer else (b"400", b"unknown key or address")
        self.zap.send_multipart([version, request_id, *verdict, peer.encode(), b""])
        if not peer and time.monotonic() > self._quiet_until:
            self._quiet_until = time.monotonic() + QUIET_S
            _log.warning("connection refused", address=address)

    def threw_out(self) -> bool:
        """True once after a panel that came in was taken off the list."""
        gone = self._inside - set(self._entries())
        self._inside -= gone
        return bool(gone)

    def _entries(self) -> tuple[PanelEntry, ...]:
        """Nobody, where the list cannot be read."""
        try:
            return self._keys.entries
        except LinkError as error:
            _log.warning("no panel on another PC is let in", reason=str(error))
            return ()

    def _peer(self, domain: bytes, address: str, key: bytes) -> str:
        if domain == HERE:
            return LOCAL_PEER if key == self._panel_key else ""
        if domain != ELSEWHERE or not self._remote.allows(address):
            return ""
        found = [one for one in self._entries() if one.key.encode() == key]
        self._inside.update(found)
        return remote_peer(found[0].name) if found else ""


class Entrance:
    """Both doors. The one for panels on other PCs is opened when their network is there, and anew
    when one of them was taken off the list: that ends its connections. Server's thread.
    """

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        key: KeyPair,
        here: tuple[str, str],
        elsewhere: tuple[str, str] | None,
        porter: Porter,
    ) -> None:
        self._context, self._key, self._address = context, key, elsewhere
        self.porter = porter
        self.here = Door(context, key, here)
        self._elsewhere: Door | None = None
        self._looked_s, self._complained = float("-inf"), False

    @property
    def doors(self) -> tuple[Door, ...]:
        """Those that are open."""
        return (self.here, *([self._elsewhere] if self._elsewhere is not None else []))

    @property
    def patience_ms(self) -> int | None:
        """How long nobody need look."""
        return None if self._address is None else int(1000 * LOOK_S)

    def look(self) -> None:
        """Now and then: open, or throw out."""
        if self._address is None or time.monotonic() - self._looked_s < LOOK_S:
            return
        self._looked_s = time.monotonic()
        if self.porter.threw_out() and self._elsewhere is not None:
            self._elsewhere.close()
            self._elsewhere = None
        if self._elsewhere is None:
            self._open(self._address)

    def _open(self, address: tuple[str, str]) -> None:
        try:
            self._elsewhere = Door(self._context, self._key, address, ELSEWHERE)
        except zmq.ZMQError as error:
            if not self._complained:
                _log.warning("no panel on another PC can connect", at=address[0], reason=str(error))
            self._complained = True
        else:
            self._complained = False
            _log.info("panels on other PCs can connect", at=address[0])


def remote_addresses(remote: RemoteConfig, whose: str) -> tuple[str, str]:
    """Where panels on other PCs reach the station or its office: requests, events."""
    first = remote.port + (2 if whose == OFFICE else 0)
    host = f"[{remote.address}]" if ":" in remote.address else remote.address
    return f"tcp://{host}:{first}", f"tcp://{host}:{first + 1}"
