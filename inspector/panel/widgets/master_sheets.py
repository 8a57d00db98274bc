"""What is asked before a limit sample joins the list of a product."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.panel.theme import Metrics
from inspector.panel.translation import Language
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.field import Field
from inspector.panel.widgets.typing_room import TypingRoom
from inspector.panel.widgets.view import View, label
from inspector.panel.words import check_name

_NAME = re.compile(r"[\w.@-]{1,64}")


class NewMaster(View):
    """Name, good or bad, and for a bad one what must find it."""

    changed = pyqtSignal()

    def __init__(self, checks: Sequence[str], language: Language) -> None:
        super().__init__()
        self.name = Field(longest=64)
        self.name.call(self.tr("Name on the master (letters, digits, - _ .)"))
        self.name.edit.textChanged.connect(self.changed)
        self._kind, self._found = QButtonGroup(self), QButtonGroup(self)
        self.is_good = self._choice(self._kind, self.tr("Good: must pass"))
        self.is_bad = self._choice(self._kind, self.tr("Bad: must be rejected"))
        self.checks = {"": self._choice(self._found, self.tr("by any check"))}
        for check in checks:
            self.checks[check] = self._choice(self._found, check_name(check))
        self.is_good.setChecked(True)
        self.checks[""].setChecked(True)
        self.found_by = label("muted")
        self.found_by.setText(self.tr("Must be found"))
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.name)
        column.addLayout(_row(self.is_good, self.is_bad))
        column.addWidget(self.found_by)
        column.addLayout(_row(*self.checks.values()))
        column.addStretch()
        self._room = TypingRoom(content, language)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._room)
        for button in (self.is_good, self.is_bad):
            button.toggled.connect(self._show)
        self._show()

    def rescale(self, metrics: Metrics) -> None:
        """Keys of the keyboard."""
        self._room.rescale(metrics)

    @property
    def complete(self) -> bool:
        """True when it can be added."""
        return _NAME.fullmatch(self.name.text) is not None

    @property
    def good(self) -> bool:
        """What the station must say of it."""
        return self.is_good.isChecked()

    @property
    def check(self) -> str:
        """Which check must find it; empty: any."""
        return next((one for one, button in self.checks.items() if button.isChecked()), "")

    def _show(self) -> None:
        for widget in (self.found_by, *self.checks.values()):
            widget.setVisible(not self.good)

    @staticmethod
    def _choice(group: QButtonGroup, words: str) -> QPushButton:
        button = choice_button()
        button.setText(words)
        group.addButton(button)
        return button


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    for button in buttons:
        row.addWidget(button, 1)
    return row
