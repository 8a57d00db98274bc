"""The live screen: picture, verdict, figures and rejects of the line."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from inspector.panel.models.alarms import Horn
from inspector.panel.models.comparison import Comparison
from inspector.panel.models.reject_history import RejectHistory
from inspector.panel.station_words import told
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.alarm_bar import AlarmBar
from inspector.panel.widgets.compare import CompareView
from inspector.panel.widgets.controls import Controls
from inspector.panel.widgets.figures import FigureGrid
from inspector.panel.widgets.horn import HornVoice
from inspector.panel.widgets.picture_pane import PicturePane
from inspector.panel.widgets.reject_detail import RejectDetail
from inspector.panel.widgets.rejects import RejectStripView
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.verdict import VerdictView
from inspector.panel.widgets.view import OVERLAY, label

GAP = 8
SHORT = 560
"""Below so many pixels at the reference's scale rows are as low as fingers allow."""

_MOVES = (QEvent.Type.Resize, QEvent.Type.Move)


class LiveScreen(Screen):
    """Everything an operator needs, on one screen; nothing ever covers the verdict."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        model = around.model
        self.horn = Horn(model.alarms)
        self.comparison = Comparison(around.desk)
        self.alarms = AlarmBar(model.alarms)
        self.pane = PicturePane(model.live)
        self.verdict = VerdictView(model.live)
        self.figures = FigureGrid(model.live)
        self.controls = Controls(model.live, model.alarms, model.control, self.horn)
        self.rejects = RejectStripView(model.rejects)
        self.history = RejectHistory(around.desk, model.live, model.rejects)
        self.detail = RejectDetail(model.rejects, model.live)
        self.compared = CompareView(self.comparison)
        self._voice = HornVoice(self.horn, self)
        self._metrics: Metrics | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for overlay in (self.detail, self.compared):
            overlay.setParent(self)
            overlay.setProperty(OVERLAY, True)
        self.pane.installEventFilter(self)
        for source in (self.alarms, self.controls):
            source.asked.connect(around.desk.send)
        self.alarms.wanted.connect(self._read)
        self.controls.next_product.connect(lambda: around.go("products"))
        for picture in (self.pane, self.detail):
            picture.compare_asked.connect(self.compare)
        self.comparison.changed.connect(self._raise)
        model.rejects.changed.connect(self._on_reject_opened)
        self._opened = 0

    def _read(self) -> None:
        """All of an alarm, in letters of its own size."""
        alarm = self.around.model.alarms.shown
        if alarm is not None:
            words, below = label("strong", wrap=True), label("muted", wrap=True)
            for one, text in zip((words, below), told(alarm.text), strict=True):
                one.setText(text)
            content = QWidget()
            column = QVBoxLayout(content)
            for one in (words, below):
                column.addWidget(one)
            column.addStretch()
            self.around.lay(Sheet(self.alarms.title.text(), content))

    def compare(self, part_id: int) -> None:
        """Have the office look for what this part should look like."""
        self.comparison.ask(part_id)

    def rescale(self, metrics: Metrics) -> None:
        """The window's size, screen or orientation changed."""
        self._metrics = metrics
        self._lay_out(metrics)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """Other room."""
        super().resizeEvent(a0)
        if self._metrics is not None:
            self._lay_out(self._metrics)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:  # noqa: N802  # Qt's name
        """What lies over the picture stays where it is."""
        if a0 is self.pane and a1 is not None and a1.type() in _MOVES:
            for overlay in (self.detail, self.compared):
                overlay.setGeometry(self.pane.geometry())
        return super().eventFilter(a0, a1)

    def _lay_out(self, metrics: Metrics) -> None:
        gap, portrait = metrics.px(GAP), self.height() > self.width()
        short = self.height() < SHORT * metrics.unit and not portrait
        self._grid.setSpacing(gap)
        more = 44 if portrait else 6 if short else 18
        row = 96 if portrait else 84 if short else 120
        self.alarms.rescale(metrics, metrics.target + metrics.px(more))
        self.verdict.setMinimumHeight(metrics.px(170) if portrait else 0)
        self.pane.rescale(metrics)
        self.figures.rescale(metrics, metrics.px(58 if short else 76))
        self.controls.rescale(metrics)
        self.rejects.rescale(metrics, self.width(), max(metrics.target, metrics.px(row)))
        self.detail.rescale(metrics)
        self.compared.rescale(metrics)
        self._place(portrait=portrait)

    def _place(self, *, portrait: bool) -> None:
        for widget in self._pieces():
            self._grid.removeWidget(widget)
        for row in range(7):
            self._grid.setRowStretch(row, 0)
        if portrait:
            for row, widget in enumerate(self._pieces()):
                self._grid.addWidget(widget, row, 0, 1, 2)
            self._grid.setRowStretch(1, 4)
            self._grid.setRowStretch(2, 7)
        else:
            self._grid.addWidget(self.alarms, 0, 0, 1, 2)
            self._grid.addWidget(self.pane, 1, 0, 3, 1)
            self._grid.addWidget(self.verdict, 1, 1)
            self._grid.addWidget(self.figures, 2, 1)
            self._grid.addWidget(self.controls, 3, 1)
            self._grid.addWidget(self.rejects, 4, 0, 1, 2)
            self._grid.setRowStretch(1, 1)
        for side in (0, 1):
            self._grid.setColumnStretch(side, 1)
            self._grid.setColumnMinimumWidth(side, 1)

    def _pieces(self) -> tuple[QWidget, ...]:
        """From top to bottom, where there is one column."""
        return (
            self.alarms,
            self.verdict,
            self.pane,
            self.figures,
            self.controls,
            self.rejects,
        )

    def _on_reject_opened(self) -> None:
        """What was compared belongs to what was looked at before."""
        opened = self.around.model.rejects.opened
        part_id = opened.part_id if opened is not None else 0
        if part_id != self._opened:
            self._opened = part_id
            self.comparison.close()
        self._raise()

    def _raise(self) -> None:
        for overlay in (self.detail, self.compared):
            if not overlay.isHidden():
                overlay.raise_()
