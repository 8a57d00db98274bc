"""The server's end of the wire: one thread that answers requests and sends events.

Both sockets use CurveZMQ; a ZAP handler (ZeroMQ RFC 27) lets known client keys in and nobody else.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Collection
from functools import partial
from pathlib import Path

import msgspec
import structlog
import zmq
from zmq.utils import z85

from inspector.core.errors import LinkError
from inspector.link.binding import (
    addresses,
    clear_away,
    link_folder,
    load_or_create_keys,
    picture_path,
    somebody_listens,
    write_endpoint,
)
from inspector.link.dispatch import CommandDesk, CommandHandler, Desk
from inspector.link.endpoint import STATION, Endpoint
from inspector.link.keys import PANEL_FILE, SERVER_FILE, KeyPair
from inspector.link.messages import Event, Refused, RejectNotice
from inspector.link.questions import News

HARD_LIMIT = 1024 * 1024
"""Bytes; a longer message ends its connection before it is in memory."""
NOTICES = 32
EVENTS_PER_CLIENT = 64
BURST, PER_S = 40, 100.0
"""Requests that are answered at once, and how many a second where more come: what a client asks in
a loop must not keep the interpreter from the inspection thread."""
QUIET_S = 10.0
"""A stranger that tries again and again is logged once in so many seconds."""
_ZAP = "inproc://zeromq.zap.01"

_log = structlog.get_logger(__name__)


class _Outbox:
    """What waits for the server's thread: replies, the newest snapshot or news, last notices."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: Event | News | None = None
        self._notices: deque[RejectNotice] = deque(maxlen=NOTICES)
        self._replies: deque[tuple[bytes, bytes]] = deque()
        self._bell, self.ear = socket.socketpair()
        self._bell.setblocking(False)
        self.ear.setblocking(False)

    def put(self, event: Event | News) -> None:
        """Any thread; never blocks. An older snapshot, or the oldest notice, gives way."""
        with self._lock:
            if isinstance(event, RejectNotice):
                self._notices.append(event)
            else:
                self._newest = event
        self.ring()

    def reply(self, client: bytes, payload: bytes) -> None:
        """Any thread; never blocks. An encoded reply for one client."""
        self._replies.append((client, payload))
        self.ring()

    def take_replies(self) -> list[tuple[bytes, bytes]]:
        """Every reply that waits. Server's thread."""
        return [self._replies.popleft() for _ in range(len(self._replies))]

    def ring(self) -> None:
        """Wake the server's thread."""
        with contextlib.suppress(OSError):  # full: it is awake already; closed: nobody listens
            self._bell.send(b"\0")

    def take(self) -> list[Event | News]:
        """Every event that waits. Server's thread."""
        with contextlib.suppress(BlockingIOError):
            while self.ear.recv(4096):
                pass
        with self._lock:
            events: list[Event | News] = list(self._notices)
            if self._newest is not None:
                events.append(self._newest)
            self._notices.clear()
            self._newest = None
        return events

    def close(self) -> None:
        self._bell.close()
        self.ear.close()


class _Pace:
    """How long to wait before the next request is read. Server's thread."""

    def __init__(self) -> None:
        self._left, self._at = float(BURST), time.monotonic()

    def wait_s(self) -> float:
        """Count one request."""
        now = time.monotonic()
        self._left = min(self._left + (now - self._at) * PER_S, BURST) - 1.0
        self._at = now
        return max(0.0, -self._left / PER_S)


class DeskServer:
    """Answers clients and sends them events. ``start``, ``close``: one thread; ``publish``: any.

    ``data_folder`` gets a private ``link`` folder with the keys, the sockets and the endpoint;
    ``name`` says whose.
    """

    def __init__(
        self,
        data_folder: Path,
        desk: Desk,
        *,
        name: str = STATION,
        endpoint: str = "auto",
        platform: str = sys.platform,
    ) -> None:
        self._folder = link_folder(data_folder)
        self._desk = desk
        self._name = name
        self._addresses = addresses(endpoint, self._folder, platform, name)
        self._pictures: Path | None = None
        self._key = load_or_create_keys(self._folder / SERVER_FILE)
        self._clients = {load_or_create_keys(self._folder / PANEL_FILE).public: "panel"}
        self._outbox = _Outbox()
        self._quiet_until = 0.0
        self._pace = _Pace()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> Endpoint:
        """Listen. Returns where. Raises ``LinkError`` when an address cannot be bound."""
        if somebody_listens(self._addresses[0]):
            raise self._taken("another station uses it")
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        try:
            sockets = _Sockets(context, self._key, self._addresses)
        except zmq.ZMQError as error:
            context.destroy(linger=0)
            raise self._taken(str(error)) from error
        endpoint = sockets.endpoint(self._key, self._pictures)
        write_endpoint(self._folder, endpoint, self._name)
        self._thread = threading.Thread(
            target=self._serve, args=(context, sockets), name="link", daemon=True
        )
        self._thread.start()
        return endpoint

    def _taken(self, why: str) -> LinkError:
        return LinkError(
            f"link.endpoint: {self._addresses[0]} cannot be used ({why})",
            remedy="Stop the other station, or name another endpoint in the line's file",
        )

    def publish(self, event: Event | News) -> None:
        """Send an event to every client. Any thread; never blocks; a slow client misses some."""
        self._outbox.put(event)

    def close(self) -> None:
        """Stop listening. Safe to call twice."""
        self._closing.set()
        self._outbox.ring()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            clear_away(self._folder, self._addresses, self._pictures)
        self._outbox.close()

    def _serve(self, context: zmq.Context[zmq.Socket[bytes]], sockets: _Sockets) -> None:
        poller = zmq.Poller()
        poller.register(sockets.requests, zmq.POLLIN)
        poller.register(sockets.zap, zmq.POLLIN)
        poller.register(self._outbox.ear, zmq.POLLIN)
        try:
            while not self._closing.is_set():
                ready = {where for where, _ in poller.poll()}
                try:
                    self._turn(sockets, ready)
                except Exception:  # noqa: BLE001  # thread edge: one bad message, not the link
                    _log.exception("link message failed")
        finally:
            context.destroy(linger=0)

    def _turn(self, sockets: _Sockets, ready: Collection[object]) -> None:
        """Serve what is ready, once each."""
        if sockets.zap in ready:
            self._admit(sockets.zap)
        if sockets.requests in ready:
            time.sleep(self._pace.wait_s())
            self._answer(sockets.requests)
        if self._outbox.ear.fileno() in ready:
            self._send_events(sockets.events)
        for client, payload in self._outbox.take_replies():
            with contextlib.suppress(zmq.ZMQError):  # the client may be gone by then
                sockets.requests.send_multipart([client, payload], zmq.DONTWAIT)

    def _admit(self, zap: zmq.Socket[bytes]) -> None:
        """Answer one ZAP request: is this client's key known?"""
        version, request_id, *rest = zap.recv_multipart()
        mechanism, key = (rest[3], rest[4]) if len(rest) == 5 else (b"", b"")
        name = self._clients.get(z85.encode(key)) if mechanism == b"CURVE" else None
        verdict = (b"200", b"OK") if name else (b"400", b"unknown key")
        zap.send_multipart([version, request_id, *verdict, (name or "").encode(), b""])
        if name is None and time.monotonic() > self._quiet_until:
            self._quiet_until = time.monotonic() + QUIET_S
            _log.warning("connection refused", mechanism=mechanism.decode("ascii", "replace"))

    def _answer(self, requests: zmq.Socket[bytes]) -> None:
        """Read one request and hand it on."""
        client, *frames = requests.recv_multipart(copy=False)
        answer = partial(self._outbox.reply, client.bytes)
        if len(frames) == 1:
            self._desk.take(frames[0].bytes, str(frames[0].get("User-Id")), answer)
        else:
            refused = Refused(0, f"not a request: {len(frames)} frames instead of one")
            answer(msgspec.msgpack.encode(refused))

    def _send_events(self, events: zmq.Socket[bytes]) -> None:
        for event in self._outbox.take():
            events.send(msgspec.msgpack.encode(event), zmq.DONTWAIT)


class LinkServer(DeskServer):
    """The station's, which has a picture mailbox as well."""

    def __init__(
        self,
        data_folder: Path,
        handler: CommandHandler,
        *,
        endpoint: str = "auto",
        platform: str = sys.platform,
    ) -> None:
        self._commands = CommandDesk(handler)
        super().__init__(data_folder, self._commands, endpoint=endpoint, platform=platform)
        self._pictures = self.pictures = picture_path(self._folder, platform)
        """Where the station's ``PictureMailbox`` goes."""

    def close(self) -> None:
        """Stop listening. Safe to call twice."""
        super().close()
        self._commands.close()


class _Sockets:
    """The server's three sockets, bound."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        key: KeyPair,
        bind_to: tuple[str, str],
    ) -> None:
        self.zap = context.socket(zmq.REP)
        self.zap.bind(_ZAP)
        self.requests = context.socket(zmq.ROUTER)
        self.requests.setsockopt(zmq.MAXMSGSIZE, HARD_LIMIT)
        self.events = context.socket(zmq.PUB)
        self.events.setsockopt(zmq.SNDHWM, EVENTS_PER_CLIENT)
        for own, address in ((self.requests, bind_to[0]), (self.events, bind_to[1])):
            own.setsockopt(zmq.CURVE_SERVER, 1)
            own.setsockopt(zmq.CURVE_SECRETKEY, key.secret)
            own.setsockopt(zmq.ZAP_DOMAIN, b"inspector")
            own.setsockopt(zmq.HANDSHAKE_IVL, 5000)
            own.setsockopt(zmq.LINGER, 0)
            own.bind(address)

    def endpoint(self, key: KeyPair, pictures: Path | None) -> Endpoint:
        """What was bound, with ports that the system chose."""
        return Endpoint(
            requests=self.requests.get_string(zmq.LAST_ENDPOINT).rstrip("\0"),
            events=self.events.get_string(zmq.LAST_ENDPOINT).rstrip("\0"),
            server_key=key.public.decode("ascii"),
            pictures=str(pictures or ""),
        )
