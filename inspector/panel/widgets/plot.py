"""A plot that is looked at: no mouse, no menus, the theme's colours, words that are read."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QColor, QPen

from inspector.panel import theme
from inspector.panel.theme import Metrics
from inspector.panel.widgets.paint import font

TICK_PX = 15
LINE_PX = 2.5
SHORTEST_S = 3600.0
"""A clock's labels make no sense below."""


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Draw with ``curve``, ``bars`` and ``level``; ``clear`` first. ``times`` labels x by clock."""

    def __init__(self, *, times: bool = False) -> None:
        axes = {"bottom": _clock()} if times else {}
        super().__init__(axisItems=axes)
        self._tick_px = TICK_PX
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.setFrameShape(self.Shape.NoFrame)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setLimits(yMin=0.0, **({"minXRange": SHORTEST_S} if times else {}))
        self.setMinimumSize(80, 60)
        self.restyle()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Any: plots beside and below each other share the room."""
        return QSize(80, 60)

    def rescale(self, metrics: Metrics) -> None:
        """Letters as large as the window allows."""
        self._tick_px = metrics.px(TICK_PX)
        self.restyle()

    def restyle(self) -> None:
        """Colours of the theme in use."""
        self.setBackground(QColor(theme.SURFACE))
        for name in ("bottom", "left"):
            axis = self.getAxis(name)
            axis.setPen(pen(theme.LINE, 1))
            axis.setTextPen(QPen(QColor(theme.MUTED)))
            axis.setStyle(tickFont=font(self._tick_px), hideOverlappingLabels=True)
        self.getAxis("left").setWidth(round(self._tick_px * 3.6))

    def curve(
        self, x: Sequence[float], y: Sequence[float], colour: QColor, *, marks: bool = False
    ) -> None:
        """A line through points; ``marks`` shows each of them."""
        dots = {"symbol": "o", "symbolSize": 8, "symbolBrush": QColor(colour), "symbolPen": None}
        self.plot(list(x), list(y), pen=pen(colour, LINE_PX), **(dots if marks else {}))

    def marks(self, x: Sequence[float], y: Sequence[float], colour: QColor) -> None:
        """Points that stand out, by shape as well as by colour."""
        self.plot(
            list(x),
            list(y),
            pen=None,
            symbol="d",
            symbolSize=18,
            symbolBrush=QColor(colour),
            symbolPen=pen(theme.TEXT, 2),
        )

    def dots(self, x: Sequence[float], y: Sequence[float], colour: QColor) -> None:
        """Points without a line."""
        brush = QColor(colour)
        self.plot(list(x), list(y), pen=None, symbol="o", symbolSize=9, symbolBrush=brush)

    def level(self, y: float, colour: QColor) -> None:
        """A line across."""
        self.addItem(pg.InfiniteLine(y, angle=0, pen=pen(colour, 2, dashed=True)))

    def from_zero(self, most: float) -> None:
        """The upright axis, from nothing to a little more than ``most``."""
        self.setYRange(0.0, 1.15 * most)

    def limit(self, x: float, colour: QColor, *, dashed: bool = False) -> None:
        """A line upright."""
        self.addItem(pg.InfiniteLine(x, angle=90, pen=pen(colour, LINE_PX, dashed=dashed)))

    def steps(
        self, edges: Sequence[float], heights: Sequence[float], colour: QColor, *, filled: bool
    ) -> None:
        """A histogram."""
        paint = QColor(colour)
        paint.setAlpha(150)
        fill = {"fillLevel": 0.0, "brush": paint} if filled else {}
        self.plot(list(edges), list(heights), stepMode="center", pen=pen(colour, LINE_PX), **fill)


def _clock() -> pg.DateAxisItem:
    """Labels two or three hours apart as well: pyqtgraph's own, one or six, name one of eight."""
    axis = pg.DateAxisItem()
    axis.zoomLevels[6 * 3600].tickSpecs[-1].autoSkip = [1, 2, 3, 6, 12, 24]
    return axis


def pen(colour: QColor, width: float, *, dashed: bool = False) -> QPen:
    """A pen as wide as it says, whatever the scale of the axes."""
    made = QPen(QColor(colour), width)
    made.setCosmetic(True)
    if dashed:
        made.setStyle(Qt.PenStyle.DashLine)
    return made
