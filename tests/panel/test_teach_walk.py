"""From an empty product to a running line at the panel, touch by touch, with a real station.

``TOUCHES`` is what it costs; teaching itself runs in a process of its own, as on the line.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.core.state import StationState
from inspector.office.room import Room
from inspector.office.serving import in_process
from inspector.panel.models.teach_steps import BY_DEFAULT, Next, Step
from inspector.panel.screens.teach import TeachScreen
from inspector.panel.translation import Language
from inspector.panel.widgets.live import LiveScreen
from inspector.panel.window import PanelWindow
from tests.office.conftest import made_plant
from tests.panel.office_window import log_in, shown
from tests.station.production_line import opened

SOON = 240_000
TOUCHES = 9
SHOTS = os.environ.get("TEACH_SHOTS", "")
"""A folder for pictures of the walk, to be looked at."""


class Finger:
    """Touches what is in sight, and counts."""

    def __init__(self, qtbot: QtBot, window: PanelWindow) -> None:
        self.touches = 0
        self._bot, self._window = qtbot, window

    def touch(self, widget: QWidget, at: QPoint | None = None) -> None:
        assert widget.isVisible()
        assert widget.isEnabled(), widget.text() if isinstance(widget, QPushButton) else widget
        self.touches += 1
        finger: Any = QTest  # its functions are static, whatever the stub says
        finger.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def until(self, what: Callable[[], bool]) -> None:
        self._bot.waitUntil(what, timeout=SOON)

    def look(self, name: str) -> None:
        if SHOTS:
            self._bot.wait(200)
            self._window.grab().save(f"{SHOTS}/{name}.png")


@pytest.fixture
def window(qtbot: QtBot, language: Language, tmp_path: Path) -> Iterator[PanelWindow]:
    plant = made_plant(tmp_path)
    for defective in plant.pictures.glob("*-bad.png"):  # the parts that are laid are good
        defective.unlink()
    room = Room.of_line(plant.line_file)
    with (
        opened(plant) as station,
        in_process(room, station.console) as client,
        shown(qtbot, language, station.console, client) as made,
    ):
        made.resize(1280, 800)
        log_in(qtbot, made, "eno", "TeachProduct")
        yield made


@pytest.mark.slow
def test_from_nothing_to_a_line_that_runs(qtbot: QtBot, window: PanelWindow) -> None:
    finger, live = Finger(qtbot, window), window.model.live
    began_s = time.monotonic()
    place = next(one for one in window.shell.navigation.buttons if one.place.key == "teach")
    finger.touch(place)
    screen = window.shell.screens["teach"]
    assert isinstance(screen, TeachScreen)
    model = screen.model
    finger.until(lambda: bool(model.tiles))
    finger.look("1-product")
    finger.touch(screen.on)
    assert model.step is Step.PICTURES

    captured_s = time.monotonic()
    finger.touch(screen.pictures.take)
    finger.until(lambda: model.count >= 20 and not model.working)
    finger.until(lambda: len(model.pictures) >= 20)
    captured_s = time.monotonic() - captured_s
    assert live.state is StationState.HALTED
    finger.look("2-pictures")

    finger.touch(screen.on)
    finger.until(lambda: bool(model.large[1]))
    finger.look("3-draw")
    finger.touch(screen.on)
    finger.look("4-method")
    model.use(BY_DEFAULT, 64)  # pictures of 64 px: no touch, and the test's own haste
    finger.touch(screen.on)
    finger.until(lambda: model.job is not None and model.job.share is not None)
    finger.look("4-teaching")
    finger.until(lambda: model.step is Step.RESULT)
    assert model.result is not None
    assert len(model.result.scores) == 10
    finger.look("5-result")

    finger.touch(screen.on)
    finger.until(lambda: model.what_next is Next.RUN)
    finger.look("5-loaded")
    finger.touch(screen.on)
    assert window.shell.here == "live"
    line = window.shell.screens["live"]
    assert isinstance(line, LiveScreen)
    finger.touch(line.controls.start)
    finger.until(lambda: live.state is StationState.CONTINUOUS_EXECUTION)
    finger.until(lambda: live.status is not None and live.status.parts.verdicts > 0)
    took_s = time.monotonic() - began_s
    print(f"{finger.touches} touches, {took_s - captured_s:.1f} s without capture")
    assert live.status is not None
    assert live.status.product == "product-1"
    assert finger.touches == TOUCHES
