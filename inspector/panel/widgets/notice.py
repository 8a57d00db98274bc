"""A quiet word from the station: why it did not do what was asked."""

from __future__ import annotations

from PyQt6.QtCore import QRect, Qt, QTimer
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QLabel

SHOWN_MS = 8000


class Notice(QLabel):
    """Appears over the picture, goes by itself or at a tap."""

    def __init__(self) -> None:
        super().__init__()
        self._room = QRect()
        self.setObjectName("notice")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence for some seconds."""
        self.setText(text)
        self.show()
        self.raise_()
        self._timer.start()
        self.place(self._room)

    def place(self, room: QRect) -> None:
        """Stand at the bottom of this room, as tall as the text needs."""
        self._room = room
        tall = min(room.height(), max(self.heightForWidth(room.width()), self.minimumHeight()))
        self.setGeometry(room.left(), room.bottom() - tall, room.width(), tall)

    def mousePressEvent(self, ev: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """Read, thank you."""
        self.hide()
