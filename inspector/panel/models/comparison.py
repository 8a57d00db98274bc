"""What a part should look like: as the nearest good image, or as its engine expected it."""

from __future__ import annotations

from enum import StrEnum

from inspector.link.questions.comparing import AskExplanation, Explained, Nearest, NearestNormal
from inspector.panel.models.changed import Changed
from inspector.panel.models.desk import Desk

COMPARED_PX = 900
"""Longest side of the pictures that are compared."""


class Asking(StrEnum):
    """How far a comparison is."""

    CLOSED = "closed"
    WAITING = "waiting"
    FOUND = "found"
    FAILED = "failed"


class Beside(StrEnum):
    """What the part is compared with."""

    NORMAL = "normal"
    ENGINE = "engine"


class Comparison:
    """Qt-free; GUI thread. Only the newest question's answer counts."""

    def __init__(self, desk: Desk) -> None:
        self.changed = Changed()
        self.asking = Asking.CLOSED
        self.beside = Beside.NORMAL
        self.part_id = 0
        self.nearest: Nearest | None = None
        self.explained: Explained | None = None
        self.heat = ""
        """The map of the engine that is shown; empty: the picture that it expected."""
        self.problem = ""
        self._desk = desk
        self._asked = 0

    @property
    def switched(self) -> bool:
        """There are two ways to choose from."""
        return self.nearest is not None and self.nearest.explains

    def ask(self, part_id: int) -> None:
        """Compare another part, with the nearest good image first."""
        self.part_id, self.nearest, self.explained = part_id, None, None
        self.beside, self.heat = Beside.NORMAL, ""
        self._ask(NearestNormal(part_id, longest=COMPARED_PX))

    def compare_with(self, beside: Beside) -> None:
        """The other way."""
        self.beside = beside
        if beside is Beside.ENGINE and self.explained is None:
            self._ask(AskExplanation(self.part_id, longest=COMPARED_PX))
        else:
            self._set(Asking.FOUND)

    def show_heat(self, name: str) -> None:
        """One of the maps; empty: what was expected."""
        self.heat = name
        self.changed.emit()

    def close(self) -> None:
        """Back to the part alone."""
        self._asked += 1
        if self.asking is not Asking.CLOSED:
            self._set(Asking.CLOSED)

    def _ask(self, question: NearestNormal | AskExplanation) -> None:
        self._asked += 1
        number, self.problem = self._asked, ""
        self._set(Asking.WAITING)

        def found(answer: Nearest | Explained) -> None:
            if number == self._asked:
                self._take(answer)
                self._set(Asking.FOUND)

        def refused(reason: str) -> None:
            if number == self._asked:
                self.problem = reason
                self._set(Asking.FAILED)

        self._desk.ask(question, found, refused)

    def _take(self, answer: Nearest | Explained) -> None:
        if isinstance(answer, Nearest):
            self.nearest = answer
            return
        self.explained = answer
        if not answer.expected and answer.heats:
            self.heat = answer.heats[0][0]

    def _set(self, asking: Asking) -> None:
        self.asking = asking
        self.changed.emit()
