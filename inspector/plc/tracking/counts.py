"""Encoder counts of 32 bits as counts that never wrap, and intervals of them."""

from __future__ import annotations

from dataclasses import dataclass

_WRAP = 1 << 32
_HALF = 1 << 31


def step(before: int, after: int) -> int:
    """Signed way from one 32-bit count to another, -2^31 <= way < 2^31: the shorter one."""
    return (after - before + _HALF) % _WRAP - _HALF


class AbsoluteCount:
    """Follows a 32-bit encoder: its ``value`` goes on where the register wraps."""

    def __init__(self, raw: int) -> None:
        self.value = raw % _WRAP

    def at(self, raw: int) -> int:
        """A count latched within 2^31 of the last one, as an absolute count."""
        return self.value + step(self.value, raw)

    def move(self, raw: int) -> int:
        """The encoder stands here now; the absolute count."""
        self.value = self.at(raw)
        return self.value


@dataclass(frozen=True, slots=True)
class Window:
    """Absolute counts from ``lo`` to ``hi``, both included, during which a part may be there."""

    lo: int
    hi: int

    def __contains__(self, count: int) -> bool:
        return self.lo <= count <= self.hi

    def near(self, other: Window, gap: int) -> bool:
        """True when less than ``gap`` counts lie between the two."""
        return self.lo - other.hi < gap and other.lo - self.hi < gap

    def with_(self, other: Window) -> Window:
        """The least window that holds both."""
        return Window(min(self.lo, other.lo), max(self.hi, other.hi))
