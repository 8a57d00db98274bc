"""A command that has to be signed: by whom, for what reason, with which meaning."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from inspector.link.messages import (
    AddMaster,
    BeginTest,
    Bypass,
    ChangeLight,
    ChangeThreshold,
    DiscardDraft,
    HoldEvidence,
    Meaning,
    OverrideLimits,
    ProposeRate,
    Release,
    ReleaseHold,
    RemoveMaster,
    Signature,
    TakeUpDraft,
    Withdraw,
)
from inspector.panel.models.changed import Changed
from inspector.panel.models.desk import Desk
from inspector.panel.models.session import SessionModel

Signed = (
    Release
    | Withdraw
    | ChangeLight
    | ChangeThreshold
    | OverrideLimits
    | ReleaseHold
    | Bypass
    | BeginTest
    | TakeUpDraft
    | AddMaster
    | RemoveMaster
    | HoldEvidence
    | ProposeRate
    | DiscardDraft
)
"""Commands that carry a reason; all but the last three carry signatures as well."""

SHORTEST_REASON = 3
_WAIT = re.compile(r"Try again in (\d+) s")


@dataclass(frozen=True, slots=True)
class Signer:
    """What one person has typed."""

    user: str
    password: str = field(repr=False)
    meaning: Meaning = "approval"


def _nothing() -> None:
    """Nobody waits for it."""


class SigningModel:
    """The sheet on which a command is given its reason and its signatures, one at a time."""

    def __init__(
        self, desk: Desk, session: SessionModel, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.changed = Changed()
        self.command: Signed | None = None
        self.needed = 0
        """How many people sign: 0, 1 or 2."""
        self.waiting = False
        self.problem = ""
        self._desk, self._session = desk, session
        self._now = now
        self._blocked_until_s = 0.0
        self._after_login: Signed | None = None
        self._then: Callable[[], object] = _nothing
        session.changed.connect(self._session_changed)

    @property
    def first(self) -> str:
        """Who gives the command, and signs first."""
        session = self._session.session
        return session.user if session is not None and self._session.logged_in else ""

    @property
    def first_full_name(self) -> str:
        """Their name as it will stand beside the signature."""
        session = self._session.session
        return session.full_name if session is not None and self._session.logged_in else ""

    @property
    def blocked_s(self) -> int:
        """Whole seconds before another attempt is looked at."""
        return max(0, math.ceil(self._blocked_until_s - self._now()))

    def open(self, command: Signed, then: Callable[[], object] = _nothing) -> None:
        """Ask for reason and signatures. Whoever is not logged in does that first.

        ``then`` is called once the station has agreed.
        """
        self._then = then
        if not self._session.logged_in:
            self._after_login = command
            self._session.open()
            return
        session, name = self._session.session, type(command).__name__
        self.command, self._after_login = command, None
        self.needed = session.signers.get(name, 0) if session is not None else 0
        if isinstance(command, Bypass) and not command.on:
            self.needed = 0
        self._set()

    def close(self) -> None:
        """Nothing was signed."""
        self.command = self._after_login = None
        self._set()

    def complete(self, reason: str, signers: Sequence[Signer]) -> bool:
        """True when nothing is missing: a reason, and of different people a password each."""
        names = [one.user for one in signers if one.user and one.password]
        enough = len(names) == self.needed and len(set(names)) == len(names)
        return len(reason.strip()) >= SHORTEST_REASON and enough

    def sign(self, reason: str, signers: Sequence[Signer]) -> None:
        """Send the command; nothing happens while something is missing or under way."""
        if self.command is None or self.waiting or not self.complete(reason, signers):
            return
        command: Signed = msgspec.structs.replace(self.command, reason=reason.strip())
        if not isinstance(command, HoldEvidence | ProposeRate | DiscardDraft):
            given = tuple(Signature(one.user, one.password, one.meaning) for one in signers)
            command = msgspec.structs.replace(command, signatures=given)
        self._set(waiting=True)
        self._desk.send(command, self._done, self._refused)

    def tick(self) -> None:
        """A few times a second: count the waiting down."""
        if self._blocked_until_s:
            if not self.blocked_s:
                self._blocked_until_s = 0.0
            self.changed.emit()

    def _done(self, _answer: object) -> None:
        then = self._then
        self.close()
        then()

    def _refused(self, reason: str) -> None:
        found = _WAIT.search(reason)
        if found is not None:
            self._blocked_until_s = self._now() + int(found.group(1))
        if "needs your signature" in reason:  # the station's rules are stricter than it told us
            self.needed = 2 if "second person" in reason else 1
        self._set(problem=reason)

    def _session_changed(self) -> None:
        waiting = self._after_login
        if waiting is not None and not self._session.logging_in:
            self._after_login = None
            if self._session.logged_in:
                self.open(waiting, self._then)
        elif self.command is not None and not self._session.logged_in:
            self.close()  # who began to sign has gone

    def _set(self, *, waiting: bool = False, problem: str = "") -> None:
        self.waiting, self.problem = waiting, problem
        self.changed.emit()
