"""A sentence as large as its place allows."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from inspector.panel import theme
from inspector.panel.widgets.paint import font

_SMALLEST = 0.7
"""Of the wanted size; what is longer still ends in an ellipsis."""

_CENTRE = Qt.AlignmentFlag.AlignVCenter


class FittedText(QWidget):
    """Wraps if it may, then shrinks; never pushes anything aside. What stands below is smaller."""

    def __init__(
        self, *, bold: bool = False, wraps: bool = True, stand: Qt.AlignmentFlag = _CENTRE
    ) -> None:
        super().__init__()
        self._bold = bold
        self._wraps = wraps
        self.stand(stand)
        self._text = self._below = ""
        self._pixels = 22
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def stand(self, at: Qt.AlignmentFlag) -> None:
        """Where in its height it stands."""
        wrap = Qt.TextFlag.TextWordWrap if self._wraps else Qt.TextFlag.TextSingleLine
        self._flags = (Qt.AlignmentFlag.AlignLeft | at | wrap).value
        self.update()

    def text(self) -> str:
        """As it was given."""
        return self._text

    def setText(self, text: str, below: str = "") -> None:  # noqa: N802  # as Qt's labels call it
        """Show a sentence, and what is to stand below it."""
        if (text, below) != (self._text, self._below):
            self._text, self._below = text, below
            self.setAccessibleName(" ".join(part for part in (text, below) if part))
            self.update()

    def set_size(self, pixels: int) -> None:
        """The size that is wanted."""
        self._pixels = pixels
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        room = QRectF(self.rect())
        if self._below:
            lower = QRectF(room)
            lower.setTop(room.center().y() + 1)
            room.setBottom(lower.top())
            painter.setPen(theme.MUTED)
            self._paint(painter, self._below, 0.8 * self._pixels, lower)
        painter.setPen(theme.TEXT)
        self._paint(painter, self._text, float(self._pixels), room)
        painter.end()

    def _paint(self, painter: QPainter, text: str, wanted: float, room: QRectF) -> None:
        pixels = wanted
        flags = self._flags
        while pixels > _SMALLEST * wanted and not self._fits(text, pixels, room, flags):
            pixels -= 1
        metrics = QFontMetricsF(font(pixels, bold=self._bold))
        lines = max(1, int(room.height() / metrics.lineSpacing())) if self._wraps else 1
        if not self._fits(text, pixels, room, flags):
            shown = room.width() * lines * 0.94  # words end before lines do
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, shown)
        painter.setFont(font(pixels, bold=self._bold))
        painter.drawText(room, flags, text)

    def _fits(self, text: str, pixels: float, room: QRectF, flags: int) -> bool:
        metrics = QFontMetricsF(font(pixels, bold=self._bold))
        needed = metrics.boundingRect(room, flags, text)
        return needed.height() <= room.height() + 1 and needed.width() <= room.width() + 1
