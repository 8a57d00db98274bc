"""What is seen while the panel loads: on a busy PC that is long enough to ask whether it starts."""

from __future__ import annotations

import sys

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from inspector.panel import theme

_STARTING = {"en": "The panel is starting …", "ja": "パネルを起動しています…"}
"""Without a translator, which is loaded later."""


def application() -> QApplication:
    """The one QApplication, in the panel's font."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Inspector")
    app.setStyle("Fusion")
    app.setFont(theme.base_font())
    return app


class Curtain(QWidget):
    """A window with the program's name, in the way of nothing; it falls with ``close``."""

    def __init__(self, language: str, *, full_screen: bool) -> None:
        super().__init__()
        self.setWindowTitle("Inspector")
        self.setObjectName("screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.resize(theme.REFERENCE)
        self.setStyleSheet(theme.stylesheet(theme.Metrics.of(self.size(), self.screen())))
        column = QVBoxLayout(self)
        column.addStretch()
        for name, text in (("big", "Inspector"), ("muted", _STARTING[language])):
            words = QLabel(text)
            words.setObjectName(name)
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(words)
        column.addStretch()
        if full_screen:
            self.showFullScreen()
        else:
            self.show()
        QApplication.processEvents()
