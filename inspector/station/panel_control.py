"""Which of several panels acts; the others watch. Stopping and calling for help is for all."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from inspector.core.errors import RefusedError
from inspector.core.line_config import LinkConfig
from inspector.core.ports import Clock, Recorder
from inspector.core.record import RecordKind
from inspector.core.state import Control
from inspector.link.control import (
    AskControl,
    GiveControl,
    KeepControl,
    Present,
    Seat,
    TakeControl,
)
from inspector.link.keys import remote_name

ACTION = "PassControl"
"""Every change of hands is a record of this action."""
OfControl = Present | AskControl | GiveControl | KeepControl | TakeControl
RESTART_S = 3.0
"""A panel that is started again has another mark: the silence after which it is the same one."""
_LONGEST_NAME = 24


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel as the station knows it. ``peer`` is proven by its key, the rest is what it says."""

    peer: str
    mark: str
    name: str

    @classmethod
    def of(cls, peer: str, seat: Seat | None) -> Panel | None:
        """The panel that asks; one on another PC has the name that the station gave to its key.

        None: no panel, but a shell or program on this PC.
        """
        if name := remote_name(peer):
            return cls(peer, seat.mark if seat is not None else "", name)
        if seat is None:
            return None
        name = "".join(one for one in seat.name if one.isprintable()).strip()[:_LONGEST_NAME]
        return cls(peer, seat.mark, name or peer)

    @property
    def place(self) -> str:
        """Where a session was begun, and is gone on with."""
        return f"{self.peer} {self.mark}"

    def is_same(self, other: Panel) -> bool:
        """Whatever it is called now."""
        return (self.peer, self.mark) == (other.peer, other.mark)

    def is_successor(self, other: Panel) -> bool:
        """By its name it could be the same, started again."""
        return (self.peer, self.name) == (other.peer, other.name)


@dataclass(slots=True)
class _Place:
    """A panel that has control, or asks for it, and who is there."""

    panel: Panel
    user: str
    since_ns: int
    heard_ns: int
    touched_ns: int


class PanelControl:
    """At most one panel has control. Any thread.

    It is had by the first command that needs it; given, or kept, when another panel asks; lost when
    the holder is neither answered nor touched for ``answer_s`` after that, or not heard for
    ``silent_s``; and taken, recorded like every change.
    """

    def __init__(self, config: LinkConfig, clock: Clock, recorder: Recorder) -> None:
        self._answer_s, self._silent_s = config.answer_s, config.silent_s
        self._clock, self._recorder = clock, recorder
        self._lock = threading.RLock()
        self._holder: _Place | None = None
        self._asker: _Place | None = None

    @property
    def state(self) -> Control:
        """Who has it now, and who asks."""
        with self._lock:
            holder, asker = self._holder, self._asker
            if holder is None:
                return Control()
            held = Control(holder.panel.name, holder.panel.mark)
            if asker is None:
                return held
            left_s = max(0.0, self._answer_s - self._unanswered_s(holder, asker))
            asks = asker.panel
            return Control(held.holder, held.holder_seat, asks.name, asks.mark, left_s)

    def carry_out(self, command: OfControl, panel: Panel | None, user: str) -> None:
        """What this user at this panel wants. Raises ``RefusedError``."""
        if panel is None:
            raise RefusedError("control is for panels")
        match command:
            case Present(untouched_s=untouched_s):
                self.present(panel, untouched_s)
            case AskControl():
                self.ask(panel, user)
            case GiveControl():
                self.give(panel, user)
            case KeepControl():
                self.keep(panel)
            case TakeControl():
                self.take(panel, user)

    def present(self, panel: Panel, untouched_s: float = 0.0) -> None:
        """A panel lives, and was touched so long ago."""
        with self._lock:
            now_ns = self._clock.monotonic_ns()
            for place in (self._holder, self._asker):
                if place is not None and place.panel.is_same(panel):
                    place.heard_ns = now_ns
                    touched_ns = now_ns - int(1e9 * max(0.0, untouched_s))
                    place.touched_ns = max(place.touched_ns, touched_ns)

    def require(self, panel: Panel, user: str) -> None:
        """Before a command that needs it; has it from now on, if no other panel has.

        Raises ``RefusedError`` that names the panel which has it.
        """
        with self._lock:
            self.look()
            holder = self._holder
            if holder is None:
                self._pass(panel, user, "first command")
            elif holder.panel.is_same(panel):
                self.present(panel)
            elif panel.is_successor(holder.panel) and self._silent(holder) > RESTART_S:
                self._pass(panel, user, "started again")
            else:
                raise RefusedError(
                    f"{holder.panel.name} is in control", remedy="Ask for it, or go there"
                )

    def ask(self, panel: Panel, user: str) -> None:
        """Ask the holder; at most one panel asks at a time. Raises ``RefusedError``."""
        with self._lock:
            try:
                self.require(panel, user)
            except RefusedError:
                asker = self._asker
                if asker is not None and not asker.panel.is_same(panel):
                    raise RefusedError(f"{asker.panel.name} asks for control already") from None
                self._asker = asker or self._place(panel, user)

    def give(self, panel: Panel, user: str) -> None:
        """The holder gives it to who asks, or up. Raises ``RefusedError``."""
        with self._lock:
            self._require_holder(panel)
            self._pass(self._asker.panel if self._asker else None, user, "given")

    def keep(self, panel: Panel) -> None:
        """The holder refuses. Raises ``RefusedError``."""
        with self._lock:
            self._require_holder(panel)
            self.present(panel)
            self._asker = None

    def take(self, panel: Panel, user: str) -> None:
        """Whoever has it."""
        with self._lock:
            if self._holder is None or not self._holder.panel.is_same(panel):
                self._pass(panel, user, "taken")

    def leave(self, panel: Panel, user: str) -> None:
        """Nobody is at this panel any more."""
        with self._lock:
            if self._asker is not None and self._asker.panel.is_same(panel):
                self._asker = None
            if self._holder is not None and self._holder.panel.is_same(panel):
                self._pass(self._asker.panel if self._asker else None, user, "logged out")

    def look(self) -> None:
        """Whose time is over? Called several times a second."""
        with self._lock:
            holder, asker = self._holder, self._asker
            if asker is not None and self._silent(asker) > self._silent_s:
                self._asker = asker = None
            if holder is None:
                return
            heir = asker.panel if asker is not None else None
            if self._silent(holder) > self._silent_s:
                self._pass(heir, asker.user if asker is not None else "", "not heard any more")
            elif asker is not None and self._unanswered_s(holder, asker) > self._answer_s:
                self._pass(heir, asker.user, "no answer")

    def _place(self, panel: Panel, user: str) -> _Place:
        now_ns = self._clock.monotonic_ns()
        return _Place(panel, user, now_ns, now_ns, now_ns)

    def _silent(self, place: _Place) -> float:
        return (self._clock.monotonic_ns() - place.heard_ns) / 1e9

    def _unanswered_s(self, holder: _Place, asker: _Place) -> float:
        """How long nobody at the holder's has answered, or touched it."""
        since_ns = max(asker.since_ns, holder.touched_ns)
        return (self._clock.monotonic_ns() - since_ns) / 1e9

    def _require_holder(self, panel: Panel) -> None:
        if self._holder is None or not self._holder.panel.is_same(panel):
            raise RefusedError("this panel is not in control")

    def _pass(self, to: Panel | None, user: str, why: str) -> None:
        before = self._holder.panel if self._holder is not None else None
        self._holder = None if to is None else self._place(to, user)
        self._asker = None
        self._recorder.note(
            RecordKind.ACTION,
            {
                "action": ACTION,
                "user": user,
                "role": "",
                "peer": to.peer if to is not None else "",
                "refused": "",
                "from": before.name if before is not None else "",
                "to": to.name if to is not None else "",
                "reason": why,
            },
        )
