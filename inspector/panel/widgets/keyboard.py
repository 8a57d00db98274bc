"""A keyboard on the screen, for fingers in gloves."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from inspector.panel.models.keyboard import KeyboardModel
from inspector.panel.widgets.view import View, card


class Keyboard(View):
    """Emits what is typed; takes no focus from the field that is written in."""

    typed = pyqtSignal(str)
    erased = pyqtSignal()

    def __init__(self, model: KeyboardModel) -> None:
        super().__init__()
        self._model = model
        self._rows: list[list[QPushButton]] = []
        self._column = QVBoxLayout()
        for length in (10, 10, 10, 12):
            self._column.addLayout(self._row(length))
        self.shift = self._key(checkable=True)
        self.shift.clicked.connect(model.toggle_shift)
        self.signs = self._key(checkable=True)
        self.signs.clicked.connect(model.toggle_signs)
        self.space = self._key()
        self.space.clicked.connect(lambda: self.typed.emit(" "))
        self.erase = self._key()
        self.erase.setAutoRepeat(True)
        self.erase.clicked.connect(self.erased)
        bottom = QHBoxLayout()
        for key, stretch in ((self.shift, 2), (self.signs, 2), (self.space, 4), (self.erase, 2)):
            bottom.addWidget(key, stretch)
        self._column.addLayout(bottom)
        card(self, self._column)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, gap: int) -> None:
        """Space between the keys."""
        self._column.setSpacing(gap)
        self._column.setContentsMargins(gap, gap, gap, gap)

    def refresh(self) -> None:
        """Label the keys."""
        for keys, characters in zip(self._rows, self._model.rows, strict=True):
            for index, key in enumerate(keys):
                key.setVisible(index < len(characters))
                key.setText(characters[index].replace("&", "&&") if key.isVisibleTo(self) else "")
        self.shift.setChecked(self._model.shifted)
        self.shift.setEnabled(not self._model.signs)
        self.signs.setChecked(self._model.signs)
        self.shift.setText(self.tr("Shift"))
        self.signs.setText("#+=")
        self.space.setText(self.tr("Space"))
        self.erase.setText(self.tr("Delete"))

    def _row(self, length: int) -> QHBoxLayout:
        index, row, keys = len(self._rows), QHBoxLayout(), [self._key() for _ in range(length)]
        for column, key in enumerate(keys):
            key.clicked.connect(lambda _=False, row=index, column=column: self._press(row, column))
            row.addWidget(key)
        self._rows.append(keys)
        return row

    def _press(self, row: int, column: int) -> None:
        self.typed.emit(self._model.rows[row][column])
        self._model.typed()

    @staticmethod
    def _key(*, checkable: bool = False) -> QPushButton:
        key = QPushButton()
        key.setObjectName("key")
        key.setCheckable(checkable)
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        return key
