"""Who is at the panel: log-in, rest, going on by PIN, and how long until that is needed."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from enum import StrEnum

import msgspec

from inspector.link.messages import (
    Answer,
    AnyCommand,
    GetStatus,
    Hello,
    LockSession,
    Login,
    Logout,
    Present,
    ResumeSession,
    Session,
    SetPassword,
    SetPin,
)
from inspector.panel.models.changed import Changed
from inspector.panel.models.visitors import Visitors

WARN_S = 60.0
"""The last seconds before a session rests are counted down in sight of everybody."""

REPORT_S = 20.0
"""A hand on the panel is told to the station so often at most: reading is use, too."""

ATTENDED_S = 1800.0
"""Hands that work beside the panel, on a lens, keep the session so long after the last touch."""

PIN_ATTEMPTS = 3
"""The station ends a session at the third wrong PIN."""

_ASKED = (Login, ResumeSession, SetPassword, SetPin)
_WAIT = re.compile(r"Try again in (\d+) s")


class Asking(StrEnum):
    """What the log-in asks for now."""

    NOTHING = "nothing"
    WHO = "who"
    PASSWORD = "password"
    PIN = "pin"
    OWN_PASSWORD = "own-password"
    """The password was for one log-in: another one has to be chosen."""
    CHANGE_PASSWORD = "change-password"
    CHANGE_PIN = "change-pin"


class SessionModel:
    """The person's session with the station, and the log-in that is under way.

    ``now`` gives monotonic seconds. What has to be sent to the station is returned.
    """

    def __init__(
        self, now: Callable[[], float] = time.monotonic, visitors: Visitors | None = None
    ) -> None:
        self.changed = Changed()
        self.visitors = visitors or Visitors()
        self.session: Session | None = None
        self.asking = Asking.NOTHING
        self.waiting = False
        self.problem = ""
        self.name = ""
        """Who logs in; with ``badge`` the badge's id."""
        self.badge = False
        self.badge_taker: Callable[[str], None] | None = None
        """Gets the next badge instead: one that is given to somebody, not somebody who comes."""
        self.resting: Session | None = None
        """The session that goes on with its user's PIN."""
        self._now = now
        self._panel: Session | None = None
        self._blocked_until_s = 0.0
        self._used_s = self._touched_s = self._reported_s = self._began_s = now()
        self._wrong_pins = 0
        self._one_time = ""

    # -- what views show ---------------------------------------------------------------------------

    @property
    def logged_in(self) -> bool:
        """True when a person gave name and password, not just the panel its key."""
        return self.session is not None and bool(self.session.token)

    @property
    def logging_in(self) -> bool:
        """True while somebody is asked something."""
        return self.asking is not Asking.NOTHING

    @property
    def blocked_s(self) -> int:
        """Whole seconds before another attempt is looked at."""
        return max(0, math.ceil(self._blocked_until_s - self._now()))

    @property
    def rests_in_s(self) -> int | None:
        """Whole seconds until the session rests, when that is soon."""
        session = self.session
        if session is None or not self.logged_in or not session.idle_s:
            return None
        left_s = self._used_s + session.idle_s - self._now()
        return max(0, math.ceil(left_s)) if left_s <= min(WARN_S, session.idle_s / 2) else None

    @property
    def untouched_s(self) -> float:
        """Seconds since the last hand on the panel."""
        return self._now() - self._touched_s

    # -- what people do ----------------------------------------------------------------------------

    def open(self) -> None:
        """Ask who it is; of a resting session, its PIN."""
        resting = self.resting
        self._ask(Asking.PIN if resting else Asking.WHO, resting.user if resting else "")

    def choose(self, name: str) -> None:
        """Somebody says who they are."""
        same = self.resting is not None and self.resting.user == name
        self._ask(Asking.PIN if same else Asking.PASSWORD, name)

    def somebody_else(self) -> None:
        """Not the one whose session rests, or another name."""
        self._ask(Asking.WHO)

    def with_password(self) -> None:
        """The PIN is forgotten."""
        self._ask(Asking.PASSWORD, self.name, badge=self.badge)

    def read_badge(self, badge: str) -> None:
        """A badge was held to the reader, at any time."""
        if self.badge_taker is not None:
            self.badge_taker(badge)
            return
        self._ask(Asking.PIN if self.resting else Asking.PASSWORD, badge, badge=True)

    def close(self) -> None:
        """Leave the log-in as it was."""
        self._ask(Asking.NOTHING)

    def give_password(self, password: str) -> Login:
        """Log in."""
        self._one_time = password
        self._wait()
        return Login(self.name, password, badge=self.badge)

    def give_pin(self, pin: str) -> ResumeSession:
        """Go on with the session that rests."""
        self._wait()
        return ResumeSession(self.name, pin, badge=self.badge)

    def give_own_password(self, password: str) -> SetPassword:
        """The first password that nobody else has seen."""
        self._wait()
        return SetPassword(self._one_time, password)

    def change(self, asking: Asking) -> None:
        """Whoever is logged in wants another password or PIN."""
        if self.session is not None and self.logged_in:
            self._ask(asking, self.session.user)

    def give_change(self, old: str, new: str) -> SetPassword | SetPin:
        """What they chose, proven by the password that they have."""
        self._wait()
        pin = self.asking is Asking.CHANGE_PIN
        return SetPin(old, new) if pin else SetPassword(old, new)

    def log_out(self) -> Logout:
        """Leave; nothing of the session stays."""
        return Logout()

    def wait(self) -> None:
        """What was asked for is on its way to the station."""
        self._wait()

    # -- time --------------------------------------------------------------------------------------

    def touch(self) -> GetStatus | None:
        """A hand is on the panel. Now and then this is told to the station."""
        self._touched_s = self._now()
        return self._use()

    def attend(self) -> GetStatus | None:
        """Hands are at work beside the panel: as good as a touch, for a while after the last."""
        return self._use() if self._now() - self._touched_s < ATTENDED_S else None

    def _use(self) -> GetStatus | None:
        now = self._now()
        warned = self.rests_in_s is not None
        if not self.logged_in or self.asking is Asking.OWN_PASSWORD:
            return None
        self._used_s = now
        if warned:
            self.changed.emit()
        if now - self._reported_s < REPORT_S and not warned:
            return None
        self._reported_s = now
        return GetStatus()

    def tick(self) -> LockSession | Logout | None:
        """A few times a second: let a session rest that nobody uses, end one that is too old."""
        session = self.session
        if self.blocked_s or self.rests_in_s is not None or self._blocked_until_s:
            if not self.blocked_s:
                self._blocked_until_s = 0.0
            self.changed.emit()
        if session is None or not self.logged_in or not session.idle_s:
            return None
        if session.left_s and self._now() - self._began_s >= session.left_s:
            self.accept(None)
            return Logout()
        if self._now() - self._used_s >= session.idle_s:
            return self.rest()
        return None

    def rest(self) -> LockSession | Logout:
        """Leave the panel, and come back by PIN. Without a PIN the log-in is needed again."""
        session = self.session
        self.resting = session if session is not None and session.pin else None
        self.session = self._panel
        self._ask(Asking.NOTHING)
        return LockSession() if self.resting else Logout()

    # -- what the station says ---------------------------------------------------------------------

    def answered(self, command: AnyCommand, answer: Answer) -> None:
        """The station carried a command out."""
        match command:
            case Hello() if isinstance(answer, Session):
                self.greet(answer)
            case Login() | ResumeSession() if isinstance(answer, Session):
                self.accept(answer)
            case Logout():
                self.accept(None)
            case SetPassword() if self.session is not None:
                self._keep(msgspec.structs.replace(self.session, change_password=False))
            case SetPin(pin=pin) if self.session is not None:
                self._keep(msgspec.structs.replace(self.session, pin=bool(pin)))
            case Present():
                return  # the panel lives, whoever is at it
            case _:
                self._used_s = self._now()  # the station counted it as use as well

    def refused(self, command: AnyCommand, reason: str) -> bool:
        """The station did not; True when the reason is shown where it was asked."""
        if isinstance(command, GetStatus | LockSession | Present):
            return True  # nobody asked for them
        if not self.logging_in or not isinstance(command, _ASKED):
            return False
        if isinstance(command, ResumeSession):
            self._wrong_pins += 1
        self.refuse(reason)
        if self._wrong_pins >= PIN_ATTEMPTS:
            self.resting = None
            self._set(Asking.PASSWORD, problem=reason)
        return True

    def greet(self, session: Session | None) -> None:
        """What the panel itself may do (None: not connected). A log-in under way goes on."""
        self._panel = self.session = session
        self.resting = None
        asking = Asking.WHO if self.asking is Asking.PIN else self.asking
        self._set(asking, problem=self.problem)

    def accept(self, session: Session | None) -> None:
        """The station knows who it is now (None: nobody any more)."""
        self.session = session or self._panel
        self.resting = None
        self._used_s = self._touched_s = self._reported_s = self._began_s = self._now()
        if session is not None and session.change_password:
            self._ask(Asking.OWN_PASSWORD, session.user)
        else:
            self._keep(self.session)

    def refuse(self, problem: str) -> None:
        """The station does not let them in; the log-in stays open."""
        found = _WAIT.search(problem)
        if found is not None:
            self._blocked_until_s = self._now() + int(found.group(1))
        self._set(self.asking if self.logging_in else Asking.WHO, problem=problem)

    def _keep(self, session: Session | None) -> None:
        """Nothing more is asked."""
        self.session, self._one_time = session, ""
        if session is not None and session.token:
            self.visitors.welcome(session.user)
        self._ask(Asking.NOTHING)

    def _wait(self) -> None:
        self._set(self.asking if self.logging_in else Asking.PASSWORD, waiting=True)

    def _ask(self, asking: Asking, name: str = "", *, badge: bool = False) -> None:
        if name != self.name:
            self._blocked_until_s = 0.0  # another name need not wait
        self.name, self.badge, self._wrong_pins = name, badge, 0
        self._set(asking)

    def _set(self, asking: Asking, *, waiting: bool = False, problem: str = "") -> None:
        self.asking, self.waiting, self.problem = asking, waiting, problem
        self.changed.emit()
