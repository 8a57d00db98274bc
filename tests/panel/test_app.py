"""The program from start to end."""

from __future__ import annotations

import signal

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.panel.app import main
from inspector.panel.models.live import Face
from inspector.panel.window import PanelWindow
from tests.panel import fakes
from tests.panel.fakes import ScriptedStation, no_office


def test_the_program_shows_a_station_until_its_window_is_closed(qtbot: QtBot) -> None:
    station = ScriptedStation(repeat=fakes.status())
    seen: list[tuple[Face, str]] = []

    def look() -> None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, PanelWindow) and window.isVisible():
                live = window.model.live
                if live.connected:
                    seen.append((live.face, window.shell.live.verdict.word()))
                    window.close()

    watch = QTimer()
    watch.timeout.connect(look)
    watch.start(20)
    before = signal.getsignal(signal.SIGINT)
    try:
        assert main(lambda: station, no_office) == 0
    finally:
        signal.signal(signal.SIGINT, before)
        watch.stop()
    assert seen == [(Face.WAITING, "WAITING")]
    assert station.closed
