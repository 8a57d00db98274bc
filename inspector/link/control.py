"""Which of several panels acts: asked for, given, kept, taken. And panels on other PCs."""

from __future__ import annotations

import secrets
import socket

import msgspec

from inspector.link.command import Command


class Seat(msgspec.Struct, frozen=True):
    """A panel: a mark made anew at each start, and its name for people."""

    mark: str
    name: str


def new_seat(name: str = "") -> Seat:
    """The seat of a panel that starts; without a name it bears that of its PC."""
    return Seat(secrets.token_hex(8), name or socket.gethostname())


class Present(Command, frozen=True):
    """A panel lives, and was touched so many seconds ago. Sent about once a second."""

    untouched_s: float


class AskControl(Command, frozen=True):
    """Ask the panel that acts for control; where none does it is had at once."""


class GiveControl(Command, frozen=True):
    """Give control to the panel that asks; where none asks, to the next that acts."""


class KeepControl(Command, frozen=True):
    """Refuse it to the panel that asks."""


class TakeControl(Command, frozen=True):
    """Take control, whoever has it."""


class AddPanel(Command, frozen=True):
    """Let a panel on another PC in: by its public key (Z85), under this name."""

    name: str
    key: str


class RemovePanel(Command, frozen=True):
    """Let a panel on another PC in no more; its connections end."""

    name: str


class ListPanels(Command, frozen=True):
    """Ask which panels on other PCs are let in."""


class PanelEntry(msgspec.Struct, frozen=True):
    """A panel on another PC: its name, its public key (Z85), and since when (UTC)."""

    name: str
    key: str
    added_utc_us: int


class PanelList(msgspec.Struct, frozen=True, tag=True):
    """Answer to ``ListPanels``."""

    entries: tuple[PanelEntry, ...]


AnyControlCommand = (
    Present
    | AskControl
    | GiveControl
    | KeepControl
    | TakeControl
    | AddPanel
    | RemovePanel
    | ListPanels
)
