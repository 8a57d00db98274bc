"""The client's side of the wire to the office: ask now, hear later, in any order."""

from __future__ import annotations

import contextlib
import itertools
import queue
import time
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec
import zmq

from inspector.core.errors import LinkError, RefusedError
from inspector.link.dispatch import Desk
from inspector.link.endpoint import OFFICE, read_endpoint
from inspector.link.keys import PANEL_FILE
from inspector.link.messages import Refused
from inspector.link.questions import AnyAnswer, AnyQuestion, Asked, Heard, News, Told
from inspector.link.wire import Wire

_TAKES_S = 2.0

Message = TypeVar("Message")

_reply: msgspec.msgpack.Decoder[Told | Refused] = msgspec.msgpack.Decoder(Told | Refused)
_news = msgspec.msgpack.Decoder(News)


class OfficeClient(Protocol):
    """A connection to a station's office. One thread at a time."""

    def ask(self, question: AnyQuestion, token: str = "") -> int:
        """Ask; the number by which the answer is known. Raises ``LinkError``."""

    def hear(self, timeout_s: float) -> Heard | None:
        """The next answer, refusal or news; None at the time-out. Raises ``LinkError``."""

    def close(self) -> None:
        """Disconnect. Safe to call twice."""


def answer_to(
    client: OfficeClient, question: AnyQuestion, token: str = "", timeout_s: float = 10.0
) -> AnyAnswer:
    """Ask and wait; what else is heard meanwhile is dropped. Raises ``RefusedError``."""
    asked, deadline = client.ask(question, token), time.monotonic() + timeout_s
    while (left := deadline - time.monotonic()) > 0:
        heard = client.hear(left)
        if isinstance(heard, Refused) and heard.id in (asked, 0):
            raise RefusedError(heard.reason)
        if isinstance(heard, Told) and heard.id == asked:
            return heard.data
    raise LinkError(f"the office gave no answer within {timeout_s:g} s")


class ZmqOfficeClient:
    """``OfficeClient`` over the local sockets of the office in ``data_folder``.

    ``takes_s``: how long a question may wait for the connection. Raises ``LinkError`` where there
    is none.
    """

    def __init__(self, data_folder: Path, *, takes_s: float = _TAKES_S) -> None:
        folder = data_folder / "link"
        self._takes_ms = int(1000 * takes_s)
        endpoint = read_endpoint(folder, OFFICE)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        try:
            self._wire = Wire(self._context, endpoint, folder / PANEL_FILE)
        except LinkError:
            self._context.destroy(linger=0)
            raise
        self._ids = itertools.count(1)

    def ask(self, question: AnyQuestion, token: str = "") -> int:
        """Ask; the number by which the answer is known."""
        asked = Asked(next(self._ids), question, token)
        if not self._wire.requests.poll(self._takes_ms, zmq.POLLOUT):
            raise LinkError("the office cannot be reached")
        self._wire.requests.send(msgspec.msgpack.encode(asked), zmq.DONTWAIT)
        return asked.id

    def hear(self, timeout_s: float) -> Heard | None:
        """The next answer, refusal or news; None at the time-out."""
        poller = zmq.Poller()
        poller.register(self._wire.requests, zmq.POLLIN)
        poller.register(self._wire.events, zmq.POLLIN)
        ready = dict(poller.poll(int(1000 * timeout_s)))
        if self._wire.requests in ready:
            return _decoded(self._wire.requests.recv(), _reply)
        if self._wire.events in ready:
            return _decoded(self._wire.events.recv(), _news)
        return None

    def close(self) -> None:
        """Disconnect. Safe to call twice."""
        self._wire.close()
        self._context.destroy(linger=0)


class InProcessOffice:
    """The office's end without sockets, for tests: every client hears what is published."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._clients: list[InProcessOfficeClient] = []

    def client(self) -> InProcessOfficeClient:
        """A new connection."""
        client = InProcessOfficeClient(self._desk)
        self._clients.append(client)
        return client

    def publish(self, news: News) -> None:
        """Hand news to every client. Any thread."""
        for client in tuple(self._clients):
            client.put(msgspec.msgpack.encode(news))


class InProcessOfficeClient:
    """``OfficeClient`` of an ``InProcessOffice``; messages are encoded as on the wire."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ids = itertools.count(1)
        self._heard: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def ask(self, question: AnyQuestion, token: str = "") -> int:
        """Ask; the number by which the answer is known."""
        asked = Asked(next(self._ids), question, token)
        self._desk.take(msgspec.msgpack.encode(asked), "in-process", self.put)
        return asked.id

    def hear(self, timeout_s: float) -> Heard | None:
        """The next answer, refusal or news; None at the time-out."""
        with contextlib.suppress(queue.Empty):
            return _any.decode(self._heard.get(timeout=timeout_s))
        return None

    def put(self, payload: bytes) -> None:
        """Called by the office's end."""
        self._heard.put(payload)

    def close(self) -> None:
        """Disconnect. Safe to call twice."""


_any: msgspec.msgpack.Decoder[Heard] = msgspec.msgpack.Decoder(Heard)


def _decoded(payload: bytes, decoder: msgspec.msgpack.Decoder[Message]) -> Message:
    try:
        return decoder.decode(payload)
    except msgspec.DecodeError as error:
        raise LinkError(
            f"the office's words cannot be read ({error})",
            remedy="Install the same Inspector on both sides",
        ) from error
