"""The station screen: each of its sides, at all sizes, and what a touch does."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PyQt6.QtCore import QSize
from pytestqt.qtbot import QtBot

from inspector.core.state import StationState
from inspector.link.details import GetDetails
from inspector.link.messages import Accepted, Halt, Reply, Request, Reset
from inspector.link.questions.jobs import AskResult, JobState
from inspector.link.questions.station import AskLog, Examination, SupportBundle
from inspector.link.signals import BeginTest, EndTest, ForceOutput, GetSignals
from inspector.panel.models.station import Tab
from inspector.panel.models.support import SupportModel
from inspector.panel.screens.station import StationScreen
from inspector.panel.translation import Language
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.support_pane import SupportPane
from tests.panel import station_facts as facts
from tests.panel.looking import look_at, look_everywhere
from tests.panel.stage import SIZES, Stage


def screen_of(stage: Stage) -> StationScreen:
    assert isinstance(stage.screen, StationScreen)
    return stage.screen


@pytest.mark.parametrize("tab", [Tab.STATE, Tab.LOG])
def test_looks(qtbot: QtBot, language: Language, tab: Tab) -> None:
    state = StationState.INITIALIZED if tab is Tab.STATE else StationState.HALTED
    stage = facts.on_stage(language, state)
    screen_of(stage).show_tab(tab)
    look_everywhere(stage, language)
    stage.close()


def test_looks_of_the_sides_that_are_lists_of_facts(qtbot: QtBot, language: Language) -> None:
    """Made of the same cards: the narrowest windows are enough."""
    stage = facts.on_stage(language)
    screen_of(stage).show_tab(Tab.SYSTEM)
    examined(stage)
    faults = []
    for code, size in (("en", (1024, 600)), ("ja", (800, 1280))):
        language.use(code)
        stage.resize(*size)
        for tab in (Tab.CAMERAS, Tab.ENGINE, Tab.RECORDS, Tab.SYSTEM, Tab.PLC):
            screen_of(stage).show_tab(tab)
            stage.settle()
            faults += look_at(stage.shell, SIZES[size], japanese=code == "ja")
    stage.close()
    assert not faults, "\n".join(map(str, faults))


def test_looks_of_a_manual_test(qtbot: QtBot, language: Language) -> None:
    stage = facts.on_stage(language, test=True)
    screen_of(stage).show_tab(Tab.PLC)
    look_everywhere(stage, language)
    stage.close()


def examined(stage: Stage) -> None:
    stage.answers[AskResult] = lambda _: Examination(facts.FINDINGS)
    screen_of(stage).about.examine.click()
    stage.hear(JobState(1, "Examine", "sato", "examination", end="done"))


def test_only_legal_transitions_have_a_button_and_roles_are_told(
    qtbot: QtBot, language: Language
) -> None:
    stage = facts.on_stage(language, StationState.ERROR, role="auditor")
    pane = screen_of(stage).state
    shown = [name for name, button in pane.buttons.items() if button.isVisible()]
    assert shown == ["Reset", "Halt"]
    assert not pane.buttons["Reset"].isEnabled()
    assert pane.who["Reset"].text() == "operator, technician, engineer, administrator"
    stage.log_in("operator")
    pane.buttons["Reset"].click()
    assert stage.commands[-1] == Reset()
    assert "heartbeat stands still" in pane.why.text()
    stage.close()


def test_halt_is_asked_once_more_while_parts_are_inspected(
    qtbot: QtBot, language: Language
) -> None:
    stage = facts.on_stage(language, StationState.CONTINUOUS_EXECUTION)
    pane = screen_of(stage).state
    pane.buttons["Halt"].click()
    assert Halt() not in stage.commands
    (sheet,) = (one for one in stage.shell.findChildren(Sheet) if one.isVisible())
    sheet.confirm.click()
    assert Halt() in stage.commands
    stage.close()


def test_why_production_is_locked(qtbot: QtBot, language: Language) -> None:
    stage = facts.on_stage(language, StationState.INITIALIZED)
    assert screen_of(stage).state.why.text().count("•") == 2
    stage.close()


def test_bits_are_asked_for_while_the_side_is_shown_alone(qtbot: QtBot, language: Language) -> None:
    stage = facts.on_stage(language)
    screen = screen_of(stage)
    assert not [one for one in stage.commands if isinstance(one, GetSignals)]
    screen.show_tab(Tab.PLC)
    screen._tick()
    asked = [one for one in stage.commands if isinstance(one, GetSignals)]
    assert len(asked) == 2
    screen.show_tab(Tab.STATE)
    screen._tick()
    assert len([one for one in stage.commands if isinstance(one, GetSignals)]) == 2
    lit = {lamp.accessibleName() for lamp in screen.plc.outputs.lamps if lamp.on}
    assert lit == {"online", "result_toggle", "plc_may_write"}
    screen.plc.choices[1].click()
    assert "nobody answers" in screen.plc.link.text()
    stage.close()


def test_a_touch_forces_in_a_test_alone(qtbot: QtBot, language: Language) -> None:
    stage = facts.on_stage(language)
    screen = screen_of(stage)
    screen.show_tab(Tab.PLC)
    lamps = {lamp.accessibleName(): lamp for lamp in screen.plc.outputs.lamps}
    lamps["ok"].click()
    assert not [one for one in stage.commands if isinstance(one, ForceOutput)]
    assert screen.plc.begin.isEnabled()
    facts.tell(stage, StationState.READY)
    screen.signals.changed.emit()
    assert not screen.plc.begin.isEnabled()
    stage.answers[GetSignals] = lambda _: facts.signals(test=True)
    screen.signals.tick()
    lamps["ok"].click()
    lamps["gate_pass"].click()
    forced = [one for one in stage.commands if isinstance(one, ForceOutput)]
    assert forced == [ForceOutput("ok", on=True), ForceOutput("gate_pass", on=True, seconds=0.0)]
    assert "gate_pass" in screen.plc.test_words.text()
    facts.tell(stage, StationState.HALTED, test=True)
    stage.shell.go("live")
    stage.settle()
    assert "sato" in stage.shell.bands.test.text()
    stage.shell.bands.end.click()
    assert stage.commands[-1] == EndTest()
    stage.close()


def test_the_doctor_tells_the_worst_first(qtbot: QtBot, language: Language) -> None:
    stage = facts.on_stage(language)
    screen = screen_of(stage)
    screen.show_tab(Tab.SYSTEM)
    examined(stage)
    assert [one.name for one in screen.system.findings] == ["disk", "clock", "tensorrt", "python"]
    assert screen.about.said.text().endswith("Failures: 1")
    stage.close()


def test_the_log_by_level_and_a_line_of_it(qtbot: QtBot, language: Language) -> None:
    stage = facts.on_stage(language)
    screen = screen_of(stage)
    screen.show_tab(Tab.LOG)
    screen.lines.levels["error"].click()
    assert [one.level for one in stage.questions if isinstance(one, AskLog)] == ["info", "error"]
    screen.lines.rows.buttons[0].click()
    assert [one for one in stage.shell.findChildren(Sheet) if one.isVisible()]
    stage.close()


def test_the_support_file_goes_where_it_is_told(
    qtbot: QtBot, language: Language, tmp_path: Path
) -> None:
    stage = facts.on_stage(language)
    written: list[tuple[Path, str, bytes]] = []
    model = SupportModel(stage.desk, lambda *told: written.append(told[:3]))
    pane = SupportPane(model, lambda: (tmp_path / "stick",), lambda: tmp_path)
    qtbot.addWidget(pane)
    pane.resize(QSize(800, 600))
    stage.answers[AskResult] = lambda _: SupportBundle("s.zip", b"zip", "0" * 64, ("line.yaml",))
    model.make()
    stage.hear(JobState(2, "MakeSupportBundle", "sato", "bundle", end="done"))
    assert [not one.isHidden() for one in pane.folders] == [True, True, False, False]
    pane.folders[0].click()
    assert written == [(tmp_path / "stick", "s.zip", b"zip")]
    model.wrote(tmp_path / "stick", "")
    assert model.saved == str(tmp_path / "stick" / "s.zip")
    model.wrote(tmp_path, "full")
    assert model.trouble == "full"
    stage.close()


def test_what_the_station_tells_goes_over_the_wire() -> None:
    request = msgspec.msgpack.Decoder(Request)
    reply: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
    for command in (ForceOutput("ok", on=True), BeginTest("why"), GetSignals(), GetDetails()):
        asked = Request(1, command, "token")
        assert request.decode(msgspec.msgpack.encode(asked)) == asked
    for answer in (facts.signals(test=True), facts.details()):
        told = Accepted(1, answer)
        assert reply.decode(msgspec.msgpack.encode(told)) == told
