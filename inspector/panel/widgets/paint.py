"""Drawing that several widgets share: fitted text, symbols, NE 107 signs."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from PyQt6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PyQt6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTransform,
)

from inspector.core.state import Health
from inspector.panel import theme

NARROWEST = 0.5
"""How far big words may be narrowed; heavy letters then have the proportions of road signs."""

WIDEST = 0.75
"""Short words in Latin letters are narrowed as well, so that a pass looks calmer than a reject."""


class Symbol(StrEnum):
    """Signs that carry meaning without colour, drawn so that no font can lack them."""

    CHECK = "check"
    CROSS = "cross"
    START = "start"
    STOP = "stop"
    RESET = "reset"
    BROKEN = "broken"
    HEAT = "heat"
    FREEZE = "freeze"
    COMPARE = "compare"
    NEXT = "next"
    CALL = "call"
    HORN = "horn"
    MUTE = "mute"
    BACK = "back"
    OLDER = "older"
    NEWER = "newer"
    UNSURE = "unsure"
    MARK = "mark"
    UNDO = "undo"
    LESS = "less"
    MORE = "more"
    LOCK = "lock"


def centred(size: QSize, whole: QRect) -> QRectF:
    """As large as ``whole`` allows, in the middle of it, its proportions kept."""
    room = QRectF(whole)
    fitted = QSizeF(size).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    middle = room.center()
    room.setSize(fitted)
    room.moveCenter(middle)
    return room


def font(pixels: float, *, bold: bool = False) -> QFont:
    """The panel's font at a size in pixels."""
    made = theme.base_font()
    made.setPixelSize(max(1, round(pixels)))
    made.setBold(bold)
    return made


SMALLEST_PX = 8.0
"""Letters that nobody reads."""


def fitted_font(text: str, pixels: float, width: float, *, bold: bool = False) -> QFont:
    """The same, smaller where the text would not fit."""
    made = font(pixels, bold=bold)
    needed = QFontMetricsF(made).horizontalAdvance(text)
    while needed > width and pixels > SMALLEST_PX:  # hinted letters shrink by whole pixels
        pixels = max(SMALLEST_PX, min(pixels - 1.0, pixels * width / needed))
        made = font(pixels, bold=bold)
        needed = QFontMetricsF(made).horizontalAdvance(text)
    return made


@lru_cache(maxsize=32)
def _lettered(text: str) -> QPainterPath:
    return _lettering(text)


def big_word(text: str, room: QRectF) -> QPainterPath:
    """A word as tall as the room allows, narrowed to fit its width, centred."""
    path = _lettered(text)
    box = path.boundingRect()
    if box.isEmpty():
        return path
    down = room.height() / box.height()
    across = min(down * (WIDEST if text.isascii() else 1.0), room.width() / box.width())
    down = min(down, across / NARROWEST)
    centre = room.center()
    return (
        QTransform()
        .translate(centre.x(), centre.y())
        .scale(across, down)
        .translate(-box.center().x(), -box.center().y())
        .map(path)
    )


def _lettering(text: str) -> QPainterPath:
    """Heavy letters that all stand on the line: a J with a tail would make all others smaller."""
    face = font(200, bold=True)
    metrics, line, at = QFontMetricsF(face), QPainterPath(), 0.0
    for letter in text:
        path = QPainterPath()
        path.addText(0, 0, face, letter)
        box = path.boundingRect()
        if letter.isascii() and box.bottom() > 0.05 * metrics.capHeight():
            path = QTransform().scale(1, metrics.capHeight() / box.height()).map(path)
            path.translate(0, -path.boundingRect().bottom())
        at = max(at, at - box.left())
        path.translate(at, 0)
        line.addPath(path)
        at += metrics.horizontalAdvance(letter)
    return line


def draw_symbol(painter: QPainter, symbol: Symbol, room: QRectF, colour: QColor) -> None:
    """Draw a symbol into a square room."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(room.topLeft())
    painter.scale(room.width() / 100, room.height() / 100)
    pen = QPen(colour, 17, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if symbol in _FILLED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
    else:
        painter.setPen(pen)
    match symbol:
        case Symbol.CHECK:
            painter.drawPolyline(_points((12, 54), (40, 82), (88, 20)))
        case Symbol.CROSS:
            painter.drawLine(15, 15, 85, 85)
            painter.drawLine(85, 15, 15, 85)
        case Symbol.START:
            painter.drawPolygon(_points((22, 10), (90, 50), (22, 90)))
        case Symbol.STOP:
            painter.drawRect(16, 16, 68, 68)
        case Symbol.FREEZE:
            painter.drawRoundedRect(20, 12, 22, 76, 4, 4)
            painter.drawRoundedRect(58, 12, 22, 76, 4, 4)
        case Symbol.RESET:
            pen.setWidth(13)
            painter.setPen(pen)
            painter.drawArc(QRectF(16, 16, 68, 68), 60 * 16, 300 * 16)
            painter.drawPolyline(_points((45, 6), (66, 20), (50, 40)))
        case Symbol.BROKEN:
            painter.drawLine(6, 50, 30, 50)
            painter.drawLine(70, 50, 94, 50)
            painter.drawLine(38, 82, 62, 18)
        case _:
            _draw_fine(painter, symbol, pen)
    painter.restore()


_FILLED = (Symbol.START, Symbol.STOP, Symbol.FREEZE)


def _draw_fine(painter: QPainter, symbol: Symbol, pen: QPen) -> None:
    """Signs of thinner lines."""
    pen.setWidth(10)
    painter.setPen(pen)
    for line in _FINE[symbol]:
        painter.drawPolyline(_points(*line))
    for left, top, side in _ROUND.get(symbol, ()):
        painter.drawEllipse(QRectF(left, top, side, side))


_HORN = ((10, 38), (30, 38), (56, 14), (56, 86), (30, 62), (10, 62), (10, 38))
_FINE: dict[Symbol, tuple[tuple[tuple[float, float], ...], ...]] = {
    Symbol.HEAT: (),
    Symbol.COMPARE: (
        ((8, 18), (44, 18), (44, 82), (8, 82), (8, 18)),
        ((56, 18), (92, 18), (92, 82), (56, 82), (56, 18)),
    ),
    Symbol.NEXT: (((10, 50), (86, 50)), ((58, 22), (88, 50), (58, 78))),
    Symbol.CALL: (((12, 92), (16, 70), (34, 60), (66, 60), (84, 70), (88, 92)),),
    Symbol.HORN: (_HORN, ((72, 34), (78, 50), (72, 66)), ((86, 22), (95, 50), (86, 78))),
    Symbol.MUTE: (_HORN, ((70, 36), (94, 64)), ((94, 36), (70, 64))),
    Symbol.BACK: (((90, 50), (14, 50)), ((42, 22), (12, 50), (42, 78))),
    Symbol.OLDER: (((36, 14), (70, 50), (36, 86)),),
    Symbol.NEWER: (((64, 14), (30, 50), (64, 86)),),
    Symbol.UNSURE: (((26, 30), (34, 14), (52, 8), (70, 16), (74, 32), (50, 52), (50, 66)),),
    Symbol.MARK: (
        ((10, 34), (10, 10), (34, 10)),
        ((66, 10), (90, 10), (90, 34)),
        ((90, 66), (90, 90), (66, 90)),
        ((34, 90), (10, 90), (10, 66)),
    ),
    Symbol.UNDO: (
        ((36, 14), (12, 38), (36, 62)),
        ((14, 38), (64, 38), (84, 48), (88, 66), (78, 84), (60, 88)),
    ),
    Symbol.LESS: (((14, 50), (86, 50)),),
    Symbol.MORE: (((14, 50), (86, 50)), ((50, 14), (50, 86))),
    Symbol.LOCK: (
        ((20, 46), (80, 46), (80, 88), (20, 88), (20, 46)),
        ((32, 46), (32, 26), (42, 12), (58, 12), (68, 26), (68, 46)),
    ),
}
_ROUND: dict[Symbol, tuple[tuple[float, float, float], ...]] = {
    Symbol.HEAT: ((8, 8, 84), (26, 26, 48), (44, 44, 12)),
    Symbol.CALL: ((32, 8, 36),),
    Symbol.UNSURE: ((46, 82, 8),),
}


def draw_health(painter: QPainter, health: Health, room: QRectF) -> None:
    """The NE 107 status signal: its own shape, colour and letter."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.NE107[health])
    letter_room = QRectF(room)
    match health:
        case Health.FAILURE:
            painter.drawEllipse(room)
        case Health.CHECK_FUNCTION:
            painter.drawPolygon(QPolygonF([room.topLeft(), room.topRight(), _bottom(room)]))
            letter_room.setHeight(room.height() * 0.7)
        case Health.OUT_OF_SPECIFICATION:
            painter.drawPolygon(QPolygonF([_top(room), room.bottomRight(), room.bottomLeft()]))
            letter_room.setTop(room.top() + room.height() * 0.32)
        case Health.MAINTENANCE_REQUIRED:
            painter.drawRect(room)
        case Health.GOOD:
            inner = room.adjusted(2, 2, -2, -2)
            painter.restore()
            draw_symbol(painter, Symbol.CHECK, inner, theme.NE107[health])
            return
    painter.setPen(QColor("white") if health is Health.FAILURE else QColor("black"))
    painter.setFont(font(letter_room.height() * 0.62, bold=True))
    painter.drawText(letter_room, Qt.AlignmentFlag.AlignCenter, _LETTERS[health])
    painter.restore()


_LETTERS = {
    Health.FAILURE: "F",
    Health.CHECK_FUNCTION: "C",
    Health.OUT_OF_SPECIFICATION: "S",
    Health.MAINTENANCE_REQUIRED: "M",
}


def _points(*points: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


def _top(room: QRectF) -> QPointF:
    return QPointF(room.center().x(), room.top())


def _bottom(room: QRectF) -> QPointF:
    return QPointF(room.center().x(), room.bottom())
