"""A sentence as large as its place allows."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from inspector.panel import theme
from inspector.panel.widgets.paint import font

_SMALLEST = 0.55
"""Of the wanted size; what is longer still ends in an ellipsis."""

_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


class FittedText(QWidget):
    """Wraps, then shrinks; never pushes anything aside."""

    def __init__(self, *, bold: bool = False) -> None:
        super().__init__()
        self._bold = bold
        self._text = ""
        self._pixels = 22
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def text(self) -> str:
        """As it was given."""
        return self._text

    def setText(self, text: str) -> None:  # noqa: N802  # as Qt's labels call it
        """Show a sentence."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()

    def set_size(self, pixels: int) -> None:
        """The size that is wanted."""
        self._pixels = pixels
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setPen(theme.TEXT)
        room = QRectF(self.rect())
        pixels, text = float(self._pixels), self._text
        flags = int(_WRAPPED.value)
        while pixels > _SMALLEST * self._pixels and not self._fits(pixels, room, flags):
            pixels -= 1
        metrics = QFontMetricsF(font(pixels, bold=self._bold))
        lines = max(1, int(room.height() / metrics.lineSpacing()))
        if not self._fits(pixels, room, flags):
            shown = room.width() * lines * 0.94  # words end before lines do
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, shown)
        painter.setFont(font(pixels, bold=self._bold))
        painter.drawText(room, flags, text)
        painter.end()

    def _fits(self, pixels: float, room: QRectF, flags: int) -> bool:
        metrics = QFontMetricsF(font(pixels, bold=self._bold))
        needed = metrics.boundingRect(room, flags, self._text)
        return needed.height() <= room.height() + 1 and needed.width() <= room.width() + 1
