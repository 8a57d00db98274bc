"""One run of announced limit samples: who they are, and what was found on each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inspector.limits.check import MasterResult, result_of
from inspector.limits.masters import Master
from inspector.line.masters import AnnouncedMasters
from inspector.line.part import JudgedPart


class Showing:
    """A ``PartTap`` that compares each master with what it must show.

    ``on_last`` is called once, on the inspection thread, after the last one.
    """

    def __init__(self, masters: Sequence[Master], user: str, on_last: Callable[[], None]) -> None:
        self._masters = {master.name: master for master in masters}
        self._on_last = on_last
        self.user = user
        self.announced = AnnouncedMasters(tuple(self._masters))
        self.results: list[MasterResult] = []

    def offer(self, part: JudgedPart) -> None:
        """Take one part."""
        name = part.verdict.master
        if not name:
            return
        self.results.append(result_of(self._masters[name], part.verdict))
        if len(self.results) == len(self._masters):
            self._on_last()
