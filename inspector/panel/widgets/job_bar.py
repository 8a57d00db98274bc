"""A job of the office: how far it is, and the way to stop it."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from inspector.panel import theme
from inspector.panel.models.desk import Following
from inspector.panel.station_words import station_words, told_whole
from inspector.panel.widgets.view import View, label


class Track(QWidget):
    """A bar; where nobody can tell how much is left, only its rim."""

    def __init__(self) -> None:
        super().__init__()
        self.share: float | None = None
        self.setFixedHeight(16)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float | None) -> None:
        """0..1, None where it is not known."""
        self.share = share
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(theme.LINE)
        painter.setBrush(theme.RAISED)
        painter.drawRoundedRect(room, 4, 4)
        if self.share:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.TEXT)
            room.setWidth(room.width() * self.share)
            painter.drawRoundedRect(room, 4, 4)
        painter.end()


class JobBar(View):
    """Follows one job at a time; hidden without one. ``follow`` anew at each change."""

    def __init__(self) -> None:
        super().__init__()
        self._job: Following | None = None
        self.words = label("muted")
        self.track = Track()
        self.cancel = QPushButton()
        self.cancel.clicked.connect(self._cancel)
        column = QVBoxLayout()
        column.addWidget(self.words)
        column.addWidget(self.track)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(column, 1)
        row.addWidget(self.cancel)
        self.hide()

    def follow(self, job: Following | None) -> None:
        """Show this job, or none."""
        self._job = job
        self.setVisible(job is not None and (not job.ended or bool(job.problem)))
        self.refresh()

    def refresh(self) -> None:
        """How far it is, or why it failed."""
        job = self._job
        self.cancel.setText(self.tr("Cancel"))
        self.cancel.setVisible(job is not None and not job.ended)
        self.track.setVisible(job is not None and not job.ended)
        if job is None:
            return
        self.track.show_share(job.share)
        state = job.state
        if job.ended:
            self.words.setText(told_whole(job.problem))
        elif state is None or not state.step:
            self.words.setText(self.tr("One moment …"))
        elif state.total:
            text = self.tr("{step}: {done} of {total}")
            step = station_words(state.step)
            numbers = {"done": f"{state.done:,}", "total": f"{state.total:,}"}
            self.words.setText(text.format(step=step, **numbers))
        else:
            self.words.setText(station_words(state.step))

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
