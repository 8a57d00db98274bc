"""Part numbers for runs without a ledger."""

from __future__ import annotations

import itertools


class VolatilePartIds:
    """Counts from 1 in memory: for benchmarks and trials that record nothing."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def next(self) -> int:
        """The next number."""
        return next(self._count)
