"""Small pictures side by side, as many as there are: one touch opens one."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PyQt6.QtWidgets import QSizePolicy

from inspector.panel import theme
from inspector.panel.widgets.paint import fitted_font
from inspector.panel.widgets.view import View

_GAP, _BAND = 6, 0.24


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture; ``picture`` is a JPEG file, empty until it is there. ``words`` stand in it."""

    key: str
    picture: bytes
    words: str = ""
    warns: bool = False


class PictureGrid(View):
    """Rows of square cells. ``picked`` tells the key of the one that was touched."""

    picked = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[Cell] = []
        self.chosen = ""
        self._side = 120
        self._pixmaps: dict[str, tuple[bytes, QPixmap]] = {}
        self._pressed: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def rescale(self, side: int) -> None:
        """How wide a cell is, about."""
        self._side = side
        self._pixmaps.clear()
        self._fit()

    def show_cells(self, cells: list[Cell], chosen: str = "") -> None:
        """All of them, and which one is looked at."""
        if (cells, chosen) != (self.cells, self.chosen):
            self.cells, self.chosen = cells, chosen
            self._fit()
            self.update()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """More or fewer columns."""
        super().resizeEvent(a0)
        self._fit()

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """A finger comes down; a drag of the list begins so as well."""
        self._pressed = a0.position() if a0 is not None else None

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """It goes up where it came down."""
        pressed, self._pressed = self._pressed, None
        if a0 is None or pressed is None:
            return
        for place, cell in enumerate(self.cells):
            room = self.room_of(place)
            if room.contains(pressed) and room.contains(a0.position()):
                self.picked.emit(cell.key)

    def room_of(self, place: int) -> QRectF:
        """Where a cell stands."""
        columns, side = self._columns()
        row, column = divmod(place, columns)
        return QRectF(column * (side + _GAP), row * (side + _GAP), side, side)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint what is in sight."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        seen = QRectF(a0.rect()) if a0 is not None else QRectF(self.rect())
        for place, cell in enumerate(self.cells):
            room = self.room_of(place)
            if room.intersects(seen):
                self._cell(painter, room, cell)
        painter.end()

    def _cell(self, painter: QPainter, room: QRectF, cell: Cell) -> None:
        painter.setBrush(theme.SURFACE)
        painter.setPen(QPen(theme.LINE, 2))
        painter.drawRect(room.adjusted(1, 1, -1, -1))
        above = room.adjusted(0, 0, 0, -room.height() * _BAND) if cell.words else room
        pixmap = self._pixmap(cell, above)
        if pixmap is not None:
            inner = QRectF(pixmap.rect())
            inner.moveCenter(above.center())
            painter.drawPixmap(inner.topLeft(), pixmap)
        if cell.words:
            band = QRectF(room) if pixmap is None else room.adjusted(0, above.height(), 0, 0)
            painter.setPen(theme.WARN if cell.warns else theme.TEXT)
            tall = room.height() * _BAND * 0.62
            painter.setFont(fitted_font(cell.words, tall, band.width() - 12, bold=cell.warns))
            painter.drawText(band, Qt.AlignmentFlag.AlignCenter, cell.words)
        if cell.key == self.chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.TEXT, 5))
            painter.drawRect(room.adjusted(2.5, 2.5, -2.5, -2.5))

    def _pixmap(self, cell: Cell, room: QRectF) -> QPixmap | None:
        if not cell.picture:
            return None
        known = self._pixmaps.get(cell.key)
        if known is None or known[0] is not cell.picture:
            whole = QPixmap()
            whole.loadFromData(cell.picture)
            keep = Qt.AspectRatioMode.KeepAspectRatio
            smooth = Qt.TransformationMode.SmoothTransformation
            known = cell.picture, whole.scaled(room.size().toSize(), keep, smooth)
            self._pixmaps[cell.key] = known
        return known[1]

    def _columns(self) -> tuple[int, float]:
        columns = max(1, int((self.width() + _GAP) / (self._side + _GAP)))
        return columns, (self.width() - _GAP * (columns - 1)) / columns

    def _fit(self) -> None:
        columns, side = self._columns()
        rows = -(-len(self.cells) // columns)
        self.setMinimumHeight(max(0, round(rows * (side + _GAP)) - _GAP))

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Three across."""
        return QSize(3 * self._side + 2 * _GAP, self._side)
