"""The whole panel before a small station and its office, in one process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.panel import office_connection
from inspector.panel.connection import Connection
from inspector.panel.office_connection import OfficeConnection
from inspector.panel.translation import Language
from inspector.panel.window import PanelWindow
from tests.office.conftest import run_office

SOON = 30_000


@pytest.fixture
def window(
    qtbot: QtBot, language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PanelWindow]:
    monkeypatch.setattr(office_connection, "BACKOFF_S", (0.05,))
    with run_office(tmp_path) as desk:
        link = Connection(lambda: desk.station.console)
        office = OfficeConnection(lambda: desk.client)
        made = PanelWindow(link, office, language)
        qtbot.addWidget(made)
        with qtbot.waitExposed(made):
            made.show()
        link.start()
        office.start()
        qtbot.waitUntil(lambda: made.model.live.connected and bool(made.desk.rights), timeout=SOON)
        yield made
        made.close()
