"""The panel's voice: a beep a second while the horn sounds."""

from __future__ import annotations

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QApplication

from inspector.panel.models.alarms import Horn

BEEP_MS = 1000


class HornVoice(QObject):
    """Beeps at once when the horn begins to sound, then every second. GUI thread."""

    def __init__(self, horn: Horn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._horn = horn
        self._timer = QTimer(self)
        self._timer.setInterval(BEEP_MS)
        self._timer.timeout.connect(QApplication.beep)
        horn.changed.connect(self._listen)

    @property
    def beeping(self) -> bool:
        """True while it is heard."""
        return self._timer.isActive()

    def _listen(self) -> None:
        if self._horn.sounding == self.beeping:
            return
        if self._horn.sounding:
            QApplication.beep()
            self._timer.start()
        else:
            self._timer.stop()
