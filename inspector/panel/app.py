"""The panel as a program."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from PyQt6.QtWidgets import QApplication

from inspector.link.client import StationClient
from inspector.panel import theme
from inspector.panel.connection import Connection
from inspector.panel.translation import Language
from inspector.panel.window import PanelWindow


def main(
    connect: Callable[[], StationClient], language: str = "en", *, full_screen: bool = False
) -> int:
    """Show one station until the window is closed; the exit code.

    ``connect`` opens a connection or raises; it is called on a thread of its own, again whenever
    the station was lost. ``language`` is ``en`` or ``ja``. Call on the main thread.
    """
    app = application()
    connection = Connection(connect)
    window = PanelWindow(connection, Language(language))
    window.resize(theme.REFERENCE)
    if full_screen:
        window.showFullScreen()
    else:
        window.show()
    connection.start()
    signal.signal(signal.SIGINT, lambda *_: window.close())
    return app.exec()


def application() -> QApplication:
    """The one QApplication, in the panel's font."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("Inspector")
    app.setStyle("Fusion")
    app.setFont(theme.base_font())
    return app
