"""One of several, side by side: what is chosen stands out."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPushButton, QSizePolicy

from inspector.panel.widgets.view import restyle


def choice_button() -> QPushButton:
    """A button that stays down; put those of one choice into a ``QButtonGroup``."""
    button = QPushButton()
    button.setObjectName("choice")
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    button.toggled.connect(lambda on: restyle(button, "primary", on))
    return button
