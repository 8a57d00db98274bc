"""Who may command the line, and whether its parts are sorted: seen, handed over, signed for."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout

from inspector.link.messages import AskControl, Bypass, GiveControl, HandOver, TakeControl
from inspector.panel.models.session import Asking
from inspector.panel.surroundings import Surroundings
from inspector.panel.widgets.bands import SORTED_AGAIN
from inspector.panel.widgets.view import View, label, restyle
from inspector.panel.words import role_name, role_names


class ControlPane(View):
    """For a sheet, or a part of a screen."""

    signing = pyqtSignal()
    """A signature is asked for now: what lies over the screen goes."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self.writer, self.hint = label("strong", wrap=True), label("muted", wrap=True)
        self.panels, self.rule = label("strong", wrap=True), label("muted", wrap=True)
        self.ask, self.let_go, self.take = QPushButton(), QPushButton(), QPushButton()
        restyle(self.take, "dangerous", True)
        self.sorting, self.who = label("strong", wrap=True), label("muted", wrap=True)
        self.me, self.my = label("strong", wrap=True), label("muted", wrap=True)
        self.pin, self.password = QPushButton(), QPushButton()
        self.pin.clicked.connect(lambda: self._change(Asking.CHANGE_PIN))
        self.password.clicked.connect(lambda: self._change(Asking.CHANGE_PASSWORD))
        self.give, self.back = QPushButton(), QPushButton()
        self.bypass, self.sort = QPushButton(), QPushButton()
        restyle(self.bypass, "dangerous", True)
        send = around.desk.send
        self.give.clicked.connect(lambda: send(HandOver("plc")))
        self.back.clicked.connect(lambda: send(HandOver("operator")))
        self.ask.clicked.connect(lambda: send(AskControl()))
        self.let_go.clicked.connect(lambda: send(GiveControl()))
        self.take.clicked.connect(lambda: send(TakeControl()))
        self.bypass.clicked.connect(self._bypass)
        self.sort.clicked.connect(lambda: send(Bypass(False, SORTED_AGAIN)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for words, buttons in (
            ((self.writer, self.hint), (self.give, self.back)),
            ((self.panels, self.rule), (self.ask, self.take, self.let_go)),
            ((self.sorting, self.who), (self.bypass, self.sort)),
        ):
            part = QFrame()
            grid = QGridLayout(part)
            grid.setContentsMargins(0, 0, 0, 0)  # four of them have room on the smallest display
            grid.setColumnStretch(0, 3)
            grid.setColumnStretch(1, 2)
            for row, text in enumerate(words):
                grid.addWidget(text, row, 0)
            for button in buttons:
                grid.addWidget(button, 0, 1, 2, 1)
            if self.ask in buttons:
                self.several = part
            column.addWidget(part)
        self.person = QFrame()
        grid = QGridLayout(self.person)
        grid.setContentsMargins(0, 0, 0, 0)
        for index, stretch in enumerate((3, 1, 1)):
            grid.setColumnStretch(index, stretch)
        grid.addWidget(self.me, 0, 0)
        grid.addWidget(self.my, 1, 0)
        grid.addWidget(self.pin, 0, 1, 2, 1)
        grid.addWidget(self.password, 0, 2, 2, 1)
        column.addWidget(self.person)
        column.addStretch()
        refresh = self.refresh
        for changed in (around.model.live.changed, around.desk.changed):
            changed.connect(refresh)
            self.destroyed.connect(lambda _=None, one=changed: one.disconnect(refresh))
        self.refresh()

    def refresh(self) -> None:
        """Say how it is now."""
        live = self._around.model.live
        status = live.status if live.connected else None
        plc = status is not None and status.writer == "plc"
        asks = status is not None and status.plc_asks
        passing = status.bypass if status is not None else ""
        self.writer.setText(self._writer(known=status is not None, plc=plc))
        asked = self.tr("The PLC asks for it and waits.")
        silent = self.tr("The PLC does not ask for it.")
        everybody = self.tr("Stop works for everybody all the same.")
        self.hint.setText(everybody if plc else asked if asks else silent)
        self.give.setText(self.tr("Hand over to the PLC"))
        self.back.setText(self.tr("Take it back"))
        self.give.setVisible(not plc)
        self.back.setVisible(plc)
        may_hand = status is not None and self._around.desk.may("HandOver")
        self.give.setEnabled(may_hand and asks)
        self.back.setEnabled(may_hand)
        self._say_panels()
        self._say_sorting(passing, known=status is not None)
        self._say_me()

    def _writer(self, *, known: bool, plc: bool) -> str:
        if not known:
            return self.tr("Nobody knows who commands the line now.")
        if plc:
            return self.tr("The PLC commands the line.")
        return self.tr("People at the panel command the line.")

    def _say_panels(self) -> None:
        """With whom control is, of several panels. Who may take it asks first."""
        control, desk = self._around.model.control, self._around.desk
        live = self._around.model.live
        self.several.setVisible(control.seat is not None and live.connected)
        self.panels.setText(self._which())
        self.rule.setText(self.tr("Stop, calling and judging work at every panel."))
        self.ask.setText(self.tr("Ask for it"))
        self.let_go.setText(self.tr("Let go"))
        self.take.setText(self.tr("Take it"))
        takes = control.waiting and desk.may("TakeControl")
        self.take.setVisible(takes)
        self.ask.setVisible(bool(control.holder) and not takes)
        self.ask.setEnabled(desk.may("AskControl") and not control.waiting)
        self.let_go.setVisible(control.here)

    def _which(self) -> str:
        control = self._around.model.control
        if control.here:
            return self.tr("This panel is in control.")
        if control.holder:
            return self.tr("{name} is in control.").format(name=control.holder)
        return self.tr("No panel is in control: the first to act has it.")

    def _say_sorting(self, passing: str, *, known: bool) -> None:
        all_pass = self.tr("ALL PARTS PASS, bad ones as well.")
        self.sorting.setText(all_pass if passing else self.tr("Parts are sorted."))
        restyle(self.sorting, "kind", "warning" if passing else "")
        able = role_names(self._around.desk.who_may("Bypass"))
        signed = self.tr("Signed by {name}").format(name=passing)
        self.who.setText(signed if passing else self.tr("For: {roles}").format(roles=able))
        self.bypass.setText(self.tr("Let all parts pass …"))
        self.sort.setText(self.tr("Sort again"))
        self.bypass.setVisible(not passing)
        self.sort.setVisible(bool(passing))
        may = known and self._around.desk.may("Bypass")
        self.bypass.setEnabled(may)
        self.sort.setEnabled(may)

    def _say_me(self) -> None:
        model = self._around.model.session
        session = model.session if model.logged_in else None
        self.person.setVisible(session is not None)
        if session is None:
            return
        self.me.setText(f"{session.user}  ·  {session.full_name or role_name(session.role)}")
        has, lacks = self.tr("Your PIN is set."), self.tr("You have no PIN to go on with.")
        self.my.setText(has if session.pin else lacks)
        self.pin.setText(self.tr("PIN"))
        self.password.setText(self.tr("Password"))

    def _change(self, asking: Asking) -> None:
        self.signing.emit()
        self._around.model.session.change(asking)

    def _bypass(self) -> None:
        self.signing.emit()
        self._around.sign(Bypass(True, ""))
