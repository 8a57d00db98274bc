"""What the tracker tells: fates, alarms, and counters that reconcile."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from inspector.plc.tracking.counts import Window
from inspector.plc.tracking.part import Fate, Reason, TrackedPart


class Alarm(StrEnum):
    """What a person should know of beside the fates."""

    UNCERTAIN = "uncertain"
    """Parts that may be taken for one another, one of which must not pass: all were ejected."""
    POSITION_LOST = "position-lost"
    """Nothing on the belt is where the counts have it: all of it is ejected."""
    STRANGER = "stranger"
    """The gate sensor saw a part that no trigger announced: ejected."""
    NOT_SEEN = "not-seen"
    """A part did not come to the gate sensor: taken from the belt by hand?"""
    DOUBLE = "double"
    JOG = "jog"
    LATE_IN_A_ROW = "late-in-a-row"
    NOT_CONFIRMED = "not-confirmed"
    """An ejected part was not seen in the bin."""
    UNEXPECTED_IN_BIN = "unexpected-in-bin"
    BIN_FULL = "bin-full"
    WITHDRAWN = "withdrawn"
    PRESENTED_AGAIN = "presented-again"
    BYPASS_ON = "bypass-on"
    BYPASS_OFF = "bypass-off"
    OVERRIDE = "override"


STOPS = frozenset((Alarm.LATE_IN_A_ROW, Alarm.NOT_CONFIRMED, Alarm.BIN_FULL, Alarm.POSITION_LOST))
"""Alarms that ask for a stop of the line."""


@dataclass(frozen=True, slots=True)
class PartFate:
    """One part's end, told once."""

    trigger_count: int
    fate: Fate
    reason: Reason
    at: int


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """An alarm: at which count, about which parts, and when they are at the gate, if known."""

    alarm: Alarm
    at: int
    parts: tuple[int, ...] = ()
    window: Window | None = None
    detail: str = ""

    @property
    def stop(self) -> bool:
        """True when the line is asked to stop."""
        return self.alarm in STOPS


@dataclass(slots=True)
class Counters:
    """Counts since the tracker was made."""

    triggers: int = 0
    fates: Counter[Fate] = field(default_factory=Counter)
    reasons: Counter[tuple[Fate, Reason]] = field(default_factory=Counter)
    alarms: Counter[Alarm] = field(default_factory=Counter)
    repeated_edges: int = 0
    """Bounces, and parts that a reversed belt brought over a sensor again."""
    late_verdicts: int = 0
    unknown_verdicts: int = 0
    max_slip: int = 0
    """The largest slip that the gate sensor measured, counts."""

    @property
    def under_way(self) -> int:
        """Parts whose fate is open."""
        return self.triggers - sum(self.fates.values())


class Journal:
    """Keeps counters, and events until they are taken."""

    def __init__(self, late_in_a_row: int) -> None:
        self.counters = Counters()
        self._events: list[PartFate | TrackingEvent] = []
        self._late_limit = late_in_a_row
        self._late = 0

    def take(self) -> list[PartFate | TrackingEvent]:
        """What happened since the last call, in order."""
        events, self._events = self._events, []
        return events

    def tell(
        self,
        alarm: Alarm,
        at: int,
        parts: tuple[int, ...] = (),
        window: Window | None = None,
        detail: str = "",
    ) -> None:
        """Count and queue an alarm."""
        self.counters.alarms[alarm] += 1
        self._events.append(TrackingEvent(alarm, at, parts, window, detail))

    def end(self, part: TrackedPart, fate: Fate, reason: Reason, at: int) -> None:
        """A part meets its fate. Strangers count as alarms only, when they are seen."""
        part.end(fate, reason)
        if part.stranger:
            return
        self.counters.fates[fate] += 1
        self.counters.reasons[fate, reason] += 1
        self._events.append(PartFate(part.trigger_count, fate, reason, at))
        self._watch_lateness(reason, at)

    def _watch_lateness(self, reason: Reason, at: int) -> None:
        if reason in (Reason.GOOD, Reason.DEFECT):
            self._late = 0
        self._late += reason is Reason.NO_VERDICT
        if self._late >= self._late_limit:
            detail = f"{self._late} parts in a row reached the gate without a verdict"
            self.tell(Alarm.LATE_IN_A_ROW, at, detail=detail)
            self._late = 0
