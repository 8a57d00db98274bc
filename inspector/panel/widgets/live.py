"""The live screen: picture on the left, verdict on the right, rejects below."""

from __future__ import annotations

from PyQt6.QtCore import QRect, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from inspector.panel import theme
from inspector.panel.models.keyboard import KeyboardModel
from inspector.panel.models.panel import PanelModel
from inspector.panel.translation import Language
from inspector.panel.widgets.alarm_bar import AlarmBar
from inspector.panel.widgets.controls import Controls
from inspector.panel.widgets.figures import FigureGrid
from inspector.panel.widgets.header import Header
from inspector.panel.widgets.keyboard import Keyboard
from inspector.panel.widgets.login import LoginPane
from inspector.panel.widgets.notice import Notice
from inspector.panel.widgets.picture_pane import PicturePane
from inspector.panel.widgets.reject_detail import RejectDetail
from inspector.panel.widgets.rejects import RejectStripView
from inspector.panel.widgets.verdict import VerdictView
from inspector.panel.widgets.view import View

GAP = 8


class LiveScreen(View):
    """Everything an operator needs, on one screen; nothing ever covers the verdict."""

    asked = pyqtSignal(object)
    """A command for the station."""

    def __init__(self, model: PanelModel, language: Language) -> None:
        super().__init__()
        self.setObjectName("screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = model
        self.header = Header(model.live, model.session, language)
        self.alarms = AlarmBar(model.alarms)
        self.pane = PicturePane(model.live)
        self.verdict = VerdictView(model.live)
        self.figures = FigureGrid(model.live)
        self.controls = Controls(model.live)
        self.rejects = RejectStripView(model.rejects)
        self._lay_out()
        self.detail = RejectDetail(model.rejects)
        self.login = LoginPane(model.session)
        self.keyboard = Keyboard(KeyboardModel())
        self.notice = Notice()
        for overlay in (self.detail, self.login, self.keyboard, self.notice):
            overlay.setParent(self)
        self.keyboard.typed.connect(self.login.type)
        self.keyboard.erased.connect(self.login.erase)
        for source in (self.header, self.alarms, self.controls, self.login):
            source.asked.connect(self.asked)
        model.session.changed.connect(self.refresh)
        model.rejects.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Raise what lies over the picture now."""
        self.keyboard.setVisible(self._model.session.logging_in)
        for overlay in (self.detail, self.keyboard, self.login):
            if overlay.isVisibleTo(self):
                overlay.raise_()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """Scale everything with the window."""
        super().resizeEvent(a0)
        metrics = theme.Metrics.of(self.size(), self.screen())
        self.setStyleSheet(theme.stylesheet(metrics))
        gap = metrics.px(GAP)
        self._grid.setSpacing(gap)
        self._grid.setContentsMargins(gap, gap, gap, gap)
        self._right.setSpacing(gap)
        self.header.rescale(metrics.target, gap, metrics.px(44))
        self.alarms.rescale(metrics.target + 18)
        self.notice.setMinimumHeight(metrics.target)
        self.controls.rescale(gap, metrics.px(28))
        self.rejects.setFixedHeight(metrics.px(124))
        self.rejects.set_gap(gap)
        self.figures.set_gap(gap)
        self.figures.setFixedHeight(2 * metrics.px(68) + gap)
        self.keyboard.rescale(metrics.px(6))
        self._place_overlays(gap)

    def _lay_out(self) -> None:
        column = QWidget()
        self._right = QVBoxLayout(column)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.addWidget(self.verdict, 1)
        self._right.addWidget(self.figures)
        self._right.addWidget(self.controls)
        self._grid = QGridLayout(self)
        self._grid.addWidget(self.header, 0, 0, 1, 2)
        self._grid.addWidget(self.alarms, 1, 0, 1, 2)
        self._grid.addWidget(self.pane, 2, 0)
        self._grid.addWidget(column, 2, 1)
        self._grid.addWidget(self.rejects, 3, 0, 1, 2)
        self._grid.setRowStretch(2, 1)
        for side in (0, 1):
            self._grid.setColumnStretch(side, 1)
            self._grid.setColumnMinimumWidth(side, 1)

    def _place_overlays(self, gap: int) -> None:
        self._grid.activate()
        self._right.activate()
        pane = self.pane.geometry()
        below = self.verdict.mapTo(self, self.verdict.rect().bottomLeft()).y() + gap
        self.detail.setGeometry(pane)
        self.login.setGeometry(QRect(pane.left(), pane.top(), pane.width(), below - pane.top()))
        self.keyboard.setGeometry(gap, below, self.width() - 2 * gap, self.height() - below - gap)
        self.notice.place(pane.adjusted(gap, gap, -gap, -gap))
