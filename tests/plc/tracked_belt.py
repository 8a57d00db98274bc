"""A belt of whole counts under a tracker: what is true, beside what the tracker believes."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.plc.tracking import (
    Alarm,
    Fate,
    PartFate,
    Reason,
    Receipt,
    Tracker,
    TrackingEvent,
    TrackingSettings,
)

LENGTH = 10
SCAN = 4
"""Counts that the belt moves in one scan; the gate follows its command one scan later."""

SETTINGS = TrackingSettings(
    distance_counts=400,
    gate_sensor_counts=300,
    tolerance_counts=4,
    slip_counts=6,
    lead_counts=10,
    debounce_counts=3,
    double_counts=14,
    jog_counts=60,
    step_counts=1000,
    confirm_ms=100,
    late_in_a_row=3,
)
BLIND = SETTINGS.model_copy(update={"gate_sensor_counts": None})
"""No sensor before the gate."""


@dataclass(eq=False)
class Part:
    front: int
    """Position of the belt when its front is at the trigger sensor."""
    hidden: bool = False
    number: int = 0
    lane: str = "belt"
    slipped: int = 0


class TrackedBelt:
    """Moves parts count by count, latches edges, scans, and checks that nothing escapes."""

    def __init__(self, settings: TrackingSettings = SETTINGS, encoder: int = 2**32 - 350) -> None:
        self.settings = settings
        self.tracker = Tracker(settings, encoder=encoder)
        self.offset = encoder
        self.at = self.now_ns = 0
        self.parts: list[Part] = []
        self.accepted: dict[int, bool] = {}
        self.fates: dict[int, PartFate] = {}
        self.alarms: list[TrackingEvent] = []
        self.open = self.commanded = self.bypass = False
        self.eject_works = True
        self._covered = [False, False]
        self.move(settings.free_pitch)

    # What a plant does

    def feed(self, gap: int = 40, *, hidden: bool = False) -> Part:
        """A part behind the last one, or the next to come."""
        least = self.at + 1
        if self.parts:
            least = max(least, self.parts[-1].front + LENGTH + gap)
        part = Part(least, hidden)
        self.parts.append(part)
        return part

    def move(self, counts: int) -> None:
        """Forward, or back if negative; a scan every few counts."""
        way = 1 if counts > 0 else -1
        for moved in range(1, abs(counts) + 1):
            self._one_count(way)
            if moved % SCAN == 0 or moved == abs(counts):
                self.scan()

    def bring(self, part: Part, place: int) -> None:
        """Move until the part's front is so far behind the trigger sensor."""
        self.move(part.front + place - self.at)

    def announce(self, *gaps: int) -> list[Part]:
        """Parts at these gaps, all past the trigger sensor."""
        parts = [self.feed(gap) for gap in gaps]
        self.bring(parts[-1], LENGTH + 4)
        return parts

    def decide(self, part: Part, *, passed: bool) -> Receipt:
        receipt = self.tracker.verdict(part.number, passed=passed)
        if receipt is Receipt.ACCEPTED:
            self.accepted[part.number] = passed and self.accepted.get(part.number, True)
        return receipt

    def clear(self) -> None:
        """Carry everything past the gate, and wait for the bin."""
        last = max([self.at, *(part.front for part in self.parts)])
        self.move(last - self.at + self.settings.distance_counts + 200)
        self.now_ns += 10**9
        self.scan()

    def scan(self) -> None:
        self.now_ns += 4_000_000
        self.open = self.commanded
        self.commanded = self.tracker.advance(self.raw, self.now_ns)
        for event in self.tracker.take_events():
            if isinstance(event, PartFate):
                assert event.trigger_count not in self.fates
                self.fates[event.trigger_count] = event
            else:
                self.alarms.append(event)
                if event.alarm is Alarm.WITHDRAWN:
                    self.accepted.update(dict.fromkeys(event.parts, False))

    # What is to be asked

    @property
    def raw(self) -> int:
        return (self.at + self.offset) % 2**32

    def fate(self, part: Part) -> tuple[Fate, Reason]:
        told = self.fates[part.number]
        return told.fate, told.reason

    def count(self, alarm: Alarm) -> int:
        return sum(event.alarm is alarm for event in self.alarms)

    # Physics

    def _one_count(self, way: int) -> None:
        self.at += way
        for eye, place in enumerate((0, self.settings.gate_sensor_counts)):
            if place is not None:
                self._look(eye, place, forward=way > 0)
        for part in self.parts:
            if part.lane not in ("belt", "good"):
                continue
            place = self.at - part.front
            if way > 0 and place == self.settings.distance_counts:
                self._sort(part)
            elif way < 0 and place == self.settings.distance_counts - 1:
                part.lane = "belt"

    def _look(self, eye: int, place: int, *, forward: bool) -> None:
        before = [
            part
            for part in self.parts
            if place <= self.at - part.front < place + LENGTH
            and part.lane in ("belt", "good")
            and not (part.hidden and eye == 0)
        ]
        if bool(before) == self._covered[eye]:
            return
        self._covered[eye] = bool(before)
        tracker = self.tracker
        if eye == 1:
            see = tracker.gate_seen if before else tracker.gate_cleared
            see(self.raw, forward=forward)
        elif not before:
            tracker.trigger_cleared(self.raw, forward=forward)
        else:
            number = tracker.trigger(self.raw, forward=forward)
            if number is not None:
                before[0].number = number

    def _sort(self, part: Part) -> None:
        if self.open or not self.eject_works:
            part.lane = "good"
            allowed = self.accepted.get(part.number) is True or self.bypass
            assert allowed or not self.eject_works, f"part {part.number} escaped"
        else:
            part.lane = "bin"
            self.tracker.binned()
