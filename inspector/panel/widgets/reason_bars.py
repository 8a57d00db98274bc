"""Pareto of reasons: the longest bar is what to mend first."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from inspector.panel import theme
from inspector.panel.widgets.paint import fitted_font

ROWS = 6
WORDS = 0.42
"""Share of the width that the words have."""
LETTERS = 0.62
"""Share of a row's height."""


class ReasonBars(QWidget):
    """Words, bar, number; what does not fit is the last row, joined."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(12 * ROWS)

    def show_reasons(self, reasons: list[tuple[str, int]], others: str) -> None:
        """Largest first; ``others`` is the word for the rest."""
        rest = sum(number for _, number in reasons[ROWS - 1 :])
        joined = [*reasons[: ROWS - 1], (others, rest)] if len(reasons) > ROWS else reasons
        if joined != self.rows:
            self.rows = joined
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        if not self.rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self.height() / ROWS
        most = max(number for _, number in self.rows)
        for place, (words, number) in enumerate(self.rows):
            row = QRectF(0, place * height, self.width(), height)
            self._row(painter, row, words, number, number / most)
        painter.end()

    def _row(self, painter: QPainter, row: QRectF, words: str, number: int, share: float) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        said = QRectF(row.left(), row.top(), row.width() * WORDS - 12, row.height())
        counted = f"{number:,}"
        painter.setFont(fitted_font(words, row.height() * LETTERS, said.width()))
        painter.setPen(theme.TEXT)
        painter.drawText(said, middle | Qt.AlignmentFlag.AlignRight, words)
        room = row.width() * (1 - WORDS)
        figure = fitted_font(counted, row.height() * LETTERS, room * 0.3, bold=True)
        bar = QRectF(row.width() * WORDS, row.top(), max(3.0, room * 0.7 * share), row.height())
        pad = row.height() * 0.18
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ALERT)
        painter.drawRect(bar.adjusted(0, pad, 0, -pad))
        painter.setPen(theme.TEXT)
        painter.setFont(figure)
        right = QRectF(bar.right() + 8, row.top(), room * 0.3, row.height())
        painter.drawText(right, middle | Qt.AlignmentFlag.AlignLeft, counted)
