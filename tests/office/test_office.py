"""Questions, their answers, and who may ask them."""

from __future__ import annotations

import time
from typing import get_args

import pytest

from inspector.access.permissions import QUESTIONS
from inspector.core.errors import RefusedError
from inspector.link.questions import AnyQuestion, JobQuestion, JobState, News
from inspector.link.questions.jobs import AskResult, CancelJob, JobStarted, Verified, VerifyLedger
from inspector.link.questions.parts import ListParts, PartPicture, Parts, Picture
from inspector.link.questions.products import ListTiles, Tiles
from inspector.link.questions.rights import AskRights, Rights
from inspector.office.answers import ANSWERS, JOBS
from tests.office.conftest import Desk

ALL = set(get_args(AnyQuestion))


def ended(desk: Desk, number: int) -> JobState:
    deadline = time.monotonic() + 30.0
    while time.monotonic() < deadline:
        heard = desk.client.hear(1.0)
        for state in heard.jobs if isinstance(heard, News) else ():
            if state.job == number and state.end:
                return state
    raise AssertionError("the job does not end")


def test_every_question_has_one_who_answers_and_those_who_may_ask() -> None:
    jobs = {one for one in ALL if issubclass(one, JobQuestion)}
    assert set(JOBS) == jobs
    assert set(ANSWERS) == ALL - jobs - {CancelJob, AskResult}
    assert set(QUESTIONS) == {one.__name__ for one in ALL}


def test_rejects_come_in_pages_newest_first(desk: Desk) -> None:
    whole = desk.ask(ListParts(count=100))
    assert isinstance(whole, Parts)
    assert whole.next == 0
    assert len(whole.entries) >= 2
    assert not any(entry.passed for entry in whole.entries)
    first = desk.ask(ListParts(count=1))
    assert isinstance(first, Parts)
    rest = desk.ask(ListParts(count=100, before=first.next))
    assert isinstance(rest, Parts)
    assert first.entries + rest.entries == whole.entries
    assert desk.ask(ListParts(product="another")) == Parts(())


@pytest.mark.parametrize("overlay", [False, True])
def test_a_part_has_a_picture_as_small_as_asked(desk: Desk, overlay: bool) -> None:
    page = desk.ask(ListParts(count=1))
    assert isinstance(page, Parts)
    question = PartPicture(record=page.entries[0].record, overlay=overlay, longest=32)
    picture = desk.ask(question)
    assert isinstance(picture, Picture)
    assert max(picture.width, picture.height) == 32
    assert picture.data.startswith(b"\xff\xd8")
    with pytest.raises(RefusedError, match="no record"):
        desk.ask(PartPicture(part=4711))


def test_products_are_tiles(desk: Desk) -> None:
    tiles = desk.ask(ListTiles())
    assert isinstance(tiles, Tiles)
    assert [tile.product for tile in tiles.entries if tile.taught] == ["tiny"]


def test_the_ledger_is_verified_as_a_job(desk: Desk) -> None:
    started = desk.ask(VerifyLedger(), desk.log_in("aud"))
    assert isinstance(started, JobStarted)
    state = ended(desk, started.job)
    assert (state.end, state.user, state.step) == ("done", "aud", "records")
    result = desk.ask(AskResult(started.job), desk.log_in("aud"))
    assert isinstance(result, Verified)
    assert result.records > 24
    assert not result.findings


def test_rights_are_told_and_kept(desk: Desk) -> None:
    told = desk.ask(AskRights())
    assert isinstance(told, Rights)
    assert "" in told.roles["Stop"]
    assert "auditor" not in told.roles["Start"]
    with pytest.raises(RefusedError, match="there is none"):
        desk.ask(CancelJob(4711))
