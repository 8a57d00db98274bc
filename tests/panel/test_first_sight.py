"""What comes first, what is loaded later, and how light it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from inspector.cli import _app
from inspector.core.state import Health
from inspector.panel import theme
from inspector.panel.curtain import Curtain
from inspector.panel.models.looks import Looks
from inspector.panel.translation import Language
from inspector.panel.widgets.sheet import Sheet
from tests.panel import fakes
from tests.panel.stage import Stage
from tests.panel.touching import drag


@pytest.mark.parametrize(("code", "word"), [("en", "starting"), ("ja", "起動")])
def test_a_window_with_the_name_comes_first(qtbot: QtBot, code: str, word: str) -> None:
    curtain = Curtain(code, full_screen=False)
    qtbot.addWidget(curtain)
    assert curtain.isVisible()
    texts = [one.text() for one in curtain.findChildren(QLabel)]
    assert any("Inspector" in text for text in texts)
    assert any(word in text for text in texts)


def test_the_panel_loads_no_other_command() -> None:
    assert [one.name for one in _app(["panel"]).registered_commands] == ["panel"]
    assert len(_app(["run"]).registered_commands) > 10


def test_screens_are_made_when_they_are_visited(language: Language) -> None:
    stage = Stage(language)
    assert set(stage.shell.screens) == {"live"}
    stage.shell.go("trends")
    assert set(stage.shell.screens) == {"live", "trends"}
    stage.close()


def test_the_theme_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "panel" / "looks.json"
    looks = Looks()
    told: list[str] = []
    looks.changed.connect(lambda: told.append(looks.theme))
    looks.begin(path, "dark")
    assert looks.theme == "dark"
    looks.use("light")
    looks.use("light")
    looks.use("pink")
    assert told == ["light"]
    again = Looks()
    again.begin(path, "dark")
    assert again.theme == "light"
    path.write_text("{", encoding="utf-8")
    again.begin(path, "dark")
    assert again.theme == "dark"


def test_the_theme_is_switched_on_the_panel(language: Language) -> None:
    stage = Stage(language)
    ground = theme.GROUND.name()
    stage.model.looks.use("light")
    stage.settle()
    try:
        assert theme.GROUND.name() != ground
        assert theme.GROUND.name() in stage.shell.styleSheet()
    finally:
        stage.model.looks.use("dark")
        stage.close()


def test_all_of_a_long_alarm_can_be_read(language: Language) -> None:
    stage = Stage(language, size=(800, 1280))
    text = "cam-1: frames are lost on the way (3 incomplete, 2 for want of a buffer). Check cable, "
    text += "switch, packet size and the load of this PC"
    alarm = fakes.alarm(Health.MAINTENANCE_REQUIRED, text)
    stage.model.deliver(fakes.status(alarms=(alarm,)), stage.now_s, None, [])
    stage.settle()
    bar = stage.shell.live.alarms
    words = QPoint(60, bar.height() - 20)
    drag(bar, words, words)
    QApplication.processEvents()
    sheets = [one for one in stage.shell.findChildren(Sheet) if one.isVisible()]
    assert len(sheets) == 1
    labels = [one.text() for one in sheets[0].content.findChildren(QLabel)]
    assert text in labels
    stage.close()
