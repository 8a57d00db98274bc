"""A badge reader that types: told from fingers by its speed."""

from __future__ import annotations

KEY_GAP_S = 0.05
"""Readers send a key every few milliseconds; fingers need longer, key after key."""

SHORTEST = 4
"""Characters of a badge's id: fingers are as quick as that for two or three keys."""


class BadgeReader:
    """Holds keys back for a moment: a quick run of them that ends with Enter is a badge.

    Times are monotonic seconds.
    """

    def __init__(self) -> None:
        self._held = ""
        self._last_s = float("-inf")

    @property
    def held(self) -> str:
        """Characters that are held back now."""
        return self._held

    def key(self, character: str, at_s: float) -> None:
        """A printable key. Take ``overdue`` first."""
        self._held += character
        self._last_s = at_s

    def enter(self, at_s: float) -> str:
        """The Enter key: the badge's id, or nothing when it was somebody's finger."""
        quick = at_s - self._last_s <= KEY_GAP_S and len(self._held) >= SHORTEST
        return self.take() if quick else ""

    def overdue(self, at_s: float) -> str:
        """What was held back and is no badge: it belongs to the field."""
        return self.take() if at_s - self._last_s > KEY_GAP_S else ""

    def take(self) -> str:
        """Give all of it back: it is no badge."""
        held, self._held = self._held, ""
        return held
