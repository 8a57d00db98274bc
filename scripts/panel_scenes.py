"""States of the panel that need a hand; see ``scripts/screenshots.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import msgspec
import numpy as np

from inspector.core.frame import Pixels
from inspector.core.state import Health, StationState
from inspector.link.messages import Bypass, ListUsers, Session
from inspector.link.questions import JobState
from inspector.link.questions.audit import AskHead, ListActions
from inspector.link.questions.jobs import AskResult
from inspector.link.questions.noise import AskNoise, NoiseKnown
from inspector.link.questions.products import ListTiles
from inspector.link.questions.teaching import ShowDraft
from inspector.link.questions.trends import AskTrends
from inspector.panel.models.teach_steps import Step
from inspector.panel.screens.calibration import CalibrationScreen, Task
from inspector.panel.screens.products import ProductsScreen
from inspector.panel.screens.review import ReviewScreen
from inspector.panel.screens.teach import TeachScreen
from scripts import staged_plant as plant
from tests.panel import fakes, people, review_parts, station_facts
from tests.panel import test_calibration_screen as calibration
from tests.panel import test_drafts_screen as drafts_tests
from tests.panel import test_lessons_screen as lessons_tests
from tests.panel import test_several_panels as panels
from tests.panel import test_teach_screen as teach
from tests.panel.stage import Stage


def passing(stage: Stage) -> None:
    """A good part."""
    plant.run(stage)


def rejecting(stage: Stage) -> None:
    """A scratched part."""
    plant.run(stage, passed=False)


def alarms(stage: Stage) -> None:
    """Two alarms stand."""
    drift = "engine: scores rise against calibration. Check light, lens, position and parts"
    full = "The disk of the evidence is 91 % full"
    standing = (
        fakes.alarm(Health.OUT_OF_SPECIFICATION, drift),
        fakes.alarm(Health.MAINTENANCE_REQUIRED, full),
    )
    plant.run(stage, alarms=standing)


def failed(stage: Stage) -> None:
    """The station is in Error."""
    text = "cam-1: the camera does not answer any more"
    alarm = fakes.alarm(Health.FAILURE, text)
    plant.run(stage)
    stage.model.deliver(plant.told(StationState.ERROR, (alarm,)), stage.now_s, None, [])


def no_connection(stage: Stage) -> None:
    """The station went away while it ran."""
    plant.run(stage)
    stage.model.lose("the station is silent")


def log_in(stage: Stage) -> None:
    """Somebody logs in while parts go on."""
    plant.run(stage, passed=False)
    stage.model.session.greet(Session("", "panel", "operator"))
    stage.model.session.open()


def locked(stage: Stage) -> None:
    """An operator touched what is not for operators."""
    plant.run(stage, passed=False)
    stage.log_in("operator")
    stage.shell.go("audit")


def pin(stage: Stage) -> None:
    """A session goes on."""
    plant.run(stage)
    stage.model.session.accept(people.SATO)
    stage.model.session.rest()
    stage.model.session.open()


def signing(stage: Stage) -> None:
    """Two people sign, in Japanese where that is spoken."""
    plant.run(stage)
    stage.model.session.accept(people.SATO)
    stage.shell.around.sign(Bypass(True, ""))
    stage.settle()
    keyboard = stage.shell.signature.room.keyboard
    for letter in "syoumei":
        keyboard._give(keyboard.model.press(letter))  # noqa: SLF001  # a finger's work


def bypassed(stage: Stage) -> None:
    """All parts pass, and everybody sees it."""
    plant.run(stage)
    stage.model.deliver(replace(plant.told(), bypass="sato"), stage.now_s, None, [])


def judging(stage: Stage) -> None:
    """A reject is judged again, a defect marked on it."""
    review = _review(stage)
    review.model.open(review.model.tiles[0].record)
    review.model.part.mark(((0.55, 0.3), (0.8, 0.45)))


def another_rate(stage: Stage) -> None:
    """What a rarer false-reject rate would have decided."""
    review = _review(stage)
    review.what_if_button.click()
    stage.hear(JobState(review_parts.JOB, "WhatIf", "sato", end="done"))
    review.what_if.choose(1)


def teaching(stage: Stage) -> None:
    """Washers were taught: what their pictures prove."""
    office = teach.Office()
    stage.answers |= {**office.answers, ListTiles: plant.tiles, ShowDraft: plant.shown}
    stage.answers[AskResult] = lambda _asked: plant.taught()
    plant.stand(stage, StationState.READY)
    stage.shell.go("teach")
    screen = stage.screen
    assert isinstance(screen, TeachScreen)
    screen.model.choose("washer")
    while screen.model.step < Step.METHOD:
        screen.on.click()
    screen.on.click()
    stage.hear(JobState(1, "TeachProduct", "sato", "store", 100, 100, "done"))


def choosing(stage: Stage) -> None:
    """Which product is next?"""
    plant.run(stage)
    stage.answers[ListTiles] = plant.tiles
    stage.shell.go("products")


def trend(stage: Stage) -> None:
    """One point of eight hours is outside."""
    plant.run(stage)
    stage.answers[AskTrends] = plant.trends
    stage.shell.go("trends")


def focusing(stage: Stage) -> None:
    """The best focus was passed."""
    office = calibration.Plant()
    stage.answers |= office.answers()
    plant.stand(stage, StationState.HALTED)
    stage.shell.go("calibration")
    cell = fakes.cell(2)
    for number, (share, blur) in enumerate(((1.0, 0.6), (0.82, 1.2)), 1):
        seen = np.asarray(cv2.GaussianBlur(cell, (0, 0), blur), np.uint8)[..., None]
        look = calibration.turnable(1300.0, 0.0, number)
        office.look = msgspec.structs.replace(look, picture=fakes.jpeg(seen), sharpness=share)
        stage.hear(JobState(7, "WatchCamera", "sato", "camera", number))


def states(stage: Stage) -> None:
    """Where the station is among the states of OPC 40100-1."""
    plant.run(stage)
    stage.answers |= station_facts.ANSWERS
    stage.shell.go("station")


def auditing(stage: Stage) -> None:
    """Who did what."""
    plant.run(stage)
    stage.answers[ListActions] = lambda _asked: plant.actions(stage.shell.around.language.code)
    stage.answers[AskHead] = lambda _asked: people.HEAD
    stage.shell.go("audit")


def staff(stage: Stage) -> None:
    """Who may do what."""
    plant.come(stage, "kato", "administrator")
    plant.run(stage)
    stage.answers[ListUsers] = plant.users
    stage.shell.go("users")


def noise(stage: Stage) -> None:
    """What drowns in a camera's noise."""
    y, x = np.mgrid[-1:1:240j, -1:1:320j]
    card = 228 - 14 * (x * x + y * y) + np.random.default_rng(1).normal(0, 3, x.shape)
    screen = _look_through(stage, card.astype(np.uint8)[..., None])
    known = NoiseKnown("24011234", 4, calibration.NOISE)
    stage.answers[AskNoise] = lambda _asked: known
    screen.tasks[Task.NOISE].click()


def gauge(stage: Stage) -> None:
    """Ten parts were shown three times: what that tells."""
    screen = _look_through(stage, fakes.cell(2))
    screen.tasks[Task.GAUGE].click()
    screen.gauge_pane.calculate.click()
    stage.hear(JobState(11, "StudyGauge", "sato", "shows scored", 100, 100, end="done"))


def drafts(stage: Stage) -> None:
    """What a rarer rate would change, before it is taken up."""
    office = drafts_tests.Plant()
    stage.answers |= {**office.answers, ListTiles: plant.tiles}
    plant.stand(stage, StationState.READY)
    stage.shell.go("products")
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    screen.waiting.click()
    screen.drafts.rows.opened.emit("a.yaml")
    office.done(stage)


def asked_for_control(stage: Stage) -> None:
    """Another panel wants to act."""
    plant.run(stage)
    status = replace(plant.told(), control=panels.ASKED)
    stage.model.deliver(status, stage.now_s, None, [])


def lessons(stage: Stage) -> None:
    """Missed defects were taught from Review."""
    stage.answers |= lessons_tests.ANSWERS
    review = _review(stage)
    stage.answers[AskResult] = lessons_tests.ANSWERS[AskResult]
    plant.stand(stage, StationState.READY)
    review.teach.click()
    pane = review.lessons_pane
    pane.kinds["missed"].click()
    pane.on.click()
    job = lessons_tests.JOB
    stage.hear(JobState(job, "TeachLessons", "sato", "after", 1000, 1000, "done"))


def _review(stage: Stage) -> ReviewScreen:
    plant.run(stage)
    stage.answers.update(plant.REVIEWED)
    stage.shell.go("review")
    assert isinstance(stage.screen, ReviewScreen)
    return stage.screen


def _look_through(stage: Stage, seen: Pixels) -> CalibrationScreen:
    office = calibration.Plant()
    shown = ((part, show) for show in (1, 2, 3) for part in range(1, 11))
    office.gauge = calibration.gauge_known(*shown)
    office.results[11] = plant.study()
    stage.answers |= office.answers()
    plant.stand(stage, StationState.HALTED)
    stage.shell.go("calibration")
    look = calibration.turnable(1500.0, 0.0)
    office.look = msgspec.structs.replace(look, picture=fakes.jpeg(seen))
    stage.hear(JobState(7, "WatchCamera", "sato", "camera", 1))
    screen = stage.screen
    assert isinstance(screen, CalibrationScreen)
    return screen


SCENES: tuple[Callable[[Stage], None], ...] = (
    passing,
    rejecting,
    alarms,
    failed,
    no_connection,
    log_in,
    locked,
    pin,
    signing,
    bypassed,
    judging,
    another_rate,
    teaching,
    choosing,
    trend,
    focusing,
    states,
    auditing,
    staff,
    noise,
    gauge,
    drafts,
    asked_for_control,
    lessons,
)
"""Name of the function = name of the picture."""
