"""A part with its heat map and the outlines of its defects, as every camera saw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PyQt6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)

from inspector.core.frame import Pixels
from inspector.core.judgement import Region
from inspector.link.picture import OtherView
from inspector.panel import theme
from inspector.panel.models.live import LiveModel, ShownPart
from inspector.panel.models.mosaic import places
from inspector.panel.models.overlay import Strength, heat, outline
from inspector.panel.widgets.paint import fitted_font, font
from inspector.panel.widgets.view import View

_LAYOUTS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_ARGB32_Premultiplied,
}
_KEEP = Qt.AspectRatioMode.KeepAspectRatio
_LABELLED = 3
"""So many defects say their size, the worst first; the others are outlined alone."""

_GAP = 6
_DARK, _BRIGHT = QColor("#0d1115"), QColor("#f4f7f9")
"""On pictures in every theme: neither light nor dark parts hide them."""


def to_image(pixels: Pixels) -> QImage:
    """View uint8[h, w, C] as an image that shares the memory: keep ``pixels`` alive.

    C is 1 (grey), 3 (RGB) or 4 (BGRA, premultiplied).
    """
    height, width, channels = pixels.shape
    layout = _LAYOUTS[channels]
    memory = cast("bytes", pixels.data)  # Qt's stub says bytes; any buffer serves, none is copied
    return QImage(memory, width, height, width * channels, layout)


@dataclass(slots=True)
class _Pane:
    """One view, and what was made of it once for its size."""

    view: OtherView | None
    image: QImage
    pixels: Pixels | None = None
    heat: Pixels | None = None
    outlines: NDArray[np.float32] | None = None
    regions: tuple[Region, ...] = ()
    scaled: QPixmap | None = None
    room: QRectF = field(default_factory=QRectF)

    @property
    def number(self) -> int:
        """Which camera, from 0."""
        return self.view.view if self.view is not None else 0


class PictureCanvas(View):
    """Paints one part. A picture is scaled once, its small overlay by the painter.

    Of several views each keeps its place, in the line's order of cameras; a tap makes one large,
    the next shows all of them again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.part: ShownPart | None = None
        self.names: Sequence[str] = ()
        """The cameras, where there are several."""
        self.words = ""
        """Stands in a band across the top, over a picture that is not to be believed."""
        self.faded = False
        self._strength = Strength.NORMAL
        self._panes: list[_Pane] = []
        self._large: int | None = None

    def show_part(self, part: ShownPart | None, strength: Strength) -> None:
        """Show a part; nothing is done when it is the same."""
        if part is not self.part:
            self.part = part
            self._panes = _panes_of(part)
            self._arrange()
            self._overlay(strength)
            self.update()
        elif strength is not self._strength:
            self._overlay(strength)
            self.update()

    def say(self, words: str, *, faded: bool = False) -> None:
        """Words across the top; a faded picture is not live."""
        if (words, faded) != (self.words, self.faded):
            self.words, self.faded = words, faded
            self._arrange()
            self.update()

    def picture_room(self) -> QRectF:
        """Where the first picture stands in the widget, its proportions kept."""
        return self._panes[0].room if self._panes else QRectF(self.rect())

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """Scale anew."""
        super().resizeEvent(a0)
        self._arrange()

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """One view large, or all."""
        if a0 is None or len(self._panes) < 2:
            return
        if self._large is not None:
            self._large = None
        else:
            hit = [p.number for p in self._panes if p.room.contains(a0.position())]
            self._large = hit[0] if hit else None
        self._arrange()
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.SURFACE)
        painter.setOpacity(0.25 if self.faded else 1.0)
        for pane in self._seen():
            self._paint_pane(painter, pane)
        painter.setOpacity(1.0)
        if self.words:
            self._paint_words(painter)
        painter.end()

    # -- what is seen where -----------------------------------------------------------------------

    def _seen(self) -> list[_Pane]:
        large = [pane for pane in self._panes if pane.number == self._large]
        return large or self._panes

    def _arrange(self) -> None:
        seen = self._seen()
        if not seen or self.width() < 2 or self.height() < 2:
            return
        size = QSizeF(seen[0].image.size())
        aspect = size.width() / max(1.0, size.height())
        above = self._band()  # words never hide a defect
        rooms = places(len(seen), aspect, self.width(), self.height() - above, _GAP)
        for pane, (left, top, width, height) in zip(seen, rooms, strict=True):
            fitted = QSizeF(pane.image.size()).scaled(QSizeF(width, height), _KEEP)
            centre = QPointF(left + width / 2, above + top + height / 2)
            room = QRectF(0, 0, fitted.width(), fitted.height())
            room.moveCenter(centre)
            if room.size().toSize() != pane.room.size().toSize():
                pane.scaled = None
            pane.room = room

    def _band(self) -> float:
        """Height of the words' band."""
        return max(32.0, self.height() * 0.11) if self.words else 0.0

    def _overlay(self, strength: Strength) -> None:
        self._strength = strength
        for pane in self._panes:
            view = pane.view
            if view is not None and view.map is not None:
                pane.heat = heat(view.map, view.threshold, strength)

    # -- painting ---------------------------------------------------------------------------------

    def _paint_pane(self, painter: QPainter, pane: _Pane) -> None:
        if pane.scaled is None:
            pane.scaled = self._scaled(pane)
        painter.drawPixmap(pane.room, pane.scaled, QRectF(pane.scaled.rect()))
        if pane.heat is not None and self._strength is not Strength.OFF:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(pane.room, to_image(pane.heat))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_outlines(painter, pane)
        if len(self._panes) > 1:
            self._paint_name(painter, pane)

    def _scaled(self, pane: _Pane) -> QPixmap:
        """Drawn once into its size: three times quicker than Qt's own smooth scaling."""
        ratio = self.devicePixelRatioF()
        size = QSize(
            max(1, round(pane.room.width() * ratio)), max(1, round(pane.room.height() * ratio))
        )
        drawn = QPixmap(size)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(drawn.rect()), _halved(pane, size))
        painter.end()
        return drawn

    def _paint_outlines(self, painter: QPainter, pane: _Pane) -> None:
        stroke = max(2.0, self.height() / 220)
        lines, boxed = [], list(pane.regions)
        if pane.outlines is not None and len(pane.outlines):
            room, boxed = pane.room, []
            at = pane.outlines * np.array([room.width(), room.height()] * 2, np.float32)
            at += np.array([room.left(), room.top()] * 2, np.float32)
            lines = [QLineF(*map(float, line)) for line in at]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((_DARK, stroke * 2.4), (_BRIGHT, stroke)):
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            if lines:
                painter.drawLines(*lines)
            for region in boxed:
                painter.drawRoundedRect(_box(pane.room, region), 4, 4)
        taken: list[QRectF] = []
        worst = sorted(pane.regions, key=lambda region: -region.peak)
        for region in worst[:_LABELLED]:
            self._paint_size(painter, pane.room, region, taken)

    def _paint_size(
        self, painter: QPainter, room: QRectF, region: Region, taken: list[QRectF]
    ) -> None:
        area, length = region.sizes()
        text = " · ".join(filter(None, (length, area)))
        painter.setFont(font(max(16.0, self.height() * 0.045), bold=True))
        metrics, box = painter.fontMetrics(), _box(room, region)
        label = QRectF(0, 0, metrics.horizontalAdvance(text) + 16, metrics.height() + 6)
        for top in (box.top() - label.height(), box.bottom()):
            label.moveTopLeft(QPointF(box.left(), top))
            label.moveLeft(max(room.left(), min(label.left(), room.right() - label.width())))
            if room.contains(label) and not any(label.intersects(other) for other in taken):
                break
        else:
            if taken:
                return
            label.moveBottom(room.bottom())
        taken.append(QRectF(label))
        painter.fillRect(label, _DARK)
        painter.setPen(_BRIGHT)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_name(self, painter: QPainter, pane: _Pane) -> None:
        known = pane.number < len(self.names)
        text = self.names[pane.number] if known else f"{pane.number + 1}"
        painter.setFont(fitted_font(text, max(14.0, self.height() * 0.04), pane.room.width() - 16))
        metrics = painter.fontMetrics()
        plate = QRectF(0, 0, metrics.horizontalAdvance(text) + 12, metrics.height() + 4)
        plate.moveBottomLeft(pane.room.bottomLeft())
        painter.fillRect(plate, _DARK)
        painter.setPen(_BRIGHT)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
        if pane.regions:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.REJECT, 5))
            painter.drawRect(pane.room.adjusted(2.5, 2.5, -2.5, -2.5))

    def _paint_words(self, painter: QPainter) -> None:
        band = QRectF(0, 0, self.width(), self._band())
        if self._panes:
            painter.fillRect(band, theme.GROUND)
        else:
            band.moveCenter(QRectF(self.rect()).center())
        painter.setPen(theme.TEXT)
        painter.setFont(fitted_font(self.words, band.height() * 0.5, band.width() * 0.9, bold=True))
        painter.drawText(band, Qt.AlignmentFlag.AlignCenter, self.words)


class PictureView(PictureCanvas):
    """The part of the live screen."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__()
        self._model = model
        model.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Take over the newest picture, or the frozen one."""
        model, part = self._model, self._model.part
        self.names = list(model.status.cameras) if model.status is not None else ()
        self.show_part(part, model.heat)
        if part is None:
            self.say(self.tr("No picture yet"))
        elif part.picture is None and not part.thumbnail_jpeg:
            self.say(self.tr("There is no picture of this part"))
        elif not model.face.live:
            self.say(self.tr("Last picture – not live"), faded=not model.connected)
        elif model.frozen:
            self.say(self.tr("Frozen – the line goes on"))
        else:
            self.say("")


def _panes_of(part: ShownPart | None) -> list[_Pane]:
    if part is None:
        return []
    if part.picture is not None:
        return [_pane(view) for view in sorted(part.picture.views, key=lambda view: view.view)]
    image = QImage.fromData(part.thumbnail_jpeg) if part.thumbnail_jpeg else QImage()
    return [] if image.isNull() else [_Pane(None, image, regions=part.regions)]


def _pane(view: OtherView) -> _Pane:
    pixels = np.ascontiguousarray(view.pixels)
    found = outline(view.map, view.threshold, view.regions) if view.map is not None else None
    return _Pane(view, to_image(pixels), pixels, None, found, view.regions)


def _halved(pane: _Pane, size: QSize) -> QImage:
    """Every second pixel's square averaged where the picture is shown at less than half its size.

    Only then would the painter's own smoothing, which looks at four pixels, skip some.
    """
    image, pixels = pane.image, pane.pixels
    while pixels is not None and image.width() >= 2 * size.width() and image.width() >= 4:
        even: Pixels = pixels[: pixels.shape[0] // 2 * 2, : pixels.shape[1] // 2 * 2]
        total = even[0::2, 0::2].astype(np.uint16) + even[1::2, 0::2]
        total += even[0::2, 1::2]
        total += even[1::2, 1::2]
        pixels = np.ascontiguousarray((total >> 2).astype(np.uint8))
        image = to_image(pixels).copy()
    return image


def _box(room: QRectF, region: Region) -> QRectF:
    return QRectF(
        room.left() + region.left * room.width(),
        room.top() + region.top * room.height(),
        region.width * room.width(),
        region.height * room.height(),
    ).adjusted(-6, -6, 6, 6)
