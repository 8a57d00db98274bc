"""One bit of an image as a lamp: lit or dark, 1 or 0, and its name in the PLC's program."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy

from inspector.core.state import Health
from inspector.panel import theme
from inspector.panel.widgets.paint import font


class Lamp(QAbstractButton):
    """Touched only while it is enabled: in a manual test. A forced one has a striking rim."""

    def __init__(self) -> None:
        super().__init__()
        self.on = False
        self.forced = ""
        """How long it stays forced, in words; empty: it is not."""
        self._words = 17.0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setEnabled(False)

    def rescale(self, height: int, words: float) -> None:
        """Sizes in pixels."""
        self._words = words
        self.setFixedHeight(height)

    def show_bit(self, name: str, *, on: bool, forced: str = "") -> None:
        """Another value."""
        if (name, on, forced) != (self.accessibleName(), self.on, self.forced):
            self.setAccessibleName(name)
            self.on, self.forced = on, forced
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Any width."""
        return QSize(160, self.height())

    def paintEvent(self, e: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        touchable = self.isEnabled()
        loud = theme.NE107[Health.CHECK_FUNCTION]
        rim = QPen(loud, 3) if self.forced else QPen(theme.LINE, 2)
        painter.setPen(rim if touchable or self.forced else Qt.PenStyle.NoPen)
        painter.setBrush(theme.RAISED if touchable else theme.GROUND)
        painter.drawRoundedRect(room, 6, 6)
        side = min(room.height() - 8, self._words * 1.7)
        lamp = QRectF(room.left() + 6, room.center().y() - side / 2, side, side)
        self._paint_lamp(painter, lamp)
        self._paint_name(painter, room.adjusted(side + 14, 0, -6, 0))
        painter.end()

    def _paint_lamp(self, painter: QPainter, lamp: QRectF) -> None:
        painter.setPen(QPen(theme.PASS if self.on else theme.LINE, 3))
        painter.setBrush(theme.PASS if self.on else theme.GROUND)
        painter.drawEllipse(lamp.adjusted(1.5, 1.5, -1.5, -1.5))
        painter.setPen(theme.GROUND if self.on else theme.MUTED)
        painter.setFont(font(self._words, bold=True))
        painter.drawText(lamp, Qt.AlignmentFlag.AlignCenter, "1" if self.on else "0")

    def _paint_name(self, painter: QPainter, room: QRectF) -> None:
        """On one line, or broken after an underscore; never shortened to another name."""
        name, face = self.accessibleName(), font(self._words, bold=self.on)
        metrics = QFontMetricsF(face)
        head, _, tail = name.rpartition("_")
        lines = [name]
        if metrics.horizontalAdvance(name) > room.width() and head:
            lines = [f"{head}_", tail]
        if self.forced:
            lines = [name, self.forced]
        widest = max(metrics.horizontalAdvance(line) for line in lines)
        if widest > room.width():
            face.setPixelSize(max(8, int(self._words * room.width() / widest)))
        painter.setFont(face)
        painter.setPen(theme.TEXT if self.on or self.forced else theme.MUTED)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, left, "\n".join(lines))
