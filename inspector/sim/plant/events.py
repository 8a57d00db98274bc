"""Virtual time: what is due, in order."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush


class EventQueue:
    """Calls functions at virtual times, ns. One thread; equal times in the order of planning."""

    def __init__(self) -> None:
        self.now_ns = 0
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._planned = 0

    def at(self, time_ns: int, action: Callable[[], None]) -> None:
        """Plan an action; one in the past is due now."""
        self._planned += 1
        heappush(self._heap, (max(time_ns, self.now_ns), self._planned, action))

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Plan an action so much later than now."""
        self.at(self.now_ns + round(seconds * 1e9), action)

    @property
    def next_ns(self) -> int:
        """When the next action is due. Something must be planned."""
        return self._heap[0][0]

    def run_next(self) -> None:
        """Go to the next action and do it."""
        self.now_ns, _, action = heappop(self._heap)
        action()
