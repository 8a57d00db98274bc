"""Parts judged again: what is told of one, what people said, and a word that is taken back."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from inspector.core.errors import InputError, RefusedError
from inspector.link.messages import Judge, Mark
from inspector.link.questions.parts import ListParts, PartEntry, PartPicture, Parts, Picture
from inspector.link.questions.reviewing import AskPart, AskReviews, PartDetail, Reviews
from tests.office.conftest import Desk
from tests.station.production_line import wait_until

MARK = Mark(((0.1, 0.2), (0.4, 0.5)))


@pytest.fixture
def rejects(desk: Desk) -> tuple[PartEntry, ...]:
    page = desk.ask(ListParts())
    assert isinstance(page, Parts)
    return page.entries


@pytest.fixture
def said(desk: Desk, rejects: tuple[PartEntry, ...]) -> Iterator[int]:
    """Somebody found the newest reject defective; it is taken back in the end."""
    part = rejects[0].part
    desk.log_in("oki")
    desk.station.console.call(Judge(part, "defect", "scratch", (MARK,)))
    wait_until(lambda: detail(desk, rejects[0].record).said != (), "no record")
    yield part
    desk.station.console.call(Judge(part, "withdrawn"))


def detail(desk: Desk, record: int) -> PartDetail:
    answer = desk.ask(AskPart(record))
    assert isinstance(answer, PartDetail)
    return answer


def reviews(desk: Desk) -> Reviews:
    answer = desk.ask(AskReviews())
    assert isinstance(answer, Reviews)
    return answer


def test_a_part_is_told_with_its_checks_failed_ones_first(
    desk: Desk, rejects: tuple[PartEntry, ...]
) -> None:
    told = detail(desk, rejects[0].record)
    assert told.views == 1
    assert not told.checks[0].passed
    score, p_value = told.checks[0].score, told.checks[0].p_value
    assert score is not None
    assert score > told.checks[0].threshold
    assert p_value is not None
    assert 0.0 < p_value < 1.0
    with pytest.raises(RefusedError, match="no record"):
        desk.ask(AskPart(10**6))


def test_what_was_said_is_counted_until_it_is_taken_back(
    desk: Desk, rejects: tuple[PartEntry, ...], said: int
) -> None:
    counts = reviews(desk)
    assert (counts.product, counts.true, counts.rejected) == ("tiny", 1, len(rejects))
    assert counts.classes == ("scratch",)
    assert counts.products == ("tiny",)
    (word,) = detail(desk, rejects[0].record).said
    assert (word.user, word.finding, word.defect, word.marks) == (
        "oki", "defect", "scratch", (MARK,),
    )  # fmt: skip
    desk.station.console.call(Judge(said, "withdrawn"))
    wait_until(lambda: detail(desk, rejects[0].record).said == (), "still said")
    assert reviews(desk).true == 0


def test_who_withdraws_says_nothing_else(desk: Desk, rejects: tuple[PartEntry, ...]) -> None:
    with pytest.raises(InputError, match="withdraws"):
        desk.station.console.call(Judge(rejects[0].part, "withdrawn", note="oh"))


def test_a_gallery_is_filtered_by_reason(desk: Desk, rejects: tuple[PartEntry, ...]) -> None:
    (reason,) = reviews(desk).reasons
    same = desk.ask(ListParts(reason=reason))
    assert isinstance(same, Parts)
    assert [one.record for one in same.entries] == [one.record for one in rejects]
    kept = desk.ask(ListParts("all", pictured=True))
    assert isinstance(kept, Parts)
    assert kept.entries
    assert all(one.views for one in kept.entries)
    none = desk.ask(ListParts(reason="presence"))
    assert isinstance(none, Parts)
    assert none.entries == ()


def test_the_field_alone_is_of_the_same_size_as_with_heat(
    desk: Desk, rejects: tuple[PartEntry, ...]
) -> None:
    record = rejects[0].record
    plain = desk.ask(PartPicture(record, field=True))
    heat = desk.ask(PartPicture(record, overlay=True))
    assert isinstance(plain, Picture)
    assert isinstance(heat, Picture)
    assert (plain.width, plain.height) == (heat.width, heat.height)
    assert _colour(plain) < 30 < _colour(heat)


def _colour(picture: Picture) -> int:
    pixels = cv2.imdecode(np.frombuffer(picture.data, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return int(np.ptp(pixels.astype(int), axis=2).max())
