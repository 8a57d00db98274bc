"""How full the disk is, and at which levels something happens."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from inspector.panel import theme


class DiskBar(QWidget):
    """A bar with a mark at each level."""

    def __init__(self) -> None:
        super().__init__()
        self.full = 0.0
        self.levels: tuple[float, ...] = ()
        self.setFixedHeight(36)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, full: float, levels: tuple[float, ...]) -> None:
        """Shares, 0..1."""
        if (full, levels) != (self.full, self.levels):
            self.full, self.levels = full, levels
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(1, 7, -1, -7)
        painter.setPen(QPen(theme.LINE, 2))
        painter.setBrush(theme.GROUND)
        painter.drawRoundedRect(room, 4, 4)
        beyond = sum(self.full >= level for level in self.levels)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush((theme.TEXT, theme.WARN, theme.ALERT, theme.ALERT)[min(beyond, 3)])
        inside = room.adjusted(2, 2, -2, -2)
        inside.setWidth(inside.width() * min(1.0, self.full))
        painter.drawRoundedRect(inside, 3, 3)
        painter.setPen(QPen(theme.MUTED, 3))
        for level in self.levels:
            across = room.left() + room.width() * level
            painter.drawLine(QPointF(across, 0), QPointF(across, self.height()))
        painter.end()
