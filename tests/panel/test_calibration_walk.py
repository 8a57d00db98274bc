"""A camera is set and a product calibrated at the panel, with a real station and its office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.core.levels import levels_of
from inspector.core.state import StationState
from inspector.durable.images import encode_png
from inspector.link.messages import ChangeThreshold, Login
from inspector.panel.screens.calibration import CalibrationScreen, Task
from inspector.panel.translation import Language
from inspector.panel.window import PanelWindow
from tests.office.conftest import run_office
from tests.panel.office_window import log_in, shown
from tests.station.production_line import PASSWORD
from tests.tiny_plant import picture

SOON = 60_000


@pytest.fixture
def window(qtbot: QtBot, language: Language, tmp_path: Path) -> Iterator[PanelWindow]:
    with run_office(tmp_path) as desk:
        folder = desk.plant.data_folder / "pictures/monday"
        folder.mkdir(parents=True)
        for number in range(20):
            pixels = picture(5000 + number, defective=False)
            (folder / f"{number:02d}.png").write_bytes(encode_png(levels_of(pixels)))
        with shown(qtbot, language, desk.station.console, desk.client) as made:
            log_in(qtbot, made, "eno", "CalibrateProduct")
            yield made


@pytest.mark.slow
def test_lens_and_light_and_then_the_threshold(qtbot: QtBot, window: PanelWindow) -> None:
    def until(what: Callable[[], bool]) -> None:
        qtbot.waitUntil(what, timeout=SOON)

    window.shell.go("calibration")
    screen, live = window.shell.screens["calibration"], window.model.live
    assert isinstance(screen, CalibrationScreen)
    focus, pane = screen.focus, screen.focus_pane
    until(lambda: bool(focus.cameras))
    pane.halt.click()
    until(lambda: focus.look is not None and focus.look.number >= 2)
    assert not pane.photo.image.isNull()
    assert pane.light.text().startswith("Too dark")  # the tiny part is grey 60 of 255
    pane.back.click()
    until(lambda: live.state in (StationState.READY, StationState.INITIALIZED))
    assert not focus.watching

    screen.tasks[Task.THRESHOLD].click()
    threshold, proven = screen.threshold, screen.threshold_pane
    until(lambda: threshold.now is not None)
    proven.calibrate.click()
    until(lambda: threshold.found is not None)
    signed: list[ChangeThreshold] = []
    proven.wanted.connect(signed.append)
    proven.sign.click()
    assert signed
    sheet = window.shell.signature
    until(sheet.isVisible)
    window.desk.send(Login("eno", PASSWORD))  # here office and panel share a connection
    window.shell.signing.sign("new lamp", [])
    until(lambda: threshold.in_force)
    assert proven.change.text() == "It holds now. Production waits for a release."


@pytest.mark.slow
def test_parts_are_shown_several_times_and_studied(qtbot: QtBot, window: PanelWindow) -> None:
    def until(what: Callable[[], bool]) -> None:
        qtbot.waitUntil(what, timeout=SOON)

    window.shell.go("calibration")
    screen = window.shell.screens["calibration"]
    assert isinstance(screen, CalibrationScreen)
    screen.tasks[Task.GAUGE].click()
    pane, model, focus = screen.gauge_pane, screen.gauge, screen.focus
    until(lambda: model.known is not None and pane.take.isEnabled())
    assert pane.take.text() == "Halt the station"
    pane.take.click()
    model.plan(parts=-20, shows=-20)

    def looks() -> int:
        return focus.look.number if focus.look is not None else 0

    def another(before: int) -> bool:
        return looks() > before

    def taken(place: tuple[int, int]) -> bool:
        return model.next != place or bool(model.said)

    place, seen = model.next, 0
    while place is not None:
        until(partial(another, seen))
        seen = looks()
        pane.take.click()
        until(partial(taken, place))
        assert not model.said
        place = model.next
    assert pane.step.text() == "All were shown"
    pane.calculate.click()
    until(lambda: model.found is not None)
    assert model.found is not None
    assert (len(model.found.parts), model.found.user) == (2, "eno")
    assert pane.result.isVisible()
    pane.result.leave.click()
    until(pane.earlier.isEnabled)  # it was kept
    pane.back.click()
    until(lambda: window.model.live.state in (StationState.READY, StationState.INITIALIZED))
