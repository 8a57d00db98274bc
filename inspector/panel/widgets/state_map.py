"""The states of OPC 40100-1 and the ways between them, as a small picture."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy

from inspector.core.state import StationState
from inspector.panel import theme
from inspector.panel.theme import Metrics
from inspector.panel.widgets.paint import font
from inspector.panel.widgets.view import View
from inspector.panel.words import state_name

_S = StationState
_PLACES = {
    _S.PREOPERATIONAL: (0, 0),
    _S.ERROR: (2, 0),
    _S.HALTED: (0, 1),
    _S.INITIALIZED: (1, 1),
    _S.READY: (2, 1),
    _S.SINGLE_EXECUTION: (1, 2),
    _S.CONTINUOUS_EXECUTION: (2, 2),
}
_WIDE, _TALL = 0.78, 0.52
"""Of a third of the picture."""
_HEAD = 9.0


class StateMap(View):
    """Reads at arm's length; nothing in it is touched."""

    def __init__(self) -> None:
        super().__init__()
        self.state: StationState | None = None
        self._words = 18.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def rescale(self, metrics: Metrics) -> None:
        """Sizes of words."""
        self._words = float(metrics.px(18))
        self.setMinimumHeight(metrics.px(230))
        self.update()

    def show_state(self, state: StationState | None) -> None:
        """Mark another one."""
        if state is not self.state:
            self.state = state
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_operational(painter)
        for line in self._ways():
            self._paint_way(painter, *line)
        for state in _PLACES:
            self._paint_state(painter, state)
        painter.end()

    def _room(self, state: StationState) -> QRectF:
        column, row = _PLACES[state]
        wide, tall = self.width() / 3, self.height() / 3
        room = QRectF(0, 0, wide * _WIDE, tall * _TALL)
        room.moveCenter(QPointF((column + 0.5) * wide, (row + 0.5) * tall))
        return room

    def _ways(self) -> list[tuple[QPointF, QPointF, bool]]:
        """From, to, and whether there is a way back."""
        room = self._room
        halted, initialized, ready = room(_S.HALTED), room(_S.INITIALIZED), room(_S.READY)
        running, single = room(_S.CONTINUOUS_EXECUTION), room(_S.SINGLE_EXECUTION)
        error, first = room(_S.ERROR), room(_S.PREOPERATIONAL)
        below = QPointF(first.center().x(), first.bottom())
        return [
            (below, QPointF(below.x(), halted.top()), False),
            (_right(halted), _left(initialized), True),
            (_right(initialized), _left(ready), True),
            (_foot(ready), _top(running), True),
            (ready.bottomLeft() + QPointF(12, 0), single.topRight() - QPointF(12, 0), True),
            (QPointF(error.center().x(), self._around().top()), _foot(error), False),
            (error.bottomLeft() + QPointF(4, -4), halted.topRight() + QPointF(-12, 0), False),
        ]

    def _paint_operational(self, painter: QPainter) -> None:
        """The frame around what is one state of OPC 40100-1 with four within."""
        around, pad = self._around(), self._words * 0.7
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.LINE, 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(around, 10, 10)
        painter.setPen(theme.MUTED)
        painter.setFont(font(self._words * 0.85))
        words = around.adjusted(pad, 0, -pad, -pad * 0.3)
        bottom = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        painter.drawText(words, bottom, self.tr("Operational"))
        error = self._room(_S.ERROR)
        beside = QRectF(error.center().x() + pad / 2, error.bottom(), error.width() / 2 + pad, 0)
        beside.setBottom(around.top())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(beside, int(flags), self.tr("from any state"))

    def _around(self) -> QRectF:
        around = self._room(_S.INITIALIZED).united(self._room(_S.CONTINUOUS_EXECUTION))
        pad = self._words * 0.7
        around.adjust(-pad, -pad, pad, pad * 2.0)
        return around.intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    @staticmethod
    def _paint_way(painter: QPainter, start: QPointF, end: QPointF, back: bool) -> None:
        painter.setPen(QPen(theme.MUTED, 2))
        painter.drawLine(start, end)
        painter.setBrush(theme.MUTED)
        painter.setPen(Qt.PenStyle.NoPen)
        for tip, tail in ((end, start), (start, end)) if back else ((end, start),):
            painter.drawPolygon(_head(tip, tail))

    def _paint_state(self, painter: QPainter, state: StationState) -> None:
        here = state is self.state
        failed = state is _S.ERROR
        ground = (theme.REJECT if failed else theme.TEXT) if here else theme.SURFACE
        ink = (theme.ON_REJECT if failed else theme.GROUND) if here else theme.MUTED
        room = self._room(state)
        painter.setBrush(ground)
        painter.setPen(QPen(theme.TEXT if here else theme.LINE, 3 if here else 2))
        painter.drawRoundedRect(room, 8, 8)
        self._paint_words(
            painter, room, f"▶ {state_name(state)}" if here else state_name(state), ink
        )

    def _paint_words(self, painter: QPainter, room: QRectF, text: str, ink: QColor) -> None:
        """As large as fits, on two lines where one is too long."""
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        inside, size = room.adjusted(6, 2, -6, -2), self._words
        bold = ink is not theme.MUTED
        while size > 8.0:
            face = font(size, bold=bold)
            needed = QFontMetricsF(face).boundingRect(inside, int(flags), text)
            if inside.contains(needed):
                break
            size -= 1.0
        painter.setFont(font(size, bold=bold))
        painter.setPen(ink)
        painter.drawText(inside, int(flags), text)


def _left(room: QRectF) -> QPointF:
    return QPointF(room.left(), room.center().y())


def _right(room: QRectF) -> QPointF:
    return QPointF(room.right(), room.center().y())


def _foot(room: QRectF) -> QPointF:
    return QPointF(room.center().x(), room.bottom())


def _top(room: QRectF) -> QPointF:
    return QPointF(room.center().x(), room.top())


def _head(tip: QPointF, tail: QPointF) -> QPolygonF:
    """An arrow's head."""
    way = tip - tail
    length = max(1.0, (way.x() ** 2 + way.y() ** 2) ** 0.5)
    along, across = way / length * _HEAD, QPointF(-way.y(), way.x()) / length * _HEAD / 2
    return QPolygonF([tip, tip - along + across, tip - along - across])
