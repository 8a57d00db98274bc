"""One part whole, what people said so far, and what a gallery can be filtered by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from inspector.core.record import RecordKind
from inspector.core.verdict import Outcome
from inspector.ledger.kept import views_of
from inspector.ledger.reader import RecordFilter
from inspector.ledger.reviews import Review, all_reviews, review_counts
from inspector.link.people import Mark
from inspector.link.questions.parts import PartPicture
from inspector.link.questions.reviewing import (
    AskPart,
    AskReviews,
    PartCheck,
    PartDetail,
    Reviews,
    Said,
)
from inspector.office.answers.parts import record_of
from inspector.office.room import Answers, Room
from inspector.reports.inspected import seen

_GLANCE = 1000
"""Newest rejects, and newest parts, whose contents say what there is to filter by."""
_LOTS = 6


def ask_part(question: AskPart, room: Room) -> PartDetail:
    """Its checks, and what was said of it."""
    record = record_of(PartPicture(record=question.record), room.ledger)
    part = record.part_id or 0
    views = views_of(record.content, room.evidence)
    checks = tuple(
        PartCheck(c.check, c.view, c.passed, c.score, c.threshold, c.p_value, c.finding)
        for c in sorted(seen(record).checks, key=lambda c: (c.passed, c.view))
    )
    said = tuple(_said(review) for review in all_reviews(room.ledger).get(part, ()))
    there = len(views) if all(view.path.is_file() for view in views) else 0
    return PartDetail(record.sequence, part, checks, said, there)


def _said(review: Review) -> Said:
    marks = tuple(Mark(corners, view) for view, corners in review.marks)
    return Said(review.user, review.finding, review.utc_us, review.defect, marks, review.note)


def ask_reviews(question: AskReviews, room: Room) -> Reviews:
    """Counted anew each time; the product that was inspected last where none is named."""
    reader, since = room.ledger, question.since_us
    any_part = RecordFilter(RecordKind.INSPECTION, since_us=since)
    any_reject = RecordFilter(RecordKind.INSPECTION, Outcome.REJECT.value, since_us=since)
    newest = [seen(record) for record in reversed(reader.tail(_GLANCE, any_part))]
    rejects = [seen(record) for record in reader.tail(_GLANCE, any_reject)]
    product = question.product or (newest[0].product if newest else "")
    counts = review_counts(reader, product, since_us=since)
    rate = counts.rate
    said = (one for words in all_reviews(reader).values() for one in words)
    return Reviews(
        product=product,
        rejected=counts.rejected,
        true=counts.true,
        false=counts.false,
        unsure=counts.unsure,
        missed=counts.missed,
        rate=None if rate is None else (rate.rate, rate.low, rate.high),
        classes=_frequent(one.defect for one in said),
        reasons=_frequent(one.reason for one in rejects),
        lots=tuple(dict.fromkeys(one.lot for one in newest if one.lot))[:_LOTS],
        products=tuple(dict.fromkeys(one.product for one in (*newest, *rejects))),
    )


def _frequent(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in Counter(filter(None, names)).most_common())


ANSWERS: Answers = {AskPart: ask_part, AskReviews: ask_reviews}
