"""The whole panel before a small station and its office, in one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.link.client import StationClient
from inspector.link.messages import Login
from inspector.link.office_client import OfficeClient
from inspector.panel import office_connection
from inspector.panel.connection import Connection
from inspector.panel.office_connection import OfficeConnection
from inspector.panel.translation import Language
from inspector.panel.window import PanelWindow
from tests.office.conftest import run_office
from tests.station.production_line import PASSWORD

SOON = 60_000


@contextmanager
def shown(
    qtbot: QtBot, language: Language, station: StationClient, office: OfficeClient
) -> Iterator[PanelWindow]:
    """The panel, once it has heard both."""
    links = Connection(lambda: station), OfficeConnection(lambda: office)
    window = PanelWindow(*links, language)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office_connection, "BACKOFF_S", (0.05,))
        for link in links:
            link.start()
        qtbot.waitUntil(
            lambda: window.model.live.connected and bool(window.desk.rights), timeout=SOON
        )
        yield window
    window.close()


def log_in(qtbot: QtBot, window: PanelWindow, user: str, right: str) -> None:
    """Somebody who has this right."""
    window.desk.send(Login(user, PASSWORD))
    qtbot.waitUntil(lambda: window.desk.may(right), timeout=SOON)


@pytest.fixture
def window(qtbot: QtBot, language: Language, tmp_path: Path) -> Iterator[PanelWindow]:
    with (
        run_office(tmp_path) as desk,
        shown(qtbot, language, desk.station.console, desk.client) as made,
    ):
        yield made
