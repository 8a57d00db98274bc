"""Limit samples on the line: parts that were announced, and what else comes with them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from inspector.core.verdict import Cause, Outcome, Verdict


class AnnouncedMasters:
    """Names the parts of one run, in the order of their announcement. ``mark``: inspection thread.

    A part beyond the last name was not announced and is rejected: nothing that comes among
    masters may be taken for production.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = deque(names)

    @property
    def expected(self) -> str:
        """The next part's name; empty when all have come. Any thread."""
        names = tuple(self._names)
        return names[0] if names else ""

    def mark(self, verdict: Verdict) -> Verdict:
        """The verdict with the name of the master that it is on."""
        if self._names:
            return replace(verdict, master=self._names.popleft())
        if verdict.cause is Cause.FAULT:
            return verdict
        return replace(
            verdict, outcome=Outcome.REJECT, cause=Cause.UNANNOUNCED, detail="not announced"
        )
