"""A large button: sign above word. What is on, or wanted now, stands out by more than colour."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy

from inspector.panel import theme
from inspector.panel.widgets.paint import Symbol, draw_symbol, fitted_font, font

_WORDS, _TWO = 0.3, 0.24
"""Height of the word's line, and of one of two; a sign needs no more than twice as much."""


class SignButton(QAbstractButton):
    """``show_as`` says what it offers now. ``primary``: filled; ``on``: framed brightly.

    A word may have two lines.
    """

    def __init__(self, symbol: Symbol) -> None:
        super().__init__()
        self.symbol = symbol
        self.primary = False
        self.on = False
        self._side, self._letters = 64, 22.0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_as(
        self, word: str, symbol: Symbol | None = None, *, primary: bool = False, on: bool = False
    ) -> None:
        """Word, sign and state; repaints only when something changed."""
        new = (word, symbol or self.symbol, primary, on)
        if new != (self.text(), self.symbol, self.primary, self.on):
            self.setText(word)
            _, self.symbol, self.primary, self.on = new
            self.update()

    def rescale(self, side: int, letters: int) -> None:
        """Least side and largest letters, pixels."""
        self._side, self._letters = side, float(letters)
        self.setMinimumSize(side, side)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """No larger than it must be."""
        return QSize(self._side, self._side)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """The same."""
        return self.sizeHint()

    def paintEvent(self, e: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        room = QRectF(self.rect()).adjusted(8, 6, -8, -6)
        self._paint_sign(painter, room)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        fill = theme.TEXT if self.primary else theme.RAISED
        edge = theme.TEXT if self.on or self.primary else theme.LINE
        if not self.isEnabled():
            fill, edge = theme.GROUND, theme.RAISED
        elif self.isDown():
            fill = theme.MUTED if self.primary else theme.LINE
        painter.setPen(QPen(edge, 4 if self.on else 2))
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 6, 6)

    def _paint_sign(self, painter: QPainter, room: QRectF) -> None:
        lines = self.text().split("\n")
        line = min(room.height() * (_WORDS if len(lines) == 1 else _TWO), self._letters)
        side = min(room.height() - line * len(lines) - 4, 2.2 * self._letters, room.width())
        top = room.top() + (room.height() - side - line * len(lines) - 4) / 2
        sign = QRectF(room.center().x() - side / 2, top, side, side)
        draw_symbol(painter, self.symbol, sign, self._ink())
        row = QRectF(room.left(), sign.bottom() + 4, room.width(), line)
        smallest = min(
            fitted_font(one, line * 0.9, row.width(), bold=True).pixelSize() for one in lines
        )
        painter.setPen(self._ink())
        painter.setFont(font(smallest, bold=True))
        for one in lines:
            painter.drawText(row, Qt.AlignmentFlag.AlignCenter, one)
            row.translate(0, line)

    def _ink(self) -> QColor:
        if not self.isEnabled():
            return theme.FADED
        return theme.GROUND if self.primary else theme.TEXT
