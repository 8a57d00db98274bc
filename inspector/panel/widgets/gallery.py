"""Parts as pictures, page by page: as many as fit, and two large keys to turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt, pyqtSignal
from PyQt6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QSizePolicy,
    QVBoxLayout,
)

from inspector.panel import theme
from inspector.panel.models.part_review import PartTile
from inspector.panel.review_words import moment_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.page_keys import PageKeys
from inspector.panel.widgets.paint import Symbol, draw_symbol, fitted_font
from inspector.panel.widgets.view import View

SIGNS = {"defect": Symbol.CROSS, "good": Symbol.CHECK, "unsure": Symbol.UNSURE}
"""What a person said, as a sign."""


class GalleryTile(QAbstractButton):
    """One part: picture, time, reason, and a sign for what somebody said of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tile: PartTile | None = None
        self.reason = ""
        self._jpeg = b""
        self._image = QImage()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_tile(self, tile: PartTile | None, reason: str, jpeg: bytes) -> None:
        """Show a part, or nothing."""
        if (tile, reason, jpeg) == (self.tile, self.reason, self._jpeg):
            return
        self.tile, self.reason = tile, reason
        if jpeg is not self._jpeg:
            self._jpeg = jpeg
            self._image = QImage.fromData(jpeg) if jpeg else QImage()
        self.setVisible(tile is not None)
        self.setAccessibleName(f"{tile.part} {reason}" if tile is not None else "")
        self.update()

    def paintEvent(self, e: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        if self.tile is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.RAISED if self.isDown() else theme.SURFACE)
        painter.drawRoundedRect(self.rect(), 6, 6)
        line = min(28.0, self.height() * 0.13)
        room = QRectF(self.rect()).adjusted(6, 6, -6, -2 * line - 8)
        self._paint_picture(painter, room)
        below = QRectF(8, room.bottom() + 2, self.width() - 16.0, line)
        first = self.reason or moment_words(self.tile.utc_us)
        second = moment_words(self.tile.utc_us) if self.reason else f"#{self.tile.part}"
        for text, ink, bold in ((first, theme.TEXT, True), (second, theme.MUTED, False)):
            painter.setPen(ink)
            painter.setFont(fitted_font(text, line * 0.78, below.width(), bold=bold))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
            below.translate(0, line)
        self._paint_said(painter, self.tile.finding)
        painter.end()

    def _paint_picture(self, painter: QPainter, room: QRectF) -> None:
        if self._image.isNull():
            side = min(room.height(), room.width()) * 0.4
            sign = QRectF(0, 0, side, side)
            sign.moveCenter(room.center())
            gone = self.tile is not None and not self.tile.pictures
            if gone:
                draw_symbol(painter, Symbol.BROKEN, sign, theme.LINE)
            return
        keep = Qt.AspectRatioMode.KeepAspectRatio
        size = QSizeF(self._image.size()).scaled(room.size(), keep)
        spot = QRectF(0, 0, size.width(), size.height())
        spot.moveCenter(room.center())
        painter.drawImage(spot, self._image)

    def _paint_said(self, painter: QPainter, finding: str) -> None:
        symbol = SIGNS.get(finding)
        if symbol is None:
            return
        side = max(26.0, self.height() * 0.2)
        plate = QRectF(self.width() - side - 6, 6, side, side)
        painter.setPen(QPen(theme.GROUND, 2))
        painter.setBrush(theme.TEXT)
        painter.drawEllipse(plate)
        inner = plate.adjusted(side * 0.26, side * 0.26, -side * 0.26, -side * 0.26)
        draw_symbol(painter, symbol, inner, theme.GROUND)


class Gallery(View):
    """``name`` says a part's reason in words. Swiped up or left it turns on, as with its keys."""

    opened = pyqtSignal(int)
    """Record of a part that was touched."""
    more_wanted = pyqtSignal()
    """The last page that is known is shown, and there is more."""
    seen = pyqtSignal(object)
    """Records that are in sight."""

    def __init__(self, name: Callable[[PartTile], str]) -> None:
        super().__init__()
        self._name = name
        self._tiles: tuple[PartTile, ...] = ()
        self._pictures: Mapping[int, bytes] = {}
        self._first, self._more, self._turning = 0, False, False
        self._wide, self._tall, self._gap = 180, 170, 8
        self._columns = self._rows = 1
        self.buttons: list[GalleryTile] = []
        self.keys = PageKeys()
        self.keys.turned.connect(self.turn)
        self._grid = QGridLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid, 1)
        column.addWidget(self.keys)

    @property
    def fits(self) -> int:
        """Parts of a page."""
        return self._columns * self._rows

    def rescale(self, metrics: Metrics) -> None:
        """Least sizes of a tile."""
        self._wide = max(metrics.px(190), metrics.target)
        self._tall = max(metrics.px(160), metrics.target)
        self._gap = metrics.px(8)
        self._grid.setSpacing(self._gap)
        self._fit()

    def show_tiles(
        self, tiles: Sequence[PartTile], pictures: Mapping[int, bytes], *, more: bool = False
    ) -> None:
        """Other content; ``more``: beyond its end."""
        anew = not tiles or not self._tiles or tiles[0].record != self._tiles[0].record
        grown = len(tiles) > len(self._tiles)
        self._tiles, self._pictures, self._more = tuple(tiles), pictures, more
        if anew:
            self._first = 0
        elif grown and self._turning:
            self._first += self.fits
        if anew or grown:
            self._turning = False
        self.refresh()

    def refresh(self) -> None:
        """Show the page."""
        self._first = min(self._first, max(0, (len(self._tiles) - 1) // self.fits * self.fits))
        page = self._tiles[self._first : self._first + self.fits]
        for index, button in enumerate(self.buttons):
            tile = page[index] if index < len(page) else None
            words = self._name(tile) if tile is not None else ""
            jpeg = self._pictures.get(tile.record, b"") if tile is not None else b""
            button.show_tile(tile, words, jpeg)
        self.keys.show_page(self._first, self.fits, len(self._tiles), more=self._more)
        self.seen.emit(tuple(tile.record for tile in page if tile.pictures))

    def turn(self, pages: int) -> None:
        """Another page."""
        wanted = self._first + pages * self.fits
        if 0 <= wanted < len(self._tiles):
            self._first = wanted
            self.refresh()
        elif pages > 0:
            self._turning = True  # once they have come
        if pages > 0 and self._more and wanted + self.fits > len(self._tiles):
            self.more_wanted.emit()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """More or fewer fit."""
        super().resizeEvent(a0)
        self._fit()

    def _fit(self) -> None:
        foot = self.keys.tall + self._gap
        columns = max(2, (self.width() + self._gap) // (self._wide + self._gap))
        rows = max(1, (self.height() - foot + self._gap) // (self._tall + self._gap))
        if (columns, rows) != (self._columns, self._rows) or not self.buttons:
            self._columns, self._rows = columns, rows
            self._arrange()
        self.refresh()

    def _arrange(self) -> None:
        while len(self.buttons) < self.fits:
            made = _SwipedTile(self)
            made.clicked.connect(lambda _=False, made=made: self._open(made))
            self.buttons.append(made)
        while len(self.buttons) > self.fits:
            gone = self.buttons.pop()
            self._grid.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for index, button in enumerate(self.buttons):
            self._grid.addWidget(button, *divmod(index, self._columns))
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 1 if row < self._rows else 0)

    def _open(self, button: GalleryTile) -> None:
        if button.tile is not None:
            self.opened.emit(button.tile.record)


class _SwipedTile(GalleryTile):
    """Dragged aside it turns the page instead of opening."""

    def __init__(self, gallery: Gallery) -> None:
        super().__init__()
        self._gallery = gallery
        self._begin: QPointF | None = None

    def mousePressEvent(self, e: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """Remember where."""
        self._begin = e.globalPosition() if e is not None else None
        super().mousePressEvent(e)

    def mouseReleaseEvent(self, e: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """A page for a swipe, the part for a touch."""
        begin, self._begin = self._begin, None
        if e is not None and begin is not None:
            across = e.globalPosition().x() - begin.x()
            if abs(across) > self.width() * 0.5:
                self.setDown(False)
                self._gallery.turn(1 if across < 0 else -1)
                return
        super().mouseReleaseEvent(e)
