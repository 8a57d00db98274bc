"""What a part should look like: the good image that is nearest to it, as the office finds it."""

from __future__ import annotations

from enum import StrEnum

from inspector.link.questions.comparing import Nearest
from inspector.panel.models.changed import Changed


class Asking(StrEnum):
    """How far a comparison is."""

    CLOSED = "closed"
    WAITING = "waiting"
    FOUND = "found"
    FAILED = "failed"


class Comparison:
    """One part beside its nearest normal. Only the newest question's answer counts."""

    def __init__(self) -> None:
        self.changed = Changed()
        self.asking = Asking.CLOSED
        self.part_id = 0
        self.nearest: Nearest | None = None
        self.problem = ""

    def ask(self, part_id: int) -> None:
        """It is asked for."""
        self.part_id, self.nearest, self.problem = part_id, None, ""
        self._set(Asking.WAITING)

    def found(self, part_id: int, nearest: Nearest) -> None:
        """The office's answer."""
        if self._awaited(part_id):
            self.nearest = nearest
            self._set(Asking.FOUND)

    def fail(self, part_id: int, problem: str) -> None:
        """There is none, and why."""
        if self._awaited(part_id):
            self.problem = problem
            self._set(Asking.FAILED)

    def close(self) -> None:
        """Back to the part alone."""
        if self.asking is not Asking.CLOSED:
            self._set(Asking.CLOSED)

    def _awaited(self, part_id: int) -> bool:
        return self.asking is Asking.WAITING and part_id == self.part_id

    def _set(self, asking: Asking) -> None:
        self.asking = asking
        self.changed.emit()
