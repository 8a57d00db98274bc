"""The panel as a program."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import QWidget

from inspector.link.client import StationClient
from inspector.link.office_client import OfficeClient
from inspector.panel import theme
from inspector.panel.connection import Connection
from inspector.panel.curtain import application
from inspector.panel.models.visitors import Visitors
from inspector.panel.office_connection import OfficeConnection
from inspector.panel.translation import Language
from inspector.panel.window import PanelWindow


def main(
    connect: Callable[[], StationClient],
    connect_office: Callable[[], OfficeClient],
    language: str = "en",
    *,
    full_screen: bool = False,
    look: theme.Theme = theme.Theme.DARK,
    dpi: float | None = None,
    visitors: Path | None = None,
    curtain: QWidget | None = None,
) -> int:
    """Show one station until the window is closed; the exit code.

    ``connect`` and ``connect_office`` open connections or raise; they are called on threads of
    their own, again whenever the other end was lost. ``language`` is ``en`` or ``ja``; ``dpi`` goes
    before what the screen says of itself. ``visitors`` keeps the names of who was here lately;
    ``curtain`` is what was seen until now. Call on the main thread.
    """
    app = application()
    theme.use(look)
    connection, office = Connection(connect), OfficeConnection(connect_office)
    window = PanelWindow(connection, office, Language(language), dpi=dpi)
    window.model.session.visitors = Visitors(visitors)
    window.resize(theme.REFERENCE)
    if full_screen:
        window.showFullScreen()
    else:
        window.show()
    if curtain is not None:
        curtain.close()
    connection.start()
    office.start()
    signal.signal(signal.SIGINT, lambda *_: window.close())
    return app.exec()
