"""What the checks said of a part, and what people said, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector.link.questions.reviewing import PartCheck, Said
from inspector.panel import theme
from inspector.panel.review_words import chance_words, finding_words, score_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.dragged import MARK_PX
from inspector.panel.widgets.gallery import SIGNS
from inspector.panel.widgets.paint import Symbol, draw_symbol
from inspector.panel.widgets.view import label
from inspector.panel.words import check_name, titled

SIDE_PX = 22
"""Of a sign, at the reference size."""


class Sign(QWidget):
    """A symbol as tall as a word."""

    def __init__(self, symbol: Symbol, side: int, *, good: bool | None = None) -> None:
        super().__init__()
        self._symbol, self._good = symbol, good
        self.setFixedSize(side, side)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        ink = theme.TEXT if self._good is None else theme.PASS if self._good else theme.ALERT
        painter = QPainter(self)
        draw_symbol(painter, self._symbol, QRectF(self.rect()).adjusted(2, 2, -2, -2), ink)
        painter.end()


class PartChecks(QWidget):
    """Failed checks first, as the office sorts them."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 2 * MARK_PX, 0)
        self._column.addStretch(1)
        self._shown: object = None
        self._side = SIDE_PX
        self._rows: list[QWidget] = []

    def rescale(self, metrics: Metrics) -> None:
        """Signs as tall as words; they are made anew when they are shown next."""
        self._side = metrics.px(SIDE_PX)

    def show_all(
        self, checks: Sequence[PartCheck], said: Sequence[Said], *, passed: bool, language: str
    ) -> None:
        """What is to be read; made anew only when it is something else."""
        shown = (tuple(checks), tuple(said), passed, language, self._side)
        if shown == self._shown:
            return
        self._shown = shown
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        views = {check.view for check in checks}
        self._rows = [self._check(check, several=len(views) > 1) for check in checks]
        self._rows += [self._said(word, passed=passed) for word in said]
        for place, row in enumerate(self._rows):
            self._column.insertWidget(place, row)
            row.show()

    @property
    def words(self) -> tuple[str, ...]:
        """All that is to be read."""
        return tuple(row.accessibleName() for row in self._rows)

    def _check(self, check: PartCheck, *, several: bool) -> QWidget:
        name = check_name(check.check) + (f" · {check.view + 1}" if several else "")
        sign = Sign(Symbol.CHECK if check.passed else Symbol.CROSS, self._side, good=check.passed)
        return _row(sign, name, score_words(check), chance_words(check))

    def _said(self, said: Said, *, passed: bool) -> QWidget:
        sign = Sign(SIGNS.get(said.finding, Symbol.UNSURE), self._side)
        finding = finding_words(said.finding, passed=passed)
        return _row(sign, titled(said.user, finding), said.defect, said.note)


def _row(sign: QWidget, first: str, *others: str) -> QWidget:
    row = QWidget()
    words = QVBoxLayout()
    words.setSpacing(0)
    said = [text for text in (first, *others) if text]
    for text in said:
        line = label("" if text is first else "small", wrap=True)
        line.setText(text)
        words.addWidget(line)
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    marks = QVBoxLayout()
    marks.addWidget(sign)
    marks.addStretch(1)
    across.addLayout(marks)
    across.addLayout(words, 1)
    row.setAccessibleName(" · ".join(said))
    return row
