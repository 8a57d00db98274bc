"""The whole panel without a station: what it asks is kept, answers are as the test says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtWidgets import QApplication

from inspector.access.permissions import ONE_PANEL, PERMISSIONS, QUESTIONS
from inspector.link.messages import AnyCommand, Seat, Session
from inspector.link.questions import AnyQuestion, JobState, News
from inspector.link.questions.rights import AskRights, Rights
from inspector.panel.models.desk import Desk
from inspector.panel.models.panel import PanelModel
from inspector.panel.screens import SCREENS, Entry
from inspector.panel.translation import Language
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.shell import Shell

SIZES = {(1024, 600): 118.0, (1280, 800): 149.0, (1920, 1080): 103.0, (800, 1280): 149.0}
"""Windows and the dpi of usual panels of that size: 10.1, 10.1, 21.5 and 10.1 inch."""

Answer = Callable[[Any], Any]


class Stage:
    """A shell with screens. ``answers``: by type of question or command what comes back, at once;
    a string is a refusal. Whatever has no entry waits for ever.
    """

    def __init__(
        self,
        language: Language,
        entries: Sequence[Entry] = SCREENS,
        answers: dict[type, Answer] | None = None,
        *,
        size: tuple[int, int] = (1280, 800),
        role: str = "engineer",
        seat: Seat | None = None,
    ) -> None:
        self.now_s = 100.0
        self.commands: list[AnyCommand] = []
        self.questions: list[AnyQuestion] = []
        self.answers: dict[type, Answer] = {AskRights: rights, **(answers or {})}
        self.model = PanelModel(lambda: self.now_s, seat)
        self.desk = Desk(self._send, self._ask)
        self.shell = Shell(self.model, self.desk, language, entries)
        self.log_in(role)
        self.desk.hear(News("run"))
        self.resize(*size)
        self.shell.show()
        self.settle()

    @property
    def screen(self) -> Screen:
        """The screen that is shown."""
        return self.shell.screens[self.shell.here]

    def resize(self, width: int, height: int) -> None:
        """Another window, on a panel of its usual size."""
        self.shell.dpi = SIZES.get((width, height))
        for _ in range(2):  # what it was before may not fit, and goes at the first
            self.shell.resize(width, height)
            self.shell.rescale()
            self.settle()

    def log_in(self, role: str) -> None:
        """Somebody of this role is there; empty: nobody."""
        session = Session("token", "sato", role) if role else Session("", "panel", "operator")
        self.model.session.greet(session)
        self.desk.take_session(session)

    def hear(self, *jobs: JobState) -> None:
        """News of jobs."""
        self.desk.hear(News("run", jobs))
        self.settle()

    def settle(self) -> None:
        """Let Qt lay out and paint."""
        for _ in range(3):
            QApplication.processEvents()

    def close(self) -> None:
        """At the end of a test: what stays alive makes all that follow slow."""
        self.shell.close()
        self.shell.deleteLater()
        self.settle()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _send(self, command: AnyCommand) -> None:
        self.commands.append(command)
        self._answer(command)

    def _ask(self, question: AnyQuestion) -> None:
        self.questions.append(question)
        self._answer(question)

    def _answer(self, asked: Any) -> None:
        make = self.answers.get(type(asked))
        if make is None:
            return
        answer = make(asked)
        if isinstance(answer, str):
            self.desk.refused(asked, answer)
        else:
            self.desk.answered(asked, answer)


def rights(_asked: AskRights) -> Rights:
    """As the office tells them."""
    roles = (PERMISSIONS | QUESTIONS).items()
    by_name = {name: tuple(role or "" for role in may) for name, may in roles}
    return Rights(by_name, ONE_PANEL)
