"""A long list for fingers in gloves: rows as tall as a target, turned over page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout

from inspector.panel import theme
from inspector.panel.theme import Metrics
from inspector.panel.widgets.page_keys import PageKeys
from inspector.panel.widgets.paint import font
from inspector.panel.widgets.view import View


@dataclass(frozen=True, slots=True)
class Cell:
    """Two lines at one place of a row. ``warn``: it wants attention, and a mark says so, too."""

    share: float
    top: str
    bottom: str = ""
    warn: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says, and what it stands for."""

    key: str
    cells: tuple[Cell, ...]


class RowButton(QAbstractButton):
    """One row. Tap for more."""

    def __init__(self) -> None:
        super().__init__()
        self.row: Row | None = None
        self._words = 18.0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def rescale(self, height: int, words: float) -> None:
        """Sizes in pixels."""
        self._words = words
        self.setFixedHeight(height)

    def show_row(self, row: Row | None) -> None:
        """Say something else, or nothing."""
        if row != self.row:
            self.row = row
            said = " ".join(f"{cell.top} {cell.bottom}" for cell in row.cells) if row else ""
            self.setAccessibleName(said)
            self.update()
        self.setVisible(row is not None)

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Any width."""
        return QSize(100, self.height())

    def paintEvent(self, e: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.RAISED if self.isDown() else theme.SURFACE)
        painter.drawRoundedRect(self.rect(), 6, 6)
        cells = self.row.cells if self.row is not None else ()
        pad = self._words * 0.6
        total = sum(cell.share for cell in cells) or 1.0
        left, width = pad, self.width() - pad * (len(cells) + 1)
        for cell in cells:
            room = QRectF(left, 0, width * cell.share / total, self.height())
            self._paint_cell(painter, cell, room)
            left = room.right() + pad
        painter.end()

    def _paint_cell(self, painter: QPainter, cell: Cell, room: QRectF) -> None:
        line = self._words * 1.25
        top = (room.height() - line * (2 if cell.bottom else 1)) / 2
        self._paint_line(painter, cell.top, QRectF(room.left(), top, room.width(), line), cell)
        if cell.bottom:
            below = QRectF(room.left(), top + line, room.width(), line)
            self._paint_line(painter, cell.bottom, below, None)

    def _paint_line(self, painter: QPainter, text: str, room: QRectF, cell: Cell | None) -> None:
        face = font(self._words if cell else self._words * 0.85, bold=bool(cell and cell.bold))
        painter.setFont(face)
        warn = cell is not None and cell.warn
        painter.setPen(theme.WARN if warn else theme.TEXT if cell else theme.MUTED)
        shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class PagedRows(View):
    """As many rows as fit, and two large keys to turn the page."""

    opened = pyqtSignal(str)
    """Key of a row that was touched."""
    more_wanted = pyqtSignal()
    """The last page that is known is shown, and there is more."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()
        self._first = 0
        self._more = False
        self._height, self._gap, self._words = 64, 6, 18.0
        self.buttons: list[RowButton] = []
        self.keys = PageKeys()
        self.keys.turned.connect(self._turn)
        self._list = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._list)
        column.addStretch(1)
        column.addWidget(self.keys)

    def rescale(self, metrics: Metrics) -> None:
        """Sizes of rows and keys."""
        self._gap, self._words = metrics.px(6), float(metrics.px(18))
        self._height = max(metrics.target, round(self._words * 3.0))
        self._list.setSpacing(self._gap)
        self._fit()

    def show_rows(self, rows: Sequence[Row], *, more: bool = False, anew: bool = False) -> None:
        """Other content; ``more``: beyond its end; ``anew``: from the first page."""
        self._rows, self._more = tuple(rows), more
        if anew:
            self._first = 0
        self.refresh()

    def refresh(self) -> None:
        """Show the page."""
        fits = max(1, len(self.buttons))
        self._first = min(self._first, max(0, (len(self._rows) - 1) // fits * fits))
        for index, button in enumerate(self.buttons):
            at = self._first + index
            button.show_row(self._rows[at] if at < len(self._rows) else None)
        self.keys.show_page(self._first, fits, len(self._rows), more=self._more)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """More or fewer rows fit."""
        super().resizeEvent(a0)
        self._fit()

    def _fit(self) -> None:
        foot = self.keys.tall + self._gap
        fits = max(1, (self.height() - foot) // (self._height + self._gap))
        while len(self.buttons) < fits:
            button = RowButton()
            button.clicked.connect(lambda _=False, button=button: self._open(button))
            self.buttons.append(button)
            self._list.addWidget(button)
        while len(self.buttons) > fits:
            gone = self.buttons.pop()
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for button in self.buttons:
            button.rescale(self._height, self._words)
        self.refresh()

    def _turn(self, pages: int) -> None:
        fits = max(1, len(self.buttons))
        wanted = self._first + pages * fits
        if wanted >= len(self._rows) and self._more:
            self.more_wanted.emit()
        if 0 <= wanted < len(self._rows):
            self._first = wanted
        self.refresh()

    def _open(self, button: RowButton) -> None:
        if button.row is not None:
            self.opened.emit(button.row.key)
