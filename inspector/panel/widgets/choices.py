"""Sheets of choices: what a gallery shows, and of which class a defect is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QVBoxLayout, QWidget

from inspector.panel.theme import Metrics
from inspector.panel.translation import Language
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.dragged import MARK_PX, Dragged
from inspector.panel.widgets.field import Field
from inspector.panel.widgets.typing_room import TypingRoom
from inspector.panel.widgets.view import label

COLUMNS = 5
"""In a row, where there is room."""
MOST_CLASSES = 12
"""Those that were used most."""
_LONGEST_CLASS = 60
_GAP = 24


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: what it says, whether it is chosen, and what choosing it does."""

    words: str
    chosen: bool
    choose: Callable[[], None]


class ChoiceRows(QWidget):
    """Named groups of which one each is chosen; as many in a row as have room, dragged if many."""

    def __init__(self, groups: Sequence[tuple[str, Sequence[Choice]]]) -> None:
        super().__init__()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 2 * MARK_PX, 0)
        self.buttons: list[QPushButton] = []
        self._columns = 0
        self._grids: list[tuple[QGridLayout, list[QPushButton]]] = []
        for name, choices in groups:
            title = label("muted")
            title.setText(name)
            column.addWidget(title)
            column.addLayout(self._grid(choices))
        column.addStretch(1)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(Dragged(content))

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """More or fewer in a row."""
        super().resizeEvent(a0)
        widest = max((button.sizeHint().width() for button in self.buttons), default=1)
        columns = min(COLUMNS, max(1, self.width() // (widest + _GAP)))
        if columns == self._columns:
            return
        self._columns = columns
        for grid, buttons in self._grids:
            for index, button in enumerate(buttons):
                grid.addWidget(button, *divmod(index, columns))
            for index in range(COLUMNS):
                grid.setColumnStretch(index, 1 if index < columns else 0)

    def _grid(self, choices: Sequence[Choice]) -> QGridLayout:
        grid, group = QGridLayout(), QButtonGroup(self)
        made = []
        for choice in choices:
            button = choice_button()
            button.setText(choice.words)
            button.setChecked(choice.chosen)
            button.clicked.connect(lambda _=False, choice=choice: choice.choose())
            group.addButton(button)
            made.append(button)
        self.buttons += made
        self._grids.append((grid, made))
        return grid


class DefectClasses(QWidget):
    """Classes that were used before, each by one touch; another one is typed."""

    chosen = pyqtSignal(str)

    def __init__(
        self, classes: Sequence[str], name: str, language: Language, metrics: Metrics
    ) -> None:
        super().__init__()
        content, grid = QWidget(), QGridLayout()
        self.buttons: list[QPushButton] = []
        for index, defect in enumerate(classes[:MOST_CLASSES]):
            button = QPushButton(defect)
            button.clicked.connect(lambda _=False, defect=defect: self.chosen.emit(defect))
            self.buttons.append(button)
            grid.addWidget(button, *divmod(index, 3))
        self.field = Field(prose=True, longest=_LONGEST_CLASS)
        self.field.call(name)
        self.field.edit.returnPressed.connect(lambda: self.chosen.emit(self.field.text))
        column = QVBoxLayout(content)
        column.addLayout(grid)
        column.addWidget(self.field)
        column.addStretch(1)
        room = TypingRoom(content, language)
        room.rescale(metrics)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(room)
