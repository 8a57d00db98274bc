"""What the models of all screens have in common: asking, waiting, and saying what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from inspector.link.messages import AnyCommand
from inspector.link.questions import AnyQuestion
from inspector.panel.models.changed import Changed
from inspector.panel.models.desk import Desk, Following, Inquiry


class Standing(StrEnum):
    """What a screen, or a part of it, shows in place of its content."""

    READY = "ready"
    BUSY = "busy"
    EMPTY = "empty"
    PROBLEM = "problem"


class ScreenModel:
    """Base of a screen's model. Qt-free; GUI thread.

    Questions have a ``slot``: asked anew before its answer came, the older answer is dropped.
    """

    def __init__(self, desk: Desk) -> None:
        self.changed = Changed()
        self.desk = desk
        self.problem = ""
        self._open: dict[str, Inquiry] = {}

    @property
    def busy(self) -> bool:
        """True while an answer is awaited."""
        return bool(self._open)

    @property
    def empty(self) -> bool:
        """True when there is nothing to show. For subclasses."""
        return False

    @property
    def standing(self) -> Standing:
        """What to show in place of content, if anything."""
        if self.problem:
            return Standing.PROBLEM
        if self.empty:
            return Standing.BUSY if self.busy else Standing.EMPTY
        return Standing.READY

    def reload(self) -> None:
        """Ask for what the screen shows; called on entering, and to try again. For subclasses."""

    def ask(self, question: AnyQuestion, then: Callable[[Any], None], slot: str = "") -> None:
        """Ask the office; a refusal becomes ``problem``."""

        def done(answer: object) -> None:
            self._close(slot)
            then(answer)
            self.changed.emit()

        def refused(reason: str) -> None:
            self._close(slot)
            self.problem = reason
            self.changed.emit()

        older = self._open.get(slot)
        if older is not None:
            older.drop()
        self.problem = ""
        # Set before asking: where office and panel share a process the answer is there at once.
        placeholder = Inquiry(question, done, refused)
        self._open[slot] = placeholder
        inquiry = self.desk.ask(question, done, refused)
        if self._open.get(slot) is placeholder:
            self._open[slot] = inquiry
        self.changed.emit()

    def send(self, command: AnyCommand, then: Callable[[Any], None] | None = None) -> None:
        """Have the station act; the panel shows the reason of a refusal."""
        self.desk.send(command, then)

    def run(self, question: AnyQuestion) -> Following:
        """Begin a job."""
        return self.desk.run(question, self.changed.emit)

    def _close(self, slot: str) -> None:
        self._open.pop(slot, None)
