"""Teach: every step at all sizes; what is touched, drawn and refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.core.state import Lock, Requirement, StationState
from inspector.link.messages import Halt, SelectAutomatic, SelectProduct
from inspector.link.questions import JobState
from inspector.link.questions.jobs import AskResult, JobStarted
from inspector.link.questions.products import ListTiles, Tile, Tiles
from inspector.link.questions.teaching import (
    Candidate,
    Draft,
    DraftPicture,
    DrawnZone,
    FetchPictures,
    LeaveOut,
    ListDraft,
    PicturesAdded,
    PictureSource,
    ShowDraft,
    Shown,
    Strange,
    TakePictures,
    TaughtProduct,
    TeachProduct,
    Tried,
    TryMethods,
)
from inspector.panel.models.drawing import Pen
from inspector.panel.models.teach_steps import Step
from inspector.panel.screens.teach import TeachScreen
from inspector.panel.translation import Language
from tests.panel import fakes
from tests.panel.looking import look_everywhere
from tests.panel.stage import Stage

SIZE = (320, 240)
FINGER: Any = QTest
"""Its functions are static, whatever the stub says."""


def part(number: int, longest: int = 320) -> bytes:
    """A ring on a belt, as a JPEG file."""
    random = np.random.default_rng(number)
    image = random.normal(60, 4, (SIZE[1], SIZE[0])).clip(0, 255).astype(np.uint8)
    centre = (int(random.integers(120, 200)), int(random.integers(95, 145)))
    cv2.circle(image, centre, 70, 190, 30)
    scale = longest / SIZE[0]
    shown = cv2.resize(image, None, fx=scale, fy=scale)
    return bytes(cv2.imencode(".jpg", shown)[1])


class Office:
    """What it says; ``aside`` is what was laid aside."""

    def __init__(self) -> None:
        self.aside: set[str] = set()
        self.count = 23
        self.results: list[object] = []

    @property
    def answers(self) -> dict[type, Callable[..., object]]:
        jobs = (TakePictures, FetchPictures, TryMethods, TeachProduct)
        return {
            ListTiles: lambda _: tiles(),
            ListDraft: self.draft,
            ShowDraft: lambda asked: Shown(
                tuple(part(int(name[:5]), min(asked.longest, 640)) for name in asked.names)
            ),
            LeaveOut: self.leave_out,
            AskResult: lambda _: self.results.pop(),
            **{kind: lambda _: JobStarted(1) for kind in jobs},
        }

    def draft(self, asked: ListDraft) -> Draft:
        hints = {2: ("blurred",), 5: ("same",), 9: ("other-light",)}
        names = (f"{number:05d}.png" for number in range(1, self.count + 1))
        pictures = [DraftPicture(name, hints.get(int(name[:5]) % 12, ())) for name in names]
        left = tuple(one for one in pictures if one.name not in self.aside)
        known = asked.product == "washer"
        return Draft(
            asked.product,
            left,
            ("too-bright", "alike") if left else ("few",),
            10,
            {0.05: 76, 0.01: 396}.get(asked.rate, 196),
            SIZE if left else (0, 0),
            (
                PictureSource("taught", "taught", "", 120),
                PictureSource("/media/USB", "stick", "USB", 48),
            ),
            known=known,
            title="Washer",
            rate=0.05 if known else asked.rate,
            region=(40, 20, 240, 200) if known else None,
            zones=(DrawnZone("rim", "zone", ((0, 0), (9, 0), (9, 9)), 2.0),) if known else (),
        )

    def leave_out(self, asked: LeaveOut) -> None:
        change = self.aside.difference_update if asked.back else self.aside.update
        change(asked.names)


def tiles() -> Tiles:
    names = {"washer": "平ワッシャー", "bracket-left": "左ブラケット", "gear": "歯車"}
    return Tiles(
        tuple(
            Tile(name, {"en": name, "ja": ja}, taught=True, released=False, picture=part(place))
            for place, (name, ja) in enumerate(names.items())
        )
    )


def taught() -> TaughtProduct:
    scores = (*np.random.default_rng(3).normal(0.7, 0.08, 24).tolist(), 1.04)
    strange = tuple(Strange(f"{n}", 1.04 - n / 20, part(n)) for n in range(8))
    return TaughtProduct(
        "product-1", 75, scores, 0.01, 0.012, 0.176, 274, True, strange, seconds=31.0
    )


def tried() -> Tried:
    candidates = (
        Candidate("patchcore", 256, 64, 80, 9.0, in_time=True),
        Candidate("autoencoder", 256, 30, 80, 5.0, in_time=True),
        Candidate("patchcore", 384, 0, 0, 18.0, in_time=False),
    )
    return Tried(candidates, 12.0, 15.0)


class Wizard:
    """The screen on a stage, and an office behind it."""

    def __init__(self, language: Language, role: str = "engineer") -> None:
        self.office = Office()
        self.stage = Stage(language, answers=self.office.answers, role=role)
        self.state(StationState.READY)
        self.stage.shell.go("teach")
        screen = self.stage.screen
        assert isinstance(screen, TeachScreen)
        self.screen, self.model = screen, screen.model
        self.stage.settle()

    def state(self, state: StationState, product: str = "solar-mono", *locked: Lock) -> None:
        told = replace(fakes.status(state), product=product, locked=locked)
        self.stage.now_s += 1
        self.stage.model.deliver(told, self.stage.now_s, None, [])
        self.stage.settle()

    def to(self, step: Step) -> None:
        self.screen.on.click()
        while self.model.step < step:
            self.screen.on.click()
        self.stage.settle()

    def hear(self, step: str, done: int, result: object = None, problem: str = "") -> None:
        end = "failed" if problem else "done" if result is not None else ""
        self.office.results.append(result)
        self.stage.hear(JobState(1, "x", "eno", step, done, 100, end, problem))  # type: ignore[arg-type]  # one of its ends


@pytest.fixture
def wizard(qtbot: QtBot, language: Language) -> Iterator[Wizard]:
    made = Wizard(language)
    yield made
    made.stage.close()


def test_looks_of_the_name(wizard: Wizard, language: Language) -> None:
    wizard.state(StationState.HALTED)
    look_everywhere(wizard.stage, language)


def test_looks_of_the_pictures(wizard: Wizard, language: Language) -> None:
    wizard.to(Step.PICTURES)
    look_everywhere(wizard.stage, language)


def test_looks_of_drawing(wizard: Wizard, language: Language) -> None:
    wizard.model.choose("washer")
    wizard.stage.settle()
    wizard.screen.on.click()
    wizard.model.drawing.pen = Pen.EXCLUDE
    look_everywhere(wizard.stage, language)


def test_looks_of_the_method(wizard: Wizard, language: Language) -> None:
    wizard.to(Step.METHOD)
    wizard.screen.method.several.click()
    wizard.hear("patchcore 256: paint", 40, tried())
    assert (wizard.model.method, wizard.model.side) == ("patchcore", 256)
    look_everywhere(wizard.stage, language)


def test_teaching_under_way_is_told_in_words(wizard: Wizard) -> None:
    wizard.to(Step.METHOD)
    wizard.screen.on.click()
    wizard.hear("features", 40)
    progress = wizard.screen.method.progress
    assert progress.isVisible()
    assert progress.stage.text() == "Looking at good parts …"
    assert not wizard.screen.on.isEnabled()
    wizard.hear("coreset", 0)
    share = progress.track.share
    assert share is not None
    assert share > 0.5  # the bar never begins anew


def test_looks_of_the_result(wizard: Wizard, language: Language) -> None:
    wizard.to(Step.METHOD)
    wizard.screen.on.click()
    wizard.hear("store", 100, taught())
    assert wizard.model.step is Step.RESULT
    look_everywhere(wizard.stage, language)


def test_cameras_are_freed_before_pictures_are_taken(wizard: Wizard) -> None:
    wizard.to(Step.PICTURES)
    wizard.screen.pictures.take.click()
    assert isinstance(wizard.stage.commands[-1], Halt)
    assert not [q for q in wizard.stage.questions if isinstance(q, TakePictures)]
    wizard.state(StationState.HALTED)
    asked = [q for q in wizard.stage.questions if isinstance(q, TakePictures)]
    assert asked == [TakePictures("product-1", "solar-mono", 20)]
    assert wizard.screen.pictures.take.text() == "Stop"
    wizard.hear("pictures", 20, PicturesAdded(20))
    assert not wizard.model.working


def test_nothing_is_done_beside_production(wizard: Wizard) -> None:
    wizard.state(StationState.CONTINUOUS_EXECUTION)
    wizard.to(Step.PICTURES)
    assert not wizard.screen.pictures.take.isEnabled()
    assert "Stop it before" in wizard.screen.pictures.about.text()
    wizard.to(Step.METHOD)
    assert not wizard.screen.on.isEnabled()
    assert not wizard.screen.method.several.isEnabled()
    assert "Stop it before" in wizard.screen.method.trouble.text()


def test_technicians_gather_and_engineers_teach(qtbot: QtBot, language: Language) -> None:
    made = Wizard(language, "technician")
    made.to(Step.METHOD)
    assert not made.screen.on.isEnabled()
    assert "engineer" in made.screen.method.trouble.text()
    made.stage.close()


def test_a_touch_leaves_out_and_another_takes_back(qtbot: QtBot, wizard: Wizard) -> None:
    wizard.stage.resize(1024, 600)  # a screen without a display is 800 px wide: no finger beyond
    wizard.to(Step.PICTURES)
    page = wizard.screen.pictures
    place = page.grid.room_of(1).center().toPoint()
    FINGER.mouseClick(page.grid, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: wizard.model.chosen == "00022.png", timeout=20_000)
    page.out.click()
    assert (wizard.office.aside, wizard.model.count) == ({"00022.png"}, 22)
    assert wizard.model.chosen == "00023.png"
    wizard.model.look("")
    wizard.model.fetch("taught")
    assert not page.out.isEnabled()  # the newest may be another one when the finger is down
    page.back.click()
    assert (wizard.office.aside, wizard.model.count) == (set(), 23)
    assert wizard.model.chosen == "00022.png"


def test_too_few_pictures_lead_nowhere(wizard: Wizard) -> None:
    wizard.office.count = 3
    wizard.to(Step.PICTURES)
    assert not wizard.screen.on.isEnabled()
    assert wizard.screen.pictures.said.text() == "7 more, and it can be taught."


def test_fingers_draw(wizard: Wizard) -> None:
    wizard.to(Step.DRAW)
    pad = wizard.screen.drawing.pad
    button = Qt.MouseButton.LeftButton

    def at(x: float, y: float) -> QPoint:
        return pad.at((x, y)).toPoint()

    FINGER.mousePress(pad, button, pos=at(40, 30))
    FINGER.mouseMove(pad, at(280, 200))
    FINGER.mouseRelease(pad, button, pos=at(280, 200))
    wizard.screen.drawing.pens[Pen.EXCLUDE].click()
    for corner in ((60.0, 50.0), (140.0, 50.0), (100.0, 120.0)):
        FINGER.mouseClick(pad, button, pos=at(*corner))
    assert not wizard.screen.on.isEnabled()  # the outline is open
    FINGER.mouseClick(pad, button, pos=at(62, 52))
    drawn = wizard.model.drawing.drawn
    assert drawn.region is not None
    assert np.abs(np.array(drawn.region) - (40, 30, 240, 170)).max() <= 2
    (zone,) = drawn.zones
    assert zone.use == "exclude"
    assert len(zone.polygon) == 3
    wizard.to(Step.METHOD)
    wizard.screen.on.click()
    lesson = wizard.stage.questions[-1].lesson  # type: ignore[union-attr]  # it is TeachProduct
    assert (lesson.region, lesson.zones) == (drawn.region, drawn.zones)


def test_a_known_product_brings_its_recipe(wizard: Wizard) -> None:
    wizard.model.choose("washer")
    wizard.stage.settle()
    drawn = wizard.model.drawing.drawn
    assert drawn.region == (40, 20, 240, 200)
    assert drawn.zones[0].sensitivity == 2.0
    assert wizard.model.rate == 0.05
    assert wizard.model.draft is not None
    assert wizard.model.draft.wanted == 76


def test_from_the_result_to_the_line(wizard: Wizard) -> None:
    wizard.to(Step.METHOD)
    wizard.screen.on.click()
    wizard.hear("store", 100, taught())
    wizard.screen.on.click()
    assert wizard.stage.commands[-1] == SelectProduct("product-1")
    samples = Lock(Requirement.LIMIT_SAMPLES, "Limit samples: none. Show all of them")
    release = Lock(Requirement.RELEASE, "Not released")
    wizard.state(StationState.INITIALIZED, "product-1", samples, release)
    assert wizard.screen.on.text() == "Limit samples"
    wizard.state(StationState.INITIALIZED, "product-1", release)
    assert wizard.screen.on.text() == "Release"
    wizard.state(StationState.READY, "product-1")
    wizard.screen.on.click()
    assert wizard.stage.shell.here == "live"


def test_whoever_leaves_gives_the_line_its_product_back(wizard: Wizard) -> None:
    wizard.state(StationState.HALTED)
    wizard.screen.product.again.click()
    assert isinstance(wizard.stage.commands[-1], SelectAutomatic)


def test_a_job_that_failed_says_why(wizard: Wizard) -> None:
    wizard.to(Step.METHOD)
    wizard.screen.on.click()
    wizard.hear("features", 40, problem="not while the line runs. Stop the line first")
    assert "Stop the line first" in wizard.screen.method.trouble.text()
    assert wizard.screen.on.isEnabled()
