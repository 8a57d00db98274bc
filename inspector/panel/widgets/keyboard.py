"""A keyboard on the screen, for fingers in gloves, in English and Japanese."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.panel.models.keyboard import KeyboardModel, Shift
from inspector.panel.widgets.view import View, card, restyle

ROWS = 5
_LONGEST_ROW = 10


def key(*, checkable: bool = False) -> QPushButton:
    """A key; it takes no focus from the field that is written in."""
    made = QPushButton()
    made.setObjectName("key")
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
    return made


class Offers(View):
    """Ways to write what was typed, as many as fit beside each other."""

    chosen = pyqtSignal(int)

    def __init__(self, model: KeyboardModel) -> None:
        super().__init__()
        self._model = model
        self._from = 0
        self.keys = [key() for _ in range(_LONGEST_ROW - 2)]
        self.more = key()
        self.more.setText("›")
        self.more.clicked.connect(self._turn)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for index, one in enumerate(self.keys):
            one.clicked.connect(lambda _=False, index=index: self.chosen.emit(self._from + index))
            self._row.addWidget(one)
        self._row.addWidget(self.more)

    def set_gap(self, pixels: int) -> None:
        """Space between the keys."""
        self._row.setSpacing(pixels)

    def refresh(self) -> None:
        """Show the page of offers on which the chosen one is; a fresh composition begins anew."""
        offers, chosen = self._model.composition.offers, self._model.composition.chosen
        if chosen < 0:
            self._from = 0
        elif not self._from <= chosen < self._from + self._fitting(offers, self._from):
            self._from = chosen
        self._show(offers, chosen)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """More or fewer fit."""
        super().resizeEvent(a0)
        self.refresh()

    def _show(self, offers: tuple[str, ...], chosen: int) -> None:
        count = self._fitting(offers, self._from)
        for index, one in enumerate(self.keys):
            at = self._from + index
            one.setVisible(index < count)
            one.setText(offers[at].replace("&", "&&") if index < count else "")
            restyle(one, "primary", at == chosen)
            self._row.setStretchFactor(one, max(1, len(offers[at])) if index < count else 0)
        self.more.setVisible(count < len(offers))
        self._row.setStretchFactor(self.more, 2)

    def _fitting(self, offers: tuple[str, ...], first: int) -> int:
        """How many fit: each as wide as its text, and never narrower than two fingers."""
        least, room, count = self.height() * 1.2, self.width() - self.height() * 1.2, 0
        metrics = self.keys[0].fontMetrics()
        for offer in offers[first : first + len(self.keys)]:
            room -= max(least, metrics.horizontalAdvance(offer) + self.height() * 0.4)
            if count and room < 0:
                break
            count += 1
        return count

    def _turn(self) -> None:
        offers = self._model.composition.offers
        self._from += self._fitting(offers, self._from)
        if self._from >= len(offers):
            self._from = 0
        self._show(offers, self._model.composition.chosen)


class Keyboard(View):
    """Emits what is typed. ``ROWS`` rows of keys of one height."""

    typed = pyqtSignal(str)
    """Text for the field."""
    composed = pyqtSignal(str)
    """Text that is shown in the field, underlined, and is not in it yet."""
    erased = pyqtSignal()
    moved = pyqtSignal(int)
    """The cursor goes left (-1) or right (1)."""
    entered = pyqtSignal()
    left_alone = pyqtSignal()
    """Nothing more is typed for now."""

    def __init__(self, model: KeyboardModel) -> None:
        super().__init__()
        self.model = model
        self._column = QVBoxLayout()
        self._lines: list[QHBoxLayout] = []
        self._rows = [[key() for _ in row] for row in model.rows]
        self.offers = Offers(model)
        self.offers.chosen.connect(lambda index: self._give(model.choose(index)))
        self._top = QStackedWidget()
        self._top.addWidget(self._line_widget(self._rows[0]))
        self._top.addWidget(self.offers)
        self._column.addWidget(self._top, 1)
        self.erase = key()
        self.erase.setAutoRepeat(True)
        self.erase.clicked.connect(self._erase)
        for row in (*self._rows[1:3], [*self._rows[3], self.erase]):
            self._column.addWidget(self._line_widget(row), 1)
        self._column.addWidget(self._bottom(), 1)
        for row_index, keys in enumerate(self._rows):
            for column, one in enumerate(keys):
                one.clicked.connect(
                    lambda _=False, row=row_index, column=column: self._press(row, column)
                )
        card(self, self._column)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, gap: int) -> None:
        """Space between the keys."""
        self._column.setSpacing(gap)
        self._column.setContentsMargins(gap, gap, gap, gap)
        self.offers.set_gap(gap)
        for line in self._lines:
            line.setSpacing(gap)

    def refresh(self) -> None:
        """Label the keys."""
        model = self.model
        for keys, characters in zip(self._rows, model.rows, strict=True):
            for index, one in enumerate(keys):
                one.setText(characters[index].replace("&", "&&") if index < len(characters) else "")
                one.setEnabled(index < len(characters))
        composing = bool(model.composition.shown)
        self._top.setCurrentIndex(1 if composing else 0)
        if composing:
            self.offers.refresh()
        self.shift.setChecked(model.shifted)
        self.shift.setEnabled(not model.signs)
        self.shift.setText(self.tr("LOCK") if model.shift is Shift.HELD else self.tr("Shift"))
        self.signs.setText("abc" if model.signs else "#+=")
        self.speech.setEnabled(not model.latin_only)
        self.speech.setText("あ" if model.japanese else "A")
        self.space.setText(self.tr("Convert") if composing else self.tr("Space"))
        self.erase.setText("⌫")
        self.erase.setAccessibleName(self.tr("Delete"))
        self.away.setAccessibleName(self.tr("Put the keyboard away"))
        self.enter.setText(self.tr("Take") if composing else self.tr("Enter"))

    def take(self) -> None:
        """Finish what is being composed: somebody went to another field."""
        self._give(self.model.take())

    def _bottom(self) -> QWidget:
        self.shift, self.signs, self.speech = key(checkable=True), key(), key()
        self.left, self.space, self.right, self.enter = key(), key(), key(), key()
        self.left.setText("‹")
        self.right.setText("›")
        self.left.setAutoRepeat(True)
        self.right.setAutoRepeat(True)
        self.shift.clicked.connect(self.model.toggle_shift)
        self.signs.clicked.connect(self.model.toggle_signs)
        self.speech.clicked.connect(lambda: self._give(self.model.toggle_japanese()))
        self.space.clicked.connect(lambda: self._give(self.model.space()))
        self.left.clicked.connect(lambda: self._move(-1))
        self.right.clicked.connect(lambda: self._move(1))
        self.enter.clicked.connect(self._enter)
        self.away = key()
        self.away.setText("▾")
        self.away.clicked.connect(self.left_alone)
        before = [self.away, self.shift, self.signs, self.speech, self.left]
        keys = [*before, self.space, self.right, self.enter]
        return self._line_widget(keys, (2, 3, 2, 2, 2, 4, 2, 3))

    def _line_widget(self, keys: list[QPushButton], widths: tuple[int, ...] = ()) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        for one, width in zip(keys, widths or (1,) * len(keys), strict=True):
            line.addWidget(one, width)
        self._lines.append(line)
        return holder

    def _press(self, row: int, column: int) -> None:
        self._give(self.model.press(self.model.rows[row][column]))

    def _erase(self) -> None:
        if self.model.erase():
            self.composed.emit(self.model.composition.shown)
        else:
            self.erased.emit()

    def _move(self, step: int) -> None:
        self._give(self.model.take())
        self.moved.emit(step)

    def _enter(self) -> None:
        if self.model.composition.shown:
            self._give(self.model.take())
        else:
            self.entered.emit()

    def _give(self, text: str) -> None:
        if text:
            self.typed.emit(text)
        self.composed.emit(self.model.composition.shown)
