"""Station, state: where it is, why it is not Ready, and what leads on from there."""

from __future__ import annotations

from PyQt6.QtWidgets import QBoxLayout, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.core.state import StationState, StationStatus
from inspector.panel.models.station import TRANSITIONS, StationModel, reasons
from inspector.panel.station_words import station_words
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.state_map import StateMap
from inspector.panel.widgets.view import View, beside, card, label
from inspector.panel.words import health_name, role_names, state_name

_MOST_NAMED = 4
_INTERRUPTS = ("Abort", "Halt")
"""Asked once more while parts are inspected."""


class StatePane(View):
    """Map, words, and a button for each transition that is legal now."""

    def __init__(self, model: StationModel, around: Surroundings) -> None:
        super().__init__()
        self._model, self._around = model, around
        self.map = StateMap()
        self.now, self.why = label("title", wrap=True), label("", wrap=True)
        self.uptime = label("muted", wrap=True)
        self.buttons = {name: QPushButton() for name in TRANSITIONS}
        self.who: dict[str, QLabel] = {name: label("small", wrap=True) for name in TRANSITIONS}
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self._go(name))
        self._said: tuple[object, ...] = ()
        self._lay_out()
        for changed in (model.changed, around.model.live.changed, around.desk.changed):
            changed.connect(self._look)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Beside each other, or one below the other."""
        self._sides.setDirection(beside(metrics))
        self.map.rescale(metrics)

    def refresh(self) -> None:
        """Say how it stands."""
        status = self._status
        self.map.show_state(status.state if status is not None else None)
        self.now.setText(self._headline(status))
        self.why.setText(self._reasons(status))
        self.uptime.setText(self._uptime(status))
        names = {
            "StartSingle": self.tr("Inspect one part"),
            "SelectAutomatic": self.tr("Load again (automatic)"),
            "Reset": self.tr("Reset"),
            "Abort": self.tr("Abort"),
            "Halt": self.tr("Halt"),
        }
        legal = self._model.legal(status.state if status is not None else None)
        for name, button in self.buttons.items():
            button.setText(names[name])
            button.setVisible(name in legal)
            self.who[name].setVisible(name in legal)
            button.setEnabled(self._may(name))
            self.who[name].setText(self._who(name))

    @property
    def _status(self) -> StationStatus | None:
        live = self._around.model.live
        return live.status if live.connected else None

    def _look(self) -> None:
        """The station tells five times a second, mostly the same."""
        status, desk = self._status, self._around.desk
        said: tuple[object, ...] = (desk.role, len(desk.rights))
        if status is not None:
            minutes = int(status.uptime_s // 60)
            said += (status.state, status.health, status.locked, status.alarms, minutes)
            said += (status.writer,)
        if said != self._said:
            self._said = said
            self.refresh()

    def _may(self, name: str) -> bool:
        status = self._status
        held = status is not None and status.writer == "plc" and name in _NEED_ACCESS
        return self._around.desk.may(name) and not held

    def _who(self, name: str) -> str:
        status = self._status
        if status is not None and status.writer == "plc" and name in _NEED_ACCESS:
            return self.tr("The PLC has control.")
        desk = self._around.desk
        if "" in desk.rights.get(name, ()):
            return self.tr("Everyone, without a log-in")
        return role_names(desk.who_may(name))

    def _headline(self, status: StationStatus | None) -> str:
        if status is None:
            return self.tr("No connection")
        return f"{state_name(status.state)}  ·  {health_name(status.health)}"

    def _reasons(self, status: StationStatus | None) -> str:
        if status is None:
            return station_words(self._around.model.live.trouble)
        states = StationState
        told = [f"• {station_words(reason)}" for reason in reasons(status)[:_MOST_NAMED]]
        if told:
            return "\n".join([self.tr("Not Ready, because:"), *told])
        return {
            states.PREOPERATIONAL: self.tr("The station starts: devices are looked for."),
            states.HALTED: self.tr(
                "Halted on request: nothing is loaded. Outputs can be tested on the side PLC."
            ),
            states.ERROR: self.tr("All parts are rejected until it is reset."),
            states.INITIALIZED: self.tr("Loaded. Something is still missing for production."),
            states.READY: self.tr("Ready: parts may come as soon as it is started."),
            states.SINGLE_EXECUTION: self.tr("A single run: it ends by itself."),
            states.CONTINUOUS_EXECUTION: self.tr("Parts are being inspected."),
        }[status.state]

    def _uptime(self, status: StationStatus | None) -> str:
        if status is None:
            return ""
        minutes = int(status.uptime_s // 60)
        days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
        text = self.tr("On for {days} d {hours} h {minutes} min")
        return text.format(days=days, hours=hours, minutes=minutes)

    def _go(self, name: str) -> None:
        status = self._status
        if name not in _INTERRUPTS or status is None or not status.state.running:
            self._model.go(name)
            return
        words = label("", wrap=True)
        words.setText(self.tr("Parts are being inspected. Those under way are rejected or lost."))
        button = self.buttons[name].text()
        sheet = Sheet(button, words, confirm=button, dangerous=True)
        sheet.confirmed.connect(lambda: self._model.go(name))
        self._around.lay(sheet)

    def _lay_out(self) -> None:
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        for one in (self.now, self.why, self.uptime):
            column.addWidget(one)
        column.addSpacing(8)
        grid = QGridLayout()
        for place, name in enumerate(TRANSITIONS):
            grid.addWidget(self.buttons[name], 2 * place, 0)
            grid.addWidget(self.who[name], 2 * place + 1, 0)
        column.addLayout(grid)
        column.addStretch(1)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.addWidget(self.map, 3)
        self._sides.addWidget(Dragged(words), 2)
        card(self, self._sides)


_NEED_ACCESS = ("StartSingle", "SelectAutomatic", "Reset")
"""Of operator and PLC only who has control may give these."""
