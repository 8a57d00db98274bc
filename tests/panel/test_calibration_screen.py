"""The calibration screen: what is drawn of what a camera shows, and of what good images prove."""

from __future__ import annotations

from typing import Any

import cv2
import msgspec
import numpy as np
import pytest
from PyQt6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from inspector.core.state import StationState
from inspector.link.messages import ChangeLight, Halt, KeepCorrection, SelectAutomatic
from inspector.link.questions import JobState
from inspector.link.questions.cameras import (
    AskCameras,
    CameraLook,
    Dial,
    KnownCameras,
    LookAtCamera,
    SetLight,
    WatchCamera,
)
from inspector.link.questions.gauge import (
    AskGauge,
    GaugeFound,
    GaugeKnown,
    LayShowsAside,
    StudiedPart,
    StudyGauge,
    TakeShow,
)
from inspector.link.questions.jobs import AskResult, CancelJob, JobStarted
from inspector.link.questions.noise import AskNoise, MeasureNoise, NoiseFigures, NoiseKnown
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

CAMERAS = KnownCameras(("24011234", "24011235"))


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


NOISE = NoiseFigures(
    1_790_000_000_000_000, "sato", 0.0, 0.182, 0.002, 2.14, 11.8, False, 11_240.0, 105.0, 59.6,
    0.012, 0.031, tuple((0.09 * n, 0.4 + 9.0 * n) for n in range(1, 11)), (0.01, 0.4),
)  # fmt: skip


def study(over_distance: float | None) -> GaugeFound:
    parts = tuple(
        StudiedPart(f"{number:02d}", 3, int(number == 7), 20.0 + 3.0 * (number % 4), 0.8)
        for number in range(1, 11)
    )
    return GaugeFound(
        "solar-mono", 1_790_000_000_000_000, "sato", 61.2, 0.81, 0.62, 1.17, 0.34, over_distance,
        1, 9, parts,
    )  # fmt: skip


def gauge_known(*shown: tuple[int, int]) -> GaugeKnown:
    return GaugeKnown("solar-mono", shown, SOURCES, (study(0.021), study(0.2)))


def turnable(exposure: float, gain: float, number: int = 1, **told: Any) -> CameraLook:
    """A camera whose recipe says 1500 µs and 0 dB."""
    dials = Dial("ExposureTime", exposure, 20.0, 20_000.0), Dial("Gain", gain, 0.0, 24.0)
    recipe = (("ExposureTime", 1500.0), ("Gain", 0.0))
    return msgspec.structs.replace(look(), number=number, dials=dials, recipe=recipe, **told)


class Plant:
    """Answers as an office and a station would."""

    def __init__(self) -> None:
        self.look = look()
        self.darks = 0
        self.noise: NoiseFigures | None = None
        self.gauge = gauge_known()
        self.force = OLD
        self.results: dict[int, Any] = {
            8: ThresholdFound("bracket", NEW, OLD, 3, 1, comparable=True),
            9: lens_found("bracket", "solar-mono"),
            10: NoiseKnown("24011234", 4, NOISE),
            11: study(0.021),
        }

    def take_show(self, asked: TakeShow) -> GaugeKnown:
        self.gauge = gauge_known(*self.gauge.shown, (asked.part, asked.show))
        return self.gauge

    def answers(self) -> dict[type, Any]:
        return {
            AskCameras: lambda _: CAMERAS,
            WatchCamera: lambda _: JobStarted(7),
            LookAtCamera: lambda _: self.look,
            CancelJob: lambda _: None,
            Halt: lambda _: None,
            SelectAutomatic: lambda _: None,
            KeepCorrection: lambda _: None,
            SetLight: lambda _: None,
            AskNoise: lambda asked: NoiseKnown(asked.camera, self.darks, self.noise),
            MeasureNoise: lambda _: JobStarted(10),
            AskGauge: lambda _: self.gauge,
            TakeShow: self.take_show,
            LayShowsAside: lambda _: gauge_known(),
            StudyGauge: lambda _: JobStarted(11),
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


def lens_found(*products: str) -> LensFound:
    return LensFound(0.14, 0.22, "tilted-03.png", 0.78, 7, 0.0512, 0.0003, 1.2, products, "hash")


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
    told = look(0.7, "too-bright", "past-focus", saturated=0.034)
    dials = turnable(2000.0, 3.0).dials
    seen(stage, plant, msgspec.structs.replace(told, dials=dials), 1)
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
    pane.keep.click()
    assert stage.commands[-1] == KeepCorrection("24011234", "lens", "hash")
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


def test_light_is_turned_by_thirds_of_a_stop(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    seen(stage, plant, turnable(1500.0, 0.0), 1)
    dials = screen.focus_pane.dials
    assert not dials.keep.isEnabled()  # it is as the recipe says
    dials.more[0].click()
    asked = stage.questions[-2]  # then sharpness begins anew
    assert isinstance(asked, SetLight)
    assert asked.value == 1890.0
    assert dials.values[0].text() == "Exposure 1,890 µs"  # before the camera has it
    stage.close()


def test_light_is_kept_by_a_signed_command(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    seen(stage, plant, turnable(2000.0, 6.0), 1)
    wanted: list[ChangeLight] = []
    screen.focus_pane.wanted.connect(wanted.append)
    screen.focus_pane.dials.keep.click()
    light = (("ExposureTime", 1500.0, 2000.0), ("Gain", 0.0, 6.0))
    assert wanted == [ChangeLight("solar-mono", "", "24011234", light)]
    screen.focus.light_kept(wanted[0])
    assert not screen.focus_pane.dials.keep.isEnabled()
    stage.close()


def test_a_technician_turns_the_light_and_keeps_nothing(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    stage.log_in("technician")
    seen(stage, plant, turnable(2000.0, 6.0), 1)
    dials = screen.focus_pane.dials
    assert dials.more[0].isEnabled()
    assert not dials.keep.isEnabled()
    stage.close()


def test_noise_looks(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    seen(stage, plant, turnable(1500.0, 0.0), 1)
    screen.tasks[Task.NOISE].click()
    stage.settle()
    pane = screen.noise_pane
    assert pane.head.text() == "Not measured yet"
    assert not pane.takes[1].isEnabled()  # the covered lens comes first
    plant.results[10] = NoiseKnown("24011234", 4, None)
    pane.takes[0].click()
    stage.hear(JobState(10, "MeasureNoise", "sato", "covered lens", 4, 4, end="done"))
    assert pane.steps[0].text() == "1. Cover the lens ✓"
    plant.results[10] = NoiseKnown("24011234", 4, NOISE)
    pane.takes[1].click()
    assert stage.questions[-1] == MeasureNoise("24011234", "light")
    stage.hear(JobState(10, "MeasureNoise", "sato", "exposures", 10, 10, end="done"))
    stage.settle()
    assert pane.head.text() == "Differences below 3.1 % of white drown in noise"
    look_everywhere(stage, language)
    stage.close()


def test_noise_of_a_camera_that_cannot_be_turned(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    seen(stage, plant, look(), 1)
    screen.tasks[Task.NOISE].click()
    assert not screen.noise_pane.takes[0].isEnabled()
    assert screen.noise_pane.problem.text().startswith("The exposure of this camera cannot")
    stage.close()


def test_gauge_looks(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    plant.gauge = gauge_known(*((part, 1) for part in range(1, 11)), (1, 2), (2, 2))
    stage, screen = on_stage(language, plant)
    seen(stage, plant, look(), 1)
    screen.tasks[Task.GAUGE].click()
    stage.settle()
    pane = screen.gauge_pane
    assert pane.step.text() == "Place part 3, time 2 of 3"
    assert pane.count.text() == "12 of 30 shown"
    assert not pane.calculate.isEnabled()  # most parts were shown once
    pane.take.click()
    assert stage.questions[-1] == TakeShow("solar-mono", "24011234", 3, 2)
    assert pane.step.text() == "Place part 4, time 2 of 3"
    pane.again.click()
    assert stage.questions[-1] == TakeShow("solar-mono", "24011234", 3, 2)
    look_everywhere(stage, language)
    stage.close()


def test_a_study_in_words(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    plant.gauge = gauge_known(*((part, show) for part in (1, 2) for show in (1, 2)))
    stage, screen = on_stage(language, plant)
    screen.tasks[Task.GAUGE].click()
    pane, model = screen.gauge_pane, screen.gauge
    for _ in range(20):
        pane._steppers[2].click()  # times
    assert model.shows == 2
    assert pane.step.text() == "All were shown"
    pane.calculate.click()
    assert stage.questions[-1] == StudyGauge("solar-mono", "taken")
    stage.hear(JobState(11, "StudyGauge", "sato", "shows scored", 100, 100, end="done"))
    stage.settle()
    result = pane.result
    assert result.head.text() == "Good: measuring hardly counts"
    assert result.share.text().startswith("Measuring takes 6.3 % of the room")
    assert result.parts.text().endswith("Judged differently: 07.")
    look_everywhere(stage, language)
    result.leave.click()
    pane.earlier.click()
    assert "sato" in "".join(one.text() for one in stage.shell.findChildren(QPushButton))
    stage.close()


def test_a_study_is_begun_with_the_station_halted(qtbot: QtBot, language: Language) -> None:
    stage, screen = on_stage(language, Plant(), StationState.READY)
    screen.tasks[Task.GAUGE].click()
    pane = screen.gauge_pane
    assert pane.take.text() == "Halt the station"
    pane.take.click()
    assert stage.commands[-1] == Halt()
    assert pane.earlier.isEnabled()  # what was studied can be read all the same
    stage.close()


def test_who_turns_the_lens_is_there(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage, screen = on_stage(language, plant)
    moved: list[float] = []
    screen.focus.hands.connect(lambda: moved.append(plant.look.tenengrad))
    for number, sharpness in enumerate((0.5, 0.5, 0.51, 0.7, 0.71), 1):
        seen(stage, plant, look(sharpness), number)
    assert moved == [500.0, 700.0]
    stage.close()
