"""Alarms in the colours, shapes and words of NAMUR NE 107."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QGridLayout, QPushButton, QWidget

from inspector.core.state import Health
from inspector.link.messages import Acknowledge
from inspector.panel import theme
from inspector.panel.models.alarms import AlarmList
from inspector.panel.station_words import told
from inspector.panel.theme import Metrics
from inspector.panel.widgets.fitted_text import FittedText
from inspector.panel.widgets.paint import draw_health
from inspector.panel.widgets.view import View, card
from inspector.panel.words import clock_time, health_name

_MORE_LINES = 36
"""Room for one more line of a long alarm, at 800 x 1280."""


class HealthSign(QWidget):
    """The sign of one status signal."""

    def __init__(self) -> None:
        super().__init__()
        self.health: Health | None = None

    def show_health(self, health: Health | None) -> None:
        """Show a signal; nothing when it is not known."""
        self.health = health
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        if self.health is None:
            return
        painter = QPainter(self)
        side = min(self.width(), self.height()) * 0.7
        room = QRectF(0, 0, side, side)
        room.moveCenter(QRectF(self.rect()).center())
        draw_health(painter, self.health, room)
        painter.end()


class AlarmBar(View):
    """The alarm that wants attention first, the way to the others, and the acknowledgement."""

    asked = pyqtSignal(object)
    """A command for the station."""
    wanted = pyqtSignal()
    """Somebody wants to read all of the alarm that is shown."""

    def __init__(self, model: AlarmList) -> None:
        super().__init__()
        self._model = model
        self.sign = HealthSign()
        self.title = FittedText(bold=True, wraps=False)
        self.text = FittedText(stand=Qt.AlignmentFlag.AlignTop)
        self.more = QPushButton()
        self.more.clicked.connect(model.next)
        self.acknowledge = QPushButton()
        self.acknowledge.clicked.connect(self._acknowledge)
        self._inside = QGridLayout()
        self._inside.setVerticalSpacing(0)
        self._inside.setColumnStretch(1, 1)
        self._card = card(self, self._inside)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics, height: int) -> None:
        """Height in pixels. Where the window is upright the sentence has the whole width."""
        sign = metrics.target if metrics.portrait else height
        self.setFixedHeight(height + (metrics.px(_MORE_LINES) if metrics.portrait else 0))
        self.sign.setFixedWidth(sign)
        self.text.set_size(metrics.px(23))
        self.title.set_size(metrics.px(26))
        self._place(upright=metrics.portrait)

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """The words were touched: they are wanted whole."""
        if self._model.shown is not None:
            self.wanted.emit()
        super().mousePressEvent(a0)

    def _place(self, *, upright: bool) -> None:
        for widget in (self.sign, self.title, self.text, self.more, self.acknowledge):
            self._inside.removeWidget(widget)
        rows = 1 if upright else 2
        stand = Qt.AlignmentFlag
        self.title.stand(stand.AlignVCenter if upright else stand.AlignBottom)
        self._inside.addWidget(self.sign, 0, 0, rows, 1)
        self._inside.addWidget(self.title, 0, 1)
        self._inside.addWidget(self.more, 0, 2, rows, 1)
        self._inside.addWidget(self.acknowledge, 0, 3, rows, 1)
        self._inside.addWidget(self.text, 1, *((0, 1, 4) if upright else (1, 1, 1)))
        self._inside.setContentsMargins(12 if upright else 0, 5, 6, 5)
        self._inside.setRowStretch(0, 2)
        self._inside.setRowStretch(1, 3)

    def refresh(self) -> None:
        """Show the foremost alarm, or that there is none."""
        alarm, count = self._model.shown, len(self._model.alarms)
        health = alarm.health if alarm is not None else self._model.health
        self.sign.show_health(health)
        edge = theme.NE107[health].name() if alarm is not None and health is not None else ""
        self._card.setStyleSheet(f"QFrame#card {{ border: 3px solid {edge}; }}" if edge else "")
        self.more.setVisible(count > 1)
        self.more.setText(f"{self._model.position + 1} / {count}  ›")
        self.acknowledge.setVisible(alarm is not None)
        if alarm is None:
            self._show_calm(health)
            return
        self.title.setText(f"{health_name(alarm.health)}  ·  {clock_time(alarm.raised_utc_us)}")
        self.text.setText(*told(alarm.text))
        self.acknowledge.setEnabled(not alarm.acknowledged)
        done, ask = self.tr("Acknowledged"), self.tr("Acknowledge")
        self.acknowledge.setText(done if alarm.acknowledged else ask)

    def _show_calm(self, health: Health | None) -> None:
        if health is None:
            self.title.setText(self.tr("Alarms unknown"))
            self.text.setText(*told(self._model.trouble))
        else:
            self.title.setText(health_name(health))
            self.text.setText(self.tr("No alarms"))

    def _acknowledge(self) -> None:
        alarm = self._model.shown
        if alarm is not None:
            self.asked.emit(Acknowledge(alarm.key))
