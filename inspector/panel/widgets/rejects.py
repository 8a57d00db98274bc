"""The strip of last rejects."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSizeF, Qt
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractButton, QHBoxLayout

from inspector.link.messages import RejectNotice
from inspector.panel import theme
from inspector.panel.models.rejects import CAPACITY, RejectStrip
from inspector.panel.widgets.paint import Symbol, draw_symbol, fitted_font
from inspector.panel.widgets.view import View
from inspector.panel.words import clock_time, short_cause


class RejectTile(QAbstractButton):
    """One reject: picture, part, time, cause. Tap for more."""

    def __init__(self) -> None:
        super().__init__()
        self.notice: RejectNotice | None = None
        self._thumbnail = QImage()

    def show_notice(self, notice: RejectNotice | None) -> None:
        """Show a reject, or nothing."""
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
        painter.drawRoundedRect(self.rect(), 6, 6)
        if self.notice is not None:
            self._paint_notice(painter, self.notice)
        painter.end()

    def _paint_notice(self, painter: QPainter, notice: RejectNotice) -> None:
        height, width = float(self.height()), float(self.width())
        pad = height * 0.05
        room = QRectF(pad, pad, width - 2 * pad, height * 0.44)
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
        lines = (
            (short_cause(notice.cause), True),
            (f"{notice.part_id:,}", False),
            (clock_time(notice.utc_us), False),
        )
        top, line = room.bottom() + pad * 0.5, height * 0.155
        for text, bold in lines:
            painter.setPen(theme.TEXT if bold else theme.MUTED)
            painter.setFont(fitted_font(text, line * 0.95, room.width(), bold=bold))
            row = QRectF(pad, top, room.width(), line)
            painter.drawText(row, Qt.AlignmentFlag.AlignCenter, text)
            top += line


class RejectStripView(View):
    """Newest on the left; empty places stay empty."""

    def __init__(self, model: RejectStrip) -> None:
        super().__init__()
        self._model = model
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.tiles = [RejectTile() for _ in range(CAPACITY)]
        for tile in self.tiles:
            tile.clicked.connect(lambda _=False, tapped=tile: self._open(tapped))
            tile.setSizePolicy(self.sizePolicy())
            self._layout.addWidget(tile, 1)
        model.changed.connect(self.refresh)
        self.refresh()

    def set_gap(self, pixels: int) -> None:
        """Space between the tiles."""
        self._layout.setSpacing(pixels)

    def refresh(self) -> None:
        """Show the last rejects."""
        notices = self._model.notices
        for index, tile in enumerate(self.tiles):
            tile.show_notice(notices[index] if index < len(notices) else None)

    def _open(self, tile: RejectTile) -> None:
        if tile.notice is not None:
            self._model.open(tile.notice)
