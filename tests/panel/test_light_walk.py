"""Exposure is turned at the panel, signed for, and what the line has from its next load on."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from pytestqt.qtbot import QtBot

from inspector.camera import making
from inspector.camera.device import Delivered
from inspector.core.state import StationState
from inspector.link.messages import Login
from inspector.office import watching
from inspector.office.room import Room
from inspector.office.serving import in_process
from inspector.panel.screens.calibration import CalibrationScreen
from inspector.panel.translation import Language
from tests.camera.scripted_device import ScriptedDevice
from tests.office.conftest import made_plant
from tests.panel.office_window import log_in, shown
from tests.station.production_line import PASSWORD, opened
from tests.tiny_plant import GOOD, SIDE, TinyPlant

SOON = 60_000
CAMERA = "4711"
SETTINGS = {"Width": SIDE, "Height": SIDE, "PixelFormat": "Mono8", "ExposureTime": 500.0}


class FreeDevice(ScriptedDevice):
    """Runs by itself when nothing triggers it."""

    def fetch(self, timeout_s: float) -> Delivered | None:
        if self.features.get("TriggerMode") == "Off":
            time.sleep(0.01)
            self.expose(level=GOOD)
        return super().fetch(timeout_s)


def plant_of(folder: Path) -> TinyPlant:
    plant = made_plant(folder)
    line = yaml.safe_load(plant.line_file.read_text())
    camera = {"driver": "pylon", "name": CAMERA, "trigger": {"mode": "software"}}
    plant.line_file.write_text(yaml.safe_dump(line | {"cameras": [camera]}))
    recipe = plant.line_file.parent / "products/tiny.yaml"
    content = yaml.safe_load(recipe.read_text()) | {"camera": {"settings": SETTINGS}}
    recipe.write_text(yaml.safe_dump(content))
    return plant


@pytest.mark.slow
def test_another_exposure(
    qtbot: QtBot, language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def until(what: Callable[[], bool]) -> None:
        qtbot.waitUntil(what, timeout=SOON)

    device = FreeDevice()
    for module in (making, watching):
        monkeypatch.setattr(module, "make_device", lambda _config: device)
    plant = plant_of(tmp_path)
    room = Room.of_line(plant.line_file)
    with (
        opened(plant) as station,
        in_process(room, station.console) as client,
        shown(qtbot, language, station.console, client) as window,
    ):
        log_in(qtbot, window, "eno", "ChangeLight")
        until(lambda: window.model.live.state is StationState.READY)

        window.shell.go("calibration")
        screen = window.shell.screens["calibration"]
        assert isinstance(screen, CalibrationScreen)
        focus, pane = screen.focus, screen.focus_pane
        until(lambda: bool(focus.cameras) and pane.halt.isEnabled())
        pane.halt.click()
        until(lambda: bool(focus.dials))
        assert pane.dials.values[0].text() == "Exposure 500 µs"
        for _ in range(3):
            pane.dials.more[0].click()
        until(lambda: focus.look is not None and focus.look.exposure_us == 1000.0)
        pane.dials.keep.click()
        until(window.shell.signature.isVisible)
        assert window.shell.signature.facts.text() == "tiny, 4711: ExposureTime 500 → 1,000"
        window.desk.send(Login("eno", PASSWORD))  # here office and panel share a connection
        window.shell.signing.sign("new lamp", [])
        until(lambda: focus.change is None)
        assert room.catalogue.recipe("tiny").camera.settings["ExposureTime"] == 1000.0
        pane.back.click()
        until(lambda: window.model.live.state is StationState.READY)
        assert device.features.get("ExposureTime") == 1000.0
