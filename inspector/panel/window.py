"""The panel's window: connections, models and everything on the screen put together."""

from __future__ import annotations

import time

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from inspector.link.messages import AnyCommand, Seat
from inspector.panel.connection import Connection
from inspector.panel.models.control import is_of_another_panel
from inspector.panel.models.desk import Desk
from inspector.panel.models.panel import PanelModel
from inspector.panel.office_connection import OfficeConnection
from inspector.panel.station_words import told_whole
from inspector.panel.translation import Language
from inspector.panel.widgets.shell import Shell

FRAME_MS = 33
"""At most thirty times a second: more is not seen, and the line PC has better things to do."""

TICK_MS = 200


class PanelWindow(QWidget):
    """One station on one screen. ``dpi`` is measured where the screen's own word is wrong.

    ``seat``: which of several panels this is.
    """

    def __init__(
        self,
        connection: Connection,
        office: OfficeConnection,
        language: Language,
        *,
        dpi: float | None = None,
        seat: Seat | None = None,
    ) -> None:
        super().__init__()
        self.model = PanelModel(time.monotonic, seat)
        self.desk = Desk(connection.send, office.ask)
        self.shell = Shell(self.model, self.desk, language, dpi=dpi)
        self._connection, self._office = connection, office
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.shell)
        self.setWindowTitle("Inspector")
        self._frame = QTimer(self)
        self._taken_s = 0.0
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self._take)
        self._tick = QTimer(self)
        self._tick.timeout.connect(self.model.tick)
        self._tick.timeout.connect(self._tell)
        self._tick.start(TICK_MS)
        for source in (self.shell.header, self.shell.login):
            source.asked.connect(connection.send)
        connection.arrived.connect(self._soon)
        connection.lost.connect(self.model.lose)
        connection.answered.connect(self.model.answered)
        connection.answered.connect(self.desk.answered)
        connection.refused.connect(self._refused)
        office.answered.connect(self.desk.answered)
        office.refused.connect(self.desk.refused)
        office.news.connect(self.desk.hear)
        office.lost.connect(self.desk.lose)
        self.model.session.changed.connect(self._pass_on_session)

    def closeEvent(self, a0: QCloseEvent | None) -> None:  # noqa: N802  # Qt's name
        """Leave the station in peace."""
        self._connection.stop()
        self._office.stop()
        super().closeEvent(a0)

    def _soon(self) -> None:
        """At once after a pause: a picture waits only for the one before it."""
        since_ms = 1000 * (time.monotonic() - self._taken_s)
        self._frame.start(max(0, round(FRAME_MS - since_ms)))

    def _take(self) -> None:
        self._taken_s = time.monotonic()
        news = self._connection.take()
        self.model.deliver(news.status, news.at_s, news.picture, news.rejects)

    def _tell(self) -> None:
        """The station hears of this thread: a panel that hangs is not in control for long."""
        present = self.model.control.tick()
        if present is not None:
            self._connection.send(present)

    def _pass_on_session(self) -> None:
        """The office asks the station whose the token is."""
        session = self.model.session.session
        self._office.speak_for(session.token if session is not None else "")
        self.desk.take_session(session)

    def _refused(self, command: AnyCommand, reason: str) -> None:
        if self.desk.refused(command, reason) or self.model.refused(command, reason):
            return
        if is_of_another_panel(reason):
            self.shell.show_control()
        else:
            gone = self.tr("Not done: the station cannot be reached.")
            self.shell.say(told_whole(reason) if reason else gone)
