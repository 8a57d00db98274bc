"""Limit samples as rows for fingers: picture, name, what must be said of it, what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QRectF, QSize, QSizeF, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from inspector.panel import theme
from inspector.panel.theme import Metrics
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.paint import Symbol, draw_symbol, font
from inspector.panel.widgets.view import View


@dataclass(frozen=True, slots=True)
class MasterWords:
    """One row. ``found``: True as expected, False not, None not shown yet."""

    name: str
    must: str
    said: str
    found: bool | None
    here: bool
    """It is the next one."""
    picture: bytes


class MasterRow(QAbstractButton):
    """One limit sample. Tap to show this one next."""

    def __init__(self) -> None:
        super().__init__()
        self.words = MasterWords("", "", "", None, here=False, picture=b"")
        self._image = QImage()
        self._letters = 20.0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def rescale(self, height: int, letters: float) -> None:
        """Sizes in pixels."""
        self._letters = letters
        self.setFixedHeight(height)

    def show_words(self, words: MasterWords) -> None:
        """Say something else."""
        if words == self.words:
            return
        if words.picture != self.words.picture:
            self._image = QImage.fromData(words.picture)
        self.words = words
        self.setAccessibleName(f"{words.name} {words.must} {words.said}")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Any width."""
        return QSize(100, self.height())

    def paintEvent(self, e: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        words = self.words
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(theme.TEXT, 3) if words.here else Qt.PenStyle.NoPen)
        painter.setBrush(theme.RAISED if self.isDown() else theme.SURFACE)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 6, 6)
        pad = self._letters * 0.5
        room = QRectF(self.rect()).adjusted(pad, pad * 0.7, -pad, -pad * 0.7)
        side = room.height()
        self._paint_picture(painter, QRectF(room.left(), room.top(), side, side))
        mark = QRectF(room.right() - side * 0.6, room.top() + side * 0.2, side * 0.6, side * 0.6)
        if words.found is not None:
            symbol = Symbol.CHECK if words.found else Symbol.CROSS
            draw_symbol(painter, symbol, mark, theme.PASS if words.found else theme.ALERT)
        text = QRectF(room.left() + side + pad, room.top(), 0, side / 2)
        text.setRight(mark.left() - pad)
        self._paint_line(painter, words.name, text, bold=True)
        wrong = words.found is False
        below = text.translated(0, side / 2)
        self._paint_line(painter, words.said if wrong else words.must, below, wrong=wrong)
        painter.end()

    def _paint_picture(self, painter: QPainter, room: QRectF) -> None:
        if self._image.isNull():
            painter.setPen(QPen(theme.LINE, 2, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(room.adjusted(3, 3, -3, -3), 4, 4)
            return
        keep = Qt.AspectRatioMode.KeepAspectRatio
        fitted = QSizeF(self._image.size()).scaled(room.size(), keep)
        place = QRectF(0, 0, fitted.width(), fitted.height())
        place.moveCenter(room.center())
        painter.drawImage(place, self._image)

    def _paint_line(
        self, painter: QPainter, text: str, room: QRectF, *, bold: bool = False, wrong: bool = False
    ) -> None:
        face = font(self._letters if bold else self._letters * 0.9, bold=bold)
        painter.setFont(face)
        painter.setPen(theme.ALERT if wrong else theme.TEXT if bold else theme.MUTED)
        shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


class MasterRows(View):
    """All of a product, dragged where they are many."""

    touched = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[MasterRow] = []
        self._height, self._letters = 72, 20.0
        content = QWidget()
        self._list = QVBoxLayout(content)
        self._list.setContentsMargins(0, 0, 10, 0)
        self._list.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Dragged(content))

    def rescale(self, metrics: Metrics) -> None:
        """Sizes of rows."""
        self._letters = float(metrics.px(20))
        self._height = max(metrics.target, metrics.px(80))
        for row in self.rows:
            row.rescale(self._height, self._letters)

    def show_masters(self, masters: Sequence[MasterWords]) -> None:
        """Other masters, or the same with other words."""
        while len(self.rows) > len(masters):
            gone = self.rows.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(masters):
            row = MasterRow()
            row.rescale(self._height, self._letters)
            row.clicked.connect(lambda _=False, row=row: self.touched.emit(row.words.name))
            self._list.insertWidget(len(self.rows), row)
            self.rows.append(row)
        for row, words in zip(self.rows, masters, strict=True):
            row.show_words(words)
