"""The gate and its bin as they really are."""

from __future__ import annotations

from random import Random

from inspector.sim.plant.belt import Lane, PhysicalPart
from inspector.sim.plant.events import EventQueue
from inspector.sim.plant.scenario import PlcPlan


class PhysicalGate:
    """Energise to pass, with a response time. At rest it turns parts into the bin."""

    def __init__(self, plan: PlcPlan, events: EventQueue, random: Random) -> None:
        self._plan = plan
        self._events = events
        self._random = random
        self._commanded = self._open = False
        self._reached_ns = 0
        self._bypass = False
        self._bypass_until_ns = 0
        self.to_fail = 0
        """So many of the next parts stay on the belt though they should be ejected."""

    def command(self, let_pass: bool) -> None:
        """The PLC's output."""
        if let_pass == self._commanded:
            return
        self._commanded = let_pass
        jitter = self._random.random() * self._plan.response_jitter_ms
        due = self._events.now_ns + round((self._plan.response_ms + jitter) * 1e6)
        self._reached_ns = max(self._reached_ns, due)  # it cannot overtake itself
        self._events.at(self._reached_ns, lambda: self._turn(let_pass))

    def set_bypass(self, on: bool) -> None:
        """For the score: parts that come now, or while the gate may still close, are bypassed."""
        if self._bypass and not on:
            scan_ms = self._plan.scan_ms + self._plan.jitter_ms
            shut_ms = scan_ms + self._plan.response_ms + self._plan.response_jitter_ms
            self._bypass_until_ns = self._events.now_ns + round(shut_ms * 1e6)
        self._bypass = on

    def _turn(self, let_pass: bool) -> None:
        self._open = let_pass

    def sort(self, part: PhysicalPart) -> bool:
        """A part is at the gate; True when it falls into the bin."""
        part.bypassed = self._bypass or self._events.now_ns < self._bypass_until_ns
        if not self._open and self.to_fail:
            self.to_fail -= 1
            part.stuck = True
        if self._open or part.stuck:
            part.lane = Lane.GOOD
            return False
        part.lane = Lane.BIN
        return True
