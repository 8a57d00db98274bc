"""What log-in and signature have in common: a sheet with a head, a keyboard in place, a message."""

from __future__ import annotations

from typing import Protocol

from PyQt6.QtCore import QCoreApplication, Qt
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.translation import Language
from inspector.panel.widgets.typing_room import TypingRoom
from inspector.panel.widgets.view import View, label, restyle


class Proven(Protocol):
    """A model whose questions the station answers by looking at a secret."""

    waiting: bool
    problem: str

    @property
    def blocked_s(self) -> int:
        """Whole seconds before another attempt is looked at."""


class QuestionSheet(View):
    """Title and keys stand in the head, what went wrong below them; the rest is the page."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.message = label("title", wrap=True), label("alarm", wrap=True)
        self.cancel = QPushButton()

    def fill(self, page: QWidget, language: Language, *keys: QPushButton) -> None:
        """Lay it out; ``keys`` stand beside the one that leaves."""
        head, row = QWidget(), QHBoxLayout()
        row.addWidget(self.title, 1)
        for key in (self.cancel, *keys):
            row.addWidget(key)
        self._top = QVBoxLayout(head)
        self._top.addLayout(row)
        self._top.addWidget(self.message)
        around = QWidget()
        self._column = QVBoxLayout(around)
        self._column.addWidget(page, 1)
        self.room = TypingRoom(around, language, head)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.room)

    def rescale(self, metrics: Metrics) -> None:
        """Rims, and the keys of the keyboard."""
        gap = metrics.px(8)
        self.room.rescale(metrics)
        self._top.setContentsMargins(2 * gap, gap, 2 * gap, gap)
        self._column.setContentsMargins(2 * gap, 0, 2 * gap, gap)

    def tell(self, model: Proven, otherwise: str) -> None:
        """That it is being looked at, why it was refused; ``otherwise`` what is missing."""
        said = otherwise
        if model.waiting:
            said = QCoreApplication.translate("QuestionSheet", "One moment …")
        elif model.blocked_s:
            said = QCoreApplication.translate(
                "QuestionSheet",
                "Too many failed attempts. The next one is possible in {seconds} s.",
            ).format(seconds=model.blocked_s)
        elif model.problem:
            said = station_words(model.problem)
        self.message.setText(said)
        self.message.setVisible(bool(said))
        restyle(self.message, "kind", "warning" if model.problem or model.blocked_s else "")
