"""A client of a station in another process."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections import deque
from pathlib import Path
from typing import TypeVar

import msgspec
import zmq

from inspector.core.errors import LinkError
from inspector.link.dispatch import LARGEST_REQUEST, unpack
from inspector.link.endpoint import read_endpoint
from inspector.link.keys import PANEL_FILE
from inspector.link.mailbox_reader import MailboxReader
from inspector.link.messages import (
    Answer,
    AnyCommand,
    Event,
    Logout,
    RejectNotice,
    Reply,
    Request,
    Seat,
    Session,
    Snapshot,
)
from inspector.link.picture import LivePicture
from inspector.link.wire import NOTICES, Wire
from inspector.link.wire_pictures import WirePictures

LOOK_AGAIN_S = 1.0
"""How often a silent client looks whether the station moved to another address."""

Message = TypeVar("Message", Reply, Event)

_reply: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
_event: msgspec.msgpack.Decoder[Event] = msgspec.msgpack.Decoder(Event)


class ZmqClient:
    """``StationClient`` over the local sockets. Connects when first used, and again by itself.

    ``data_folder`` is the station's, or on another PC the one made by ``inspector remote key``; its
    ``link`` folder must be readable to the client's user. The token of the last session stands in
    every request, and so does ``seat``: who has none is no panel, but a shell.
    """

    def __init__(self, data_folder: Path, seat: Seat | None = None) -> None:
        self._folder = data_folder / "link"
        self._seat = seat
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._wire: Wire | None = None
        self._pictures: MailboxReader | WirePictures | None = None
        self._ids = itertools.count(1)
        self._token = ""
        self._waiting: deque[RejectNotice] = deque(maxlen=NOTICES)
        self._snapshot: Snapshot | None = None
        self._looked_at = 0.0

    def speak_for(self, token: str) -> None:
        """Stand in for the session of this token from now on."""
        self._token = token

    def call(self, command: AnyCommand, timeout_s: float = 2.0) -> Answer:
        """Have a command carried out. Raises ``RefusedError`` or ``LinkError``."""
        request = Request(next(self._ids), command, self._token, self._seat)
        payload = msgspec.msgpack.encode(request)
        if len(payload) > LARGEST_REQUEST:
            raise LinkError(f"{type(command).__name__}: longer than {LARGEST_REQUEST} bytes")
        answer = unpack(self._exchange(request.id, payload, timeout_s))
        if isinstance(answer, Session):
            self._token = answer.token
        elif isinstance(command, Logout):
            self._token = ""
        return answer

    def next_event(self, timeout_s: float) -> Event | None:
        """The next event, or None at the time-out; of several snapshots only the newest."""
        deadline = time.monotonic() + timeout_s
        while True:
            event = self._read_event(max(0.0, deadline - time.monotonic()))
            if event is not None or time.monotonic() >= deadline:
                return event

    def picture(self) -> LivePicture | None:
        """The newest live picture, or None when there is none newer than the last one returned."""
        if self._pictures is None:
            with contextlib.suppress(LinkError):
                file = read_endpoint(self._folder).pictures
                self._pictures = MailboxReader(Path(file)) if file else WirePictures(self._folder)
        return self._pictures.newest(self._token) if self._pictures is not None else None

    def close(self) -> None:
        """Disconnect. Safe to call twice."""
        self._disconnect()
        if self._pictures is not None:
            self._pictures.close()
            self._pictures = None
        self._context.destroy(linger=0)

    def _exchange(self, request_id: int, payload: bytes, timeout_s: float) -> Reply:
        deadline = time.monotonic() + timeout_s
        requests = self._connected().requests
        if requests.poll(_ms_until(deadline), zmq.POLLOUT):
            requests.send(payload, zmq.DONTWAIT)
            while requests.poll(_ms_until(deadline)):
                reply = _decoded(requests.recv(), _reply, "reply")
                if reply.id in (request_id, 0):
                    return reply
        # What is still queued must not reach a station that starts an hour from now.
        self._disconnect()
        raise LinkError(
            f"the station gave no answer within {timeout_s:g} s",
            remedy="Check that it runs; the command may have been carried out",
        )

    def _read_event(self, timeout_s: float) -> Event | None:
        self._follow_station()
        if self._wire is None:
            time.sleep(min(timeout_s, LOOK_AGAIN_S))
            return None
        waiting = bool(self._waiting) or self._snapshot is not None
        patience = 0.0 if waiting else min(timeout_s, LOOK_AGAIN_S)
        if self._wire.events.poll(int(patience * 1000)):
            self._drain(self._wire.events)
        if self._waiting:
            return self._waiting.popleft()
        snapshot, self._snapshot = self._snapshot, None
        return snapshot

    def _drain(self, events: zmq.Socket[bytes]) -> None:
        """Take everything that has come: of snapshots only the newest is of interest."""
        with contextlib.suppress(zmq.Again):
            for _ in range(10 * NOTICES):
                event = _decoded(events.recv(zmq.DONTWAIT), _event, "event")
                if isinstance(event, Snapshot):
                    self._snapshot = event
                else:
                    self._waiting.append(event)

    def _follow_station(self) -> None:
        """Connect; connect anew when the station has moved since the last look."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_AGAIN_S:
            return
        self._looked_at = now
        with contextlib.suppress(LinkError):
            if self._wire is not None and read_endpoint(self._folder) != self._wire.endpoint:
                self._disconnect()
            self._connected()

    def _connected(self) -> Wire:
        if self._wire is None:
            endpoint = read_endpoint(self._folder)
            self._wire = Wire(self._context, endpoint, self._folder / PANEL_FILE)
        return self._wire

    def _disconnect(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None


def _ms_until(deadline: float) -> int:
    return max(0, round((deadline - time.monotonic()) * 1000))


def _decoded(payload: bytes, decoder: msgspec.msgpack.Decoder[Message], what: str) -> Message:
    try:
        return decoder.decode(payload)
    except msgspec.DecodeError as error:
        raise LinkError(
            f"the station's {what} cannot be read ({error})",
            remedy="Install the same Inspector on both sides",
        ) from error
