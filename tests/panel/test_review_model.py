"""Judging again without pixels: what is asked, what is sent, and what a refusal leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inspector.access.permissions import PERMISSIONS, QUESTIONS
from inspector.link.messages import Judge, Mark, Session
from inspector.link.questions import JobState, News
from inspector.link.questions.parts import ListParts, PartPicture
from inspector.link.questions.reviewing import AskPart, AskReviews, PartDetail, Said
from inspector.link.questions.rights import AskRights, Rights
from inspector.link.questions.what_if import WhatIf
from inspector.panel.models.desk import Desk
from inspector.panel.models.part_review import Beside
from inspector.panel.models.review import PartFilter, ReviewModel
from inspector.panel.models.screen import Standing
from inspector.panel.models.what_if import WhatIfModel
from tests.panel.review_parts import ANSWERS, FIRST_RECORD, JOB, NOON, NOW, parts, table

HOUR_US = 3_600_000_000


class Office:
    """Station and office that answer at once."""

    def __init__(self, **refusals: str) -> None:
        self.asked: list[Any] = []
        self.refusals = refusals
        self.answers: dict[type, Callable[[Any], Any]] = {
            **ANSWERS,
            AskRights: lambda _: Rights(
                {
                    name: tuple(r or "" for r in may)
                    for name, may in (PERMISSIONS | QUESTIONS).items()
                }
            ),
        }
        self.desk = Desk(self._take, self._take)
        self.desk.take_session(Session("t", "sato", "engineer"))
        self.desk.hear(News("run"))

    def model(self) -> ReviewModel:
        made = ReviewModel(self.desk, lambda: "sato", lambda: NOON)
        made.reload()
        return made

    def said(self) -> list[Judge]:
        return [one for one in self.asked if isinstance(one, Judge)]

    def last(self, kind: type) -> Any:
        return [one for one in self.asked if isinstance(one, kind)][-1]

    def _take(self, asked: Any) -> None:
        self.asked.append(asked)
        name = type(asked).__name__
        if name in self.refusals:
            self.desk.refused(asked, self.refusals[name])
        elif type(asked) in self.answers:
            self.desk.answered(asked, self.answers[type(asked)](asked))


def test_the_filter_becomes_the_question() -> None:
    office = Office()
    model = office.model()
    model.narrow(PartFilter("passes", "solar-mono", "L-1", "rx", 8, unjudged=True))
    asked = office.last(ListParts)
    assert (asked.which, asked.product, asked.lot, asked.reason) == (
        "passes", "solar-mono", "L-1", "rx",
    )  # fmt: skip
    assert asked.unjudged
    assert asked.since_us == NOON - 8 * HOUR_US
    assert office.last(AskReviews) == AskReviews("solar-mono", NOON - 8 * HOUR_US)
    assert model.filter.narrowed == 4


def test_older_parts_follow_until_there_are_none() -> None:
    model = Office().model()
    assert (len(model.tiles), model.next) == (24, FIRST_RECORD - 23)
    model.more()
    assert (len(model.tiles), model.next) == (30, 0)
    model.more()
    assert len({tile.record for tile in model.tiles}) == 30


def test_a_picture_is_asked_for_once_and_plain_where_heat_cannot_be_drawn() -> None:
    office = Office()
    model = office.model()
    model.want([1000, 999])
    model.want([1000, 999])
    assert [q.record for q in office.asked if isinstance(q, PartPicture)] == [1000, 999]
    assert all(model.thumbnails.values())
    office.refusals["PartPicture"] = "no bundle"
    model.want([998])
    assert [q.overlay for q in office.asked if isinstance(q, PartPicture)][-2:] == [True, False]
    assert model.standing is Standing.READY, "a picture that is gone is no problem of the screen"


def test_an_opened_part_asks_for_all_that_is_seen_of_it() -> None:
    office = Office()
    model = office.model()
    model.open(FIRST_RECORD)
    assert office.last(AskPart).record == FIRST_RECORD
    pictures = [q for q in office.asked if isinstance(q, PartPicture)]
    assert [(q.field, q.overlay) for q in pictures] == [(True, False), (False, True)]
    model.part.look_at(1)
    assert {q.view for q in office.asked if isinstance(q, PartPicture)} == {0, 1}
    model.part.look_beside(Beside.NORMAL)
    assert model.part.other
    model.close()
    assert model.part.tile is None


def test_marks_and_class_go_with_a_defect_and_never_with_a_good_part() -> None:
    office = Office()
    model = office.model()
    model.open(FIRST_RECORD)
    model.part.mark(((0.1, 0.1), (0.2, 0.3)))
    model.part.look_at(1)
    model.part.mark(((0.1, 0.1), (0.2, 0.3), (0.4, 0.4)))
    model.part.name_defect(" scratch ")
    good = model.part.judgement("good")
    assert good == Judge(500, "good")
    model.judge("defect")
    marks = (Mark(((0.1, 0.1), (0.2, 0.3)), 0), Mark(((0.1, 0.1), (0.2, 0.3), (0.4, 0.4)), 1))
    assert office.said() == [Judge(500, "defect", "scratch", marks)]
    assert model.part.marks == ()
    assert model.part.defect == "", "the next part's own"


def test_nothing_is_said_twice_while_the_first_word_is_not_recorded() -> None:
    office = Office()
    del office.answers[Judge]
    model = office.model()
    model.open(FIRST_RECORD)
    model.judge("good")
    model.judge("defect")
    assert office.said() == [Judge(500, "good")]
    assert model.waiting
    assert model.part.place == 0, "the next part comes once it is recorded"


def test_a_refused_word_is_told_and_the_part_stays() -> None:
    office = Office(Judge="Judge: nobody is logged in. Log in first")
    model = office.model()
    model.open(FIRST_RECORD)
    model.judge("good")
    assert model.part.problems["word"].startswith("Judge")
    assert model.part.place == 0
    assert model.last is None
    assert model.tiles[0].finding == ""
    assert not model.waiting


def test_undo_brings_ones_own_word_back_where_there_was_one() -> None:
    office = Office()
    before = Said("sato", "unsure", NOON, "", (Mark(((0.1, 0.1), (0.9, 0.9))),), "look again")
    other = Said("oki", "defect", NOON)
    office.answers[AskPart] = lambda asked: PartDetail(asked.record, 1, (), (before, other), 1)
    model = office.model()
    model.open(FIRST_RECORD)
    model.judge("good")
    model.undo()
    assert office.said()[-1] == Judge(500, "unsure", "", before.marks, "look again")
    model.undo()
    assert len(office.said()) == 2, "there is nothing left to take back"


def test_after_the_last_part_the_list_is_shown_again() -> None:
    model = Office().model()
    model.more()
    model.open(FIRST_RECORD - 29)
    model.judge("unsure")
    assert model.part.tile is None
    assert model.tiles[29].finding == "unsure"
    model.undo()
    assert model.part.tile is not None, "and undo shows it once more"


@pytest.mark.parametrize(("to_reject", "place", "count"), [(True, 5, 12), (False, 1, 12)])
def test_what_if_lists_the_parts_that_flip(to_reject: bool, place: int, count: int) -> None:
    office = Office()
    model = WhatIfModel(office.desk)
    model.enter(WhatIf("solar-mono"))
    assert model.standing is Standing.BUSY
    office.desk.hear(News("run", (JobState(JOB, "WhatIf", "sato", end="done"),)))
    assert model.table == table()
    assert model.place == NOW
    assert model.proposal is None
    assert model.tiles(to_reject=True) == model.tiles(to_reject=False) == ()
    model.choose(place)
    assert len(model.tiles(to_reject=to_reject)) == count
    assert model.tiles(to_reject=not to_reject) == ()
    model.enter(WhatIf("solar-mono"))
    assert len([one for one in office.asked if isinstance(one, WhatIf)]) == 1, "counted once"


def test_a_count_that_fails_says_why() -> None:
    office = Office()
    model = WhatIfModel(office.desk)
    model.enter(WhatIf())
    state = JobState(JOB, "WhatIf", "sato", end="failed", problem="no part was judged")
    office.desk.hear(News("run", (state,)))
    assert model.standing is Standing.PROBLEM
    assert model.problem == "no part was judged"


def test_the_pages_of_the_demo_do_not_overlap() -> None:
    first = parts(ListParts())
    second = parts(ListParts(before=first.next))
    assert not {e.record for e in first.entries} & {e.record for e in second.entries}
