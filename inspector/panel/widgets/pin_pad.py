"""Digits for a PIN: large keys, and dots instead of what was typed."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from inspector.panel import theme
from inspector.panel.widgets.keyboard import key
from inspector.panel.widgets.view import View, restyle

SHORTEST, LONGEST = 4, 12


class Dots(QWidget):
    """One dot for each digit, and places for the four that are needed at least."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def show_count(self, count: int) -> None:
        """So many digits were typed."""
        self.count = count
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = max(SHORTEST, self.count)
        step = min(self.height() * 0.9, self.width() / places)
        size = step * 0.5
        left = (self.width() - places * step) / 2
        for place in range(places):
            spot = QRectF(left + place * step, (self.height() - size) / 2, size, size)
            painter.setPen(QPen(theme.TEXT if place < self.count else theme.MUTED, 3))
            painter.setBrush(theme.TEXT if place < self.count else Qt.GlobalColor.transparent)
            painter.drawEllipse(spot)
        painter.end()


class PinPad(View):
    """Ten digits, delete, OK; a keyboard's digits count as well."""

    entered = pyqtSignal(str)
    """The PIN; it is forgotten here at once."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pin = ""
        self._on = True
        self.dots = Dots()
        self.digits = {digit: key() for digit in "1234567890"}
        self.erase, self.enter = key(), key()
        self.erase.clicked.connect(self._erase)
        self.enter.clicked.connect(self._enter)
        self._grid = QGridLayout()
        for index, (digit, one) in enumerate(self.digits.items()):
            one.setText(digit)
            one.clicked.connect(lambda _=False, digit=digit: self._type(digit))
            self._grid.addWidget(one, index // 3, 1 if digit == "0" else index % 3)
        self._grid.addWidget(self.erase, 3, 0)
        self._grid.addWidget(self.enter, 3, 2)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.dots)
        self._column.addLayout(self._grid)
        self._column.addStretch()
        self.refresh()

    @property
    def keys(self) -> tuple[QPushButton, ...]:
        """All keys."""
        return (*self.digits.values(), self.erase, self.enter)

    def rescale(self, target: int, gap: int) -> None:
        """Sizes in pixels."""
        self._grid.setSpacing(gap)
        self._column.setSpacing(gap)
        self.dots.setFixedHeight(target // 2)
        tall = round(target * 1.4)
        for one in self.keys:
            one.setFixedHeight(tall)
        self.setFixedHeight(4 * (tall + gap) + target // 2)
        self.setMaximumWidth(7 * target)

    def clear(self) -> None:
        """Forget what was typed."""
        self._pin = ""
        self.refresh()

    def set_on(self, on: bool) -> None:  # the one thing it says
        """Take digits, or not: the station is asked, or wants a pause."""
        self._on = on
        self.refresh()

    def refresh(self) -> None:
        """Show what there is to press."""
        self.dots.show_count(len(self._pin))
        self.erase.setText("⌫")
        self.erase.setAccessibleName(self.tr("Delete"))
        self.enter.setText(self.tr("OK"))
        for one in self.keys:
            one.setEnabled(self._on)
        complete = self._on and len(self._pin) >= SHORTEST
        self.enter.setEnabled(complete)
        restyle(self.enter, "primary", complete)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:  # noqa: N802  # Qt's name
        """A real keyboard, or its number block."""
        if a0 is None:
            return
        if a0.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif a0.key() == Qt.Key.Key_Backspace:
            self._erase()
        elif a0.text() in self.digits:
            self._type(a0.text())
        else:
            super().keyPressEvent(a0)

    def _type(self, digit: str) -> None:
        if self._on and len(self._pin) < LONGEST:
            self._pin += digit
            self.refresh()

    def _erase(self) -> None:
        self._pin = self._pin[:-1]
        self.refresh()

    def _enter(self) -> None:
        if self._on and len(self._pin) >= SHORTEST:
            pin = self._pin
            self.clear()
            self.entered.emit(pin)
