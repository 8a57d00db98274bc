"""The parts on the belt, in the order in which they will come to the gate."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterator

from inspector.plc.tracking.counts import Window
from inspector.plc.tracking.part import TrackedPart


class Row:
    """Parts ordered by target; those past the gate stay while the belt may bring them back."""

    def __init__(self, doubt: int) -> None:
        self.widest = doubt
        """No part's doubt is larger."""
        self._parts: list[TrackedPart] = []
        self._by_count: dict[int, TrackedPart] = {}

    def __iter__(self) -> Iterator[TrackedPart]:
        return iter(self._parts)

    def add(self, part: TrackedPart) -> None:
        """Put a part in its place."""
        self.widest = max(self.widest, part.doubt)
        insort(self._parts, part, key=lambda one: one.target)
        if not part.stranger:
            self._by_count[part.trigger_count] = part

    def up_to(self, target: int) -> list[TrackedPart]:
        """Parts whose target is not beyond this count."""
        return self._parts[: bisect_right(self._parts, target, key=lambda one: one.target)]

    def find(self, trigger_count: int) -> TrackedPart | None:
        """The part of this trigger, if it is still known."""
        return self._by_count.get(trigger_count)

    def widen(self, counts: int) -> None:
        """Doubts have grown by so much."""
        self.widest += counts
        self.sort()

    def sort(self) -> None:
        """Targets have changed."""
        self._parts.sort(key=lambda one: one.target)

    def drop_before(self, count: int) -> None:
        """Forget parts with a fate whose window ended before this count."""
        while self._parts:
            first = self._parts[0]
            if first.fate is None or first.window.hi >= count:
                return
            self._parts.pop(0)
            self._by_count.pop(first.trigger_count, None)

    def clear(self) -> list[TrackedPart]:
        """Forget all; those without a fate."""
        parts = [part for part in self._parts if part.fate is None]
        self._parts, self._by_count = [], {}
        return parts

    def chain(
        self, head: TrackedPart, gap: int, may_be_there: Callable[[TrackedPart], bool]
    ) -> tuple[list[TrackedPart], Window]:
        """``head`` and the parts that can't be told from it, or from each other, at the gate.

        Parts belong together when less than ``gap`` counts lie between their windows. Those that
        the gate is committed to already are in it as well.
        """
        members, window = [head], head.window
        others = [one for one in self._parts if may_be_there(one)]
        grown = True
        while grown:
            near = [one for one in others if one.window.near(window, gap)]
            grown = len(near) > len(members)
            members = near if grown else members
            for one in members:
                window = window.with_(one.window)
        return members, window
