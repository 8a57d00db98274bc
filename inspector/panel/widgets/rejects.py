"""The strip of last rejects."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSizeF, Qt
from PyQt6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QGridLayout

from inspector.core.judgement import Region
from inspector.link.messages import RejectNotice
from inspector.panel import theme
from inspector.panel.models.rejects import CAPACITY, RejectStrip
from inspector.panel.theme import Metrics
from inspector.panel.widgets.paint import Symbol, draw_symbol, fitted_font
from inspector.panel.widgets.view import View
from inspector.panel.words import clock_time, short_cause


class RejectTile(QAbstractButton):
    """One reject: picture, part, time, cause. Tap for more."""

    def __init__(self) -> None:
        super().__init__()
        self.notice: RejectNotice | None = None
        self.opened = False
        self.setEnabled(False)
        self._thumbnail = QImage()

    def show_notice(self, notice: RejectNotice | None, *, opened: bool = False) -> None:
        """Show a reject, or nothing; one that is looked at is framed."""
        if notice is self.notice and opened == self.opened:
            return
        self.opened = opened
        if notice is not self.notice:
            self.notice = notice
            self._thumbnail = QImage()
            if notice is not None and notice.thumbnail_jpeg:
                self._thumbnail.loadFromData(notice.thumbnail_jpeg)
        self.setEnabled(notice is not None)
        self.update()

    def paintEvent(self, e: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.RAISED if self.isDown() else theme.SURFACE)
        if self.notice is None:  # a place for one: no surface that looks like a key
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.RAISED, 2))
        if self.opened:
            painter.setPen(QPen(theme.TEXT, 4))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 6, 6)
        if self.notice is not None:
            self._paint_notice(painter, self.notice)
        painter.end()

    def _paint_notice(self, painter: QPainter, notice: RejectNotice) -> None:
        height, width = float(self.height()), float(self.width())
        pad = height * 0.05
        room = QRectF(pad, pad, width - 2 * pad, height * 0.5)
        if self._thumbnail.isNull():
            mark = room.height() * 0.6
            spot = QRectF(0, 0, mark, mark)
            spot.moveCenter(room.center())
            draw_symbol(painter, Symbol.CROSS, spot, theme.LINE)
        else:
            keep = Qt.AspectRatioMode.KeepAspectRatio
            size = QSizeF(self._thumbnail.size()).scaled(room.size(), keep)
            spot = QRectF(0, 0, size.width(), size.height())
            spot.moveCenter(room.center())
            painter.drawImage(spot, self._thumbnail)
            painter.setPen(QPen(theme.ALERT, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for region in notice.regions:
                painter.drawRect(_place(spot, region))
        lines = ((short_cause(notice.cause), True), (clock_time(notice.utc_us), False))
        top, line = room.bottom() + pad * 0.5, height * 0.19
        for text, bold in lines:
            painter.setPen(theme.TEXT if bold else theme.MUTED)
            painter.setFont(fitted_font(text, line * 0.95, room.width(), bold=bold))
            row = QRectF(pad, top, room.width(), line)
            painter.drawText(row, Qt.AlignmentFlag.AlignCenter, text)
            top += line


class RejectStripView(View):
    """Newest first; empty places stay empty. Where twelve have no room in a row there are two."""

    def __init__(self, model: RejectStrip) -> None:
        super().__init__()
        self._model = model
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.tiles = [RejectTile() for _ in range(CAPACITY)]
        for tile in self.tiles:
            tile.clicked.connect(lambda _=False, tapped=tile: self._open(tapped))
            tile.setSizePolicy(self.sizePolicy())
        self._columns = 0
        self._arrange(CAPACITY)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics, width: int, tall: int) -> None:
        """The width that there is, and the height of a row, in pixels."""
        gap = metrics.px(6)
        self._layout.setSpacing(gap)
        fit = (width + gap) // (metrics.target + gap) >= CAPACITY
        self._arrange(CAPACITY if fit else CAPACITY // 2)
        rows = CAPACITY // self._columns
        self.setFixedHeight(rows * tall + (rows - 1) * gap)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for index, tile in enumerate(self.tiles):
            self._layout.addWidget(tile, index // columns, index % columns)
        for column in range(CAPACITY):
            self._layout.setColumnStretch(column, 1 if column < columns else 0)

    def refresh(self) -> None:
        """Show the last rejects."""
        notices = self._model.notices
        opened = self._model.opened.part_id if self._model.opened is not None else 0
        for index, tile in enumerate(self.tiles):
            notice = notices[index] if index < len(notices) else None
            tile.show_notice(notice, opened=notice is not None and notice.part_id == opened)

    def _open(self, tile: RejectTile) -> None:
        if tile.notice is not None:
            self._model.open(tile.notice)


def _place(spot: QRectF, region: Region) -> QRectF:
    return QRectF(
        spot.left() + region.left * spot.width(),
        spot.top() + region.top * spot.height(),
        region.width * spot.width(),
        region.height * spot.height(),
    ).adjusted(-2, -2, 2, 2)
