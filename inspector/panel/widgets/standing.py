"""Busy, empty or failed: what a screen shows in place of its content."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QCoreApplication, QRectF, Qt, QTimer
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QPushButton, QStackedLayout, QVBoxLayout, QWidget

from inspector.panel import theme
from inspector.panel.models.desk import GONE
from inspector.panel.models.screen import ScreenModel, Standing
from inspector.panel.station_words import told
from inspector.panel.widgets.view import View, label

TURN_MS = 120


class Turning(QWidget):
    """Something is under way. Stands still while nobody sees it."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TURN_MS)
        self._timer.timeout.connect(self._turn)
        self.setFixedSize(64, 64)

    def turn(self, on: bool) -> None:
        """Begin or stop."""
        if on:
            self._timer.start()
        else:
            self._timer.stop()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(6, 6, -6, -6)
        painter.setPen(QPen(QColor(theme.LINE), 6))
        painter.drawEllipse(room)
        painter.setPen(QPen(theme.TEXT, 6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(room, -16 * 30 * self._at, 16 * 80)
        painter.end()

    def _turn(self) -> None:
        self._at = (self._at + 1) % 12
        self.update()


class StandingPane(View):
    """Wraps a screen's content: shows it, or why there is none, and the way to try again.

    ``nothing`` gives the sentence for an empty screen in the language in use.
    """

    def __init__(self, model: ScreenModel, content: QWidget, nothing: Callable[[], str]) -> None:
        super().__init__()
        self._model = model
        self._nothing = nothing
        self.content = content
        self.turning = Turning()
        self.text = label("strong", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.below = label("muted", wrap=True)
        self.below.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.again = QPushButton()
        self.again.clicked.connect(model.reload)
        words = QWidget()
        column = QVBoxLayout(words)
        column.addStretch()
        column.addWidget(self.turning, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.text)
        column.addWidget(self.below)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(content)
        self._stack.addWidget(words)
        model.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the content, or what stands in its place."""
        standing = self._model.standing
        self._stack.setCurrentIndex(0 if standing is Standing.READY else 1)
        self.turning.turn(standing is Standing.BUSY)
        self.turning.setVisible(standing is Standing.BUSY)
        self.again.setVisible(standing is Standing.PROBLEM)
        self.again.setText(QCoreApplication.translate("StandingPane", "Try again"))
        busy = QCoreApplication.translate("StandingPane", "One moment …")
        problem = self._model.problem
        if problem == GONE:
            problem = QCoreApplication.translate(
                "StandingPane", "The office of the station cannot be reached."
            )
        said, below = told(problem)
        self.text.setText(
            {Standing.BUSY: busy, Standing.PROBLEM: said}.get(standing, self._nothing())
        )
        self.below.setText(below)
        self.below.setVisible(bool(below) and standing is Standing.PROBLEM)
