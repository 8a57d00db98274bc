"""The ejector gate: what happens to each part when it arrives there."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from inspector.core.frame import Trigger
from inspector.plc.tracking import Fate


@dataclass(frozen=True, slots=True)
class _Part:
    count: int
    eject_at: int


class Gate:
    """Tracks parts by absolute encoder counts and ejects all that no result lets pass.

    Energise to pass: the default state of the gate is eject. One thread (the PLC's scan).
    """

    def __init__(self, distance_counts: int, on_fate: Callable[[int, Fate], None]) -> None:
        self._distance = distance_counts
        self._on_fate = on_fate
        self._parts: deque[_Part] = deque()
        self._passes: dict[int, bool] = {}
        self.fates: Counter[Fate] = Counter()

    def arrive(self, trigger: Trigger) -> None:
        """A part crossed the trigger sensor."""
        self._parts.append(_Part(trigger.count, trigger.encoder_count + self._distance))
        self._passes[trigger.count] = False

    def result(self, trigger_count: int, *, passed: bool) -> bool:
        """A result for a part; False when the part has gone by, or is unknown."""
        if trigger_count not in self._passes:
            return False
        if passed:
            self._passes[trigger_count] = True
        else:
            del self._passes[trigger_count]
        return True

    def withdraw(self) -> None:
        """Forget every pass: what is on the belt will be ejected."""
        self._passes = dict.fromkeys(self._passes, False)

    def advance(self, encoder: int) -> None:
        """Let the belt move to this count; parts that reach the gate meet their fate."""
        while self._parts and self._parts[0].eject_at <= encoder:
            count = self._parts.popleft().count
            passed = self._passes.pop(count, None)
            fate = Fate.EJECTED
            if passed is not None:
                fate = Fate.PASSED if passed else Fate.TIMEOUT_EJECTED
            self.fates[fate] += 1
            self._on_fate(count, fate)

    @property
    def waiting(self) -> int:
        """Parts between sensor and gate."""
        return len(self._parts)
