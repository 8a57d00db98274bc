"""The strip of last rejects is filled from the records after a start or a lost connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from inspector.link.messages import RejectNotice
from inspector.link.questions.parts import ListParts, PartEntry, PartPicture, Parts, Picture
from inspector.link.questions.reviewing import AskPart, PartCheck, PartDetail
from inspector.panel.models.desk import GONE
from inspector.panel.models.rejects import CAPACITY
from inspector.panel.screens import SCREENS
from inspector.panel.translation import Language
from inspector.panel.widgets.live import LiveScreen
from tests.panel import fakes
from tests.panel.looking import look_everywhere
from tests.panel.stage import Answer, Stage

NOON = fakes.NOON_UTC_US


def entry(part: int) -> PartEntry:
    return PartEntry(
        *(part + 1000, part, NOON + part * 1_000_000, "solar-mono", "", False, "defect"),
        *(("engine",), 4.0, 2.0, 0.01, 1),
    )


def notice(part: int) -> RejectNotice:
    return RejectNotice(part, NOON, "late", (), b"live")


def detail(asked: AskPart) -> PartDetail:
    checks = (
        PartCheck("engine", 0, False, 4.0, 2.0, 0.01),
        PartCheck("presence", 0, False, None, 1.0, None, "no part"),
    )
    return PartDetail(asked.record, asked.record - 1000, checks, (), 1)


ANSWERS: dict[type, Answer] = {
    PartPicture: lambda asked: Picture(fakes.jpeg(fakes.cell(asked.record, 240)), 240, 240),
    AskPart: detail,
}


@pytest.fixture
def stage(language: Language) -> Iterator[Stage]:
    made = Stage(language, [SCREENS[0]], dict(ANSWERS))
    yield made
    made.close()


def asked(stage: Stage) -> list[ListParts]:
    return [one for one in stage.questions if isinstance(one, ListParts)]


def shown(stage: Stage) -> list[int]:
    return [one.part_id for one in stage.model.rejects.notices]


def test_what_arrives_meanwhile_stays_and_the_order_is_right(stage: Stage) -> None:
    stage.model.deliver(fakes.status(), stage.now_s, None, [])
    (question,) = asked(stage)
    assert (question.which, question.product, question.count) == ("rejects", "solar-mono", CAPACITY)
    stage.model.deliver(None, stage.now_s, None, [notice(30), notice(31)])
    stage.desk.answered(question, Parts(tuple(entry(part) for part in range(30, 15, -1))))
    assert shown(stage) == list(range(31, 19, -1))
    newest, second, third, *_ = stage.model.rejects.notices
    assert (newest.thumbnail_jpeg, second.thumbnail_jpeg, second.cause) == (
        b"live",
        b"live",
        "late",
    )
    assert third.thumbnail_jpeg.startswith(b"\xff\xd8")
    stage.model.deliver(fakes.status(), stage.now_s, None, [])
    assert len(asked(stage)) == 1  # once


def test_one_of_them_is_opened_with_its_checks_as_recorded(stage: Stage) -> None:
    stage.model.deliver(fakes.status(), stage.now_s, None, [])
    stage.desk.answered(asked(stage)[0], Parts((entry(7),)))
    strip = stage.model.rejects
    assert strip.notices[0].checks == ()
    strip.open(strip.notices[0])
    assert strip.opened is not None
    assert [one.check for one in strip.opened.checks] == ["engine"]
    assert strip.notices[0].checks == strip.opened.checks
    strip.close()
    strip.open(strip.notices[0])
    assert sum(isinstance(one, AskPart) for one in stage.questions) == 1


def test_asked_again_after_the_connection_was_lost_and_not_of_another_product(
    stage: Stage,
) -> None:
    stage.model.deliver(fakes.status(), stage.now_s, None, [])
    stage.desk.answered(asked(stage)[0], Parts((entry(7),)))
    stage.model.lose("the station is silent")
    stage.model.deliver(fakes.status(), stage.now_s, None, [])
    assert len(asked(stage)) == 2
    other = replace(fakes.status(), product="bottle")
    stage.model.deliver(other, stage.now_s, None, [])
    stage.desk.answered(asked(stage)[1], Parts((entry(9),)))
    assert shown(stage) == []  # the answer was about the product before
    assert len(asked(stage)) == 2  # a changeover begins with an empty strip


def test_an_office_that_comes_later_is_asked_then(stage: Stage) -> None:
    stage.desk.lose(GONE)
    stage.model.deliver(fakes.status(), stage.now_s, None, [])
    assert asked(stage) == []
    stage.hear()
    assert len(asked(stage)) == 1
    stage.desk.refused(asked(stage)[0], "this line keeps no records")
    stage.model.deliver(fakes.status(), stage.now_s, None, [])
    assert len(asked(stage)) == 1


def test_looks(language: Language) -> None:
    parts = Parts(tuple(entry(part) for part in range(40, 28, -1)))
    stage = Stage(language, [SCREENS[0]], {**ANSWERS, ListParts: lambda _asked: parts})
    stage.model.deliver(fakes.status(), stage.now_s, None, [])
    screen = stage.screen
    assert isinstance(screen, LiveScreen)
    assert all(tile.notice is not None for tile in screen.rejects.tiles)
    screen.rejects.tiles[2].click()
    look_everywhere(stage, language)
    stage.close()
