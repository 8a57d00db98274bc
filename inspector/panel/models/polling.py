"""Asking the station again and again for what changes, never twice at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inspector.link.messages import AnyCommand
from inspector.panel.models.desk import Desk

_PATIENCE = 10


class Polling:
    """Qt-free; GUI thread. ``tick`` from a timer; an answer that never comes holds up some turns.

    ``make`` gives a new command each time: answers find back to theirs.
    """

    def __init__(
        self,
        desk: Desk,
        make: Callable[[], AnyCommand],
        take: Callable[[Any], None],
        refused: Callable[[str], None],
    ) -> None:
        self._desk, self._make = desk, make
        self._take, self._refuse = take, refused
        self._waited = 0

    def tick(self) -> None:
        """Ask, unless an answer is awaited."""
        if 0 < self._waited < _PATIENCE:
            self._waited += 1
            return
        self._waited = 1
        self._desk.send(self._make(), self._done, self._refused)

    def _done(self, answer: object) -> None:
        self._waited = 0
        self._take(answer)

    def _refused(self, reason: str) -> None:
        self._waited = 0
        self._refuse(reason)
