"""What all widgets of the panel have in common."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.panel.theme import Metrics

OVERLAY = "overlay"
"""Property of widgets that lie over their siblings on purpose."""


class View(QWidget):
    """A widget that draws itself anew, in the language in use, by ``refresh``."""

    def refresh(self) -> None:
        """Show the model as it is now."""
        self.update()

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802  # Qt's name
        """Retranslate when the language changes."""
        if a0 is not None and a0.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(a0)


def label(style: str = "", *, wrap: bool = False) -> QLabel:
    """A text in one of the style sheet's styles, never read as markup.

    A text that is longer than its place is cut; it never pushes the rest of the screen aside.
    """
    made = QLabel()
    made.setObjectName(style)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if style != "chip":
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return made


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where its place ends; ``whole`` is the text as given."""

    def __init__(self, style: str) -> None:
        super().__init__()
        self.whole = ""
        self.setObjectName(style)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, a0: str | None) -> None:  # noqa: N802  # Qt's name
        """Show a text, as much of it as fits."""
        self.whole = a0 or ""
        self._fit()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """More or less fits now."""
        super().resizeEvent(a0)
        self._fit()

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802  # Qt's name
        """Another font needs another width."""
        super().changeEvent(a0)
        if a0 is not None and a0.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        right = Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(self.whole, right, self.width())
        if shown != self.text():
            super().setText(shown)


def beside(metrics: Metrics) -> QBoxLayout.Direction:
    """Beside each other, or below each other where the window is upright."""
    directions = QBoxLayout.Direction
    return directions.TopToBottom if metrics.portrait else directions.LeftToRight


def card(view: QWidget, inside: QLayout) -> QFrame:
    """Fill a widget with one raised surface that holds ``inside``."""
    frame = QFrame()
    frame.setObjectName("card")
    frame.setLayout(inside)
    around = QVBoxLayout(view)
    around.setContentsMargins(0, 0, 0, 0)
    around.addWidget(frame)
    return frame


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet selects by."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        style = widget.style()
        if style is not None:
            style.unpolish(widget)
            style.polish(widget)
