"""Commands about people: who is there, who may be, and what they said of a part."""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.link.command import Command


class Login(Command, frozen=True):
    """Open a session for a user of the station; with ``badge`` the name is a badge's id."""

    user: str
    password: str
    badge: bool = False

    def __repr__(self) -> str:
        return f"Login(user={self.user!r}, password=...)"


class Logout(Command, frozen=True):
    """End the session that the request's token names."""


class LockSession(Command, frozen=True):
    """Leave the panel: nobody may do anything in this session before it is resumed."""


class ResumeSession(Command, frozen=True):
    """Go on with one's own session at this panel, by PIN; with ``badge`` the name is a badge's."""

    user: str
    pin: str
    badge: bool = False

    def __repr__(self) -> str:
        return f"ResumeSession(user={self.user!r}, pin=...)"


class SetPassword(Command, frozen=True):
    """Choose another password of one's own; ends one's other sessions."""

    old: str
    new: str

    def __repr__(self) -> str:
        return "SetPassword(...)"


class SetPin(Command, frozen=True):
    """Choose one's own PIN, 4 to 12 digits; empty: none."""

    password: str
    pin: str

    def __repr__(self) -> str:
        return "SetPin(...)"


class AddUser(Command, frozen=True):
    """Make a user; answered with a password for one log-in."""

    name: str
    role: str
    full_name: str = ""


class RemoveUser(Command, frozen=True):
    """Remove a user; nobody else ever gets the name."""

    name: str


class SetRole(Command, frozen=True):
    """Make a user something else."""

    name: str
    role: str


class ResetPassword(Command, frozen=True):
    """Give a user another password for one log-in, and no PIN."""

    name: str


class SetBadge(Command, frozen=True):
    """Let a badge stand for a user's name; empty: none."""

    name: str
    badge: str

    def __repr__(self) -> str:
        return f"SetBadge(name={self.name!r}, badge=...)"


class ListUsers(Command, frozen=True):
    """Ask who is known."""


class Recover(Command, frozen=True):
    """Give an administrator a password for one log-in, on the station's console.

    ``proof`` is what who asks has just written to ``access/recovery`` in the data folder.
    """

    name: str
    proof: str

    def __repr__(self) -> str:
        return f"Recover(name={self.name!r}, proof=...)"


class Session(msgspec.Struct, frozen=True, tag=True):
    """Answer to ``Login``, ``ResumeSession`` and ``Hello``: who you are to the station."""

    token: str
    user: str
    role: str
    change_password: bool = False
    """The password was seen by somebody else: nothing may be done before it is changed."""
    full_name: str = ""
    pin: bool = False
    """This user can go on with the session by PIN."""
    idle_s: float = 0.0
    """Without a command for so long the session rests."""
    left_s: float = 0.0
    """The session ends so long after this answer, used or not."""
    signers: dict[str, int] = {}
    """How many sign which command at this station; those that nobody signs are left out."""


class OneTime(msgspec.Struct, frozen=True, tag=True):
    """Answer to ``AddUser``, ``ResetPassword``, ``Recover``: to be told to that user alone."""

    password: str

    def __repr__(self) -> str:
        return "OneTime(...)"


class UserEntry(msgspec.Struct, frozen=True):
    """One user as lists show it."""

    name: str
    role: str
    full_name: str
    one_time: bool
    pin: bool
    badge: bool
    waits_s: float = 0.0
    """Seconds before the next log-in is looked at, after failures."""
    last_login_us: int = 0
    """UTC; 0: never, or before this was kept."""


class UserList(msgspec.Struct, frozen=True, tag=True):
    """Answer to ``ListUsers``."""

    entries: tuple[UserEntry, ...]


class Mark(msgspec.Struct, frozen=True):
    """Where a person sees a defect: corners (x, y) in fractions of a view's inspected field.

    Two are opposite corners of a box, three or more a polygon.
    """

    corners: tuple[tuple[float, float], ...]
    view: int = 0


class Judge(Command, frozen=True):
    """What a person says of a part that was inspected. A later one corrects, and both are kept.

    ``withdrawn`` takes one's own last word back.
    """

    part: int
    finding: Literal["defect", "good", "unsure", "withdrawn"]
    defect: str = ""
    """Class of the defect."""
    marks: tuple[Mark, ...] = ()
    note: str = ""


AnyPeopleCommand = (
    Login
    | Logout
    | LockSession
    | ResumeSession
    | SetPassword
    | SetPin
    | AddUser
    | RemoveUser
    | SetRole
    | ResetPassword
    | SetBadge
    | ListUsers
    | Recover
)
