"""A slider for gloves: a large handle on a scale of logarithms, a key at each end."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy

from inspector.panel import theme
from inspector.panel.theme import Metrics
from inspector.panel.widgets.paint import Symbol, fitted_font
from inspector.panel.widgets.sign_button import SignButton
from inspector.panel.widgets.view import View

_NAMED = (1e-4, 1e-3, 1e-2, 1e-1)


class RateTrack(View):
    """Stops are evenly spaced: rates are chosen so that their logarithms nearly are."""

    chosen = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rates: tuple[float, ...] = ()
        self.place = self.now = 0
        self._handle, self._letters = 64, 16
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def rescale(self, metrics: Metrics) -> None:
        """A handle of a target's size."""
        self._handle = max(metrics.target, metrics.px(64))
        self._letters = metrics.px(17)
        self.setFixedHeight(self._handle + round(self._letters * 1.8))

    def show_place(self, rates: Sequence[float], place: int, now: int) -> None:
        """Stops, the one that is chosen, and the one in force."""
        self.rates, self.place, self.now = tuple(rates), place, now
        self.update()

    def centre(self, place: int) -> QPointF:
        """Where a stop is."""
        share = place / max(1, len(self.rates) - 1)
        return QPointF(self._inset + self._span * share, self._handle / 2)

    @property
    def _inset(self) -> float:
        """Handle and names of the outermost stops have room."""
        return max(self._handle / 2, 2.4 * self._letters)

    @property
    def _span(self) -> float:
        return max(1.0, self.width() - 2 * self._inset)

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """To where the finger is."""
        self.mouseMoveEvent(a0)

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """Follow it."""
        if a0 is None or not self.rates:
            return
        share = (a0.position().x() - self._inset) / self._span
        place = round(min(max(share, 0.0), 1.0) * (len(self.rates) - 1))
        if place != self.place:
            self.chosen.emit(place)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        if not self.rates:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, last = self.centre(0), self.centre(len(self.rates) - 1)
        painter.setPen(QPen(theme.LINE, 8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(first, last)
        for place, rate in enumerate(self.rates):
            at = self.centre(place)
            painter.setPen(QPen(theme.MUTED, 3))
            named = rate in _NAMED
            tall = self._handle * (0.34 if named else 0.2)
            painter.drawLine(QPointF(at.x(), at.y() - tall), QPointF(at.x(), at.y() + tall))
            if place == self.now or (named and abs(place - self.now) > 1):
                ink = theme.WARN if place == self.now else theme.MUTED
                self._name(painter, at.x(), f"{100 * rate:.3g} %", ink)
        self._paint_now(painter)
        painter.setPen(QPen(theme.GROUND, 4))
        painter.setBrush(theme.TEXT)
        painter.drawEllipse(self.centre(self.place), self._handle / 2 - 3, self._handle / 2 - 3)
        painter.end()

    def _paint_now(self, painter: QPainter) -> None:
        at, side = self.centre(self.now), self._handle * 0.2
        painter.setPen(QPen(theme.GROUND, 2))
        painter.setBrush(theme.WARN)
        painter.drawEllipse(at, side, side)

    def _name(self, painter: QPainter, x: float, text: str, ink: QColor) -> None:
        room = QRectF(0, 0, 2 * self._inset, self._letters * 1.5)
        room.moveCenter(QPointF(x, self._handle + room.height() / 2))
        room.moveLeft(min(max(room.left(), 0.0), self.width() - room.width()))
        painter.setPen(ink)
        painter.setFont(fitted_font(text, self._letters, room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)


class RateSlider(View):
    """The track, and a key for one stop less or more."""

    stepped = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self.less, self.more = SignButton(Symbol.LESS), SignButton(Symbol.MORE)
        self.track = RateTrack()
        self.less.clicked.connect(lambda: self.stepped.emit(-1))
        self.more.clicked.connect(lambda: self.stepped.emit(1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.less)
        row.addWidget(self.track, 1)
        row.addWidget(self.more)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes."""
        self.track.rescale(metrics)
        for key in (self.less, self.more):
            side = max(metrics.target, metrics.px(70))
            key.rescale(metrics.target, metrics.px(18))
            key.setFixedSize(round(side * 1.4), round(side * 1.2))

    def refresh(self) -> None:
        """Words."""
        self.less.show_as(self.tr("fewer"))
        self.more.show_as(self.tr("more"))

    def show_place(self, rates: Sequence[float], place: int, now: int) -> None:
        """Stops, the chosen one, the one in force."""
        self.track.show_place(rates, place, now)
        self.less.setEnabled(place > 0)
        self.more.setEnabled(place < len(rates) - 1)
