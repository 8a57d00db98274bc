"""The counters, as tiles."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QRectF, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from inspector.panel import theme
from inspector.panel.models.figures import Figure, Reading, readings
from inspector.panel.models.live import LiveModel
from inspector.panel.theme import Metrics
from inspector.panel.widgets.paint import fitted_font
from inspector.panel.widgets.view import View
from inspector.panel.words import figure_name

_COLUMNS = 3


class FigureTile(QWidget):
    """One figure: label above, value below. An alert is marked by colour and by a bar."""

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self._figure = figure
        self.reading = Reading("")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_reading(self, reading: Reading) -> None:
        """Show a value; repaints only when it changed."""
        if reading != self.reading:
            self.reading = reading
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.SURFACE)
        painter.drawRoundedRect(self.rect(), 6, 6)
        height, pad = self.height(), self.height() * 0.12
        width = self.width() - 2 * pad
        if self.reading.alert:
            painter.fillRect(QRectF(0, 0, pad * 0.5, height), theme.WARN)
        label = figure_name(self._figure)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.MUTED)
        painter.setFont(fitted_font(label, height * 0.26, width))
        painter.drawText(QRectF(pad, height * 0.06, width, height * 0.34), left, label)
        self._paint_value(painter, QRectF(pad, height * 0.38, width, height * 0.58))
        painter.end()

    def _paint_value(self, painter: QPainter, room: QRectF) -> None:
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        unit_font = fitted_font(self.reading.unit, room.height() * 0.48, room.width() / 3)
        unit_width = QFontMetricsF(unit_font).horizontalAdvance(f" {self.reading.unit}")
        value_font = fitted_font(
            self.reading.text, room.height() * 0.94, room.width() - unit_width, bold=True
        )
        painter.setPen(theme.WARN if self.reading.alert else theme.TEXT)
        painter.setFont(value_font)
        painter.drawText(room, left, self.reading.text)
        advance = QFontMetricsF(value_font).horizontalAdvance(self.reading.text)
        painter.setPen(theme.MUTED)
        painter.setFont(unit_font)
        painter.drawText(room.adjusted(advance, 0, 0, 0), left, f" {self.reading.unit}")


class FigureGrid(View):
    """All figures in two rows, what runs above what was counted."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__()
        self._model = model
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.tiles = {figure: FigureTile(figure) for figure in Figure}
        for index, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, index // _COLUMNS, index % _COLUMNS)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics, tall: int) -> None:
        """Height of a tile in pixels."""
        gap = metrics.px(8)
        self._grid.setSpacing(gap)
        rows = -(-len(Figure) // _COLUMNS)
        self.setFixedHeight(rows * tall + (rows - 1) * gap)

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802  # Qt's name
        """The labels are painted: they have to be told of another language."""
        if a0 is not None and a0.type() == QEvent.Type.LanguageChange:
            for tile in self.tiles.values():
                tile.update()
        super().changeEvent(a0)

    def refresh(self) -> None:
        """Figures of the newest snapshot; dashes when it is not news any more."""
        status = self._model.status if self._model.connected else None
        for figure, reading in readings(status).items():
            self.tiles[figure].show_reading(reading)
