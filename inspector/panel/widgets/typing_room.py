"""Fields above, the keyboard below while one of them is written in; neither covers the other."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, Qt, QTimer
from PyQt6.QtGui import QInputMethodEvent, QKeyEvent, QMouseEvent, QResizeEvent, QTextCharFormat
from PyQt6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QScrollArea,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from inspector.panel.models.keyboard import KeyboardModel
from inspector.panel.theme import Metrics
from inspector.panel.translation import Language
from inspector.panel.widgets.keyboard import ROWS, Keyboard

PROSE = "prose"
"""Property of fields that hold sentences: they begin in the language of the panel."""

SECRET = "secret"
"""Property of fields that hold passwords, shown or not: they take Latin letters alone."""

_GAP = 6
_HEAD_AND_FIELD = 2.3
"""Targets that a line of title and keys, and a field with its name, need at least."""


class TypingRoom(QWidget):
    """Holds ``content``; whatever field in it is touched can be typed into on the screen.

    What does not fit above the keyboard is scrolled to the field; ``head`` stays in sight, but on
    the smallest displays, where nothing but one field fits above keys of 12 mm.
    """

    def __init__(self, content: QWidget, language: Language, head: QWidget | None = None) -> None:
        super().__init__()
        self._language = language
        self._field: QLineEdit | QTextEdit | None = None
        self.content = content
        self._keyboard: Keyboard | None = None
        self._metrics: Metrics | None = None
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(content)
        content.setAutoFillBackground(False)
        self._viewport.setAutoFillBackground(False)  # else Qt's own grey shines through
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._head = head
        if head is not None:
            self._column.addWidget(head)
        self._column.addWidget(self.area, 1)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    @property
    def keyboard(self) -> Keyboard:
        """Made when it is wanted first: fifty keys are not styled for nothing."""
        if self._keyboard is None:
            made = self._keyboard = Keyboard(KeyboardModel())
            self._column.addWidget(made)
            made.hide()
            made.typed.connect(self._commit)
            made.composed.connect(self._compose)
            made.erased.connect(lambda: self._press(Qt.Key.Key_Backspace))
            made.left_alone.connect(self._leave)
            made.entered.connect(lambda: self._press(Qt.Key.Key_Return))
            made.moved.connect(
                lambda step: self._press(Qt.Key.Key_Left if step < 0 else Qt.Key.Key_Right)
            )
            self._scale()
        return self._keyboard

    def rescale(self, metrics: Metrics) -> None:
        """Keys as tall as a finger in a glove."""
        self._metrics = metrics
        self._scale()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """Other room."""
        super().resizeEvent(a0)
        if self._field is not None:
            self._make_room()
            QTimer.singleShot(0, self._show_field)

    def _scale(self) -> None:
        metrics, keyboard = self._metrics, self._keyboard
        if metrics is not None and keyboard is not None:
            gap = metrics.px(_GAP)
            keyboard.rescale(gap)
            keyboard.setFixedHeight(ROWS * metrics.target + (ROWS + 1) * gap)

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802  # Qt's name
        """A touch beside the fields puts the keyboard away."""
        self._leave()
        super().mousePressEvent(a0)

    def _leave(self) -> None:
        if self._field is not None:
            self._field.clearFocus()

    def _make_room(self) -> None:
        """Show the head where it fits above the keyboard with the field."""
        if self._head is None or self._metrics is None:
            return
        left = self.height() - (self.keyboard.height() if self._field is not None else 0)
        needed = _HEAD_AND_FIELD * self._metrics.target
        self._head.setVisible(self._field is None or left >= needed)

    def show_head(self) -> None:
        """The head says something new: where it gave way to the keyboard, that goes."""
        if self._head is not None and self._head.isHidden():
            self._leave()

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802  # Qt's name
        """Another language of the panel: sentences begin in it."""
        super().changeEvent(a0)
        if a0 is not None and a0.type() == QEvent.Type.LanguageChange and self._field is not None:
            self._begin(self._field)

    @property
    def _viewport(self) -> QWidget:
        found = self.area.viewport()
        assert found is not None  # a scroll area has one
        return found

    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        del old
        field = new if isinstance(new, QLineEdit | QTextEdit) and self._holds(new) else None
        if field is self._field:
            return
        if self._field is not None:
            self.keyboard.take()
            self.keyboard.hide()
        self._field = field
        if field is not None:
            self.keyboard.show()
            self._begin(field)
        self._make_room()
        if field is not None:
            QTimer.singleShot(0, self._show_field)  # once the keyboard has taken its room

    def _holds(self, widget: QWidget) -> bool:
        return self.content.isAncestorOf(widget)

    def _begin(self, field: QLineEdit | QTextEdit) -> None:
        model = self.keyboard.model
        model.latin_only = bool(field.property(SECRET))
        model.signs = False
        model.speak(japanese=bool(field.property(PROSE)) and self._language.code == "ja")

    def _show_field(self) -> None:
        if self._field is None:
            return
        holder = self._field.parentWidget()
        whole = holder if holder is not None and holder is not self.content else self._field
        if whole.height() > self._viewport.height():
            whole = self._field
        bar = self.area.verticalScrollBar()
        top = whole.mapTo(self.content, whole.rect().topLeft()).y()
        bottom = top + whole.height()
        assert bar is not None  # a scroll area has one
        if not bar.value() <= top <= bottom <= bar.value() + self._viewport.height():
            bar.setValue(top)  # nothing above is cut through

    def _commit(self, text: str) -> None:
        if self._field is not None:
            event = QInputMethodEvent("", [])
            event.setCommitString(text)
            QApplication.sendEvent(self._field, event)

    def _compose(self, text: str) -> None:
        if self._field is None:
            return
        kind = QInputMethodEvent.AttributeType
        underlined = QTextCharFormat()
        underlined.setFontUnderline(True)
        attributes = [
            QInputMethodEvent.Attribute(kind.TextFormat, 0, len(text), underlined),
            QInputMethodEvent.Attribute(kind.Cursor, len(text), 1, None),
        ]
        QApplication.sendEvent(self._field, QInputMethodEvent(text, attributes))

    def _press(self, key: Qt.Key) -> None:
        if self._field is None:
            return
        target = self._field
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(target, event)
