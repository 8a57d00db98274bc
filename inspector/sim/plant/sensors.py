"""Encoder and photo-eyes: what the PLC's fast inputs see of the belt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from random import Random

from inspector.sim.plant.belt import PhysicalBelt, PhysicalPart

_REGISTER = 1 << 32


class Eye(Enum):
    """The photo-eyes."""

    TRIGGER = "trigger"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge with the encoder count and direction that the fast input latched.

    ``part`` is for the score alone: nobody in the plant knows it.
    """

    eye: Eye
    covered: bool
    encoder: int
    forward: bool
    part: PhysicalPart | None


class Encoder:
    """A quantised 32-bit count of the belt's position, with noise."""

    def __init__(self, belt: PhysicalBelt, start: int, random: Random) -> None:
        self._belt = belt
        self._offset = start
        self._random = random
        self.noise = 1

    def read(self) -> int:
        """The register now."""
        noise = self._random.randint(-self.noise, self.noise)
        return (int(self._belt.position // 1) + self._offset + noise) % _REGISTER

    def jump(self, counts: int) -> None:
        """The register is set elsewhere."""
        self._offset += counts


class PhotoEye:
    """Covered while any part is before it; parts that touch are one to it."""

    def __init__(self, eye: Eye, encoder: Encoder, belt: PhysicalBelt) -> None:
        self._eye = eye
        self._encoder = encoder
        self._belt = belt
        self._before = 0
        self._hidden: set[int] = set()
        self.bounces = 0
        """So many further edges come with each one."""
        self.to_miss = 0
        """So many of the next parts are not seen."""

    def front(self, part: PhysicalPart) -> list[Edge]:
        """A part's front is at the eye."""
        return self._cover(part) if self._belt.speed > 0 else self._uncover(part)

    def rear(self, part: PhysicalPart) -> list[Edge]:
        """A part's rear is at the eye."""
        return self._uncover(part) if self._belt.speed > 0 else self._cover(part)

    def hand(self) -> list[Edge]:
        """Something passes that is no part."""
        if self._before:
            return []
        return [self._edge(True, None), self._edge(False, None)]

    def _cover(self, part: PhysicalPart) -> list[Edge]:
        if self.to_miss and self._belt.speed > 0 and not self._before:
            self.to_miss -= 1
            self._hidden.add(part.number)
            part.marks.add("missed-trigger")
        if part.number in self._hidden:
            return []
        self._before += 1
        return self._edges(covered=True, part=part) if self._before == 1 else []

    def _uncover(self, part: PhysicalPart) -> list[Edge]:
        if part.number in self._hidden:
            if self._belt.speed < 0:  # it is back before the eye: seen or not the next time
                self._hidden.discard(part.number)
            return []
        self._before = max(0, self._before - 1)
        return self._edges(covered=False, part=part) if self._before == 0 else []

    def _edges(self, *, covered: bool, part: PhysicalPart) -> list[Edge]:
        edges = [self._edge(covered, part)]
        for _ in range(self.bounces):
            edges += [self._edge(not covered, part), self._edge(covered, part)]
        return edges

    def _edge(self, covered: bool, part: PhysicalPart | None) -> Edge:
        forward = self._belt.speed > 0
        return Edge(self._eye, covered, self._encoder.read(), forward, part)
