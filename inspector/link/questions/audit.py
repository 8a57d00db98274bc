"""Questions about who did what, and the newest signed head of the ledger."""

from __future__ import annotations

import msgspec

from inspector.link.question import Question, Reading


class ListActions(Question, frozen=True):
    """A page of what people, PLC and programs asked the station to do, newest first.

    Empty strings and None ask for any; ``action`` is the name of a command. ``before`` is the
    record to go on from: ``Actions.next`` of the page before, 0 for the newest. Times are UTC
    microseconds.
    """

    person: str = ""
    action: str = ""
    since_us: int | None = None
    until_us: int | None = None
    before: int = 0
    count: int = 50


class SignedBy(msgspec.Struct, frozen=True):
    """One electronic signature under an action."""

    user: str
    full_name: str
    role: str
    meaning: str
    utc_us: int


class ActionEntry(msgspec.Struct, frozen=True):
    """One action; ``told`` is what its record says beside that, as (key, value), values as text."""

    record: int
    utc_us: int
    user: str
    role: str
    peer: str
    action: str
    refused: str
    """Why it was not carried out; empty where it was."""
    told: tuple[tuple[str, str], ...] = ()
    signatures: tuple[SignedBy, ...] = ()


class Actions(Reading, frozen=True):
    """Answer to ``ListActions``; ``next`` is 0 where nothing older is left."""

    entries: tuple[ActionEntry, ...]
    next: int = 0


class AskHead(Question, frozen=True):
    """The newest signed head of the ledger: what is written on paper, to compare with later."""


class NewestHead(Reading, frozen=True):
    """Answer to ``AskHead``; ``number`` is 0 where nothing was signed yet.

    ``fingerprint`` is 8 groups of 4 hex digits; it stands for every record up to ``last``.
    """

    station: str
    number: int = 0
    last: int = 0
    utc_us: int = 0
    fingerprint: str = ""
    unsigned: int = 0
    """Records after it that no signature covers yet."""


AnyAuditQuestion = ListActions | AskHead
AnyAuditAnswer = Actions | NewestHead
