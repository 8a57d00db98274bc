"""Lists that are longer than their place: dragged by a finger or the mouse, with no bar to hit."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QScroller, QScrollerProperties, QWidget

from inspector.panel import theme
from inspector.panel.widgets.view import OVERLAY

MARK_PX = 6


class _Mark(QWidget):
    """Where in the list one is; nothing where all of it is in sight."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self.setProperty(OVERLAY, True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        bar = self._area.verticalScrollBar()
        if bar is None or bar.maximum() <= 0:
            return
        whole = bar.maximum() + bar.pageStep()
        tall = self.height() * bar.pageStep() / whole
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.MUTED)
        top = self.height() * bar.value() / whole
        painter.drawRoundedRect(QRectF(0, top, self.width(), tall), 3, 3)
        painter.end()


class Dragged(QScrollArea):
    """Holds ``content``, as wide as itself. A touch without dragging reaches what is in it."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        for hide in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            hide(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        viewport = self.viewport()
        if viewport is not None:
            viewport.setAutoFillBackground(False)
        QScroller.grabGesture(viewport, QScroller.ScrollerGestureType.LeftMouseButtonGesture)
        self._stay_within(QScroller.scroller(viewport))
        self.mark = _Mark(self)
        bar = self.verticalScrollBar()
        if bar is not None:
            bar.valueChanged.connect(self.mark.update)
            bar.rangeChanged.connect(self.mark.update)

    def to_top(self) -> None:
        """Another list: from its beginning."""
        bar = self.verticalScrollBar()
        if bar is not None:
            bar.setValue(0)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """The mark stands at the right edge."""
        super().resizeEvent(a0)
        self.mark.setGeometry(self.width() - MARK_PX, 0, MARK_PX, self.height())

    @staticmethod
    def _stay_within(scroller: QScroller | None) -> None:
        """A list ends where it ends: no rubber."""
        if scroller is None:
            return
        properties = scroller.scrollerProperties()
        never = QScrollerProperties.OvershootPolicy.OvershootAlwaysOff
        metric = QScrollerProperties.ScrollMetric
        for which in (metric.VerticalOvershootPolicy, metric.HorizontalOvershootPolicy):
            properties.setScrollMetric(which, never)
        scroller.setScrollerProperties(properties)
