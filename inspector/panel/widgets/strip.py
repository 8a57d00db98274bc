"""The verdict strip: what the line says now, above every screen, never covered."""

from __future__ import annotations

from PyQt6.QtCore import QCoreApplication, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen

from inspector.panel import theme
from inspector.panel.models.live import Face, LiveModel
from inspector.panel.widgets.paint import Symbol, draw_symbol, fitted_font
from inspector.panel.widgets.view import View
from inspector.panel.words import cause_in_words, face_word

_SYMBOLS = {
    Face.PASS: Symbol.CHECK,
    Face.REJECT: Symbol.CROSS,
    Face.WAITING: Symbol.START,
    Face.STOPPED: Symbol.STOP,
    Face.ERROR: Symbol.CROSS,
    Face.NO_CONNECTION: Symbol.BROKEN,
}


class VerdictStrip(View):
    """One line: symbol, word, cause, part. Colour, word and symbol are each enough by itself."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__()
        self._model = model
        model.changed.connect(self.refresh)

    def colours(self) -> tuple[QColor, QColor]:
        """Fill and ink."""
        return {
            Face.PASS: (theme.SURFACE, theme.PASS),
            Face.REJECT: (theme.REJECT, theme.ON_REJECT),
            Face.ERROR: (theme.REJECT, theme.ON_REJECT),
            Face.NO_CONNECTION: (theme.STALE, theme.ON_STALE),
        }.get(self._model.face, (theme.SURFACE, theme.MUTED))

    def words(self) -> tuple[str, str]:
        """The verdict, and what it is about."""
        face, verdict = self._model.face, self._model.verdict
        if not face.live or verdict is None:
            return face_word(face), ""
        part = QCoreApplication.translate("VerdictStrip", "Part {number}")
        number = part.format(number=f"{verdict.part_id:,}")
        cause = "" if verdict.passed else f"{cause_in_words(verdict.cause)}  ·  "
        return face_word(face), cause + number

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        fill, ink = self.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = fill if fill is not theme.SURFACE else ink
        painter.setPen(QPen(edge, 3))
        painter.setBrush(fill)
        room = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.drawRoundedRect(room, 6, 6)
        side = room.height() * 0.62
        mark = QRectF(0, 0, side, side)
        mark.moveCenter(room.center())
        mark.moveLeft(room.left() + room.height() * 0.3)
        draw_symbol(painter, _SYMBOLS[self._model.face], mark, ink)
        line = room.adjusted(room.height() * 1.25, 0, -room.height() * 0.3, 0)
        word, about = self.words()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(ink)
        painter.setFont(fitted_font(word, room.height() * 0.62, line.width() * 0.48, bold=True))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, word)
        painter.setPen(theme.TEXT if fill is theme.SURFACE else ink)
        painter.setFont(fitted_font(about, room.height() * 0.4, line.width() * 0.48))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, about)
        painter.end()
