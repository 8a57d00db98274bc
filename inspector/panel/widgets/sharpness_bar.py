"""How sharp, read from two metres while the other hand turns the lens."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from inspector.panel import theme
from inspector.panel.theme import Metrics


class SharpnessBar(QWidget):
    """A bar, and a mark where it stood when it was longest."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.best = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def rescale(self, metrics: Metrics) -> None:
        """As high as a finger is wide, or higher."""
        self.setFixedHeight(metrics.px(72))

    def show_sharpness(self, now: float, best: float) -> None:
        """Both 0 .. 1 of the bar."""
        if (now, best) != (self.now, self.best):
            self.now, self.best = now, best
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mark = self.height() * 0.22
        track = QRectF(self.rect()).adjusted(mark, mark, -mark, -1)
        painter.setPen(QPen(theme.LINE, 2))
        painter.setBrush(theme.RAISED)
        painter.drawRoundedRect(track, 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.TEXT)
        filled = QRectF(track)
        filled.setWidth(track.width() * self.now)
        painter.drawRoundedRect(filled, 5, 5)
        if self.best > 0.0:
            self._paint_best(painter, track, mark)
        painter.end()

    def _paint_best(self, painter: QPainter, track: QRectF, mark: float) -> None:
        x = track.left() + track.width() * self.best
        painter.setBrush(theme.PASS)
        top = QPointF(x, track.top() + mark * 0.3)
        corners = (QPointF(x - mark, 0.0), QPointF(x + mark, 0.0), top)
        painter.drawPolygon(QPolygonF(corners))
        painter.drawRect(QRectF(x - 2, 0.0, 4, track.bottom()))
