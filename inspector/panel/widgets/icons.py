"""Signs of the screens, drawn so that no font can lack them."""

from __future__ import annotations

from enum import StrEnum

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF


class Icon(StrEnum):
    """One for each place of the navigation, and the lock."""

    LIVE = "live"
    REVIEW = "review"
    PRODUCTS = "products"
    TEACH = "teach"
    TRENDS = "trends"
    CALIBRATION = "calibration"
    STATION = "station"
    AUDIT = "audit"
    USERS = "users"
    MORE = "more"
    LOCK = "lock"


Line = tuple[tuple[float, float], ...]

_LINES: dict[Icon, tuple[Line, ...]] = {
    Icon.LIVE: (((36, 28), (74, 50), (36, 72), (36, 28)),),
    Icon.TEACH: (((6, 40), (50, 20), (94, 40), (50, 60), (6, 40)), ((26, 50), (26, 74))),
    Icon.TRENDS: (((10, 8), (10, 90), (92, 90)), ((22, 70), (42, 44), (60, 58), (88, 20))),
    Icon.CALIBRATION: (
        ((50, 4), (50, 30)),
        ((50, 70), (50, 96)),
        ((4, 50), (30, 50)),
        ((70, 50), (96, 50)),
    ),
    Icon.STATION: (
        ((24, 92), (24, 62)),
        ((50, 92), (50, 52)),
        ((76, 92), (76, 72)),
        ((24, 42), (24, 8)),
        ((50, 32), (50, 8)),
        ((76, 52), (76, 8)),
    ),
    Icon.AUDIT: (((34, 40), (66, 40)), ((34, 58), (66, 58)), ((34, 76), (54, 76))),
    Icon.USERS: (((10, 92), (16, 68), (34, 58), (66, 58), (84, 68), (90, 92)),),
    Icon.REVIEW: (((58, 74), (70, 86), (94, 58)),),
    Icon.LOCK: (((32, 46), (32, 30), (40, 16), (60, 16), (68, 30), (68, 46)),),
}
_RECTANGLES: dict[Icon, tuple[QRectF, ...]] = {
    Icon.LIVE: (QRectF(6, 12, 88, 76),),
    Icon.REVIEW: (QRectF(6, 8, 34, 34), QRectF(54, 8, 34, 34), QRectF(6, 56, 34, 34)),
    Icon.PRODUCTS: tuple(QRectF(x, y, 36, 36) for x in (8, 56) for y in (8, 56)),
    Icon.AUDIT: (QRectF(16, 8, 68, 86),),
    Icon.LOCK: (QRectF(20, 46, 60, 44),),
    Icon.STATION: (QRectF(15, 44, 18, 16), QRectF(41, 34, 18, 16), QRectF(67, 54, 18, 16)),
}
_CIRCLES: dict[Icon, tuple[QRectF, ...]] = {
    Icon.CALIBRATION: (QRectF(18, 18, 64, 64),),
    Icon.USERS: (QRectF(32, 8, 36, 40),),
    Icon.MORE: (QRectF(12, 44, 12, 12), QRectF(44, 44, 12, 12), QRectF(76, 44, 12, 12)),
}


def draw_icon(painter: QPainter, icon: Icon, room: QRectF, colour: QColor) -> None:
    """Draw a sign into a square room."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(room.topLeft())
    painter.scale(room.width() / 100, room.height() / 100)
    pen = QPen(colour, 8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in _LINES.get(icon, ()):
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))
    for rectangle in _RECTANGLES.get(icon, ()):
        painter.drawRoundedRect(rectangle, 4, 4)
    for circle in _CIRCLES.get(icon, ()):
        painter.drawEllipse(circle)
    painter.restore()
