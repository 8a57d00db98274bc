"""Station: how it stands, for line engineers and PLC integrators."""

from __future__ import annotations

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QStackedWidget, QVBoxLayout

from inspector.panel.models.screen import ScreenModel
from inspector.panel.models.signals import SignalsModel
from inspector.panel.models.station import StationModel, Tab
from inspector.panel.models.support import LogModel, SystemModel
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.station_devices import CamerasPane, EnginePane
from inspector.panel.widgets.station_log import LogPane
from inspector.panel.widgets.station_plc import PlcPane
from inspector.panel.widgets.station_records import RecordsPane
from inspector.panel.widgets.station_state import StatePane
from inspector.panel.widgets.station_system import SystemPane
from inspector.panel.widgets.view import View

TICK_MS = 500


class StationScreen(Screen):
    """Seven sides, of which one is shown; only that one asks."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.model = StationModel(around.desk)
        self.signals = SignalsModel(around.desk)
        self.system, self.log = SystemModel(around.desk), LogModel(around.desk)
        self.state, self.plc = StatePane(self.model, around), PlcPane(self.signals, around)
        self.cameras, self.engine = CamerasPane(self.model), EnginePane(self.model)
        self.records = RecordsPane(self.model)
        self.about = SystemPane(self.system, around)
        self.lines = LogPane(self.log, around)
        self._stack = QStackedWidget()
        for tab in Tab:
            self._stack.addWidget(self._side(tab))
        self._group = QButtonGroup(self)
        self.tabs: dict[Tab, QPushButton] = {}
        for tab in Tab:
            button = choice_button()
            button.clicked.connect(lambda _=False, tab=tab: self.show_tab(tab))
            self._group.addButton(button)
            self.tabs[tab] = button
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)
        column.addWidget(self._stack, 1)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._turns = 0
        self.refresh()

    def enter(self) -> None:
        """Ask, and go on asking."""
        self.show_tab(self.model.tab)
        self._timer.start()

    def leave(self) -> None:
        """Nobody looks any more."""
        self._timer.stop()

    def show_tab(self, tab: Tab) -> None:
        """Another side."""
        self._stack.setCurrentIndex(list(Tab).index(tab))
        self.model.show(tab)
        model = self._models.get(tab)
        if model is not None:
            model.reload()
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """One row of sides, or two."""
        across = 4 if metrics.portrait else len(Tab)
        for place, button in enumerate(self.tabs.values()):
            self._grid.addWidget(button, *divmod(place, across))
        for pane in (self.state, self.plc, self.engine, self.records, self.about, self.lines):
            pane.rescale(metrics)

    def refresh(self) -> None:
        """Name the sides, and press the one that is shown."""
        names = {
            Tab.STATE: self.tr("State"),
            Tab.CAMERAS: self.tr("Cameras"),
            Tab.PLC: self.tr("PLC"),
            Tab.ENGINE: self.tr("Engine"),
            Tab.RECORDS: self.tr("Records"),
            Tab.SYSTEM: self.tr("System"),
            Tab.LOG: self.tr("Log"),
        }
        for tab, button in self.tabs.items():
            button.setText(names[tab])
            button.setChecked(tab is self.model.tab)

    @property
    def _models(self) -> dict[Tab, ScreenModel]:
        return {Tab.PLC: self.signals, Tab.SYSTEM: self.system, Tab.LOG: self.log}

    def _side(self, tab: Tab) -> View:
        panes: dict[Tab, View] = {
            Tab.STATE: self.state,
            Tab.CAMERAS: self.cameras,
            Tab.PLC: self.plc,
            Tab.ENGINE: self.engine,
            Tab.RECORDS: self.records,
            Tab.SYSTEM: self.about,
            Tab.LOG: self.lines,
        }
        if tab in (Tab.STATE, Tab.LOG):  # the one has no questions, the other shows its own
            return panes[tab]
        model = self._models.get(tab, self.model)
        return StandingPane(model, panes[tab], lambda: "")

    def _tick(self) -> None:
        self._turns += 1
        if self.model.tab is Tab.PLC:
            self.signals.tick()
        elif self._turns % 2 == 0:
            self.model.tick()
