"""Commands, replies and events: typed, versioned, encoded as MessagePack by msgspec.

A request carries who asks (a session token from ``Login``, or none: then the role that the
station gives to the connection itself). It is answered ``Accepted`` or ``Refused`` with a reason.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.core.state import StationStatus
from inspector.link.command import Command, Meaning, Signature, Signatures
from inspector.link.control import (
    AddPanel,
    AnyControlCommand,
    AskControl,
    GiveControl,
    KeepControl,
    ListPanels,
    PanelEntry,
    PanelList,
    Present,
    RemovePanel,
    Seat,
    TakeControl,
)
from inspector.link.details import AnyDetailCommand, Details, GetDetails
from inspector.link.people import (
    AddUser,
    AnyPeopleCommand,
    Judge,
    ListUsers,
    LockSession,
    Login,
    Logout,
    Mark,
    OneTime,
    Recover,
    RemoveUser,
    ResetPassword,
    ResumeSession,
    Session,
    SetBadge,
    SetPassword,
    SetPin,
    SetRole,
    UserEntry,
    UserList,
)
from inspector.link.rejects import CheckNote, RejectNotice
from inspector.link.signals import (
    AnySignalCommand,
    BeginTest,
    EndTest,
    ForceOutput,
    GetSignals,
    Signals,
)

__all__ = [
    "PROTOCOL_VERSION",
    "Abort",
    "Accepted",
    "Acknowledge",
    "AddMaster",
    "AddPanel",
    "AddUser",
    "AnnounceMasters",
    "Answer",
    "AnyCommand",
    "AskControl",
    "BeginTest",
    "Bypass",
    "CallEngineer",
    "ChangeLight",
    "ChangeThreshold",
    "CheckNote",
    "Command",
    "Details",
    "DiscardDraft",
    "EndTest",
    "Event",
    "ForceOutput",
    "GetDetails",
    "GetSignals",
    "GetStatus",
    "GiveControl",
    "Halt",
    "HandOver",
    "Hello",
    "HoldEvidence",
    "Judge",
    "KeepControl",
    "KeepCorrection",
    "ListPanels",
    "ListProducts",
    "ListUsers",
    "LockSession",
    "Login",
    "Logout",
    "Mark",
    "Meaning",
    "NoteBackup",
    "NoteReport",
    "OneTime",
    "OverrideLimits",
    "PanelEntry",
    "PanelList",
    "Present",
    "ProductEntry",
    "Products",
    "ProposeRate",
    "Recover",
    "Refused",
    "RejectNotice",
    "Release",
    "ReleaseHold",
    "RemoveMaster",
    "RemovePanel",
    "RemoveUser",
    "Reply",
    "Request",
    "Reset",
    "ResetPassword",
    "ResumeSession",
    "RotateKey",
    "Seat",
    "SelectAutomatic",
    "SelectProduct",
    "Session",
    "SetBadge",
    "SetPassword",
    "SetPin",
    "SetRole",
    "Signals",
    "Signature",
    "Signatures",
    "Snapshot",
    "Start",
    "StartSingle",
    "Stop",
    "TakeControl",
    "TakeUpDraft",
    "UserEntry",
    "UserList",
    "Withdraw",
]

PROTOCOL_VERSION = 6
"""Raised when a message changes its meaning; both sides compare it on connecting."""


class Hello(Command, frozen=True):
    """First request of a client; refused when the versions differ."""

    version: int = PROTOCOL_VERSION
    client: str = "panel"
    remote: bool = False
    """The office asks for a panel on another PC, which is nobody before someone logs in."""


class Start(Command, frozen=True):
    """Start continuous execution (OPC 40100-1 StartContinuous)."""


class StartSingle(Command, frozen=True):
    """Inspect one part (OPC 40100-1 StartSingleJob)."""


class Stop(Command, frozen=True):
    """Stop after the parts that are under way (OPC 40100-1 Stop)."""


class Abort(Command, frozen=True):
    """Stop at once: the parts that are under way are rejected (OPC 40100-1 Abort)."""


class Halt(Command, frozen=True):
    """Stop, and unload the product until ``SelectAutomatic`` (OPC 40100-1 Halt)."""


class SelectAutomatic(Command, frozen=True):
    """Load the product again after ``Halt`` (OPC 40100-1 SelectModeAutomatic)."""


class Reset(Command, frozen=True):
    """Leave Error once its cause is gone (OPC 40100-1 Reset)."""


class SelectProduct(Command, frozen=True):
    """Change over to another recipe (OPC 40100-1 PrepareRecipe). Only when not running."""

    product: str


class Acknowledge(Command, frozen=True):
    """Take note of an alarm; it stays until its cause is gone."""

    alarm: str


class CallEngineer(Command, frozen=True):
    """Ask for an engineer at the line: an alarm that stands until it is acknowledged."""


class AnnounceMasters(Command, frozen=True):
    """The next parts are these limit samples, in this order; without names all of the product.

    They run as a single execution that is no production, and pass the gate. Only at rest.
    """

    names: tuple[str, ...] = ()


class AddMaster(Command, frozen=True):
    """Make a known good or known bad part a limit sample of a product.

    ``check`` and ``place`` (left, top, width, height in fractions of the inspected field) say what
    must find a bad one, and where. ``picture`` is the file of its picture in the data folder.
    """

    product: str
    name: str
    good: bool
    check: str = ""
    place: tuple[float, float, float, float] | None = None
    picture: str = ""
    reason: str = ""
    signatures: Signatures = ()


class RemoveMaster(Command, frozen=True):
    """Take a limit sample off the list of a product."""

    product: str
    name: str
    reason: str = ""
    signatures: Signatures = ()


class Release(Command, frozen=True):
    """Let what is loaded run in production. ``backtest``: hash of one that was made for it."""

    product: str
    reason: str
    backtest: str = ""
    signatures: Signatures = ()


class Withdraw(Command, frozen=True):
    """Withdraw the release of a product that may run in production."""

    product: str
    reason: str
    signatures: Signatures = ()


class ChangeThreshold(Command, frozen=True):
    """Record that a calibration with another threshold takes the place of the one in force.

    One that the office worked out under this hash holds from then on; the command line writes its
    own after this word.
    """

    product: str
    reason: str
    before: float | None
    threshold: float
    false_reject_rate: float
    calibration: str
    signatures: Signatures = ()


class ChangeLight(Command, frozen=True):
    """Write settings of a camera (SFNC names, such as ExposureTime and Gain) into a recipe.

    Each as (name, before, new), ``before`` as the panel told it whoever signs. A release does not
    cover it. Refused while the line runs.
    """

    product: str
    reason: str
    camera: str
    settings: tuple[tuple[str, float | None, float], ...]
    signatures: Signatures = ()


class KeepCorrection(Command, frozen=True):
    """Let a camera's lens or flat field hold that the office worked out, under this hash."""

    camera: str
    correction: Literal["lens", "flat"]
    hash: str


class ProposeRate(Command, frozen=True):
    """Make a draft of a product's recipe with another false-reject rate; nothing runs with it.

    ``basis`` is what the proposal rests on, in words.
    """

    product: str
    rate: float
    reason: str
    basis: str = ""


class TakeUpDraft(Command, frozen=True):
    """Make a draft the recipe of its product. It is then to be calibrated and released.

    ``draft`` is its name, ``product`` and ``rate`` are what it holds: what is signed.
    """

    draft: str
    product: str
    rate: float
    reason: str
    signatures: Signatures = ()


class DiscardDraft(Command, frozen=True):
    """Lay a draft aside; nobody takes it up any more."""

    draft: str
    product: str
    reason: str


class OverrideLimits(Command, frozen=True):
    """Let the loaded product run without a valid check of limit samples, for a shift at most."""

    product: str
    reason: str
    signatures: Signatures = ()


class Bypass(Command, frozen=True):
    """Let all parts pass whatever is found on them, or sort them again. Recorded and loud."""

    on: bool
    reason: str
    signatures: Signatures = ()


class HandOver(Command, frozen=True):
    """Give write access to the PLC, which asks for it, or take it back (``operator``)."""

    to: Literal["operator", "plc"]


class HoldEvidence(Command, frozen=True):
    """Never delete pictures of a part, of a lot, or of a time (UTC microseconds), while it stands.

    Where several are given all must agree.
    """

    reason: str
    part: int | None = None
    lot: str | None = None
    since_us: int | None = None
    until_us: int | None = None


class ReleaseHold(Command, frozen=True):
    """End a hold; ``hold`` is the number of its record."""

    hold: int
    reason: str
    signatures: Signatures = ()


class RotateKey(Command, frozen=True):
    """Let another key sign the ledger; with ``lost`` nothing vouches for it. No station runs."""

    reason: str
    lost: bool = False
    signatures: Signatures = ()


class NoteBackup(Command, frozen=True):
    """A backup was made: its digest, by which user of the PC, with which pictures, keys or none."""

    digest: str
    by: str
    pictures: str
    keys: bool


class NoteReport(Command, frozen=True):
    """A report was made of a time or a lot, by which user of the PC.

    ``files``: of each its suffix and SHA-256.
    """

    report: Literal["shift", "lot", "audit"]
    language: str
    files: tuple[tuple[str, str], ...]
    by: str
    since_us: int | None = None
    until_us: int | None = None
    lot: str | None = None


class GetStatus(Command, frozen=True):
    """Ask for a snapshot. Answered with ``StationStatus``."""


class ListProducts(Command, frozen=True):
    """Ask which recipes there are and which of them can run."""


AnyCommand = (
    Hello
    | AnyPeopleCommand
    | AnySignalCommand
    | AnyDetailCommand
    | AnyControlCommand
    | Judge
    | Start
    | StartSingle
    | Stop
    | Abort
    | Halt
    | SelectAutomatic
    | Reset
    | SelectProduct
    | Acknowledge
    | CallEngineer
    | AnnounceMasters
    | AddMaster
    | RemoveMaster
    | Release
    | Withdraw
    | ChangeThreshold
    | ChangeLight
    | KeepCorrection
    | ProposeRate
    | TakeUpDraft
    | DiscardDraft
    | OverrideLimits
    | Bypass
    | HandOver
    | HoldEvidence
    | ReleaseHold
    | RotateKey
    | NoteBackup
    | NoteReport
    | GetStatus
    | ListProducts
)


class ProductEntry(msgspec.Struct, frozen=True):
    """One recipe as the panel lists it."""

    product: str
    title: dict[str, str]
    taught: bool


class Products(msgspec.Struct, frozen=True, tag=True):
    """Answer to ``ListProducts``."""

    entries: tuple[ProductEntry, ...]


class Snapshot(msgspec.Struct, frozen=True, tag=True):
    """Answer to ``GetStatus``, and an event some five times a second."""

    status: StationStatus


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """One command on the wire; ``seat`` says which panel gives it, if one does."""

    id: int
    command: AnyCommand
    token: str = ""
    seat: Seat | None = None


Answer = Session | OneTime | UserList | PanelList | Products | Snapshot | Signals | Details | None


class Accepted(msgspec.Struct, frozen=True, tag=True):
    """The command was carried out; ``data`` is its answer, if it has one."""

    id: int
    data: Answer = None


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The command was not carried out, and why."""

    id: int
    reason: str


Reply = Accepted | Refused
Event = Snapshot | RejectNotice
