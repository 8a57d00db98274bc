"""The panel as a program."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import QWidget

from inspector.link.client import StationClient
from inspector.link.messages import Seat
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
    seat: Seat | None = None,
) -> int:
    """Show one station until the window is closed; the exit code.

    ``connect`` and ``connect_office`` open connections or raise; they are called on threads of
    their own, again whenever the other end was lost. ``language`` is ``en`` or ``ja``; ``dpi`` goes
    before what the screen says of itself. ``visitors`` keeps the names of who was here lately,
    and beside it stands which theme was chosen at this panel, which goes before ``look``;
    ``curtain`` is what was seen until now, ``seat`` which of several panels this is. Call on the
    main thread.
    """
    app = application()
    connection, office = Connection(connect), OfficeConnection(connect_office)
    window = PanelWindow(connection, office, Language(language), dpi=dpi, seat=seat)
    window.model.session.visitors = Visitors(visitors)
    window.model.looks.begin(visitors.with_name("looks.json") if visitors else None, look)
    theme.use(theme.Theme(window.model.looks.theme))
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
