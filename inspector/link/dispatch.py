"""From a request to its reply, the same with a socket between and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec
import structlog

from inspector.core.errors import InspectorError, RefusedError
from inspector.link.messages import (
    PROTOCOL_VERSION,
    Accepted,
    Answer,
    AnyCommand,
    Hello,
    Refused,
    Reply,
    Request,
)

LARGEST_REQUEST = 64 * 1024
"""Bytes; a command is a few hundred."""

_log = structlog.get_logger(__name__)


class CommandHandler(Protocol):
    """The station's side of every command: it authorises and carries out."""

    def handle(self, command: AnyCommand, token: str, peer: str) -> Answer:
        """Carry a command out; on the link's thread, so it must be quick.

        ``token`` names the session ("" for none), ``peer`` the authenticated connection. Raises
        ``RefusedError`` with the reason when the command is not legal now or not to this user.
        """


class Desk(Protocol):
    """Who answers at a server's end of the wire: the station at once, the office when it can."""

    def take(self, payload: bytes, peer: str, answer: Callable[[bytes], None]) -> None:
        """Take one request; on the link's thread, so it must be quick.

        ``answer`` sends the encoded reply, once, now or later, from any thread. ``peer`` is the
        authenticated connection.
        """


class _Envelope(msgspec.Struct):
    id: int = 0


_request = msgspec.msgpack.Decoder(Request)
_envelope = msgspec.msgpack.Decoder(_Envelope)


class CommandDesk:
    """The station's: every command is answered at once."""

    def __init__(self, handler: CommandHandler) -> None:
        self._handler = handler

    def take(self, payload: bytes, peer: str, answer: Callable[[bytes], None]) -> None:
        """Have the command carried out and answer."""
        request = read_request(payload)
        if isinstance(request, Request):
            answer(msgspec.msgpack.encode(carry_out(self._handler, request, peer)))
        else:
            answer(msgspec.msgpack.encode(request))


def read_request(payload: bytes) -> Request | Refused:
    """Decode a request, or say why it is none."""
    if len(payload) > LARGEST_REQUEST:
        return Refused(0, f"request of {len(payload)} bytes; at most {LARGEST_REQUEST} are read")
    try:
        return _request.decode(payload)
    except (msgspec.DecodeError, RecursionError) as error:
        return Refused(_id_of(payload), f"not a request: {error}")


def _id_of(payload: bytes) -> int:
    try:
        return _envelope.decode(payload).id
    except (msgspec.DecodeError, RecursionError):
        return 0


def carry_out(handler: CommandHandler, request: Request, peer: str) -> Reply:
    """Have the handler carry a request out; whatever happens becomes a reply."""
    command = request.command
    if isinstance(command, Hello) and command.version != PROTOCOL_VERSION:
        reason = (
            f"this station speaks version {PROTOCOL_VERSION} of the link, you {command.version}. "
            "Install the same Inspector on both sides"
        )
        return Refused(request.id, reason)
    try:
        return Accepted(request.id, handler.handle(command, request.token, peer))
    except InspectorError as error:
        return Refused(request.id, str(error))
    except Exception:  # noqa: BLE001  # thread edge: the link lives on, the client is told
        _log.exception("command failed", command=type(command).__name__, peer=peer)
        return Refused(request.id, "internal fault")


def unpack(reply: Reply) -> Answer:
    """The answer in a reply. Raises ``RefusedError`` with the station's reason."""
    if isinstance(reply, Refused):
        raise RefusedError(reply.reason)
    return reply.data
