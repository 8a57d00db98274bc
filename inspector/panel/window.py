"""The panel's window: connection, models and screen put together."""

from __future__ import annotations

import time

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from inspector.link.messages import AnyCommand
from inspector.panel.connection import Connection
from inspector.panel.models.panel import PanelModel
from inspector.panel.station_words import station_words
from inspector.panel.translation import Language
from inspector.panel.widgets.live import LiveScreen

FRAME_MS = 33
"""At most thirty times a second: more is not seen, and the line PC has better things to do."""

TICK_MS = 200


class PanelWindow(QWidget):
    """One station on one screen."""

    def __init__(self, connection: Connection, language: Language) -> None:
        super().__init__()
        self.model = PanelModel(time.monotonic)
        self.screen_view = LiveScreen(self.model, language)
        self._connection = connection
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.screen_view)
        self.setWindowTitle("Inspector")
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self._take)
        self._tick = QTimer(self)
        self._tick.timeout.connect(self.model.tick)
        self._tick.start(TICK_MS)
        self.screen_view.asked.connect(connection.send)
        connection.arrived.connect(lambda: self._frame.start(FRAME_MS))
        connection.lost.connect(self.model.lose)
        connection.answered.connect(self.model.answered)
        connection.refused.connect(self._refused)

    def closeEvent(self, a0: QCloseEvent | None) -> None:  # noqa: N802  # Qt's name
        """Leave the station in peace."""
        self._connection.stop()
        super().closeEvent(a0)

    def _take(self) -> None:
        news = self._connection.take()
        self.model.deliver(news.status, news.at_s, news.picture, news.rejects)

    def _refused(self, command: AnyCommand, reason: str) -> None:
        if not self.model.refused(command, reason):
            gone = self.tr("Not done: the station cannot be reached.")
            self.screen_view.notice.say(station_words(reason) if reason else gone)
