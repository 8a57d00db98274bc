"""Drafts on the products screen: tried, taken up, calibrated and put into force, or discarded."""

from __future__ import annotations

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from inspector.core.state import StationState
from inspector.link.messages import ChangeThreshold, DiscardDraft, SelectProduct, TakeUpDraft
from inspector.link.questions.drafts import DraftEntry, Drafts, DraftTried, ListDrafts, TryDraft
from inspector.link.questions.jobs import AskResult, JobStarted, JobState
from inspector.link.questions.products import ListTiles
from inspector.link.questions.thresholds import (
    AskThreshold,
    CalibrateProduct,
    Proof,
    ThresholdFound,
    ThresholdInForce,
)
from inspector.panel.models.products import Page
from inspector.panel.screens import SCREENS
from inspector.panel.screens.products import ProductsScreen
from inspector.panel.translation import Language
from tests.panel import fakes
from tests.panel.looking import look_everywhere
from tests.panel.stage import Answer, Stage
from tests.panel.test_products_screen import LOADED, NAMES, ready, tiles

ENTRIES = [entry for entry in SCREENS if entry.key in ("live", "products")]
TRIED = DraftTried("a.yaml", 12_480, 61, 20, 0, 41, 2, 5, 240, extrapolated=True)
BASIS = (
    "of 12480 recorded parts 0 passes would be rejected, 41 rejects would pass, 2 of them called "
    "true defects"
)


def draft(name: str = "a.yaml", problem: str = "") -> DraftEntry:
    title = dict(zip(("en", "ja"), NAMES[LOADED], strict=True))
    who = "ann (engineer), station solar-1"
    why = "Too many good cells were rejected since the lamp was changed last week"
    moment = "2026-11-20T14:05:33+00:00"
    return DraftEntry(name, LOADED, title, 0.01, 0.002, who, moment, why, BASIS, problem)


def proof(threshold: float, calibration: str) -> Proof:
    return Proof(threshold, 0.002, 0.004, 0.0295, 240, 260, True, (1.0, 1.2), calibration)


class Plant:
    """Answers of station and office; jobs are done at once."""

    def __init__(self) -> None:
        self.waiting: tuple[DraftEntry, ...] = (draft(), draft("b.yaml"))
        self.results: list[object] = []
        self.answers: dict[type, Answer] = {
            ListTiles: tiles,
            ListDrafts: lambda _asked: Drafts(self.waiting),
            TryDraft: lambda _asked: self._job(TRIED),
            CalibrateProduct: lambda _asked: self._job(
                ThresholdFound(LOADED, proof(2.9, "new"), proof(2.4, "old"), 0, 0, comparable=True)
            ),
            AskThreshold: lambda _asked: ThresholdInForce(LOADED, proof(2.4, "old"), 60, ()),
            AskResult: lambda asked: self.results[asked.job - 1],
        }

    def _job(self, result: object) -> JobStarted:
        self.results.append(result)
        return JobStarted(len(self.results))

    def done(self, stage: Stage) -> None:
        """All jobs are over."""
        count = range(1, len(self.results) + 1)
        stage.hear(*(JobState(job, "x", "ann", end="done") for job in count))


def opened(language: Language, plant: Plant, role: str = "engineer") -> Stage:
    stage = Stage(language, ENTRIES, plant.answers, role=role)
    stage.model.deliver(ready(), stage.now_s, None, [])
    stage.shell.go("products")
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    screen.waiting.click()
    assert screen.model.page is Page.DRAFTS
    return stage


def chosen(language: Language, plant: Plant, role: str = "engineer") -> Stage:
    stage = opened(language, plant, role)
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    screen.drafts.rows.opened.emit("a.yaml")
    plant.done(stage)
    return stage


def taken(language: Language, plant: Plant) -> Stage:
    stage = chosen(language, plant)
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    screen.drafts.on.click()
    stage.shell.signing.sign("the lamp is new", [])
    plant.waiting = plant.waiting[1:]
    stage.desk.answered(stage.commands[-1], None)
    plant.done(stage)
    return stage


STATES = {"list": opened, "chosen": chosen, "taken": taken}


@pytest.mark.parametrize("state", STATES)
def test_looks(qtbot: QtBot, language: Language, state: str) -> None:
    stage = STATES[state](language, Plant())
    look_everywhere(stage, language)
    stage.close()


def test_a_draft_is_taken_up_in_few_touches(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage = chosen(language, plant)
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    pane = screen.drafts
    assert "20 would be rejected, in place of 61" in pane.counts.text()
    assert "2 true defects" in pane.risk.text()
    assert "240 good images" in pane.risk.text()
    pane.on.click()
    assert stage.shell.signing.command == TakeUpDraft("a.yaml", LOADED, 0.002, "")
    stage.shell.signing.sign("the lamp is new", [])
    plant.waiting = plant.waiting[1:]
    stage.desk.answered(stage.commands[-1], None)
    assert any(isinstance(one, CalibrateProduct) for one in stage.questions)  # by itself
    plant.done(stage)
    assert "2.4 → 2.9" in pane.counts.text()
    pane.on.click()
    signed = stage.shell.signing.command
    assert isinstance(signed, ChangeThreshold)
    assert (signed.threshold, signed.false_reject_rate, signed.calibration) == (2.9, 0.002, "new")
    plant.answers[AskThreshold] = lambda _: ThresholdInForce(LOADED, proof(2.9, "new"), 60, ())
    stage.answers.update(plant.answers)
    stage.shell.signing.sign("the lamp is new", [])
    stage.desk.answered(stage.commands[-1], None)
    assert pane.on.text() == "To release"
    pane.on.click()
    assert screen.model.page is Page.DETAIL
    assert screen.parts.currentWidget() is screen.release
    stage.close()


def test_one_that_is_not_loaded_is_loaded_first(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    plant.waiting = (msgspec.structs.replace(draft(), product="bottle"),)
    plant.answers[AskThreshold] = lambda _: ThresholdInForce("bottle", proof(2.9, "new"), 60, ())
    stage = taken(language, plant)
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    assert screen.drafts.on.text() == "Load it"
    screen.drafts.on.click()
    assert stage.commands[-1] == SelectProduct("bottle")
    stage.close()


def test_discarded_by_quality_and_not_taken_up(qtbot: QtBot, language: Language) -> None:
    plant = Plant()
    stage = chosen(language, plant, role="quality")
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    assert not screen.drafts.on.isEnabled()
    screen.drafts.discard.click()
    assert stage.shell.signing.command == DiscardDraft("a.yaml", LOADED, "")
    stage.shell.signing.sign("the old lamp is back", [])
    plant.waiting = ()
    stage.desk.answered(stage.commands[-1], None)
    assert screen.drafts_model.empty
    assert not screen.waiting.isVisibleTo(screen)
    stage.close()


@pytest.mark.parametrize("problem", ["running", "changed"])
def test_what_stands_against_it_is_said(qtbot: QtBot, language: Language, problem: str) -> None:
    plant = Plant()
    if problem == "changed":
        plant.waiting = (
            draft(
                problem=f"{LOADED}: its recipe was changed since this was proposed. Discard the "
                "draft, and propose the rate again"
            ),
        )
    stage = chosen(language, plant)
    if problem == "running":
        running = fakes.status(StationState.CONTINUOUS_EXECUTION)
        stage.model.deliver(running, stage.now_s, None, [])
        stage.shell.screens["products"].refresh()
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    assert not screen.drafts.on.isEnabled()
    words = {"running": "The line runs", "changed": "was changed since"}[problem]
    assert words in screen.drafts.hint.text()
    stage.close()
