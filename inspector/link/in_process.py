"""The link without sockets: station and client in one process, for headless runs and tests."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from inspector.link.dispatch import CommandHandler, carry_out, unpack
from inspector.link.messages import (
    Answer,
    AnyCommand,
    Event,
    Logout,
    RejectNotice,
    Request,
    Seat,
    Session,
    Snapshot,
)
from inspector.link.picture import LivePicture, OtherView

_V = TypeVar("_V", LivePicture, OtherView)

NOTICES = 64


class InProcessLink:
    """The station's end. ``publish`` and ``offer`` on any thread; they never block."""

    def __init__(self, handler: CommandHandler) -> None:
        self._handler = handler
        self._clients: list[InProcessClient] = []

    def client(self, seat: Seat | None = None) -> InProcessClient:
        """A new connection, of a panel where ``seat`` is given."""
        client = InProcessClient(self._handler, self._clients.remove, seat)
        self._clients.append(client)
        return client

    def publish(self, event: Event) -> None:
        """Hand an event to every client; a slow one misses some."""
        for client in tuple(self._clients):
            client.take_event(event)

    def offer(self, picture: LivePicture) -> None:
        """Hand the newest picture to every client."""
        for client in tuple(self._clients):
            client.take_picture(picture)


class InProcessClient:
    """``StationClient`` of an ``InProcessLink``."""

    def __init__(
        self,
        handler: CommandHandler,
        leave: Callable[[InProcessClient], None],
        seat: Seat | None = None,
    ) -> None:
        self._handler, self._seat = handler, seat
        self._leave: Callable[[InProcessClient], None] | None = leave
        self._ids = itertools.count(1)
        self._token = ""
        self._changed = threading.Condition()
        self._notices: deque[RejectNotice] = deque(maxlen=NOTICES)
        self._snapshot: Snapshot | None = None
        self._picture: LivePicture | None = None

    def speak_for(self, token: str) -> None:
        """Stand in for the session of this token from now on."""
        self._token = token

    def call(self, command: AnyCommand, timeout_s: float = 2.0) -> Answer:
        """Have a command carried out, on this thread. Raises ``RefusedError``."""
        del timeout_s  # the handler is quick by contract
        request = Request(next(self._ids), command, self._token, self._seat)
        answer = unpack(carry_out(self._handler, request, "in-process"))
        if isinstance(answer, Session):
            self._token = answer.token
        elif isinstance(command, Logout):
            self._token = ""
        return answer

    def next_event(self, timeout_s: float) -> Event | None:
        """The next event, or None at the time-out; of several snapshots only the newest."""
        with self._changed:
            self._changed.wait_for(lambda: self._notices or self._snapshot, timeout_s)
            if self._notices:
                return self._notices.popleft()
            snapshot, self._snapshot = self._snapshot, None
            return snapshot

    def picture(self) -> LivePicture | None:
        """The newest live picture, or None when there is none newer than the last one returned."""
        with self._changed:
            picture, self._picture = self._picture, None
            return picture

    def close(self) -> None:
        """Disconnect. Safe to call twice."""
        leave, self._leave = self._leave, None
        if leave is not None:
            leave(self)

    def take_event(self, event: Event) -> None:
        """Called by the station's end."""
        with self._changed:
            if isinstance(event, Snapshot):
                self._snapshot = event
            else:
                self._notices.append(event)
            self._changed.notify_all()

    def take_picture(self, picture: LivePicture) -> None:
        """Called by the station's end; the arrays are copied, the caller may reuse its own."""
        others = tuple(_own(other) for other in picture.others)
        copied = replace(_own(picture), others=others)
        with self._changed:
            self._picture = copied


def _own(view: _V) -> _V:
    own_map = None if view.map is None else view.map.copy()
    return replace(view, pixels=view.pixels.copy(), map=own_map)
