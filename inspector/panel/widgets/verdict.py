"""PASS or REJECT, readable at five metres."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy

from inspector.panel import theme
from inspector.panel.models.live import Face, LiveModel
from inspector.panel.widgets.paint import Symbol, big_word, draw_symbol, fitted_font
from inspector.panel.widgets.view import View
from inspector.panel.words import cause_in_words, face_word


@dataclass(frozen=True, slots=True)
class _Look:
    fill: QColor
    ink: QColor
    edge: QColor
    symbol: Symbol
    words: QColor


_LOOKS = {
    Face.PASS: _Look(theme.SURFACE, theme.PASS, theme.PASS, Symbol.CHECK, theme.TEXT),
    Face.REJECT: _Look(theme.REJECT, theme.ON_REJECT, theme.REJECT, Symbol.CROSS, theme.ON_REJECT),
    Face.WAITING: _Look(theme.SURFACE, theme.MUTED, theme.LINE, Symbol.START, theme.TEXT),
    Face.STOPPED: _Look(theme.SURFACE, theme.MUTED, theme.LINE, Symbol.STOP, theme.TEXT),
    Face.ERROR: _Look(theme.GROUND, theme.ALERT, theme.ALERT, Symbol.CROSS, theme.TEXT),
    Face.NO_CONNECTION: _Look(
        theme.STALE, theme.ON_STALE, theme.STALE, Symbol.BROKEN, theme.ON_STALE
    ),
}


class VerdictView(View):
    """Colour, word and symbol, each enough by itself; the cause below them in words."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__()
        self._model = model
        self._painted: tuple[Face, str, str, str] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        model.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Repaint when something else is to be said."""
        said = (self._model.face, self.word(), self.explanation(), self.detail())
        if said != self._painted:
            self._painted = said
            self.update()

    def word(self) -> str:
        """The one word."""
        return face_word(self._model.face)

    def explanation(self) -> str:
        """Why, or what it means."""
        face, verdict, status = self._model.face, self._model.verdict, self._model.status
        if face.live and verdict is not None and status is not None:
            if status.limits.masters and status.limits.shown:
                return self.tr("Limit sample – not ejected")
            if status.bypass and not verdict.passed:
                cause = cause_in_words(verdict.cause)
                return self.tr("{cause} – bypass, not ejected").format(cause=cause)
            return cause_in_words(verdict.cause)
        if face is Face.STOPPED and status is not None and status.locked:
            return self.tr("Production is locked: see the alarms")
        return {
            Face.WAITING: self.tr("No part has come yet"),
            Face.STOPPED: self.tr("Parts are not inspected"),
            Face.ERROR: self.tr("Every part is rejected"),
            Face.NO_CONNECTION: self.tr("The panel does not hear the station"),
        }.get(face, "")

    def detail(self) -> str:
        """Which part it is about."""
        face, verdict = self._model.face, self._model.verdict
        if verdict is None or not face.live:
            return ""
        return self.tr("Part {number}").format(number=f"{verdict.part_id:,}")

    def word_room(self) -> QRectF:
        """Where the word stands: nearly all of the area."""
        side, top = self.height() * 0.08, self.height() * 0.06
        return QRectF(side, top, self.width() - 2 * side, self.height() * 0.725)

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
        row = QRectF(room.left(), self.height() * 0.82, room.width(), self.height() * 0.15)
        mark = row.height()
        draw_symbol(painter, look.symbol, QRectF(row.left(), row.top(), mark, mark), look.ink)
        row.setLeft(row.left() + mark * 1.35)
        painter.setPen(look.words)
        detail, explanation = self.detail(), self.explanation()
        middle = Qt.AlignmentFlag.AlignVCenter
        detail_font = fitted_font(detail, mark * 0.66, row.width() * 0.45)
        painter.setFont(detail_font)
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, detail)
        left = row.width() - QFontMetricsF(detail_font).horizontalAdvance(f"{detail}  ")
        painter.setFont(fitted_font(explanation, mark * 0.86, left, bold=True))
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignLeft, explanation)
