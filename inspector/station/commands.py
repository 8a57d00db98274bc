"""Who may ask for what: every command passes here, whoever sends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol

from inspector.access.permissions import (
    AT_THIS_PC,
    BEFORE_OWN_PASSWORD,
    ONE_PANEL,
    Role,
    authorise,
)
from inspector.access.users import User
from inspector.core.canonical import Json
from inspector.core.errors import InspectorError, RefusedError
from inspector.core.ports import Recorder
from inspector.core.record import RecordKind
from inspector.core.state import Health, StationStatus
from inspector.link.endpoint import OFFICE
from inspector.link.keys import remote_name
from inspector.link.messages import (
    Abort,
    Acknowledge,
    AnnounceMasters,
    Answer,
    AnyCommand,
    AskControl,
    BeginTest,
    Bypass,
    CallEngineer,
    ChangeThreshold,
    Details,
    EndTest,
    ForceOutput,
    GetDetails,
    GetSignals,
    GetStatus,
    GiveControl,
    Halt,
    HandOver,
    Hello,
    HoldEvidence,
    Judge,
    KeepControl,
    ListPanels,
    ListProducts,
    ListUsers,
    Logout,
    NoteBackup,
    NoteReport,
    Present,
    ProductEntry,
    Products,
    Recover,
    ReleaseHold,
    Reset,
    RotateKey,
    Seat,
    SelectAutomatic,
    SelectProduct,
    Session,
    Signals,
    Snapshot,
    Start,
    StartSingle,
    Stop,
    TakeControl,
)
from inspector.station import calling, recovery
from inspector.station.panel_control import Panel, PanelControl
from inspector.station.people import Entering, OfUsers, People
from inspector.station.qualifying import Actor, Qualifying
from inspector.station.reviewing import check_judgement, told_of
from inspector.station.write_access import Writer

_UNRECORDED = (
    *(Hello, Present, GetStatus, GetSignals, GetDetails),
    *(ListProducts, ListUsers, ListPanels),
)
"""Commands that change nothing leave no record."""

_NEEDS_ACCESS = (Start, StartSingle, Reset, SelectProduct, SelectAutomatic, AnnounceMasters)
"""Of operator and PLC only one may give these at a time; stopping is for everybody."""

_HOLD = ("part", "lot", "since_us", "until_us")
_THRESHOLD = ("before", "threshold", "false_reject_rate", "calibration")
_TOLD = (
    "product",
    "alarm",
    "name",
    "names",
    "reason",
    "to",
    "on",
    "output",
    "seconds",
    "connection",
    "hold",
    "lost",
    "draft",
    *_HOLD,
    *_THRESHOLD,
)
"""What a record tells of any command that has it: never a password, a PIN or a badge."""


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

    @property
    def control(self) -> PanelControl:
        """Which of several panels acts."""

    def require_stopped(self) -> None:
        """Raises ``RefusedError``: this is for a station that does not run."""

    def alarm(self, key: str, health: Health, text: str) -> None:
        """Something that a person must know."""

    def clear(self, key: str) -> None:
        """It is settled."""

    def status(self) -> StationStatus:
        """A snapshot."""

    def adopt(self, change: ChangeThreshold) -> None:
        """Let a calibration hold that waits for this word; nothing where none does."""

    def products(self) -> tuple[ProductEntry, ...]:
        """All recipes."""

    def signals(self) -> Signals:
        """What stands between station and PLC."""

    def details(self) -> Details:
        """Of devices, engine and store."""

    def begin_test(self, user: str, reason: str) -> None:
        """Let outputs be forced, as this user signs."""

    def end_test(self) -> None:
        """Nothing is forced any more."""

    def force(self, asked: ForceOutput) -> None:
        """Force an output."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who gives a command."""

    name: str
    role: Role | None
    user: User | None
    token: str
    peer: str
    panel: Panel | None


class Commands:
    """Authorises, records and carries out the commands of one kind of connection.

    ``own_role`` is what a connection may do before anyone has logged in, and again after a session
    was idle too long: the station gives it to its own panel by that panel's key, and to whoever
    started it on the console; never to a panel on another PC. Without ``operations`` no station
    runs: there are people alone.
    """

    def __init__(
        self,
        operations: Operations | None,
        people: People,
        recorder: Recorder,
        own_role: Role | None,
        *,
        writer: Writer = "operator",
    ) -> None:
        self._writer = writer
        self._running = operations
        self._people = people
        self._recorder = recorder
        self._own_role = own_role

    def handle(
        self, command: AnyCommand, token: str, peer: str, seat: Seat | None = None
    ) -> Answer:
        """Carry out one command. Raises ``RefusedError`` with the reason in words."""
        asking = self._who(command, token, peer, Panel.of(peer, seat))
        if isinstance(command, Hello):
            one_time = asking.user is not None and asking.user.one_time
            return Session("", asking.name, asking.role.value if asking.role else "", one_time)
        if isinstance(command, Entering):
            return self._enter(command, asking)
        details: dict[str, Json] = {}
        try:
            self._allow(command, asking)
            signed = self._people.signing.verified(command, asking.name)
            if signed:
                details["signatures"] = signed
            answer, told = self._answer(command, asking)
        except InspectorError as refusal:
            self._record(command, asking, details, refused=str(refusal))
            raise
        self._record(command, asking, details | told)
        return answer

    @property
    def _operations(self) -> Operations:
        if self._running is None:
            raise RefusedError("no station runs here", remedy="Start it: inspector run")
        return self._running

    def _who(self, command: AnyCommand, token: str, peer: str, panel: Panel | None) -> _Asking:
        looks = isinstance(command, Hello) and command.client == OFFICE
        user = self._people.who(token, use=not (looks or isinstance(command, Present)))
        if user is not None:
            return _Asking(user.name, user.role, user, token, peer, panel)
        remote = bool(remote_name(peer)) or (isinstance(command, Hello) and command.remote)
        return _Asking(peer, None if remote else self._own_role, None, token, peer, panel)

    def _allow(self, command: AnyCommand, asking: _Asking) -> None:
        name = type(command).__name__
        authorise(asking.role, name)
        if asking.user is not None and asking.user.one_time and name not in BEFORE_OWN_PASSWORD:
            raise RefusedError(
                "somebody else has seen your password",
                remedy="Choose your own: inspector users password",
            )
        if name in AT_THIS_PC and remote_name(asking.peer):
            raise RefusedError(f"{name}: not from another PC")
        if isinstance(command, _NEEDS_ACCESS):
            self._operations.require_access(self._writer)
        if asking.panel is not None and _acts(command):
            self._operations.control.require(asking.panel, asking.name)

    def _enter(self, command: Entering, asking: _Asking) -> Session:
        name = self._people.name_of(command)
        asking = replace(asking, name=name[:64], role=None, user=None, token="")
        where = asking.panel.place if asking.panel is not None else asking.peer
        try:
            session = self._people.enter(command, name, where)
        except RefusedError as refusal:
            self._record(command, asking, refused=str(refusal))
            raise
        self._record(command, replace(asking, role=Role(session.role)))
        return session

    def _answer(self, command: AnyCommand, asking: _Asking) -> tuple[Answer, dict[str, Json]]:
        """Carry a command out: its answer, and what its record tells beside who and when."""
        if isinstance(command, OfUsers):
            self._leave(command, asking)
            answer, told = self._people.carry_out(command, asking.user, asking.token)
            if isinstance(command, Recover) and self._running is not None:
                words = recovery.in_words(command.name)
                self._running.alarm(recovery.ALARM, recovery.HEALTH, words)
            return answer, told
        if isinstance(command, Qualifying):
            actor = Actor(asking.name, asking.role.value if asking.role else "")
            return None, self._operations.qualify(command, actor)
        match command:  # of these the record is what acts: no station need run
            case Judge():
                check_judgement(command)
                return None, told_of(command)
            case NoteBackup() | NoteReport():
                return None, _of_file(command)
            case HoldEvidence() | ReleaseHold():
                _check_hold(command)
            case RotateKey(reason=reason):
                _require(reason, "another key")
                if self._running is not None:
                    self._running.require_stopped()
            case ChangeThreshold():
                self._change_threshold(command)
            case _:
                return self._carry_out(command, asking), {}
        return None, {}

    def _leave(self, command: OfUsers, asking: _Asking) -> None:
        """Whoever logs out leaves control to the next."""
        if isinstance(command, Logout) and asking.panel is not None and self._running is not None:
            self._running.control.leave(asking.panel, asking.name)

    def _change_threshold(self, command: ChangeThreshold) -> None:
        _require(command.reason, "a change of the threshold")
        if self._running is not None:
            self._running.adopt(command)

    def _acknowledge(self, alarm: str, asking: _Asking) -> None:
        if alarm == recovery.ALARM:
            if asking.role is not Role.ADMINISTRATOR:
                raise RefusedError("this alarm is for an administrator", remedy="Log in as one")
            self._people.users.forget_recoveries()
            self._operations.clear(alarm)
            return
        self._operations.acknowledge(alarm)

    def _carry_out(self, command: AnyCommand, asking: _Asking) -> Answer:
        actions: dict[type, Callable[[], None]] = {
            Start: self._operations.request_start,
            StartSingle: self._operations.request_single,
            Stop: self._operations.request_stop,
            Abort: self._operations.request_abort,
            Halt: self._operations.request_halt,
            SelectAutomatic: self._operations.request_automatic,
            Reset: self._operations.request_reset,
            EndTest: self._operations.end_test,
        }
        match command:
            case Present() | AskControl() | GiveControl() | KeepControl() | TakeControl():
                self._operations.control.carry_out(command, asking.panel, asking.name)
            case SelectProduct(product=product):
                self._operations.request_product(product)
            case Bypass(on=on, reason=reason):
                self._operations.bypass(asking.name if on else "", reason)
            case HandOver(to=to):
                self._operations.hand_over(to)
            case Acknowledge(alarm=alarm):
                self._acknowledge(alarm, asking)
            case CallEngineer():
                words = calling.in_words(asking.name)
                self._operations.alarm(calling.ALARM, calling.HEALTH, words)
            case BeginTest(reason=reason):
                self._operations.begin_test(asking.name, reason)
            case ForceOutput():
                self._operations.force(command)
            case _ if type(command) in actions:
                actions[type(command)]()
            case _:
                return self._look(command)
        return None

    def _look(self, command: AnyCommand) -> Answer:
        match command:
            case GetSignals():
                return self._operations.signals()
            case GetDetails():
                return self._operations.details()
            case ListProducts():
                return Products(self._operations.products())
            case _:
                return Snapshot(self._operations.status())

    def _record(
        self,
        command: AnyCommand,
        asking: _Asking,
        details: Mapping[str, Json] = MappingProxyType({}),
        refused: str = "",
    ) -> None:
        if isinstance(command, _UNRECORDED):
            return
        payload: dict[str, Json] = {
            "action": type(command).__name__,
            "user": asking.name,
            "role": asking.role.value if asking.role else "",
            "peer": asking.peer,
            "refused": refused,
        }
        if asking.panel is not None:
            payload["panel"] = asking.panel.name
        for key in _TOLD:
            if hasattr(command, key):
                payload[key] = getattr(command, key)
        judged = isinstance(command, Judge) and not refused
        kind = RecordKind.REVIEW if judged else RecordKind.ACTION
        self._recorder.note(kind, payload | dict(details))


def _acts(command: AnyCommand) -> bool:
    """True for what one panel does while the others watch; sorting again is never held up."""
    if isinstance(command, Bypass) and not command.on:
        return False
    return type(command).__name__ in ONE_PANEL


def _require(reason: str, what: str) -> None:
    if not reason.strip():
        raise RefusedError(f"{what} needs a reason", remedy="Say why in a few words")


def _of_file(note: NoteBackup | NoteReport) -> dict[str, Json]:
    if isinstance(note, NoteBackup):
        return {"backup": note.digest, "by": note.by, "pictures": note.pictures, "keys": note.keys}
    files: list[Json] = [f"{suffix} {digest}" for suffix, digest in note.files]
    return {"report": note.report, "language": note.language, "files": files, "by": note.by}


def _check_hold(command: HoldEvidence | ReleaseHold) -> None:
    _require(command.reason, "a hold, or its end,")
    if isinstance(command, HoldEvidence) and all(getattr(command, key) is None for key in _HOLD):
        raise RefusedError(
            "a hold of everything", remedy="Name a part, a lot, or a time from or until which"
        )
