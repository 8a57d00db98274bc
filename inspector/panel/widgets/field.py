"""A field with its name above it; the name stays in sight while something is typed."""

from __future__ import annotations

from PyQt6.QtCore import QCoreApplication, Qt
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from inspector.panel.widgets.typing_room import PROSE, SECRET
from inspector.panel.widgets.view import label


class Field(QWidget):
    """One line of text. ``secret``: dots, until somebody wants to see it.

    ``prose``: a sentence, in the language of the panel.
    """

    def __init__(self, *, secret: bool = False, prose: bool = False, longest: int = 256) -> None:
        super().__init__()
        self.name = label("muted")
        self.edit = QLineEdit()
        self.edit.setMaxLength(longest)
        self.edit.setProperty(PROSE, prose)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
            self.edit.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
            self.edit.setProperty(SECRET, True)
        self.show_it = QPushButton()
        self.show_it.setCheckable(True)
        self.show_it.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_it.setVisible(secret)
        self.show_it.toggled.connect(self._show)
        row = QHBoxLayout()
        row.addWidget(self.edit, 1)
        row.addWidget(self.show_it)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.name)
        column.addLayout(row)

    def call(self, name: str) -> None:
        """Its name in the language in use."""
        self.name.setText(name)
        self.edit.setAccessibleName(name)
        self.show_it.setText(QCoreApplication.translate("Field", "Show"))

    def clear(self) -> None:
        """Nothing stands in it, and what comes is hidden again."""
        self.edit.clear()
        self.show_it.setChecked(False)

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.edit.text()

    def _show(self, on: bool) -> None:
        modes = QLineEdit.EchoMode
        self.edit.setEchoMode(modes.Normal if on else modes.Password)
