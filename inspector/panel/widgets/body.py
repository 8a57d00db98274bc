"""The room of the screens, below header and verdict strip."""

from __future__ import annotations

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from inspector.panel.widgets.view import OVERLAY


class Body(QWidget):
    """Where the screens are; what lies over them fills it whole."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = QStackedWidget()
        # A screen that wants more than there is must not make the window larger than the display.
        self.stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.over: list[QWidget] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)

    def lay(self, widget: QWidget) -> None:
        """Lay something over the screens."""
        widget.setParent(self)
        widget.setProperty(OVERLAY, True)
        self.over.append(widget)
        widget.setGeometry(self.rect())

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """Fill."""
        super().resizeEvent(a0)
        for widget in self.over:
            widget.setGeometry(self.rect())
