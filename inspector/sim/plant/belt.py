"""The belt as it really is: where each part lies, and when it crosses which landmark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Lane(StrEnum):
    """Where a part really is."""

    BELT = "on the belt"
    GOOD = "good lane"
    BIN = "bin"
    HAND = "taken away"


class Landmark(IntEnum):
    """What a part comes to, in belt order; of equal places fronts come before rears."""

    TRIGGER_FRONT = 0
    TRIGGER_REAR = 1
    SENSOR_FRONT = 2
    SENSOR_REAR = 3
    GATE = 4


_REARS = (Landmark.TRIGGER_REAR, Landmark.SENSOR_REAR)


@dataclass(slots=True, eq=False)
class PhysicalPart:
    """One real part. ``front`` is the belt's position when its front is at the trigger sensor."""

    number: int
    front: float
    length: float
    good: bool
    slipped: float = 0.0
    lane: Lane = Lane.BELT
    trigger_count: int = 0
    """0: no trigger announced it."""
    bypassed: bool = False
    """The gate was open to all when it came there."""
    gate_count: int | None = None
    """The encoder's register when it came to the gate."""
    stuck: bool = False
    """The ejector failed on it."""
    marks: set[str] = field(default_factory=set)
    """Faults that concerned it."""

    @property
    def carried(self) -> bool:
        """True while the belt may bring it to a landmark, or back to one."""
        return self.lane is Lane.BELT or self.lane is Lane.GOOD


Feeder = Callable[[int, float], PhysicalPart]
"""Makes part ``number``, behind the belt position of the last one's rear."""


class PhysicalBelt:
    """Parts on a belt that moves at ``speed`` counts/s, back as well. Positions in counts."""

    def __init__(self, feeder: Feeder, sensor_at: float, gate_at: float) -> None:
        self._feeder = feeder
        self._places = (0.0, 0.0, sensor_at, sensor_at, gate_at)
        self._crossed = [0] * len(Landmark)
        self.parts: list[PhysicalPart] = []
        self.position = 0.0
        self.speed = 0.0
        self._next: tuple[float, Landmark, PhysicalPart] | None = None
        self._next_forward = True
        self._made = 0
        self._rear = 0.0

    def _key(self, part: PhysicalPart, landmark: Landmark) -> float:
        length = part.length if landmark in _REARS else 0.0
        return part.front + self._places[landmark] + length

    def _part(self, index: int) -> PhysicalPart:
        while index >= len(self.parts):
            self._made += 1
            part = self._feeder(self._made, self._rear)
            self._rear = part.front + part.length
            self.parts.append(part)
        return self.parts[index]

    def next_crossing(self) -> tuple[float, Landmark, PhysicalPart] | None:
        """Way to the next crossing (counts, positive), landmark and part; None at a stop."""
        if self.speed == 0.0:
            return None
        known = self._next
        if known is None or self._next_forward != (self.speed > 0) or not known[2].carried:
            known = self._next = self._find_next()
            self._next_forward = self.speed > 0
        if known is None:
            return None
        key, landmark, part = known
        return max((key - self.position) * (1 if self.speed > 0 else -1), 0.0), landmark, part

    def _find_next(self) -> tuple[float, Landmark, PhysicalPart] | None:
        """The next crossing in the direction of travel: its place, landmark, part."""
        best: tuple[float, Landmark, PhysicalPart] | None = None
        for landmark in Landmark:
            part = self._ahead(landmark)
            if part is None:
                continue
            key = self._key(part, landmark)
            if best is None or (key < best[0] if self.speed > 0 else key > best[0]):
                best = (key, landmark, part)
        return best

    def _ahead(self, landmark: Landmark) -> PhysicalPart | None:
        """The part that crosses next, in the direction of travel; those off the belt do not."""
        while True:
            index = self._crossed[landmark] - (self.speed < 0)
            if index < 0:
                return None
            part = self._part(index)
            if part.carried:
                return part
            self._crossed[landmark] += 1 if self.speed > 0 else -1

    def cross(self, landmark: Landmark, part: PhysicalPart) -> None:
        """The belt moves to where this part is at this landmark."""
        self.position = self._key(part, landmark)
        self._next = None
        self._crossed[landmark] += 1 if self.speed > 0 else -1

    def move(self, seconds: float) -> None:
        """The belt moves on; no crossing lies within."""
        self.position += self.speed * seconds

    def between_sensors(self) -> list[PhysicalPart]:
        """Parts that have left the trigger sensor and are not at the gate sensor, first first."""
        first, last = self._crossed[Landmark.SENSOR_FRONT], self._crossed[Landmark.TRIGGER_REAR]
        return [part for part in self.parts[first:last] if part.lane is Lane.BELT]

    @property
    def fed(self) -> int:
        """Parts that are past the trigger sensor, or were."""
        return self._crossed[Landmark.TRIGGER_REAR]

    @property
    def at_gate(self) -> int:
        """Parts that are past the gate, or were taken away before."""
        return self._crossed[Landmark.GATE]

    def slip(self, parts: list[PhysicalPart], counts: float, limit: float) -> None:
        """These parts, one behind the other, fall back on the belt (or run ahead, if negative).

        No part slips by more than ``limit`` in all, into another, or back into a landmark.
        """
        if not parts:
            return
        first, last = self._index(parts[0]), self._index(parts[-1])
        if counts > 0:
            room = self.position - self._key(parts[-1], Landmark.TRIGGER_REAR)
            behind = self._part(last + 1)
            room = min(room, behind.front - parts[-1].front - parts[-1].length)
        else:
            room = self._key(parts[0], Landmark.SENSOR_FRONT) - self.position
            if first > 0 and self.parts[first - 1].lane is Lane.BELT:
                ahead = self.parts[first - 1]
                room = min(room, parts[0].front - ahead.front - ahead.length)
        room = min([room - 1.0, *(limit - abs(part.slipped) for part in parts)])
        size = max(0.0, min(abs(counts), room))
        self._next = None
        for part in parts:
            part.front += size if counts > 0 else -size
            part.slipped += size if counts > 0 else -size

    def _index(self, part: PhysicalPart) -> int:
        return self.parts.index(part, max(0, self._crossed[Landmark.GATE] - 100))

    def place(self, part: PhysicalPart, behind: PhysicalPart) -> None:
        """Lay a part on the belt behind another one, between the sensors."""
        self._next = None
        self.parts.insert(self._index(behind) + 1, part)
        for landmark in Landmark:
            if self._key(part, landmark) <= self.position:
                self._crossed[landmark] += 1
