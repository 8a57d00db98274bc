"""What people said of parts is taught, from Review and from Teach; what runs stays as it is."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from PyQt6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from inspector.core.state import Lock, Requirement, StationState
from inspector.link.messages import Release, SelectProduct
from inspector.link.questions.jobs import AskResult, JobStarted, JobState
from inspector.link.questions.lessons import (
    AskLessons,
    LessonPart,
    Lessons,
    TaughtLessons,
    TeachLessons,
)
from inspector.link.questions.teaching import Draft, ListDraft
from inspector.panel.models.teach_steps import Step
from inspector.panel.screens import SCREENS
from inspector.panel.screens.review import ReviewScreen
from inspector.panel.screens.teach import TeachScreen
from inspector.panel.translation import Language
from inspector.panel.widgets.lessons_pane import LessonsPane
from tests.panel import fakes, review_parts
from tests.panel.looking import look_everywhere
from tests.panel.stage import Answer, Stage

PRODUCT = "solar-mono"
JOB = 7
REFUSED = (
    "part-000000491.png: the marked place looks like good parts do; nothing was changed. "
    "Mark the defect itself; what a person hardly sees needs a larger --size"
)
RESULT = TaughtLessons(
    PRODUCT,
    "missed",
    given=4,
    cured=3,
    refused=(("part-000000491", REFUSED),),
    known=2,
    threshold_before=2.413,
    threshold_after=2.419,
    images=75,
    before=1,
    after=1,
    promised=0.01,
    expected=0.012,
    proved=0.039,
    seconds=31.0,
)


def parts(count: int) -> tuple[LessonPart, ...]:
    return tuple(
        LessonPart(400 + n, 900 + n, fakes.NOON_UTC_US + n * 60_000_000, "oki")
        for n in range(count)
    )


def lessons(_asked: AskLessons | None = None) -> Lessons:
    return Lessons(PRODUCT, parts(9), parts(4), unmarked=3, gone=2)


ANSWERS: dict[type, Answer] = {
    **review_parts.ANSWERS,
    AskLessons: lessons,
    TeachLessons: lambda _asked: JobStarted(JOB),
    AskResult: lambda _asked: RESULT,
}


def opened(language: Language, role: str = "engineer", found: Lessons | None = None) -> Stage:
    answers: dict[type, Answer] = {**ANSWERS, AskLessons: lambda _asked: found or lessons()}
    entries = [entry for entry in SCREENS if entry.key in ("live", "review")]
    stage = Stage(language, entries, answers, role=role)
    stage.model.deliver(fakes.status(StationState.READY), stage.now_s, None, [])
    stage.shell.go("review")
    screen = stage.screen
    assert isinstance(screen, ReviewScreen)
    screen.teach.click()
    return stage


def pane_of(stage: Stage) -> LessonsPane:
    screen = stage.screen
    assert isinstance(screen, ReviewScreen)
    return screen.lessons_pane


def working(language: Language) -> Stage:
    stage = opened(language)
    pane_of(stage).kinds["missed"].click()
    pane_of(stage).on.click()
    stage.hear(JobState(JOB, "TeachLessons", "sato", "memory", 340, 1000))
    return stage


def taught(language: Language) -> Stage:
    stage = working(language)
    stage.hear(JobState(JOB, "TeachLessons", "sato", "after", 1000, 1000, "done"))
    return stage


STATES = {"parts": opened, "working": working, "taught": taught}


@pytest.mark.parametrize("state", STATES)
def test_looks(qtbot: QtBot, language: Language, state: str) -> None:
    stage = STATES[state](language)
    look_everywhere(stage, language)
    stage.close()


def test_missed_defects_are_taught_and_the_product_goes_to_the_line_again(
    qtbot: QtBot, language: Language
) -> None:
    stage = opened(language)
    pane = pane_of(stage)
    assert pane.on.text() == "Teach these 9"
    pane.kinds["missed"].click()
    assert "3 more are not marked" in pane.left_out.text()
    pane.on.click()
    assert stage.questions[-1] == TeachLessons(PRODUCT, "missed")
    stage.hear(JobState(JOB, "TeachLessons", "sato", "memory", 340, 1000))
    assert pane.progress.isVisibleTo(pane)
    assert not pane.back.isEnabled()
    stage.hear(JobState(JOB, "TeachLessons", "sato", "after", 1000, 1000, "done"))
    assert pane.cured.text() == "3 of 3 defects are found now"
    assert "2.413 → 2.419" in pane.cost.text()
    assert "looks like good parts do" in pane.refused.text()
    assert "has what it had before" in pane.needs.text()  # never a live change
    assert not any(isinstance(one, SelectProduct) for one in stage.commands)
    pane.on.click()
    assert stage.commands[-1] == SelectProduct(PRODUCT)
    lock = Lock(Requirement.RELEASE, "Not released: x. Release it: y")
    status = replace(fakes.status(StationState.READY), locked=(lock,))
    stage.model.deliver(status, stage.now_s, None, [])
    assert pane.on.text() == "Release"
    pane.on.click()
    assert stage.shell.signing.command == Release(PRODUCT, "")
    stage.shell.signing.close()
    pane.back.click()
    screen = stage.screen
    assert isinstance(screen, ReviewScreen)
    assert screen.gallery.isVisibleTo(screen)
    stage.close()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("engine", "only an engine that remembers parts"),
        ("running", "The line runs"),
        ("operator", "Only an engineer"),
        ("refused", "nothing is new in these images"),
    ],
)
def test_what_stands_against_it_is_said(
    qtbot: QtBot, language: Language, why: str, words: str
) -> None:
    text = f"{PRODUCT}: only an engine that remembers parts can be taught more. Teach it anew"
    found = msgspec.structs.replace(lessons(), problem=text) if why == "engine" else lessons()
    stage = opened(language, "operator" if why == "operator" else "engineer", found)
    pane = pane_of(stage)
    if why == "running":
        running = fakes.status(StationState.CONTINUOUS_EXECUTION)
        stage.model.deliver(running, stage.now_s, None, [])
    if why == "refused":
        pane.on.click()
        nothing = (
            "nothing is new in these images; nothing was changed. Give images that are rejected, "
            "or --production to calibrate anew"
        )
        stage.hear(JobState(JOB, "TeachLessons", "sato", end="failed", problem=nothing))
    assert words.lower() in pane.trouble.text().lower()
    assert pane.on.isEnabled() is (why == "refused")
    stage.close()


def test_teach_offers_them_beside_sticks(qtbot: QtBot, language: Language) -> None:
    draft = Draft(PRODUCT, (), (), 10, 132, (0, 0), (), known=True)
    entries = [entry for entry in SCREENS if entry.key in ("live", "teach")]
    stage = Stage(language, entries, {**ANSWERS, ListDraft: lambda _asked: draft})
    stage.model.deliver(fakes.status(StationState.READY), stage.now_s, None, [])
    stage.shell.go("teach")
    screen = stage.screen
    assert isinstance(screen, TeachScreen)
    screen.model.choose(PRODUCT)
    assert screen.model.step is Step.PICTURES
    screen.pictures.ready.click()
    sheet = stage.shell._sheet
    assert sheet is not None
    (button,) = (one for one in sheet.findChildren(QPushButton) if "Review" in one.text())
    assert button.text().endswith("13")
    button.click()
    assert screen.lessons.isVisibleTo(screen)
    screen.lessons.back.click()
    assert not screen.lessons.isVisibleTo(screen)
    assert screen.pages.isVisibleTo(screen)
    stage.close()
