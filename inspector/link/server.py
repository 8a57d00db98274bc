"""The server's end of the wire: one thread that answers requests and sends events.

``doors`` says who is let in.
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

from inspector.core.errors import LinkError
from inspector.core.line_config import RemoteConfig
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
from inspector.link.doors import Door, Entrance, Porter, remote_addresses
from inspector.link.endpoint import STATION, Endpoint
from inspector.link.keys import PANEL_FILE, SERVER_FILE
from inspector.link.messages import Event, Refused, RejectNotice
from inspector.link.panel_keys import PanelKeys
from inspector.link.questions import News

NOTICES = 32
BURST, PER_S = 40, 100.0
"""Requests that are answered at once, and how many a second where more come: what a client asks in
a loop must not keep the interpreter from the inspection thread."""

_log = structlog.get_logger(__name__)


class _Outbox:
    """What waits for the server's thread: replies, the newest snapshot or news, last notices."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: Event | News | None = None
        self._notices: deque[RejectNotice] = deque(maxlen=NOTICES)
        self._replies: deque[tuple[Door, bytes, bytes]] = deque()
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

    def reply(self, door: Door, client: bytes, payload: bytes) -> None:
        """Any thread; never blocks. An encoded reply for one client."""
        self._replies.append((door, client, payload))
        self.ring()

    def take_replies(self) -> list[tuple[Door, bytes, bytes]]:
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
    ``name`` says whose. Panels on other PCs are let in where ``remote`` says so.
    """

    def __init__(
        self,
        data_folder: Path,
        desk: Desk,
        *,
        name: str = STATION,
        endpoint: str = "auto",
        remote: RemoteConfig | None = None,
        platform: str = sys.platform,
    ) -> None:
        self._folder = link_folder(data_folder)
        self._remote = remote or RemoteConfig()
        self._keys = PanelKeys(self._folder)
        self._desk = desk
        self._name = name
        self._addresses = addresses(endpoint, self._folder, platform, name)
        self._pictures: Path | None = None
        self._key = load_or_create_keys(self._folder / SERVER_FILE)
        self._panel_key = load_or_create_keys(self._folder / PANEL_FILE).public
        self._outbox = _Outbox()
        self._pace = _Pace()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> Endpoint:
        """Listen. Returns where. Raises ``LinkError`` when an address cannot be bound."""
        if somebody_listens(self._addresses[0]):
            raise self._taken("another station uses it")
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        elsewhere = remote_addresses(self._remote, self._name) if self._remote.address else None
        try:
            porter = Porter(context, self._panel_key, self._remote, self._keys)
            entrance = Entrance(context, self._key, self._addresses, elsewhere, porter)
        except zmq.ZMQError as error:
            context.destroy(linger=0)
            raise self._taken(str(error)) from error
        endpoint = entrance.here.endpoint(self._pictures)
        write_endpoint(self._folder, endpoint, self._name)
        self._thread = threading.Thread(
            target=self._serve, args=(context, entrance), name="link", daemon=True
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

    def _serve(self, context: zmq.Context[zmq.Socket[bytes]], entrance: Entrance) -> None:
        try:
            while not self._closing.is_set():
                try:
                    entrance.look()
                    self._turn(entrance)
                except Exception:  # noqa: BLE001  # thread edge: one bad message, not the link
                    _log.exception("link message failed")
        finally:
            context.destroy(linger=0)

    def _turn(self, entrance: Entrance) -> None:
        """Wait, and serve what is ready, once each."""
        poller = zmq.Poller()
        for source in (entrance.porter.zap, self._outbox.ear):
            poller.register(source, zmq.POLLIN)
        for door in entrance.doors:
            poller.register(door.requests, zmq.POLLIN)
        ready = {where for where, _ in poller.poll(entrance.patience_ms)}
        if entrance.porter.zap in ready:
            entrance.porter.admit()
        for door in entrance.doors:
            if door.requests in ready:
                time.sleep(self._pace.wait_s())
                self._answer(door)
        if self._outbox.ear.fileno() in ready:
            self._send_events(entrance.doors)
        for door, client, payload in self._outbox.take_replies():
            with contextlib.suppress(zmq.ZMQError):  # the client, or its door, may be gone by then
                door.requests.send_multipart([client, payload], zmq.DONTWAIT)

    def _answer(self, door: Door) -> None:
        """Read one request and hand it on."""
        client, *frames = door.requests.recv_multipart(copy=False)
        answer = partial(self._outbox.reply, door, client.bytes)
        if len(frames) == 1:
            self._desk.take(frames[0].bytes, str(frames[0].get("User-Id")), answer)
        else:
            refused = Refused(0, f"not a request: {len(frames)} frames instead of one")
            answer(msgspec.msgpack.encode(refused))

    def _send_events(self, doors: Collection[Door]) -> None:
        for event in self._outbox.take():
            payload = msgspec.msgpack.encode(event)
            for door in doors:
                door.events.send(payload, zmq.DONTWAIT)


class LinkServer(DeskServer):
    """The station's, which has a picture mailbox as well."""

    def __init__(
        self,
        data_folder: Path,
        handler: CommandHandler,
        *,
        endpoint: str = "auto",
        remote: RemoteConfig | None = None,
        platform: str = sys.platform,
    ) -> None:
        self._commands = CommandDesk(handler)
        super().__init__(
            data_folder, self._commands, endpoint=endpoint, remote=remote, platform=platform
        )
        self._pictures = self.pictures = picture_path(self._folder, platform)
        """Where the station's ``PictureMailbox`` goes."""

    def close(self) -> None:
        """Stop listening. Safe to call twice."""
        super().close()
        self._commands.close()
