"""A picture for fingers: swiped to say something of it, or drawn on to mark a place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy

from inspector.panel import theme
from inspector.panel.theme import Metrics
from inspector.panel.widgets.paint import Symbol, centred, draw_symbol, fitted_font
from inspector.panel.widgets.view import View

Corners = tuple[tuple[float, float], ...]
MOST_CORNERS = 120
_DARK, _BRIGHT = QColor("#0d1115"), QColor("#f4f7f9")
"""On pictures in every theme."""


class Way(StrEnum):
    """Where a finger went."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


class Tool(StrEnum):
    """What a finger draws."""

    BOX = "box"
    OUTLINE = "outline"


class TouchedPicture(View):
    """Without a tool a drag is a swipe: the picture follows, and says what letting go will do."""

    swiped = pyqtSignal(object)
    """A ``Way``."""
    drawn = pyqtSignal(object)
    """``Corners``, in fractions of the picture: two of a box, or those of an outline."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self.words = ""
        self.tool: Tool | None = None
        self.marks: tuple[Corners, ...] = ()
        self.said_marks: tuple[Corners, ...] = ()
        """What others drew before."""
        self._jpeg = b""
        self._ways: dict[Way, tuple[Symbol, str]] = {}
        self._far = 110.0
        self._begin: QPointF | None = None
        self._drag = QPointF()
        self._path: list[QPointF] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def rescale(self, metrics: Metrics) -> None:
        """How far a finger must go."""
        self._far = 1.6 * metrics.target

    def show_picture(self, jpeg: bytes, words: str = "") -> None:
        """A picture file, or words in its place."""
        if jpeg is not self._jpeg:
            self._jpeg = jpeg
            self.image = QImage.fromData(jpeg) if jpeg else QImage()
        self.words = words
        self.update()

    def allow(self, ways: Mapping[Way, tuple[Symbol, str]]) -> None:
        """Where it may be swiped to, and what that says."""
        self._ways = dict(ways)

    def draw_with(self, tool: Tool | None) -> None:
        """Draw instead of swiping; None: swipe again."""
        self.tool = tool
        self._let_go()

    def show_marks(self, marks: Sequence[Corners], said: Sequence[Corners] = ()) -> None:
        """Places that were drawn, and those that others drew."""
        if (tuple(marks), tuple(said)) != (self.marks, self.said_marks):
            self.marks, self.said_marks = tuple(marks), tuple(said)
            self.update()

    @property
    def room(self) -> QRectF:
        """Where the picture stands, its proportions kept."""
        return centred(self.image.size(), self.rect())

    @property
    def way(self) -> Way | None:
        """Where letting go now would swipe it."""
        dx, dy = self._drag.x(), self._drag.y()
        if max(abs(dx), abs(dy)) < self._far or min(abs(dx), abs(dy)) > 0.7 * max(abs(dx), abs(dy)):
            return None  # too short, or neither across nor along
        along = Way.LEFT if dx < 0 else Way.RIGHT
        way = along if abs(dx) > abs(dy) else Way.UP if dy < 0 else Way.DOWN
        return way if way in self._ways else None

    # -- fingers ----------------------------------------------------------------------------------

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """A finger, or the mouse."""
        if a0 is not None and not self.image.isNull():
            self._begin = a0.position()
            self._path = [a0.position()]

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """Follow."""
        if a0 is None or self._begin is None:
            return
        self._drag = a0.position() - self._begin
        if self.tool is not None and _apart(self._path[-1], a0.position()) > 3:
            self._path.append(a0.position())
        self.update()

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """Do what was said, or nothing."""
        if a0 is None or self._begin is None:
            return
        self._drag = a0.position() - self._begin
        way = self.way
        corners = self._corners(a0.position()) if self.tool is not None else ()
        swiping = self.tool is None
        self._let_go()
        if corners:
            self.drawn.emit(corners)
        elif swiping and way is not None:
            self.swiped.emit(way)

    def _let_go(self) -> None:
        self._begin, self._drag, self._path = None, QPointF(), []
        self.update()

    def _corners(self, end: QPointF) -> Corners:
        """What was drawn; nothing where it was a touch alone."""
        if self._begin is None:
            return ()
        if self.tool is Tool.BOX:
            box = QRectF(self._begin, end).normalized()
            if min(box.width(), box.height()) < 6:
                return ()
            corners = self._share(box.topLeft()), self._share(box.bottomRight())
            flat = corners[0][0] == corners[1][0] or corners[0][1] == corners[1][1]
            return () if flat else corners
        every = max(1, math.ceil(len(self._path) / MOST_CORNERS))
        path = self._path[::every]
        box = QPolygonF(path).boundingRect()
        if len(path) < 3 or min(box.width(), box.height()) < 6:
            return ()
        return tuple(self._share(point) for point in path)

    def _share(self, point: QPointF) -> tuple[float, float]:
        room = self.room
        x = (point.x() - room.left()) / max(1.0, room.width())
        y = (point.y() - room.top()) / max(1.0, room.height())
        return round(min(max(x, 0.0), 1.0), 4), round(min(max(y, 0.0), 1.0), 4)

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.fillRect(self.rect(), theme.SURFACE)
        if self.image.isNull():
            painter.setPen(theme.MUTED)
            painter.setFont(fitted_font(self.words, 20, self.width() - 24))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.words)
        else:
            moved = self._drag if self.tool is None else QPointF()
            room = self.room.translated(moved)
            painter.drawImage(room, self.image)
            self._paint_marks(painter, room)
            self._paint_way(painter)
        painter.end()

    def _paint_marks(self, painter: QPainter, room: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        drawn = [_shape(corners, room) for corners in self.marks]
        if self.tool is not None and self._begin is not None:
            box = QRectF(self._begin, self._begin + self._drag)
            drawn.append(QPolygonF(box) if self.tool is Tool.BOX else QPolygonF(self._path))
        for shapes, style in (
            ([_shape(corners, room) for corners in self.said_marks], Qt.PenStyle.DashLine),
            (drawn, Qt.PenStyle.SolidLine),
        ):
            for colour, width in ((_DARK, 7.0), (_BRIGHT, 3.0)):
                painter.setPen(QPen(colour, width, style))
                for shape in shapes:
                    painter.drawPolygon(shape)

    def _paint_way(self, painter: QPainter) -> None:
        way = self.way if self.tool is None else None
        if way is None:
            return
        symbol, words = self._ways[way]
        band = QRectF(self.rect())
        band.setHeight(max(56.0, self.height() * 0.2))
        painter.fillRect(band, theme.TEXT)
        side = band.height() * 0.5
        sign = QRectF(band.left() + 16, band.center().y() - side / 2, side, side)
        draw_symbol(painter, symbol, sign, theme.GROUND)
        band.setLeft(sign.right() + 16)
        painter.setPen(theme.GROUND)
        painter.setFont(fitted_font(words, band.height() * 0.5, band.width() - 12, bold=True))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(band, left, words)


def _shape(corners: Corners, room: QRectF) -> QPolygonF:
    points = [
        QPointF(room.left() + x * room.width(), room.top() + y * room.height()) for x, y in corners
    ]
    return QPolygonF(QRectF(*points)) if len(points) == 2 else QPolygonF(points)


def _apart(one: QPointF, other: QPointF) -> float:
    return math.hypot(one.x() - other.x(), one.y() - other.y())
