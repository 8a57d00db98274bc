"""What must be seen on every screen: all parts pass, outputs are tested, somebody asks ..."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton

from inspector.link.messages import Bypass, EndTest, GiveControl, HandOver, KeepControl
from inspector.panel.models.control import ControlModel
from inspector.panel.models.live import LiveModel
from inspector.panel.models.session import SessionModel
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.view import View, beside, label

MANUAL_TEST = "manual-test"
"""Key of the alarm that stands while outputs may be forced."""
SORTED_AGAIN = "sorted again at the panel"
"""Reason of the command; sorting again is asked of nobody."""


class Bands(View):
    """Below the verdict strip and above everything else; no height while nothing is to be said."""

    asked = pyqtSignal(object)
    """A command for the station."""
    shown = pyqtSignal(bool)
    """There is something to say, or not any more."""

    def __init__(self, live: LiveModel, session: SessionModel, control: ControlModel) -> None:
        super().__init__()
        self._live, self._session, self._control = live, session, control
        self._on = False
        self.bypass, self.sort = label("loud", wrap=True), QPushButton()
        self.sort.clicked.connect(lambda: self.asked.emit(Bypass(False, SORTED_AGAIN)))
        self.rest, self.stay = label("loud", wrap=True), QPushButton()
        self.stay.clicked.connect(self._stay)
        self.asks, self.give = label("loud", wrap=True), QPushButton()
        self.give.clicked.connect(lambda: self.asked.emit(HandOver("plc")))
        self.test, self.end = label("loud", wrap=True), QPushButton()
        self.end.clicked.connect(lambda: self.asked.emit(EndTest()))
        self.panel, self.hand, self.keep = label("loud", wrap=True), QPushButton(), QPushButton()
        self.hand.clicked.connect(lambda: self.asked.emit(GiveControl()))
        self.keep.clicked.connect(lambda: self.asked.emit(KeepControl()))
        self._rows = (
            _band("bypass", self.bypass, self.sort),
            _band("countdown", self.rest, self.stay),
            _band("countdown", self.asks, self.give),
            _band("bypass", self.test, self.end),
            _band("countdown", self.panel, self.keep, self.hand),
        )
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._beside.setContentsMargins(0, 0, 0, 0)
        for row in self._rows:
            self._beside.addWidget(row, 1)
        live.changed.connect(self.refresh)
        session.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Beside each other where there is room."""
        self._beside.setDirection(beside(metrics))
        self._beside.setSpacing(metrics.px(4))

    def refresh(self) -> None:
        """Say what holds now."""
        status = self._live.status if self._live.connected else None
        who = status.bypass if status is not None else ""
        left = self._session.rests_in_s
        self._rows[0].setVisible(bool(who))
        self._rows[1].setVisible(left is not None)
        asks = status is not None and status.plc_asks
        self._rows[2].setVisible(asks)
        alarms = status.alarms if status is not None else ()
        test = next((alarm.text for alarm in alarms if alarm.key == MANUAL_TEST), "")
        self._rows[3].setVisible(bool(test))
        self.test.setText(station_words(test))
        self.end.setText(self.tr("End the test"))
        handing = self._say_panels()
        on = bool(who) or left is not None or asks or bool(test) or handing
        self.setVisible(on)
        if on != self._on:
            self._on = on
            self.shown.emit(on)
        if who:
            text = self.tr("ALL PARTS PASS, bad ones as well. Signed by {name}")
            self.bypass.setText(text.format(name=who))
        self.sort.setText(self.tr("Sort again"))
        if left is not None:
            text = self.tr("{name}: the panel is locked in {seconds} s")
            name = self._session.session.user if self._session.session is not None else ""
            self.rest.setText(text.format(name=name, seconds=left))
        self.stay.setText(self.tr("Stay"))
        self.asks.setText(self.tr("The PLC asks for control"))
        self.give.setText(self.tr("Hand over"))

    def _say_panels(self) -> bool:
        """True while one panel asks another for control, and this is one of the two."""
        control = self._control
        for button in (self.hand, self.keep):
            button.setVisible(bool(control.asks))
        self._rows[4].setVisible(bool(control.asks) or control.waiting)
        text = self.tr("{name} asks for control: it passes in {seconds} s")
        if control.waiting:
            text = self.tr("{name} was asked for control: {seconds} s")
        name = control.holder if control.waiting else control.asks
        self.panel.setText(text.format(name=name, seconds=control.left_s))
        self.hand.setText(self.tr("Give it"))
        self.keep.setText(self.tr("Keep it"))
        return bool(control.asks) or control.waiting

    def _stay(self) -> None:
        command = self._session.touch()
        if command is not None:
            self.asked.emit(command)


def _band(kind: str, text: QLabel, *buttons: QPushButton) -> QFrame:
    frame = QFrame()
    frame.setObjectName(kind)
    frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(frame)
    row.setContentsMargins(12, 4, 4, 4)
    row.addWidget(text, 1)
    for button in buttons:
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.addWidget(button)
    return frame
