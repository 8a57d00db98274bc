"""Was an ejected part seen in the bin?"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from inspector.plc.tracking.part import TrackedPart


@dataclass(slots=True)
class _Expected:
    part: TrackedPart
    until_ns: int | None = None
    """None while the part may still be before the gate."""


class Confirmation:
    """Pairs ejections with edges of the bin's sensor, in order. Times in ns of any steady clock."""

    def __init__(self, within_ms: float) -> None:
        self._within_ns = int(within_ms * 1e6)
        self._expected: deque[_Expected] = deque()

    def expect(self, part: TrackedPart) -> None:
        """The gate is set to eject this part; it may fall from now on."""
        self._expected.append(_Expected(part))

    def gone(self, part: TrackedPart, now_ns: int) -> None:
        """The part is past the gate: its time runs."""
        for one in self._expected:
            if one.part is part:
                one.until_ns = now_ns + self._within_ns

    def forget(self, part: TrackedPart) -> None:
        """Nothing is known of the part any more."""
        self._expected = deque(one for one in self._expected if one.part is not part)

    def seen(self) -> bool:
        """A part fell into the bin; False when none was expected."""
        if not self._expected:
            return False
        self._expected.popleft()
        return True

    def overdue(self, now_ns: int) -> list[TrackedPart]:
        """Parts that should have been seen by now; they are expected no longer."""
        late = [one for one in self._expected if one.until_ns is not None and one.until_ns < now_ns]
        for one in late:
            self._expected.remove(one)
        return [one.part for one in late]
