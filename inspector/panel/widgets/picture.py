"""The newest part with its heat map and the outlines of its defects."""

from __future__ import annotations

from typing import cast

import numpy as np
from PyQt6.QtCore import QRectF, QSizeF, Qt
from PyQt6.QtGui import QImage, QPainter, QPaintEvent, QPen

from inspector.core.frame import Pixels
from inspector.core.judgement import Region
from inspector.link.picture import LivePicture
from inspector.panel import theme
from inspector.panel.models.live import Face, LiveModel
from inspector.panel.models.overlay import heat
from inspector.panel.widgets.paint import fitted_font, font
from inspector.panel.widgets.view import View

_LAYOUTS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_ARGB32_Premultiplied,
}


def to_image(pixels: Pixels) -> QImage:
    """View uint8[h, w, C] as an image that shares the memory: keep ``pixels`` alive.

    C is 1 (grey), 3 (RGB) or 4 (BGRA, premultiplied).
    """
    height, width, channels = pixels.shape
    layout = _LAYOUTS[channels]
    memory = cast("bytes", pixels.data)  # Qt's stub says bytes; any buffer serves, none is copied
    return QImage(memory, width, height, width * channels, layout)


class PictureView(View):
    """Paints frame, small overlay and outlines in one go; nothing is copied or scaled before."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__()
        self._model = model
        self._source: LivePicture | None = None
        self._thumbnail: QImage | None = None
        self._jpeg: bytes | None = None
        self._pixels = np.zeros((1, 1, 1), np.uint8)
        self._heat = np.zeros((1, 1, 4), np.uint8)
        self._with_heat = True
        model.changed.connect(self.refresh)

    def show_heat(self, on: bool) -> None:
        """Heat map on or off; outlines stay."""
        self._with_heat = on
        self.update()

    def refresh(self) -> None:
        """Take over the newest picture."""
        picture = self._model.picture
        if picture is not self._source:
            self._source = picture
            if picture is not None:
                self._pixels = np.ascontiguousarray(picture.pixels)
                self._heat = _overlay(picture)
        jpeg = self._model.thumbnail_jpeg
        if jpeg is not self._jpeg:
            self._jpeg = jpeg
            self._thumbnail = QImage.fromData(jpeg) if jpeg else None
        self.update()

    def picture_room(self) -> QRectF:
        """Where the picture stands in the widget, its proportions kept."""
        height, width = self._pixels.shape[:2]
        return self._room(QSizeF(width, height))

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.SURFACE)
        face = self._model.face
        painter.setOpacity(0.25 if face is Face.NO_CONNECTION else 1.0)
        if self._thumbnail is not None:
            painter.drawImage(self._room(QSizeF(self._thumbnail.size())), self._thumbnail)
        elif self._source is not None and self._jpeg is None:
            self._paint_picture(painter, self._source)
        painter.setOpacity(1.0)
        self._paint_words(painter, live=face.live)
        painter.end()

    def _room(self, size: QSizeF) -> QRectF:
        size = size.scaled(QSizeF(self.size()), _KEEP)
        room = QRectF(0, 0, size.width(), size.height())
        room.moveCenter(QRectF(self.rect()).center())
        return room

    def _paint_picture(self, painter: QPainter, picture: LivePicture) -> None:
        room = self.picture_room()
        painter.drawImage(room, to_image(self._pixels))
        if self._with_heat:
            painter.drawImage(room, to_image(self._heat))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for region in picture.regions:
            self._paint_region(painter, room, region)

    def _paint_region(self, painter: QPainter, room: QRectF, region: Region) -> None:
        box = QRectF(
            room.left() + region.left * room.width(),
            room.top() + region.top * room.height(),
            region.width * room.width(),
            region.height * room.height(),
        ).adjusted(-6, -6, 6, 6)
        stroke = max(2.0, self.height() / 200)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((theme.GROUND, stroke * 2.2), (theme.TEXT, stroke)):
            painter.setPen(QPen(colour, width))
            painter.drawRoundedRect(box, 4, 4)
        self._paint_label(painter, room, box, " · ".join(filter(None, region.sizes())))

    def _paint_label(self, painter: QPainter, room: QRectF, box: QRectF, text: str) -> None:
        painter.setFont(font(max(16.0, self.height() * 0.042), bold=True))
        metrics = painter.fontMetrics()
        label = QRectF(0, 0, metrics.horizontalAdvance(text) + 16, metrics.height() + 6)
        label.moveBottomLeft(box.topLeft())
        if label.top() < room.top():
            label.moveTop(box.bottom())
        label.moveLeft(max(room.left(), min(label.left(), room.right() - label.width())))
        painter.fillRect(label, theme.GROUND)
        painter.setPen(theme.TEXT)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_words(self, painter: QPainter, *, live: bool) -> None:
        band = QRectF(self.rect())
        band.setHeight(self.height() * 0.13)
        if self._jpeg == b"":
            words = self.tr("There is no picture of this part")
        elif self._source is None and self._jpeg is None:
            words = self.tr("No picture yet")
        elif live:
            return
        else:
            words = self.tr("Last picture – not live")
            painter.fillRect(band, theme.GROUND)
        painter.setPen(theme.TEXT)
        painter.setFont(fitted_font(words, band.height() * 0.5, band.width() * 0.9, bold=True))
        painter.drawText(band, Qt.AlignmentFlag.AlignCenter, words)


def _overlay(picture: LivePicture) -> Pixels:
    if picture.map is None:
        return np.zeros((1, 1, 4), np.uint8)
    return heat(picture.map, picture.threshold)


_KEEP = Qt.AspectRatioMode.KeepAspectRatio
