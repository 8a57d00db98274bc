"""Clocks that tests own."""

from __future__ import annotations


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, start_ns: int = 1_000_000_000) -> None:
        self.now_ns = start_ns

    def monotonic_ns(self) -> int:
        return self.now_ns

    def utc_us(self) -> int:
        return self.now_ns // 1000

    def move_ms(self, milliseconds: float) -> None:
        self.now_ns += round(milliseconds * 1e6)
