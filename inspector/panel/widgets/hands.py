"""Hands on the panel: every touch counts as use of the session; badges are told from fingers."""

from __future__ import annotations

import time
from collections.abc import Callable

from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication, QWidget

from inspector.panel.models.badge import KEY_GAP_S, BadgeReader
from inspector.panel.models.session import SessionModel

TICK_MS = 200
_USES = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.KeyPress,
    QEvent.Type.Wheel,
)


class Hands(QObject):
    """Watches all events of the program. Real keys are held back for a moment: a badge reader
    types quickly and ends with Enter, and what it types belongs into no field.
    """

    asked = pyqtSignal(object)
    """A command for the station."""
    ticked = pyqtSignal()
    """A few times a second."""

    def __init__(
        self,
        window: QWidget,
        session: SessionModel,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self._now = now
        self._session = session
        self._reader = BadgeReader()
        self._field: QWidget | None = None
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(round(1000 * KEY_GAP_S) + 10)
        self._late.timeout.connect(self._release)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._clock.start(TICK_MS)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:  # noqa: N802  # Qt's name
        """Look at every event; True for keys that are kept."""
        if a1 is None or a1.type() not in _USES or not a1.spontaneous():
            return False
        if not isinstance(a0, QWidget):
            return False  # the same event comes to its window first
        command = self._session.touch()
        if command is not None:
            self.asked.emit(command)
        if isinstance(a1, QKeyEvent):
            return self._key(a1, a0)
        self._release()  # what was typed comes before what is touched next
        return False

    def _tick(self) -> None:
        command = self._session.tick()
        if command is not None:
            self.asked.emit(command)
        self.ticked.emit()

    def _key(self, event: QKeyEvent, field: QWidget) -> bool:
        now = self._now()
        if field is not self._field:
            self._release()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            badge = self._reader.enter(now)
            self._late.stop()
            if badge:
                self._session.read_badge(badge)
                return True
            self._type(self._reader.take())
            return False
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and len(event.text()) == 1 and event.text().isprintable():
            self._type(self._reader.overdue(now))
            self._reader.key(event.text(), now)
            self._field = field
            self._late.start()
            return True
        self._type(self._reader.take())
        return False

    def _release(self) -> None:
        self._late.stop()
        self._type(self._reader.take())

    def _type(self, text: str) -> None:
        """Hand keys that were held back to the field for which they were typed."""
        target = self._field
        for letter in "" if target is None or sip.isdeleted(target) else text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, _code(letter), Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(target, event)


def _code(letter: str) -> int:
    return ord(letter.upper()) if letter.isascii() else Qt.Key.Key_unknown.value
