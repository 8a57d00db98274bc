"""PASS or REJECT, readable at five metres."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy

from inspector.panel import theme
from inspector.panel.models.live import Face, LiveModel
from inspector.panel.widgets.paint import Symbol, big_word, draw_symbol, fitted_font
from inspector.panel.widgets.view import View
from inspector.panel.words import cause_in_words, clock_time, station_words


@dataclass(frozen=True, slots=True)
class _Look:
    fill: QColor
    ink: QColor
    edge: QColor
    symbol: Symbol


_LOOKS = {
    Face.PASS: _Look(theme.SURFACE, theme.PASS, theme.PASS, Symbol.CHECK),
    Face.REJECT: _Look(theme.REJECT, QColor("white"), theme.REJECT, Symbol.CROSS),
    Face.WAITING: _Look(theme.SURFACE, theme.MUTED, theme.LINE, Symbol.START),
    Face.STOPPED: _Look(theme.SURFACE, theme.MUTED, theme.LINE, Symbol.STOP),
    Face.ERROR: _Look(theme.GROUND, QColor("#ff5a5f"), QColor("#ff5a5f"), Symbol.CROSS),
    Face.NO_CONNECTION: _Look(theme.STALE, QColor("white"), theme.STALE, Symbol.BROKEN),
}


class VerdictView(View):
    """Colour, word and symbol, each enough by itself; the cause below them in words."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__()
        self._model = model
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        model.changed.connect(self.refresh)

    def word(self) -> str:
        """The one word."""
        return {
            Face.PASS: self.tr("PASS"),
            Face.REJECT: self.tr("REJECT"),
            Face.WAITING: self.tr("WAITING"),
            Face.STOPPED: self.tr("STOPPED"),
            Face.ERROR: self.tr("ERROR"),
            Face.NO_CONNECTION: self.tr("NO CONNECTION"),
        }[self._model.face]

    def explanation(self) -> str:
        """Why, or what it means."""
        face, verdict = self._model.face, self._model.verdict
        if face.live and verdict is not None:
            return cause_in_words(verdict.cause)
        return {
            Face.WAITING: self.tr("No part has come yet"),
            Face.STOPPED: self.tr("Parts are not inspected"),
            Face.ERROR: self.tr("Every part is rejected"),
            Face.NO_CONNECTION: self.tr("The panel does not hear the station"),
        }[face]

    def detail(self) -> str:
        """Which part and when, or what is wrong."""
        face, verdict = self._model.face, self._model.verdict
        if face is Face.NO_CONNECTION:
            return station_words(self._model.trouble)
        if verdict is None or not face.live:
            return ""
        part = self.tr("Part {number}").format(number=f"{verdict.part_id:,}")
        return f"{part}  ·  {clock_time(verdict.utc_us)}"

    def word_room(self) -> QRectF:
        """Where the word stands: nearly all of the area."""
        pad = self.height() * 0.055
        return QRectF(pad, pad, self.width() - 2 * pad, self.height() * 0.70)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        look = _LOOKS[self._model.face]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        border = max(3.0, self.height() / 60)
        painter.setPen(QPen(look.edge, border))
        painter.setBrush(look.fill)
        half = border / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 6, 6)
        painter.fillPath(big_word(self.word(), self.word_room()), look.ink)
        self._paint_words(painter, look)
        painter.end()

    def _paint_words(self, painter: QPainter, look: _Look) -> None:
        room = self.word_room()
        top = room.bottom() + self.height() * 0.04
        size = self.height() - top - self.height() * 0.05
        mark = size * 0.9
        draw_symbol(painter, look.symbol, QRectF(room.left(), top, mark, mark), look.ink)
        left = room.left() + mark * 1.25
        width = room.right() - left
        painter.setPen(QColor("white") if look.fill != theme.SURFACE else theme.TEXT)
        detail, explanation = self.detail(), self.explanation()
        upper = QRectF(left, top, width, mark * (0.55 if detail else 1.0))
        painter.setFont(fitted_font(explanation, mark * 0.45, width, bold=True))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(upper, middle, explanation)
        painter.setFont(fitted_font(detail, mark * 0.36, width))
        painter.drawText(QRectF(left, upper.bottom(), width, mark * 0.45), middle, detail)
