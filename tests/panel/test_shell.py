"""The shell around all screens: where one is, what one may, and that the verdict stays in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel, QPushButton, QWidget

from inspector.link.messages import Session
from inspector.link.questions import JobState
from inspector.link.questions.jobs import AskResult, JobStarted, Verified, VerifyLedger
from inspector.link.questions.parts import ListParts, PartEntry, Parts
from inspector.panel.models.desk import Desk
from inspector.panel.screens import SCREENS, Entry
from inspector.panel.translation import Language
from inspector.panel.widgets.icons import Icon
from inspector.panel.widgets.navigation import PlaceButton
from inspector.panel.widgets.sheet import Sheet
from tests.panel import fakes
from tests.panel.example_screen import ExampleModel, ExampleScreen
from tests.panel.looking import look_everywhere
from tests.panel.stage import SIZES, Stage

LIVE = SCREENS[0]
ENTRIES = [
    LIVE,
    *(
        Entry(icon.value, icon, "VerifyLedger" if icon is Icon.AUDIT else "", ExampleScreen)
        for icon in Icon
        if icon not in (Icon.LIVE, Icon.MORE, Icon.LOCK)
    ),
]
PART = PartEntry(9, 4711, 0, "tiny", "", False, "defect", (), 3.0, 2.0, None, 1)
MakeStage = Callable[..., Stage]


@pytest.fixture
def make_stage(language: Language) -> Iterator[MakeStage]:
    made: list[Stage] = []

    def make(**options: object) -> Stage:
        answers = {ListParts: lambda _: Parts((PART,))}
        made.append(Stage(language, ENTRIES, answers, **options))  # type: ignore[arg-type]  # the stage's own
        return made[-1]

    yield make
    for stage in made:
        stage.close()


def button(stage: Stage, key: str) -> PlaceButton:
    return next(one for one in stage.shell.navigation.buttons if one.place.key == key)


def tap(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]  # static, whatever the stub says


def place(stage: Stage, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(stage.shell, QPoint(0, 0)), widget.size())


def test_a_touch_leads_to_a_screen_which_asks_for_what_it_shows(make_stage: MakeStage) -> None:
    stage = make_stage()
    tap(button(stage, "review"))
    assert stage.shell.here == "review"
    assert isinstance(stage.screen, ExampleScreen)
    assert stage.screen.parts.text() == "4711"
    assert stage.shell.strip.isVisible()
    tap(button(stage, "live"))
    assert not stage.shell.strip.isVisible(), "the live screen has the large verdict"


@pytest.mark.parametrize("size", SIZES)
def test_no_sheet_ever_covers_the_verdict(make_stage: MakeStage, size: tuple[int, int]) -> None:
    stage = make_stage(size=size)
    stage.now_s += 1
    stage.model.deliver(fakes.status(), stage.now_s, fakes.picture(7, passed=False), [])
    stage.shell.around.lay(Sheet("Sure?", QWidget(), confirm="Yes"))
    stage.settle()
    strip = stage.shell.strip
    assert strip.isVisible()
    assert strip.words()[0] == "REJECT"
    corner = strip.mapTo(stage.shell, strip.rect().center())
    assert stage.shell.childAt(corner) is strip


def test_a_sheet_is_confirmed_or_left(make_stage: MakeStage) -> None:
    stage = make_stage()
    heard: list[str] = []
    for answer in ("confirm", "cancel"):
        sheet = Sheet("Sure?", QWidget(), confirm="Yes")
        sheet.confirmed.connect(lambda: heard.append("yes"))
        sheet.cancelled.connect(lambda: heard.append("no"))
        stage.shell.around.lay(sheet)
        stage.settle()
        tap(getattr(sheet, answer))
        stage.settle()
    stage.shell.around.lay(sheet := Sheet("Sure?", QWidget()))
    sheet.cancelled.connect(lambda: heard.append("left"))
    stage.shell.go("review")
    assert heard == ["yes", "no", "left"]


def test_what_a_role_may_not_is_locked_and_shows_the_way(make_stage: MakeStage) -> None:
    stage = make_stage(role="")
    stage.desk.rights["VerifyLedger"] = ("auditor",)
    stage.desk.changed.emit()
    assert button(stage, "audit").place.locked
    tap(button(stage, "audit"))
    stage.settle()
    assert stage.shell.here == "live"
    sheet = stage.shell.findChild(Sheet)
    assert sheet is not None
    assert "auditor" in sheet.findChildren(QLabel)[-1].text()
    tap(sheet.confirm)
    assert stage.model.session.logging_in
    stage.log_in("auditor")
    assert not button(stage, "audit").place.locked
    tap(button(stage, "audit"))
    assert stage.shell.here == "audit"
    stage.log_in("")
    assert stage.shell.here == "live", "who leaves takes what they may with them"


def test_what_does_not_fit_is_under_more(make_stage: MakeStage) -> None:
    stage = make_stage()
    stage.shell.dpi = 250.0
    stage.shell.rescale()
    stage.settle()
    keys = [one.place.key for one in stage.shell.navigation.buttons]
    assert len(keys) < len(ENTRIES)
    assert keys[-1] == ""
    tap(stage.shell.navigation.buttons[-1])
    stage.settle()
    hidden = stage.shell.navigation.hidden[-1]
    sheet = stage.shell.findChild(Sheet)
    assert sheet is not None
    tap(next(one for one in sheet.findChildren(PlaceButton) if one.place == hidden))
    assert stage.shell.here == hidden.key


def test_a_refused_question_is_said_and_can_be_tried_again(make_stage: MakeStage) -> None:
    stage = make_stage()
    stage.answers[ListParts] = lambda _: "the ledger is empty"
    stage.shell.go("review")
    screen = stage.screen
    assert isinstance(screen, ExampleScreen)
    assert screen.pane.text.text() == "the ledger is empty"
    del stage.answers[ListParts]
    tap(screen.pane.again)
    assert screen.pane.turning.isVisible()
    stage.desk.lose("gone")
    stage.desk.refused(stage.questions[-1], "")
    assert "cannot be reached" in screen.pane.text.text()


def test_a_job_is_followed_to_its_result(make_stage: MakeStage) -> None:
    stage = make_stage()
    result = Verified("s", 10, 0, (), 1.0, "aa", 10)
    stage.answers |= {VerifyLedger: lambda _: JobStarted(3), AskResult: lambda _: result}
    seen: list[float | None] = []
    job = stage.desk.run(VerifyLedger(), lambda: seen.append(job.share))
    stage.hear(JobState(3, "VerifyLedger", "sato", "records", 5, 10))
    stage.hear(JobState(3, "VerifyLedger", "sato", "records", 10, 10, "done"))
    assert (job.ended, job.problem, job.result) == (True, "", result)
    assert seen == [0.5, 1.0]


def test_an_older_answer_never_replaces_a_newer_question() -> None:
    waiting: list[object] = []
    desk = Desk(waiting.append, waiting.append)
    model = ExampleModel(desk)
    model.reload()
    model.reload()
    desk.answered(waiting[1], Parts((PART,)))
    desk.answered(waiting[0], Parts(()))
    assert model.parts == (PART,)
    assert not model.busy


@pytest.mark.parametrize("key", ["review"])
def test_the_shell_stands_a_critical_look(
    make_stage: MakeStage, language: Language, key: str
) -> None:
    stage = make_stage()
    stage.model.deliver(fakes.status(), stage.now_s, None, [])
    stage.shell.go(key)
    look_everywhere(stage, language)


def test_the_look_finds_what_is_wrong(make_stage: MakeStage, language: Language) -> None:
    stage = make_stage()
    stage.shell.go("review")
    small = QPushButton("Acknowledge", stage.screen)
    small.setStyleSheet("min-height: 0; min-width: 0; padding: 0; color: #777; background: #888")
    small.setGeometry(20, 20, 40, 30)
    small.show()
    language.use("ja")
    with pytest.raises(AssertionError) as found:
        look_everywhere(stage, language)
    told = [line for line in str(found.value).splitlines() if "Acknowledge" in line]
    for kind in ("small", "cut", "pale", "overlap", "untranslated"):
        assert any(f" {kind}: " in line for line in told), kind


def test_a_lost_connection_leaves_the_screen_and_its_owner_finds_it_again(
    language: Language,
) -> None:
    stage = Stage(language, [SCREENS[0], *(one for one in SCREENS if one.key == "calibration")])
    stage.shell.go("calibration")
    stage.model.session.greet(None)
    stage.desk.take_session(None)
    assert stage.shell.here == "calibration"  # nobody is known: what is shown stays
    stage.log_in("engineer")
    assert stage.shell.here == "calibration"
    stage.desk.take_session(Session("", "panel", "operator"))
    assert stage.shell.here == "live"
    stage.desk.take_session(Session("t", "ono", "engineer"))
    assert stage.shell.here == "live"  # it was somebody else's
    stage.desk.take_session(Session("", "panel", "operator"))
    stage.log_in("engineer")
    assert stage.shell.here == "calibration"
    stage.desk.take_session(Session("", "panel", "operator"))
    stage.shell.go("live")
    stage.log_in("engineer")
    assert stage.shell.here == "live"  # somebody touched the way to another one
    stage.close()
