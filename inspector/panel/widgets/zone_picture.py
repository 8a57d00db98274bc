"""A product's picture with the region and the zones of its recipe."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from inspector.link.questions.products import ProductPicture, ZoneShape
from inspector.panel import theme
from inspector.panel.widgets.icons import Icon, draw_icon
from inspector.panel.widgets.paint import font

_SHADE = QColor(0, 0, 0, 150)
_HALO = QColor(0, 0, 0, 200)
_COLOURS = {"include": "#45d483", "exclude": "#ff8a8e", "zone": "#ffc400"}
"""On pictures, whatever the theme; names say the same."""
_LINES = {
    "include": Qt.PenStyle.SolidLine,
    "exclude": Qt.PenStyle.DashLine,
    "zone": Qt.PenStyle.DotLine,
}


class ZonePicture(QWidget):
    """The picture as large as fits; what is not inspected lies in the shade."""

    def __init__(self, *, named: bool = True) -> None:
        super().__init__()
        self.quiet = False
        """Nothing is meant to be seen."""
        self._named = named
        self.picture = ProductPicture()
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_picture(self, picture: ProductPicture) -> None:
        """Another product."""
        if picture is not self.picture:
            self.picture = picture
            self._image = QImage.fromData(picture.jpeg) if picture.jpeg else QImage()
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        whole = QRectF(self.rect())
        if self._image.isNull():
            if self.quiet:
                painter.end()
                return
            side = min(whole.width(), whole.height()) * 0.4
            sign = QRectF(0, 0, side, side)
            sign.moveCenter(whole.center())
            draw_icon(painter, Icon.PRODUCTS, sign, theme.LINE)
            painter.end()
            return
        keep = Qt.AspectRatioMode.KeepAspectRatio
        fitted = QSizeF(self._image.size()).scaled(whole.size(), keep)
        room = QRectF(0, 0, fitted.width(), fitted.height())
        room.moveCenter(whole.center())
        painter.drawImage(room, self._image)
        self._shade(painter, room)
        for zone in self.picture.zones:
            self._paint_zone(painter, zone, room)
        painter.end()

    def _shade(self, painter: QPainter, room: QRectF) -> None:
        lit = QPainterPath()
        lit.addRect(_placed(self.picture.region, room))
        included, excluded = QPainterPath(), QPainterPath()
        for zone in self.picture.zones:
            if zone.use == "include":
                included.addPolygon(_polygon(zone, room))
                included.closeSubpath()
            elif zone.use == "exclude":
                excluded.addPolygon(_polygon(zone, room))
                excluded.closeSubpath()
        if not included.isEmpty():
            lit = lit.intersected(included)
        dark = QPainterPath()
        dark.addRect(room)
        painter.fillPath(dark.subtracted(lit.subtracted(excluded)), _SHADE)
        if self.picture.region is not None:
            painter.setPen(QPen(QColor("white"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(_placed(self.picture.region, room))

    def _paint_zone(self, painter: QPainter, zone: ZoneShape, room: QRectF) -> None:
        polygon = _polygon(zone, room)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((_HALO, 6), (QColor(_COLOURS[zone.use]), 3)):
            painter.setPen(QPen(colour, width, _LINES[zone.use]))
            painter.drawPolygon(polygon)
        if self._named:
            self._paint_name(painter, zone, polygon, room)

    def _paint_name(
        self, painter: QPainter, zone: ZoneShape, polygon: QPolygonF, room: QRectF
    ) -> None:
        height = max(16.0, room.height() * 0.045)
        painter.setFont(font(height, bold=True))
        wide = painter.fontMetrics().horizontalAdvance(zone.name) + height
        place = QRectF(0, 0, wide, height * 1.5)
        place.moveCenter(polygon.boundingRect().center())
        place.moveLeft(min(max(place.left(), room.left()), max(room.left(), room.right() - wide)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_HALO)
        painter.drawRoundedRect(place, 4, 4)
        painter.setPen(QColor(_COLOURS[zone.use]))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, zone.name)


def _placed(region: tuple[float, float, float, float] | None, room: QRectF) -> QRectF:
    left, top, width, height = region or (0.0, 0.0, 1.0, 1.0)
    return QRectF(
        room.left() + left * room.width(),
        room.top() + top * room.height(),
        width * room.width(),
        height * room.height(),
    )


def _polygon(zone: ZoneShape, room: QRectF) -> QPolygonF:
    return QPolygonF(
        [
            QPointF(room.left() + x * room.width(), room.top() + y * room.height())
            for x, y in zone.polygon
        ]
    )
