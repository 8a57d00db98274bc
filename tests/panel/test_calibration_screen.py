"""The calibration screen: what is drawn of what a camera shows, and of what good images prove."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from inspector.core.state import StationState
from inspector.link.messages import Halt, SelectAutomatic
from inspector.link.questions import JobState
from inspector.link.questions.cameras import (
    AskCameras,
    CameraLook,
    KnownCamera,
    KnownCameras,
    LookAtCamera,
    WatchCamera,
)
from inspector.link.questions.jobs import AskResult, CancelJob, JobStarted
from inspector.link.questions.teaching import PictureSource
from inspector.link.questions.thresholds import (
    AskThreshold,
    CalibrateProduct,
    Proof,
    ThresholdFound,
    ThresholdInForce,
)
from inspector.panel.screens.calibration import CalibrationScreen, Task
from inspector.panel.translation import Language
from tests.panel import fakes
from tests.panel.looking import look_everywhere
from tests.panel.stage import Stage

CAMERAS = KnownCameras((KnownCamera("24011234"), KnownCamera("24011235")))


def picture() -> bytes:
    """Rings, a little out of focus."""
    y, x = np.mgrid[-120:120, -160:160]
    rings = 128 + 90 * np.sin(np.hypot(x, y) / 6)
    grey = np.asarray(cv2.GaussianBlur(rings, (0, 0), 2), np.uint8)
    return cv2.imencode(".jpg", grey)[1].tobytes()


def look(sharpness: float = 0.8, *advice: Any, saturated: float = 0.0) -> CameraLook:
    shares = np.exp(-(((np.arange(32) - 14) / 6.0) ** 2))
    return CameraLook(
        number=1,
        camera="24011234",
        picture=picture(),
        size=(1280, 1024),
        sharpness=sharpness,
        tenengrad=1000.0 * sharpness,
        histogram=tuple((shares / shares.sum()).tolist()),
        saturated=saturated,
        brightest=0.72,
        advice=advice,
        exposure_us=1500.0,
        gain_db=0.0,
    )


def proof(threshold: float, images: int, digest: str) -> Proof:
    scores = np.sort(np.random.default_rng(images).normal(0.5 * threshold, 4.0, images))
    return Proof(threshold, 0.01, 0.01, 0.018, images, 132, True, tuple(scores.tolist()), digest)


OLD, NEW = proof(61.2, 120, "old"), proof(58.4, 167, "new")
SOURCES = (PictureSource("/media/stick/monday", "stick", "monday", 167),)


class Plant:
    """Answers as an office and a station would."""

    def __init__(self) -> None:
        self.look = look()
        self.force = OLD

    def answers(self) -> dict[type, Any]:
        return {
            AskCameras: lambda _: CAMERAS,
            WatchCamera: lambda _: JobStarted(7),
            LookAtCamera: lambda _: self.look,
            CancelJob: lambda _: None,
            Halt: lambda _: None,
            SelectAutomatic: lambda _: None,
            AskThreshold: lambda asked: ThresholdInForce(asked.product, self.force, 24, SOURCES),
            CalibrateProduct: lambda _: JobStarted(8),
            AskResult: lambda _: ThresholdFound("bracket", NEW, OLD, 3, 1, comparable=True),
        }


def on_stage(
    language: Language, plant: Plant, state: StationState = StationState.HALTED
) -> tuple[Stage, CalibrationScreen]:
    stage = Stage(language, answers=plant.answers())
    say(stage, state)
    stage.shell.go("calibration")
    stage.settle()
    assert isinstance(stage.screen, CalibrationScreen)
    return stage, stage.screen


def say(stage: Stage, state: StationState) -> None:
    stage.model.deliver(fakes.status(state), stage.now_s, None, [])
    stage.settle()


def seen(stage: Stage, plant: Plant, found: CameraLook, number: int) -> None:
    """The next look."""
    plant.look = found
    stage.hear(JobState(7, "WatchCamera", "sato", "camera", number))


def test_focus_looks(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    seen(stage, plant, look(0.7, "too-bright", "past-focus", saturated=0.034), 1)
    assert screen.focus_pane.turn.text() == "Turn back"
    assert screen.focus_pane.light.text().startswith("Too bright: 3 % white.")
    look_everywhere(stage, language)
    stage.close()


def test_halting_looks(qtbot: QtBot, language: Language) -> None:
    stage, screen = on_stage(language, Plant(), StationState.READY)
    assert not any(isinstance(one, WatchCamera) for one in stage.questions)
    look_everywhere(stage, language)
    screen.focus_pane.halt.click()
    assert stage.commands[-1] == Halt()
    stage.close()


def test_sharp_is_said_only_after_the_best_was_passed(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    words = []
    for number, sharpness in enumerate((1.0, 0.97, 0.7, 0.96), 1):
        seen(stage, plant, look(sharpness), number)
        words.append(screen.focus_pane.turn.text())
    assert words == ["Turn on", "Turn on", "Turn back", "Sharp"]
    assert screen.focus_pane.share.text() == "96 %"
    screen.focus_pane.anew.click()
    assert isinstance(stage.questions[-1], LookAtCamera)
    assert stage.questions[-1].anew
    assert screen.focus_pane.turn.text() == "Turn on"
    stage.close()


def test_the_camera_is_let_go_before_the_product_is_loaded(
    qtbot: QtBot, language: Language
) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    seen(stage, plant, look(), 1)
    screen.focus_pane.back.click()
    assert stage.questions[-1] == CancelJob(7)
    assert SelectAutomatic() not in stage.commands
    stage.hear(JobState(7, "WatchCamera", "sato", "camera", 1, end="cancelled"))
    assert stage.commands[-1] == SelectAutomatic()
    stage.close()


@pytest.mark.parametrize("away", ["screen", "task", "state"])
def test_the_camera_is_let_go_when_nobody_looks(
    qtbot: QtBot, language: Language, away: str
) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    seen(stage, plant, look(), 1)
    if away == "screen":
        stage.shell.go("live")
    elif away == "task":
        screen.choose(Task.THRESHOLD)
    else:
        say(stage, StationState.INITIALIZED)
    assert CancelJob(7) in stage.questions
    stage.hear(JobState(7, "WatchCamera", "sato", "camera", 1, end="cancelled"))
    assert sum(isinstance(one, WatchCamera) for one in stage.questions) == 1
    stage.close()


def test_another_camera_is_opened_once_the_first_is_let_go(
    qtbot: QtBot, language: Language
) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    seen(stage, plant, look(), 1)
    screen.focus_pane.cameras["24011235"].click()
    stage.hear(JobState(7, "WatchCamera", "sato", "camera", 1, end="cancelled"))
    watched = [one.camera for one in stage.questions if isinstance(one, WatchCamera)]
    assert watched == ["24011234", "24011235"]
    stage.close()


def calibrated(stage: Stage, screen: CalibrationScreen) -> None:
    screen.tasks[Task.THRESHOLD].click()
    screen.threshold_pane.calibrate.click()
    stage.hear(JobState(8, "CalibrateProduct", "sato", "calibrate", 100, 100, end="done"))


def test_threshold_looks(qtbot: QtBot, language: Language) -> None:
    stage, screen = on_stage(language, Plant(), StationState.READY)
    calibrated(stage, screen)
    pane = screen.threshold_pane
    assert pane.head.text() == "New threshold: 58.4"
    assert pane.change.text() == "Lower than now (61.2): more parts would be rejected."
    assert pane.proof.text().startswith("167 good images prove that at most 1.8\u00a0%")
    look_everywhere(stage, language)
    stage.close()


def test_what_was_found_is_signed_and_then_holds(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant, StationState.READY)
    calibrated(stage, screen)
    change = screen.threshold.change
    assert change is not None
    assert (change.before, change.threshold, change.calibration) == (61.2, 58.4, "new")
    plant.force = NEW
    say(stage, StationState.INITIALIZED)  # the station loads it
    pane = screen.threshold_pane
    assert pane.head.text() == "Threshold in force: 58.4"
    assert pane.change.text() == "It holds now. Production waits for a release."
    assert not pane.sign.isVisible()
    stage.close()


def test_a_technician_sees_thresholds_and_changes_none(qtbot: QtBot, language: Language) -> None:
    stage, screen = on_stage(language, Plant(), StationState.READY)
    stage.log_in("technician")
    screen.tasks[Task.THRESHOLD].click()
    assert not screen.threshold_pane.calibrate.isEnabled()
    stage.close()
