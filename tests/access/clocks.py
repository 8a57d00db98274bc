"""Time that a test owns."""

from __future__ import annotations


class HandClock:
    """Stands still until the test moves it."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic_ns(self) -> int:
        return int(self.seconds * 1e9)

    def utc_us(self) -> int:
        return 1_790_000_000_000_000 + int(self.seconds * 1e6)
