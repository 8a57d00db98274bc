"""From a request to its reply, the same with a socket between and without."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Protocol

import msgspec
import structlog

from inspector.core.errors import InspectorError, RefusedError
from inspector.link.messages import (
    PROTOCOL_VERSION,
    Accepted,
    AddUser,
    Answer,
    AnyCommand,
    Hello,
    Login,
    Recover,
    Refused,
    Reply,
    Request,
    ResetPassword,
    ResumeSession,
    Seat,
    SetBadge,
    SetPassword,
    SetPin,
)

MOST_SLOW = 16
"""Log-ins and signatures that may wait for their turn."""
LARGEST_REQUEST = 64 * 1024
"""Bytes; a command is a few hundred."""

_log = structlog.get_logger(__name__)


class CommandHandler(Protocol):
    """The station's side of every command: it authorises and carries out."""

    def handle(
        self, command: AnyCommand, token: str, peer: str, seat: Seat | None = None
    ) -> Answer:
        """Carry a command out; on the link's thread, so it must be quick, unless it is one that
        ``takes_time``: those come one after the other on another thread.

        ``token`` names the session ("" for none), ``peer`` the authenticated connection, ``seat``
        the panel. Raises ``RefusedError`` with the reason when the command is not legal now or not
        to this user.
        """


class Desk(Protocol):
    """Who answers at a server's end of the wire: the station at once, the office when it can."""

    def take(self, payload: bytes, peer: str, answer: Callable[[bytes], None]) -> None:
        """Take one request; on the link's thread, so it must be quick.

        ``answer`` sends the encoded reply, once, now or later, from any thread. ``peer`` is the
        authenticated connection.
        """


_HASHED = (
    Login,
    ResumeSession,
    SetPassword,
    SetPin,
    AddUser,
    ResetPassword,
    SetBadge,
    Recover,
)


def takes_time(command: AnyCommand) -> bool:
    """True where a password, PIN or badge is hashed: some 50 ms, and seconds on a busy PC."""
    return isinstance(command, _HASHED) or bool(getattr(command, "signatures", ()))


class _Envelope(msgspec.Struct):
    id: int = 0


_request = msgspec.msgpack.Decoder(Request)
_envelope = msgspec.msgpack.Decoder(_Envelope)


class CommandDesk:
    """The station's: commands are answered at once, those that take time on a second thread.

    So no Stop waits for anybody's log-in. ``close`` ends that thread.
    """

    def __init__(self, handler: CommandHandler) -> None:
        self._handler = handler
        self._slow = ThreadPoolExecutor(1, "link-slow")
        self._waiting = BoundedSemaphore(MOST_SLOW)

    def take(self, payload: bytes, peer: str, answer: Callable[[bytes], None]) -> None:
        """Have the command carried out and answer."""
        request = read_request(payload)
        if isinstance(request, Refused):
            answer(msgspec.msgpack.encode(request))
        elif not takes_time(request.command):
            self._carry_out(request, peer, answer)
        elif self._waiting.acquire(blocking=False):
            self._slow.submit(self._carry_out_later, request, peer, answer)
        else:
            busy = Refused(request.id, "too many log-ins at once. Try again")
            answer(msgspec.msgpack.encode(busy))

    def close(self) -> None:
        """What waits is dropped; what is under way ends."""
        self._slow.shutdown(cancel_futures=True)

    def _carry_out(self, request: Request, peer: str, answer: Callable[[bytes], None]) -> None:
        answer(msgspec.msgpack.encode(carry_out(self._handler, request, peer)))

    def _carry_out_later(
        self, request: Request, peer: str, answer: Callable[[bytes], None]
    ) -> None:
        try:
            self._carry_out(request, peer, answer)
        finally:
            self._waiting.release()


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
        return Accepted(request.id, handler.handle(command, request.token, peer, request.seat))
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
