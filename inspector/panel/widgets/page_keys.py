"""The foot of what is turned over page by page: two large keys, and which page it is."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton

from inspector.panel.widgets.view import View, label


class PageKeys(View):
    """``turned`` tells -1 or 1. Nothing is shown while all of it fits."""

    turned = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self.newer, self.older = QPushButton(), QPushButton()
        self.place = label("muted")
        self.place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.newer.clicked.connect(lambda: self.turned.emit(-1))
        self.older.clicked.connect(lambda: self.turned.emit(1))
        for key in (self.newer, self.older):
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        foot = QHBoxLayout(self)
        foot.setContentsMargins(0, 0, 0, 0)
        for widget in (self.newer, self.place, self.older):
            foot.addWidget(widget, 2)
        self.refresh()

    @property
    def tall(self) -> int:
        """Room that it wants, px."""
        return self.older.sizeHint().height()

    def refresh(self) -> None:
        """Name the keys."""
        self.newer.setText(self.tr("‹  Back"))
        self.older.setText(self.tr("More  ›"))

    def show_page(self, first: int, fits: int, count: int, *, more: bool = False) -> None:
        """The page from ``first`` on, of ``count`` that are known; ``more`` are beyond."""
        end = min(first + fits, count)
        self.newer.setEnabled(first > 0)
        self.older.setEnabled(end < count or more)
        for widget in (self.newer, self.older, self.place):
            widget.setVisible(count > fits or more)
        self.place.setText(f"{first + 1} – {end}  /  {count}{'+' if more else ''}")
