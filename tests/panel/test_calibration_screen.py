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
from inspector.link.questions.optics import (
    CorrectCamera,
    LensFound,
    ListStills,
    Stills,
    TakenStill,
    TakeStill,
)
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
        self.results = {
            8: ThresholdFound("bracket", NEW, OLD, 3, 1, comparable=True),
            9: lens_found("bracket", "solar-mono"),
        }

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
            ListStills: lambda _: stills(5),
            TakeStill: lambda _: stills(6),
            CorrectCamera: lambda _: JobStarted(9),
            AskResult: lambda asked: self.results[asked.job],
        }


def stills(count: int) -> Stills:
    """A target seen at the left, more of it with each picture."""
    points = tuple((0.1 + 0.06 * (n % 7), 0.2 + 0.1 * (n // 7)) for n in range(42))
    taken = tuple(TakenStill(f"tilted-{n:02d}.png", "tilted", points) for n in range(count))
    return Stills("24011234", taken, 6, 4)


def lens_found(*products: str, kept: bool = False) -> LensFound:
    return LensFound(0.14, 0.22, "tilted-03.png", 0.78, 7, 0.0512, 0.0003, 1.2, products, kept)


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


def test_the_station_is_halted_first(qtbot: QtBot, language: Language) -> None:
    stage, screen = on_stage(language, Plant(), StationState.READY)
    assert not any(isinstance(one, WatchCamera) for one in stage.questions)
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


def test_optics_looks(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    seen(stage, plant, look(), 1)
    screen.tasks[Task.OPTICS].click()
    stage.settle()
    pane = screen.optics_pane
    assert pane.counts[0].text() == "1. Target tilted every way: 5 of 6"
    assert not pane.calculate.isEnabled()
    assert CancelJob(7) not in stage.questions  # the same camera is watched on
    pane.takes[0].click()
    assert stage.questions[-1] == TakeStill("24011234", "tilted")
    assert len(pane.photo.points) == 6 * 42
    pane.calculate.click()
    stage.hear(JobState(9, "CorrectCamera", "sato", "pictures", 6, 6, end="done"))
    assert pane.result.text().startswith("Good: points lie 0.14 px off")
    assert "0.007 mm" in pane.result.text()
    assert pane.affected.text().endswith("released again: bracket, solar-mono.")
    look_everywhere(stage, language)
    plant.results[9] = lens_found("bracket", kept=True)
    pane.keep.click()
    assert isinstance(stage.questions[-1], CorrectCamera)
    assert stage.questions[-1].keep
    stage.hear(JobState(9, "CorrectCamera", "sato", "pictures", 7, 7, end="done"))
    assert pane.affected.text().startswith("Kept for camera 24011234.")
    stage.close()


def test_a_picture_that_was_not_taken_says_why(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    answers = plant.answers() | {TakeStill: lambda _: "no charuco target found"}
    stage = Stage(language, answers=answers)
    say(stage, StationState.HALTED)
    stage.shell.go("calibration")
    screen = stage.screen
    assert isinstance(screen, CalibrationScreen)
    seen(stage, plant, look(), 1)
    screen.tasks[Task.OPTICS].click()
    screen.optics_pane.takes[0].click()
    assert screen.optics_pane.result.text() == "no charuco target found"
    assert screen.optics_pane.counts[0].text().endswith("5 of 6")
    stage.close()
