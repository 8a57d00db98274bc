"""Connection, models and screen together."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from inspector.core.state import StationState
from inspector.link.messages import Start
from inspector.panel import connection as connection_module
from inspector.panel import theme
from inspector.panel.connection import Connection
from inspector.panel.models.live import Face
from inspector.panel.office_connection import OfficeConnection
from inspector.panel.translation import Language
from inspector.panel.window import PanelWindow
from tests.panel import fakes
from tests.panel.fakes import ScriptedStation, no_office


def test_from_station_to_screen_and_back(
    qtbot: QtBot, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "BACKOFF_S", (0.01,))
    station = ScriptedStation(repeat=fakes.status(), refuse={"Start": "Show the samples first"})
    station.pictures.append(fakes.picture(7, passed=False))
    station.events.append(fakes.reject(7))
    link = Connection(lambda: station)
    window = PanelWindow(link, OfficeConnection(no_office), language)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    link.start()
    qtbot.waitUntil(lambda: window.model.live.face is Face.REJECT)
    assert window.model.rejects.notices[0].part_id == 7
    assert window.grab().toImage().pixelColor(window.width() - 3, 3) == theme.GROUND

    station.repeat = fakes.status(StationState.READY)
    qtbot.waitUntil(window.shell.live.controls.start.isEnabled)
    window.shell.live.controls.start.click()
    qtbot.waitUntil(window.shell.notice.isVisible)
    assert window.shell.notice.text() == "Show the samples first"
    assert Start() in station.asked

    station.gone = True
    qtbot.waitUntil(lambda: window.model.live.face is Face.NO_CONNECTION)
    assert window.shell.live.alarms.text.text() == "the station went away"
    station.gone = False
    qtbot.waitUntil(lambda: window.model.live.face is Face.STOPPED)

    window.close()
    assert station.closed
    assert not link._thread.is_alive()
