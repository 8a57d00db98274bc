"""Review: parts judged by swipes and buttons, marked by fingers; another rate by a slider."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt6.QtCore import QEvent, QPoint
from PyQt6.QtGui import QEventPoint
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from inspector.link.messages import Judge, ProposeRate, Session
from inspector.link.questions import JobState
from inspector.link.questions.comparing import NearestNormal
from inspector.link.questions.parts import ListParts
from inspector.link.questions.what_if import WhatIf
from inspector.panel.models.part_review import Beside
from inspector.panel.screens import SCREENS
from inspector.panel.screens.review import ReviewScreen
from inspector.panel.translation import Language
from inspector.panel.widgets.choices import DefectClasses
from inspector.panel.widgets.touched_picture import Tool, Way
from tests.panel.looking import look_everywhere
from tests.panel.review_parts import ANSWERS, FIRST_RECORD, JOB, NOW
from tests.panel.stage import Stage
from tests.panel.touching import drag, touch

ENTRIES = [entry for entry in SCREENS if entry.key in ("live", "review")]


@pytest.fixture
def stage(qtbot: QtBot, language: Language) -> Iterator[Stage]:
    made = Stage(language, ENTRIES, dict(ANSWERS))
    made.shell.go("review")
    made.settle()
    yield made
    made.close()


def screen_of(stage: Stage) -> ReviewScreen:
    assert isinstance(stage.screen, ReviewScreen)
    return stage.screen


def opened(stage: Stage, number: int = 0) -> ReviewScreen:
    screen = screen_of(stage)
    screen.model.open(FIRST_RECORD - number)
    stage.settle()
    return screen


def counted(stage: Stage) -> ReviewScreen:
    screen = screen_of(stage)
    screen.what_if_button.click()
    stage.hear(JobState(JOB, "WhatIf", "sato", end="done"))
    return screen


def swipe(widget: QWidget, across: int, along: int = 0) -> None:
    """From the middle of a widget."""
    begin = widget.rect().center()
    drag(widget, begin, begin + QPoint(across, along))


def finger(widget: QWidget, across: int) -> None:
    """A touch that nobody takes, which Qt therefore hands on as the mouse."""
    event = touch(QEvent.Type.TouchBegin, QEventPoint.State.Pressed, widget)
    event.ignore()
    QApplication.sendEvent(widget, event)
    assert not event.isAccepted()
    swipe(widget, across)


def said(stage: Stage) -> list[tuple[int, str]]:
    return [(c.part, c.finding) for c in stage.commands if isinstance(c, Judge)]


# -- looks ----------------------------------------------------------------------------------------


def test_the_gallery_looks_right(stage: Stage, language: Language) -> None:
    look_everywhere(stage, language)


def test_a_part_looks_right(stage: Stage, language: Language) -> None:
    opened(stage)
    look_everywhere(stage, language)


def test_what_if_looks_right(stage: Stage, language: Language) -> None:
    screen = counted(stage)
    screen.what_if.choose(1)
    look_everywhere(stage, language)


def test_the_filter_looks_right(stage: Stage, language: Language) -> None:
    screen_of(stage).narrow.click()
    stage.settle()
    look_everywhere(stage, language)


# -- judging --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("across", "along", "finding"),
    [(-260, 10, "good"), (260, 20, "defect"), (15, -240, "unsure")],
)
def test_a_swipe_says_what_the_part_is_and_turns_to_the_next(
    stage: Stage, across: int, along: int, finding: str
) -> None:
    screen = opened(stage)
    swipe(screen.part.picture, across, along)
    assert said(stage) == [(500, finding)]
    assert screen.model.part.tile is not None
    assert screen.model.part.tile.part == 499
    assert screen.model.tiles[0].finding == finding


@pytest.mark.parametrize(("across", "along"), [(30, 0), (0, 260), (200, 190), (-30, -30)])
def test_what_is_no_clear_swipe_says_nothing(stage: Stage, across: int, along: int) -> None:
    screen = opened(stage)
    swipe(screen.part.picture, across, along)
    assert said(stage) == []
    assert screen.model.part.place == 0


def test_a_finger_swipes_as_the_mouse_does(stage: Stage) -> None:
    screen = opened(stage)
    finger(screen.part.picture, 260)
    assert said(stage) == [(500, "defect")]


def test_while_it_is_dragged_it_says_what_letting_go_will_do(stage: Stage) -> None:
    picture = opened(stage).part.picture
    begin, ways = picture.rect().center(), []
    for across in (-30, -260, 260):
        drag(picture, begin, begin + QPoint(across, 0), let_go=False)
        ways.append(picture.way)
    assert ways == [None, Way.LEFT, Way.RIGHT]
    assert said(stage) == []


def test_each_large_button_says_what_its_swipe_says(stage: Stage) -> None:
    screen = opened(stage)
    for way in (Way.LEFT, Way.UP, Way.RIGHT):
        screen.part.judge[way].click()
    assert said(stage) == [(500, "good"), (499, "unsure"), (498, "defect")]


def test_undo_takes_the_word_back_and_shows_its_part(stage: Stage) -> None:
    screen = opened(stage)
    assert not screen.part.undo.isEnabled()
    screen.part.judge[Way.RIGHT].click()
    screen.part.undo.click()
    assert said(stage)[-1] == (500, "withdrawn")
    assert screen.model.part.tile is not None
    assert (screen.model.part.tile.part, screen.model.part.tile.finding) == (500, "")
    assert not screen.part.undo.isEnabled()


def test_who_may_not_judge_finds_nothing_to_swipe(stage: Stage) -> None:
    stage.log_in("auditor")
    screen = opened(stage)
    swipe(screen.part.picture, 260)
    assert said(stage) == []
    assert not any(button.isEnabled() for button in screen.part.judge.values())


def test_a_box_and_an_outline_go_with_the_word(stage: Stage) -> None:
    screen = opened(stage)
    part = screen.part
    part.tools[Tool.BOX].click()
    swipe(part.picture, 60, 40)
    part.tools[Tool.OUTLINE].click()
    swipe(part.picture, 50, -50)
    assert said(stage) == []
    screen.model.part.name_defect("scratch")
    swipe(part.picture, 260)
    (judged,) = [c for c in stage.commands if isinstance(c, Judge)]
    assert judged.defect == "scratch"
    box, outline = judged.marks
    assert len(box.corners) == 2
    assert len(outline.corners) >= 3
    room = part.picture.room
    (left, top), (right, bottom) = box.corners
    assert (left, top) == pytest.approx((0.5, 0.5), abs=0.02)
    assert (right - left, bottom - top) == pytest.approx(
        (60 / room.width(), 40 / room.height()), abs=0.01
    )


def test_a_class_is_one_of_those_used_before_or_typed(stage: Stage) -> None:
    screen = opened(stage)
    screen.part.defect.click()
    (classes,) = stage.shell.findChildren(DefectClasses)
    assert [button.text() for button in classes.buttons][:2] == ["scratch", "chipped edge"]
    classes.buttons[1].click()
    assert screen.part.defect.text() == "Class: chipped edge"
    screen.part.defect.click()
    typed = stage.shell.findChildren(DefectClasses)[-1]
    typed.field.edit.setText(" burr ")
    typed.field.edit.returnPressed.emit()
    assert screen.part.defect.text() == "Class: burr"


def test_somebody_else_does_not_take_a_word_back(stage: Stage) -> None:
    screen = opened(stage)
    screen.part.judge[Way.UP].click()
    assert screen.part.undo.text() == "Undo #500"
    stage.model.session.greet(Session("other", "oki", "operator"))
    screen.part.refresh()
    assert not screen.part.undo.isEnabled()
    screen.model.undo()
    assert said(stage) == [(500, "unsure")]


def test_swipes_beside_the_part_turn_on_and_back(stage: Stage) -> None:
    screen = opened(stage)
    swipe(screen.part.other, -260)
    assert screen.model.part.place == 1
    swipe(screen.part.other, 260)
    assert screen.model.part.place == 0
    assert said(stage) == []


def test_the_nearest_good_one_stands_beside_when_it_is_wanted(stage: Stage) -> None:
    screen = opened(stage)
    screen.part.besides[Beside.NORMAL].click()
    assert isinstance(stage.questions[-1], NearestNormal)
    assert screen.part.besides[Beside.NORMAL].isChecked()


def test_checks_are_told_in_words(stage: Stage) -> None:
    words = opened(stage).part.checks.words
    assert words[0] == "Learned looks · 2 · 4.1, limit 2.4 · 1 in 250 good parts looks so strange"
    assert words[2].endswith("looks as good parts do")
    assert words[-1] == "oki: True defect · scratch"


# -- gallery --------------------------------------------------------------------------------------


def test_pages_are_asked_for_as_they_are_turned_to(stage: Stage) -> None:
    screen = screen_of(stage)
    fits = screen.gallery.fits
    pages = -(-30 // fits) - 1
    for _ in range(pages):
        screen.gallery.keys.older.click()
    assert len(screen.model.tiles) == 30
    assert screen.gallery.keys.place.text().endswith("/  30")
    assert not screen.gallery.keys.older.isEnabled()
    swipe(screen.gallery.buttons[0], 200)
    assert screen.gallery.keys.older.isEnabled(), "swiped back"
    assert screen.model.part.tile is None, "and opened nothing"


def test_what_is_chosen_is_asked_for(stage: Stage) -> None:
    screen = screen_of(stage)
    screen.kinds["borderline"].click()
    screen.unjudged.click()
    asked = [q for q in stage.questions if isinstance(q, ListParts)][-1]
    assert (asked.which, asked.unjudged) == ("borderline", True)


# -- what if --------------------------------------------------------------------------------------


def test_the_slider_shows_what_another_rate_would_have_decided(stage: Stage) -> None:
    screen = counted(stage)
    pane = screen.what_if_pane
    assert isinstance(next(q for q in stage.questions if isinstance(q, WhatIf)), WhatIf)
    assert not pane.propose.isEnabled(), "the rate in force is nothing to propose"
    assert pane.nothing.isVisible()
    pane.slider.less.click()
    assert screen.what_if.place == NOW - 1
    assert pane.ways[False].text() == "Rejected → passed: 13"
    assert pane.ways[False].isChecked(), "the side that has parts"
    assert pane.promise.text().startswith("The newest 12 are shown.")
    track = pane.slider.track
    begin, end = (track.centre(place).toPoint() for place in (NOW - 1, 5))
    drag(track, begin, end)
    assert screen.what_if.place == 5
    assert pane.rate.text() == "10 %"
    assert pane.counts.text() == "320 rejects in place of 61, of 12,480"
    assert not pane.slider.more.isEnabled()


def test_parts_that_flip_are_opened_and_judged(stage: Stage) -> None:
    screen = counted(stage)
    screen.what_if.choose(5)
    button = screen.what_if_pane.gallery.buttons[0]
    assert button.tile is not None
    assert button.tile.passed
    button.click()
    screen.part.judge[Way.RIGHT].click()
    assert said(stage) == [(button.tile.part, "defect")]
    assert screen.part.judge[Way.RIGHT].text() == "Missed defect  →"


def test_a_proposal_asks_for_its_reason_and_is_no_change(stage: Stage) -> None:
    screen = counted(stage)
    screen.what_if.choose(1)
    screen.what_if_pane.propose.click()
    command = stage.shell.signing.command
    assert isinstance(command, ProposeRate)
    assert (command.product, command.rate) == ("solar-mono", 0.001)
    assert "31 rejects would pass, 2 of them called true defects" in command.basis
    stage.answers[ProposeRate] = lambda _asked: None
    stage.shell.signing.sign("fewer false rejects", [])
    assert "draft is kept" in stage.shell.notice.text()
    assert isinstance(stage.commands[-1], ProposeRate)
    assert stage.commands[-1].reason == "fewer false rejects"
