"""What an operator does by one touch: start, stop, next product, call for help, silence."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout

from inspector.core.state import StationState
from inspector.link.messages import (
    Acknowledge,
    AnyCommand,
    AskControl,
    CallEngineer,
    Reset,
    Start,
    Stop,
)
from inspector.panel.models.alarms import CALL, AlarmList, Horn
from inspector.panel.models.control import ControlModel
from inspector.panel.models.live import LiveModel
from inspector.panel.theme import Metrics
from inspector.panel.widgets.paint import Symbol
from inspector.panel.widgets.sign_button import SignButton
from inspector.panel.widgets.view import View


class Controls(View):
    """Buttons that ask the station; whether it obeys is the station's to say.

    Start gives way to Reset in Error, and to asking for control where another panel has it. Stop
    needs no log-in.
    """

    asked = pyqtSignal(object)
    """A command for the station."""
    next_product = pyqtSignal()

    def __init__(
        self, model: LiveModel, alarms: AlarmList, control: ControlModel, horn: Horn
    ) -> None:
        super().__init__()
        self._model, self._alarms, self._control, self._horn = model, alarms, control, horn
        self.start = SignButton(Symbol.START)
        self.stop = SignButton(Symbol.STOP)
        self.product = SignButton(Symbol.NEXT)
        self.call = SignButton(Symbol.CALL)
        self.horn = SignButton(Symbol.MUTE)
        self._buttons = (self.start, self.stop, self.product, self.call, self.horn)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        for button in self._buttons:
            self._layout.addWidget(button, 1)
        self.start.clicked.connect(lambda: self.asked.emit(self._start()))
        self.stop.clicked.connect(lambda: self.asked.emit(Stop()))
        self.call.clicked.connect(lambda: self.asked.emit(self._call()))
        self.product.clicked.connect(self.next_product)
        self.horn.clicked.connect(horn.tap)
        for source in (model, alarms, horn):
            source.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes in pixels."""
        self._layout.setSpacing(metrics.px(8))
        for button in self._buttons:
            button.rescale(metrics.target, metrics.px(22))
        self.setFixedHeight(max(metrics.target, metrics.px(84)))

    def refresh(self) -> None:
        """Offer what the state allows."""
        state = self._model.state
        running = state is not None and state.running
        failed = state is StationState.ERROR
        startable = state is not None and not running
        if self._control.holder:
            startable = state is not None and not self._control.waiting
            seconds = self._control.left_s
            asked = self.tr("Asked:\n{seconds} s").format(seconds=seconds)
            ask = self.tr("Ask for\ncontrol")
            self.start.show_as(asked if self._control.waiting else ask, Symbol.LOCK)
        elif failed:
            self.start.show_as(self.tr("Reset"), Symbol.RESET, primary=True)
        else:
            self.start.show_as(self.tr("Start"), Symbol.START, primary=startable)
        self.start.setEnabled(startable)
        self.stop.show_as(self.tr("Stop"), primary=running)
        self.stop.setEnabled(running)
        self.product.show_as(self.tr("Next\nproduct"))
        self.product.setEnabled(state is not None)
        called = self._alarms.stands(CALL)
        self.call.show_as(
            self.tr("Called:\ncancel") if called else self.tr("Call\nengineer"), on=called
        )
        self.call.setEnabled(state is not None)
        self._show_horn()

    def _show_horn(self) -> None:
        horn = self._horn
        if horn.sounding:
            self.horn.show_as(self.tr("Mute"), Symbol.MUTE, primary=True)
        elif horn.on:
            self.horn.show_as(self.tr("Sound\non"), Symbol.HORN, on=True)
        else:
            self.horn.show_as(self.tr("Sound\noff"), Symbol.MUTE)

    def _start(self) -> AnyCommand:
        if self._control.holder:
            return AskControl()
        return Reset() if self._model.state is StationState.ERROR else Start()

    def _call(self) -> AnyCommand:
        return Acknowledge(CALL) if self._alarms.stands(CALL) else CallEngineer()
