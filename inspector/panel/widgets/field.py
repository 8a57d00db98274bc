"""A field with its name above it; the name stays in sight while something is typed."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from inspector.panel.widgets.typing_room import PROSE
from inspector.panel.widgets.view import label


class Field(QWidget):
    """One line of text. ``secret``: dots; ``prose``: a sentence, in the language of the panel."""

    def __init__(self, *, secret: bool = False, prose: bool = False, longest: int = 256) -> None:
        super().__init__()
        self.name = label("muted")
        self.edit = QLineEdit()
        self.edit.setMaxLength(longest)
        self.edit.setProperty(PROSE, prose)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
            self.edit.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.name)
        column.addWidget(self.edit)

    def call(self, name: str) -> None:
        """Its name in the language in use."""
        self.name.setText(name)
        self.edit.setAccessibleName(name)

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.edit.text()
