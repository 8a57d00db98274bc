"""Who may ask for what: every command passes here, whoever sends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from inspector.access.permissions import Role, authorise
from inspector.access.sessions import Sessions
from inspector.access.users import Users
from inspector.core.canonical import Json
from inspector.core.errors import InspectorError, RefusedError
from inspector.core.ports import Recorder
from inspector.core.record import RecordKind
from inspector.core.state import StationStatus
from inspector.link.messages import (
    Abort,
    Acknowledge,
    AnnounceMasters,
    Answer,
    AnyCommand,
    Bypass,
    GetStatus,
    Halt,
    HandOver,
    Hello,
    HoldEvidence,
    ListProducts,
    Login,
    Logout,
    ProductEntry,
    Products,
    ReleaseHold,
    Reset,
    SelectAutomatic,
    SelectProduct,
    Session,
    Snapshot,
    Start,
    StartSingle,
    Stop,
)
from inspector.station.qualifying import Actor, Qualifying
from inspector.station.write_access import Writer

_UNRECORDED = (Hello, GetStatus, ListProducts)
"""Commands that change nothing leave no record."""

_NEEDS_ACCESS = (Start, StartSingle, Reset, SelectProduct, SelectAutomatic, AnnounceMasters)
"""Of operator and PLC only one may give these at a time; stopping is for everybody."""

_HOLD = ("part", "lot", "since_us", "until_us")
_TOLD = ("product", "alarm", "name", "names", "reason", "to", "on", "hold", *_HOLD)
"""What a record tells of any command that has it."""


class Operations(Protocol):
    """What the station can be asked to do. Raises ``RefusedError``; returns at once."""

    def request_start(self) -> None:
        """Start continuous execution."""

    def request_single(self) -> None:
        """Inspect one part."""

    def request_stop(self) -> None:
        """Stop after the parts under way."""

    def request_abort(self) -> None:
        """Stop, and reject the parts under way."""

    def request_halt(self) -> None:
        """Stop and unload."""

    def request_automatic(self) -> None:
        """Load again after a halt."""

    def request_reset(self) -> None:
        """Leave Error."""

    def request_product(self, product: str) -> None:
        """Change over."""

    def acknowledge(self, alarm: str) -> None:
        """Take note of an alarm."""

    def qualify(self, command: Qualifying, actor: Actor) -> dict[str, Json]:
        """Limit samples and releases; returns what the record tells. Raises ``InputError``."""

    def bypass(self, user: str, reason: str) -> None:
        """Let all parts pass, as this user signs; nobody: sort them again."""

    def hand_over(self, to: Writer) -> None:
        """Write access for the PLC, or back to the operator."""

    def require_access(self, asking: Writer) -> None:
        """Raises ``RefusedError`` when somebody else may write."""

    def status(self) -> StationStatus:
        """A snapshot."""

    def products(self) -> tuple[ProductEntry, ...]:
        """All recipes."""


class Commands:
    """Authorises, records and carries out the commands of one kind of connection.

    ``own_role`` is what a connection may do before anyone has logged in, and again after a session
    was idle too long: the station gives it to its own panel by that panel's key, and to whoever
    started it on the console.
    """

    def __init__(
        self,
        operations: Operations,
        users: Users,
        sessions: Sessions,
        recorder: Recorder,
        own_role: Role | None,
        *,
        writer: Writer = "operator",
    ) -> None:
        self._writer = writer
        self._operations = operations
        self._users = users
        self._sessions = sessions
        self._recorder = recorder
        self._own_role = own_role

    def handle(self, command: AnyCommand, token: str, peer: str) -> Answer:
        """Carry out one command. Raises ``RefusedError`` with the reason in words."""
        user, role = self._who(token, peer)
        if isinstance(command, Hello):
            return Session(token="", user=user, role=role.value if role else "")
        if isinstance(command, Login):
            return self._login(command, peer)
        answer: Answer = None
        details: Mapping[str, Json] = {}
        try:
            authorise(role, type(command).__name__)
            if isinstance(command, _NEEDS_ACCESS):
                self._operations.require_access(self._writer)
            if isinstance(command, Qualifying):
                actor = Actor(user, role.value if role else "")
                details = self._operations.qualify(command, actor)
            else:
                answer = self._carry_out(command, token, user)
        except InspectorError as refusal:
            self._record(command, user, peer, refused=str(refusal))
            raise
        self._record(command, user, peer, details)
        return answer

    def _who(self, token: str, peer: str) -> tuple[str, Role | None]:
        user = self._sessions.user(token) if token else None
        return (user.name, user.role) if user else (peer, self._own_role)

    def _login(self, command: Login, peer: str) -> Session:
        try:
            user = self._users.authenticate(command.user, command.password)
        except RefusedError as refusal:
            self._record(command, command.user, peer, refused=str(refusal))
            raise
        self._record(command, user.name, peer)
        return Session(self._sessions.begin(user), user.name, user.role.value)

    def _carry_out(self, command: AnyCommand, token: str, user: str) -> Answer:
        actions: dict[type, Callable[[], None]] = {
            Start: self._operations.request_start,
            StartSingle: self._operations.request_single,
            Stop: self._operations.request_stop,
            Abort: self._operations.request_abort,
            Halt: self._operations.request_halt,
            SelectAutomatic: self._operations.request_automatic,
            Reset: self._operations.request_reset,
            Logout: lambda: self._sessions.end(token),
        }
        match command:
            case SelectProduct(product=product):
                self._operations.request_product(product)
            case Bypass(on=on, reason=reason):
                self._operations.bypass(user if on else "", reason)
            case HandOver(to=to):
                self._operations.hand_over(to)
            case HoldEvidence() | ReleaseHold():
                _check_hold(command)  # its record is what acts
            case Acknowledge(alarm=alarm):
                self._operations.acknowledge(alarm)
            case GetStatus():
                return Snapshot(self._operations.status())
            case ListProducts():
                return Products(self._operations.products())
            case _:
                actions[type(command)]()
        return None

    def _record(
        self,
        command: AnyCommand,
        user: str,
        peer: str,
        details: Mapping[str, Json] = MappingProxyType({}),
        refused: str = "",
    ) -> None:
        if isinstance(command, _UNRECORDED):
            return
        payload: dict[str, Json] = {
            "action": type(command).__name__,
            "user": user,
            "peer": peer,
            "refused": refused,
        }
        for key in _TOLD:
            if hasattr(command, key):
                payload[key] = getattr(command, key)
        self._recorder.note(RecordKind.ACTION, payload | dict(details))


def _check_hold(command: HoldEvidence | ReleaseHold) -> None:
    if not command.reason.strip():
        raise RefusedError("a hold and its end need a reason", remedy="Say why in a few words")
    if isinstance(command, HoldEvidence) and all(getattr(command, key) is None for key in _HOLD):
        raise RefusedError(
            "a hold of everything", remedy="Name a part, a lot, or a time from or until which"
        )
