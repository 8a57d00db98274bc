"""Several panels: what each of them says and offers, and two real ones before a real station."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from inspector.core.record import RecordKind
from inspector.core.state import Control, StationState
from inspector.link.client_zmq import ZmqClient
from inspector.link.control import Seat, new_seat
from inspector.link.messages import (
    AskControl,
    Bypass,
    GiveControl,
    KeepControl,
    Present,
    Start,
    TakeControl,
)
from inspector.panel import connection as connection_module
from inspector.panel.connection import Connection
from inspector.panel.models.control import is_of_another_panel
from inspector.panel.office_connection import OfficeConnection
from inspector.panel.station_words import station_words
from inspector.panel.translation import Language
from inspector.panel.widgets.control import ControlPane
from inspector.panel.widgets.paint import Symbol
from inspector.panel.window import PanelWindow
from tests.panel import fakes
from tests.panel.looking import look_everywhere
from tests.panel.people import look_here
from tests.panel.stage import Stage
from tests.panel.test_people_at_the_panel import tap
from tests.station.production_line import opened, records
from tests.tiny_plant import TinyPlant, make_plant

HERE = Seat("here", "line-pc")
ELSEWHERE = Control("office-2", "there")
MINE = Control("line-pc", "here")
ASKED = replace(MINE, asks="office-2", asks_seat="there", left_s=17.2)
ASKING = replace(ELSEWHERE, asks="line-pc", asks_seat="here", left_s=17.2)


@pytest.fixture
def stage(qtbot: QtBot, language: Language) -> Iterator[Stage]:
    made = Stage(language, seat=HERE)
    yield made
    made.close()


def hear(stage: Stage, control: Control, state: StationState = StationState.READY) -> None:
    status = replace(fakes.status(state), control=control)
    stage.model.deliver(status, stage.now_s, None, [])
    stage.settle()


def control_pane(stage: Stage) -> ControlPane:
    stage.shell.show_control()
    stage.settle()
    (found,) = stage.shell.findChildren(ControlPane)
    return found


def test_a_panel_that_watches_says_who_acts_and_offers_to_ask(stage: Stage) -> None:
    hear(stage, ELSEWHERE)
    controls = stage.shell.live.controls
    assert stage.shell.header.writer.text() == "Control: office-2"
    assert (controls.start.text(), controls.start.symbol) == ("Ask for\ncontrol", Symbol.LOCK)
    tap(controls.start)
    assert stage.commands == [AskControl()]
    hear(stage, ASKING)
    assert not controls.start.isEnabled()
    assert controls.start.text() == "Asked:\n18 s"
    assert stage.shell.bands.panel.text() == "office-2 was asked for control: 18 s"
    assert stage.shell.bands.hand.isHidden()


def test_the_panel_in_control_answers_by_one_touch(stage: Stage) -> None:
    hear(stage, MINE)
    assert stage.shell.header.writer.text() == "Control: operator"
    assert stage.shell.live.controls.start.text() == "Start"
    assert stage.shell.bands.isHidden()
    hear(stage, ASKED)
    bands = stage.shell.bands
    assert bands.panel.text() == "office-2 asks for control: it passes in 18 s"
    tap(bands.keep)
    tap(bands.hand)
    assert stage.commands == [KeepControl(), GiveControl()]
    assert stage.shell.live.controls.start.text() == "Start"


def test_who_is_in_control_is_told_where_the_header_leads(stage: Stage) -> None:
    hear(stage, ELSEWHERE)
    pane = control_pane(stage)
    assert pane.panels.text() == "office-2 is in control."
    tap(pane.ask)
    hear(stage, ASKING)
    tap(pane.take)
    hear(stage, MINE)
    assert pane.panels.text() == "This panel is in control."
    tap(pane.let_go)
    assert stage.commands == [AskControl(), TakeControl(), GiveControl()]
    hear(stage, Control())
    assert pane.panels.text().startswith("No panel is in control")


def test_only_who_may_takes_it(stage: Stage) -> None:
    stage.log_in("operator")
    hear(stage, ELSEWHERE)
    pane = control_pane(stage)
    assert pane.ask.isEnabled()
    hear(stage, ASKING)
    assert pane.take.isHidden()
    assert not pane.ask.isEnabled()


def test_nobody_signs_what_another_panel_would_have_to_give(stage: Stage) -> None:
    hear(stage, ELSEWHERE)
    stage.shell.around.sign(Bypass(True, ""))
    assert stage.shell.signing.command is None
    assert stage.shell.findChildren(ControlPane)
    hear(stage, MINE)
    stage.shell.around.sign(Bypass(True, ""))
    assert stage.shell.signing.command is not None


def test_a_program_that_is_no_panel_never_watches(qtbot: QtBot, language: Language) -> None:
    stage = Stage(language)
    hear(stage, ELSEWHERE)
    assert stage.shell.live.controls.start.text() == "Start"
    assert stage.model.control.tick() is None
    stage.close()


def test_the_station_hears_that_the_panel_lives_and_when_it_was_touched(stage: Stage) -> None:
    model = stage.model
    assert model.control.tick() is None, "no station"
    hear(stage, MINE)
    model.session.touch()
    assert model.control.tick() == Present(0.0)
    assert model.control.tick() is None
    stage.now_s += 5
    hear(stage, MINE)
    rest = model.session.rests_in_s
    assert model.control.tick() == Present(5.0)
    model.answered(Present(5.0), None)
    assert model.session.rests_in_s == rest, "no use of the session"
    assert model.refused(Present(5.0), "")


def test_the_refusal_of_another_panel_is_known(language: Language) -> None:
    reason = "office-2 is in control. Ask for it, or go there"
    assert is_of_another_panel(reason)
    assert not is_of_another_panel("this panel is not in control")
    language.use("ja")
    assert "office-2" in station_words(reason)
    assert station_words(reason) != reason


def test_looks(stage: Stage, language: Language) -> None:
    hear(stage, replace(ASKING, holder="packaging-hall-office-02"))
    look_everywhere(stage, language)


@pytest.mark.parametrize("code", ["en", "ja"])
@pytest.mark.parametrize("control", [ELSEWHERE, ASKED], ids=["watching", "asked"])
def test_looks_of_the_others(stage: Stage, language: Language, control: Control, code: str) -> None:
    language.use(code)
    hear(stage, control)
    for size in ((1024, 600), (800, 1280)):
        look_here(stage, code, size)


@pytest.mark.parametrize("code", ["en", "ja"])
def test_looks_of_the_sheet(stage: Stage, language: Language, code: str) -> None:
    language.use(code)
    for control in (ELSEWHERE, ASKING, MINE):
        hear(stage, control)
        stage.shell.show_control()
        for size in ((1024, 600), (800, 1280)):
            look_here(stage, code, size)


# -- two real panels ------------------------------------------------------------------------------


class Two:
    """Two panels before one station."""

    def __init__(self, qtbot: QtBot, plant: TinyPlant, language: Language) -> None:
        self._qtbot = qtbot
        self.first, self.second = (self._open(plant, language, name) for name in ("one", "two"))

    def _open(self, plant: TinyPlant, language: Language, name: str) -> PanelWindow:
        seat = new_seat(name)
        window = PanelWindow(
            Connection(lambda: ZmqClient(plant.data_folder, seat)),
            OfficeConnection(fakes.no_office),
            language,
            seat=seat,
        )
        self._qtbot.addWidget(window)
        window.resize(1024, 600)
        window.show()
        window._connection.start()
        self.until(lambda: window.model.live.connected)
        return window

    def until(self, what: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(what()), timeout=30_000)

    def tap(self, button: QAbstractButton) -> None:
        self.until(lambda: button.isVisible() and button.isEnabled())
        tap(button)


def test_two_panels_before_one_station(
    qtbot: QtBot, language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "SILENCE_S", 30.0)
    belt = {"parts_per_s": 10.0, "counts_per_part": 100}
    plant = make_plant(tmp_path, belt=belt, link={"answer_s": 60.0, "silent_s": 60.0})
    with opened(plant) as station, ExitStack() as stack:
        two = Two(qtbot, plant, language)
        for window in (two.first, two.second):
            stack.callback(window.close)
        one, other = two.first.shell, two.second.shell
        state = station.station
        two.tap(one.live.controls.start)
        two.until(lambda: state.state.running)
        two.until(lambda: other.header.writer.text() == "Control: one")
        two.tap(other.live.controls.stop)
        two.until(lambda: state.state is StationState.READY)

        two.tap(other.live.controls.start)
        two.until(lambda: two.first.model.control.asks == "two")
        two.tap(one.bands.hand)
        two.until(lambda: two.second.model.control.here)
        two.tap(other.live.controls.start)
        two.until(lambda: state.state.running)

        two.first.desk.send(Start())
        two.until(lambda: one.findChildren(ControlPane))
        assert not one.notice.isVisible(), "the way to ask is shown instead"
        passed = [
            (act["from"], act["to"])
            for act in records(plant, RecordKind.ACTION)
            if act["action"] == "PassControl"
        ]
        assert passed == [("", "one"), ("one", "two")]
