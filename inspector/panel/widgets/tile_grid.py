"""Products as large tiles with picture and marks, turned over page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QRectF, QSize, QSizeF, Qt, pyqtSignal
from PyQt6.QtGui import QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QSizePolicy,
    QVBoxLayout,
)

from inspector.panel import theme
from inspector.panel.theme import Metrics
from inspector.panel.widgets.icons import Icon, draw_icon
from inspector.panel.widgets.page_keys import PageKeys
from inspector.panel.widgets.paint import Symbol, draw_symbol, fitted_font, font
from inspector.panel.widgets.view import View

TILE_PX = (224, 210)
"""Least width and height at 1280 x 800."""


@dataclass(frozen=True, slots=True)
class TileWords:
    """What one tile says. ``good``: the mark is a tick; ``locked``: it cannot be chosen."""

    product: str
    title: str
    mark: str
    good: bool
    locked: bool
    loaded: bool
    picture: bytes


class ProductTile(QAbstractButton):
    """One product. Tap to see what a changeover to it would change."""

    def __init__(self) -> None:
        super().__init__()
        self.words: TileWords | None = None
        self._image = QImage()
        self._letters = 22.0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def rescale(self, least: QSize, letters: float) -> None:
        """Sizes in pixels."""
        self._letters = letters
        self.setMinimumSize(least)
        self.update()

    def show_words(self, words: TileWords | None) -> None:
        """Another product, or none."""
        if words != self.words:
            if words is None or self.words is None or words.picture != self.words.picture:
                self._image = QImage.fromData(words.picture) if words is not None else QImage()
            self.words = words
            self.setAccessibleName(f"{words.title} {words.mark}" if words is not None else "")
            self.update()
        self.setVisible(words is not None)

    def paintEvent(self, e: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        words = self.words
        if words is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rim = 4 if words.loaded else 2
        painter.setPen(QPen(theme.TEXT if words.loaded else theme.LINE, rim))
        painter.setBrush(theme.LINE if self.isDown() else theme.SURFACE)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 6, 6)
        line, pad = self._letters * 1.3, self._letters * 0.5
        room = QRectF(self.rect()).adjusted(pad, pad, -pad, -pad)
        picture = QRectF(room)
        picture.setBottom(room.bottom() - line * 3 - pad * 0.6)
        self._paint_picture(painter, picture)
        title = QRectF(room.left(), picture.bottom() + pad * 0.6, room.width(), line * 2)
        painter.setPen(theme.MUTED if words.locked else theme.TEXT)
        self._paint_title(painter, words.title, title)
        self._paint_mark(painter, words, QRectF(room.left(), title.bottom(), room.width(), line))
        painter.end()

    def _paint_picture(self, painter: QPainter, room: QRectF) -> None:
        if self._image.isNull():
            side = min(room.width(), room.height()) * 0.5
            sign = QRectF(0, 0, side, side)
            sign.moveCenter(room.center())
            draw_icon(painter, Icon.PRODUCTS, sign, theme.LINE)
            return
        keep = Qt.AspectRatioMode.KeepAspectRatio
        fitted = QSizeF(self._image.size()).scaled(room.size(), keep)
        place = QRectF(0, 0, fitted.width(), fitted.height())
        place.moveCenter(room.center())
        painter.drawImage(place, self._image)

    def _paint_mark(self, painter: QPainter, words: TileWords, room: QRectF) -> None:
        side = self._letters * 0.75
        sign = QRectF(room.left(), room.center().y() - side / 2, side, side)
        colour = theme.PASS if words.good else theme.MUTED if words.locked else theme.WARN
        if words.good:
            draw_symbol(painter, Symbol.CHECK, sign, colour)
        else:
            draw_icon(painter, Icon.LOCK, sign, colour)
        painter.setPen(colour)
        room = room.adjusted(side * 1.5, 0, 0, 0)
        painter.setFont(fitted_font(words.mark, self._letters * 0.82, room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words.mark)

    def _paint_title(self, painter: QPainter, text: str, room: QRectF) -> None:
        """In two lines, smaller where it needs more: products differ at the end of their names."""
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        for share in (1.0, 0.88, 0.76):
            painter.setFont(font(self._letters * share, bold=True))
            needed = painter.boundingRect(room, flags, text)
            if needed.height() <= room.height() and needed.width() <= room.width():
                break
        painter.save()
        painter.setClipRect(room)
        painter.drawText(room, flags, text)
        painter.restore()


class TileGrid(View):
    """As many tiles as fit, and two large keys to turn the page."""

    touched = pyqtSignal(str)
    """The product of a tile."""

    def __init__(self) -> None:
        super().__init__()
        self._words: tuple[TileWords, ...] = ()
        self._first = 0
        self._metrics: Metrics | None = None
        self.tiles: list[ProductTile] = []
        self.keys = PageKeys()
        self.keys.turned.connect(self._turn)
        self._grid = QGridLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid, 1)
        column.addWidget(self.keys)

    def rescale(self, metrics: Metrics) -> None:
        """Sizes of tiles."""
        self._metrics = metrics
        self._grid.setSpacing(metrics.px(8))
        self._fit()

    def show_tiles(self, words: Sequence[TileWords]) -> None:
        """Other products, or the same with other marks."""
        self._words = tuple(words)
        self.refresh()

    def refresh(self) -> None:
        """Show the page."""
        fits = max(1, len(self.tiles))
        self._first = min(self._first, max(0, (len(self._words) - 1) // fits * fits))
        for index, tile in enumerate(self.tiles):
            at = self._first + index
            tile.show_words(self._words[at] if at < len(self._words) else None)
        self.keys.show_page(self._first, fits, len(self._words))

    def to_first(self) -> None:
        """Another search: from its first page."""
        self._first = 0

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """More or fewer fit."""
        super().resizeEvent(a0)
        self._fit()

    def _fit(self) -> None:
        metrics = self._metrics
        if metrics is None:
            return
        gap, wide, high = metrics.px(8), metrics.px(TILE_PX[0]), metrics.px(TILE_PX[1])
        rest = self.height() - self.keys.tall - gap
        columns = max(1, (self.width() + gap) // (wide + gap))
        rows = max(1, (rest + gap) // (high + gap))
        while len(self.tiles) > columns * rows:
            gone = self.tiles.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.tiles) < columns * rows:
            tile = ProductTile()
            tile.clicked.connect(lambda _=False, tile=tile: self._touch(tile))
            self.tiles.append(tile)
        for index, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, *divmod(index, columns))
            tile.rescale(QSize(metrics.target, metrics.target), float(metrics.px(22)))
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 1 if row < rows else 0)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self.refresh()

    def _turn(self, pages: int) -> None:
        self._first = max(0, self._first + pages * max(1, len(self.tiles)))
        self.refresh()

    def _touch(self, tile: ProductTile) -> None:
        if tile.words is not None:
            self.touched.emit(tile.words.product)
