"""A picture that fingers draw on: what is not looked at is dimmed, as it will be."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import (
    QBrush,
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PyQt6.QtWidgets import QSizePolicy

from inspector.panel import theme
from inspector.panel.models.drawing import Corner, Drawing, corners_of
from inspector.panel.widgets.view import View

_DARK, _BRIGHT = QColor("#0d1115"), QColor("#f4f7f9")
"""On pictures in every theme."""
_DIMMED, _LEFT_OUT = QColor(13, 17, 21, 170), QColor("#ff8c1a")
_HANDLE = 9.0


class DrawingPad(View):
    """Shows ``drawing`` over a picture, and hands it where fingers go."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self.drawing = drawing
        self.reach_px = 64
        """A finger's width on the screen."""
        self._data = b""
        self._pixmap = QPixmap()
        self._scaled = QPixmap()
        self.changed: Callable[[], object] = self.update
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)

    def show_picture(self, data: bytes) -> None:
        """A JPEG file."""
        if data is not self._data:
            self._data = data
            self._pixmap = QPixmap()
            self._pixmap.loadFromData(data)
            self._scaled = QPixmap()
        self.update()

    def at(self, corner: Corner) -> QPointF:
        """Where a place of the picture stands on the screen."""
        room, (width, height) = self._room(), self._size()
        x, y = corner
        return QPointF(
            room.left() + x / width * room.width(), room.top() + y / height * room.height()
        )

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """A finger comes down."""
        if a0 is not None and not self._pixmap.isNull():
            self.drawing.press(self._corner(a0.position()), self._reach())
            self._tell()

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """It moves."""
        if a0 is not None:
            self.drawing.move(self._corner(a0.position()), self._reach())
            self.update()

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """It goes up."""
        if a0 is not None:
            self.drawing.release(self._corner(a0.position()), self._reach())
            self._tell()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.SURFACE)
        if self._pixmap.isNull():
            painter.end()
            return
        room = self._room()
        if self._scaled.size() != room.size().toSize():
            smooth = Qt.TransformationMode.SmoothTransformation
            keep = Qt.AspectRatioMode.IgnoreAspectRatio
            self._scaled = self._pixmap.scaled(room.size().toSize(), keep, smooth)
        painter.drawPixmap(room.topLeft(), self._scaled)
        self._dim(painter, room)
        self._outlines(painter)
        painter.end()

    def _dim(self, painter: QPainter, room: QRectF) -> None:
        """What is not looked at."""
        drawn = self.drawing.drawn
        seen = QPainterPath()
        seen.addRect(room)
        if drawn.region is not None:
            seen = seen.intersected(self._path(corners_of(drawn.region)))
        only = [zone for zone in drawn.zones if zone.use == "include"]
        if only:
            together = QPainterPath()
            for zone in only:
                together = together.united(self._path(zone.polygon))
            seen = seen.intersected(together)
        hidden = QPainterPath()
        hidden.addRect(room)
        painter.fillPath(hidden.subtracted(seen), _DIMMED)
        for zone in drawn.zones:
            if zone.use == "exclude":
                painter.fillPath(self._path(zone.polygon), _DIMMED)
                painter.fillPath(
                    self._path(zone.polygon), QBrush(_LEFT_OUT, Qt.BrushStyle.BDiagPattern)
                )

    def _outlines(self, painter: QPainter) -> None:
        drawn, rectangle = self.drawing.drawn, self.drawing.rectangle
        for zone in drawn.zones:
            self._outline(painter, zone.polygon, _LEFT_OUT if zone.use == "exclude" else _BRIGHT)
        if drawn.region is not None:
            self._outline(painter, corners_of(drawn.region), _BRIGHT)
        if rectangle is not None:
            (x, y), (right, bottom) = rectangle
            self._outline(painter, ((x, y), (right, y), (right, bottom), (x, bottom)), _BRIGHT)
        if drawn.corners:
            self._outline(painter, drawn.corners, _BRIGHT, closed=False)

    def _outline(
        self,
        painter: QPainter,
        corners: tuple[Corner, ...],
        colour: QColor,
        *,
        closed: bool = True,
    ) -> None:
        line = QPolygonF([self.at(corner) for corner in corners])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(_DARK, 6), QPen(colour, 3)):
            painter.setPen(pen)
            if closed:
                painter.drawPolygon(line)
            else:
                painter.drawPolyline(line)
        painter.setPen(QPen(_DARK, 2))
        painter.setBrush(colour)
        for place, corner in enumerate(corners):
            first = not closed and place == 0  # it closes the outline: the finger must find it
            size = self.reach_px / 3 if first else _HANDLE
            painter.drawEllipse(self.at(corner), size, size)

    def _path(self, corners: tuple[Corner, ...]) -> QPainterPath:
        path = QPainterPath()
        path.addPolygon(QPolygonF([self.at(corner) for corner in corners]))
        path.closeSubpath()
        return path

    def _room(self) -> QRectF:
        keep = Qt.AspectRatioMode.KeepAspectRatio
        size = QSizeF(*map(float, self._size())).scaled(QSizeF(self.size()), keep)
        room = QRectF(0, 0, size.width(), size.height())
        room.moveCenter(QRectF(self.rect()).center())
        return room

    def _size(self) -> tuple[int, int]:
        width, height = self.drawing.size
        return max(1, width), max(1, height)

    def _corner(self, at: QPointF) -> Corner:
        room, (width, height) = self._room(), self._size()
        return (
            (at.x() - room.left()) / room.width() * width,
            (at.y() - room.top()) / room.height() * height,
        )

    def _reach(self) -> float:
        """A finger's width in camera pixels."""
        return self.reach_px * self._size()[0] / max(1.0, self._room().width())

    def _tell(self) -> None:
        self.update()
        self.changed()
