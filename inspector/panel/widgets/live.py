"""The live screen: alarms, picture on the left, verdict on the right, rejects below."""

from __future__ import annotations

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.alarm_bar import AlarmBar
from inspector.panel.widgets.controls import Controls
from inspector.panel.widgets.figures import FigureGrid
from inspector.panel.widgets.picture_pane import PicturePane
from inspector.panel.widgets.reject_detail import RejectDetail
from inspector.panel.widgets.rejects import RejectStripView
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.verdict import VerdictView
from inspector.panel.widgets.view import OVERLAY

GAP = 8


class LiveScreen(Screen):
    """Everything an operator needs, on one screen; nothing on it ever covers the verdict."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        model = around.model
        self.alarms = AlarmBar(model.alarms)
        self.pane = PicturePane(model.live)
        self.verdict = VerdictView(model.live)
        self.figures = FigureGrid(model.live)
        self.controls = Controls(model.live)
        self.rejects = RejectStripView(model.rejects)
        self._lay_out()
        self.detail = RejectDetail(model.rejects)
        self.detail.setParent(self)
        self.detail.setProperty(OVERLAY, True)
        for source in (self.alarms, self.controls):
            source.asked.connect(around.desk.send)
        model.rejects.changed.connect(self.refresh)
        self.refresh()

    def title(self) -> str:
        """Its name in the navigation."""
        return self.tr("Live")

    def refresh(self) -> None:
        """Raise what lies over the picture now."""
        if self.detail.isVisibleTo(self):
            self.detail.raise_()

    def rescale(self, metrics: Metrics) -> None:
        """Scale with the window."""
        gap = metrics.px(GAP)
        self._grid.setSpacing(gap)
        self.alarms.rescale(metrics.target + 18)
        self.controls.rescale(gap, metrics.px(28))
        self.rejects.setFixedHeight(metrics.px(124))
        self.rejects.set_gap(gap)
        self.figures.set_gap(gap)
        self.figures.setFixedHeight(2 * metrics.px(68) + gap)
        self._place_detail()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """The picture has another place."""
        super().resizeEvent(a0)
        self._place_detail()

    def _lay_out(self) -> None:
        column = QWidget()
        self._right = QVBoxLayout(column)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.addWidget(self.verdict, 1)
        self._right.addWidget(self.figures)
        self._right.addWidget(self.controls)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(self.alarms, 1, 0, 1, 2)
        self._grid.addWidget(self.pane, 2, 0)
        self._grid.addWidget(column, 2, 1)
        self._grid.addWidget(self.rejects, 3, 0, 1, 2)
        self._grid.setRowStretch(2, 1)
        for side in (0, 1):
            self._grid.setColumnStretch(side, 1)
            self._grid.setColumnMinimumWidth(side, 1)

    def _place_detail(self) -> None:
        self._grid.activate()
        self.detail.setGeometry(self.pane.geometry())
