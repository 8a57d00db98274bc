"""What people said of inspected parts, read from the chain: the last word of each on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.gauge import Kappa, kappa_between_shows
from calibration.reviewed import ReviewCounts
from inspector.core.record import RecordKind
from inspector.core.verdict import Cause
from inspector.ledger.chain import StoredRecord
from inspector.ledger.reader import LedgerReader, RecordFilter

_INSPECTION = RecordKind.INSPECTION
WITHDRAWN = "withdrawn"
"""Takes a person's last word back."""

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Review:
    """One person's word on one part. ``marks``: view and corners, in fractions of its field."""

    part_id: int
    finding: str
    defect: str
    marks: tuple[tuple[int, Corners], ...]
    note: str
    user: str
    utc_us: int


@dataclass(frozen=True, slots=True)
class ReviewedPart:
    """An inspected part, and what stands of what people said, oldest first; one word of each."""

    record: StoredRecord
    reviews: tuple[Review, ...]

    @property
    def finding(self) -> str:
        """The last word."""
        return self.reviews[-1].finding


def all_reviews(reader: LedgerReader) -> dict[int, tuple[Review, ...]]:
    """By part: each person's last word, in the order in which they were said."""
    found: dict[int, dict[str, Review]] = {}
    for record in reader.each(RecordFilter(RecordKind.REVIEW)):
        review = _review(record)
        words = found.setdefault(review.part_id, {})
        words.pop(review.user, None)  # corrected: the later one comes last
        if review.finding != WITHDRAWN:
            words[review.user] = review
    return {part: tuple(words.values()) for part, words in found.items() if words}


def _review(record: StoredRecord) -> Review:
    content = record.content
    return Review(
        part_id=content["part"],
        finding=content["finding"],
        defect=content["defect"],
        marks=tuple(
            (mark["view"], tuple((x, y) for x, y in mark["corners"])) for mark in content["marks"]
        ),
        note=content["note"],
        user=content["user"],
        utc_us=record.utc_us,
    )


def waiting(reader: LedgerReader, count: int) -> list[StoredRecord]:
    """Of the newest ``count`` rejects those that nobody has judged, newest first."""
    judged = all_reviews(reader)
    newest = reader.tail(count, RecordFilter(_INSPECTION, "reject"))
    return [one for one in reversed(newest) if one.part_id not in judged]


def reviewed_parts(reader: LedgerReader, product: str) -> list[ReviewedPart]:
    """Every part of a product that somebody judged, by number; words on unknown parts are left."""
    found = []
    for part_id, reviews in sorted(all_reviews(reader).items()):
        records = reader.tail(1, RecordFilter(_INSPECTION, part_id=part_id))
        if records and records[0].content["product"] == product:
            found.append(ReviewedPart(records[0], reviews))
    return found


def review_counts(
    reader: LedgerReader, product: str, *, since_us: int | None = None, until_us: int | None = None
) -> ReviewCounts:
    """Parts of a product in a period, without limit samples; bypassed ones as they were judged.

    Rejects that the station did not judge (late, without a picture) are no false rejects: they are
    left out. Reads every inspection of the period: some 10 microseconds each.
    """
    judged = all_reviews(reader)
    wanted = RecordFilter(_INSPECTION, since_us=since_us, until_us=until_us)
    named, tally = f'"product":"{product}"'.encode(), dict.fromkeys(_COUNTED, 0)
    for record in reader.each(wanted):
        if named in record.payload and b'"master":""' in record.payload:
            kind = "rejected" if record.cause == Cause.DEFECT else record.cause
            if kind == Cause.GOOD:
                tally["passed"] += 1
            elif kind == "rejected":
                tally["rejected"] += 1
            else:
                continue
            said = judged.get(record.part_id or 0)
            if said:
                _count(tally, kind, said[-1].finding)
    return ReviewCounts(**tally)


_COUNTED = ("passed", "rejected", "true", "false", "unsure", "missed")
_SAID = {"defect": "true", "good": "false", "unsure": "unsure"}


def _count(tally: dict[str, int], kind: str, finding: str) -> None:
    if kind == "rejected":
        tally[_SAID[finding]] += 1
    elif finding == "defect":
        tally["missed"] += 1


def agreement(reviews: Mapping[int, Sequence[Review]]) -> tuple[int, Kappa] | None:
    """How people agree on parts that at least two of them judged: how many parts, and kappa.

    A gauge study of the people; who was unsure is left out. None without such parts.
    """
    sure = [
        [one.finding == "defect" for one in said if one.finding != "unsure"]
        for said in reviews.values()
    ]
    shows = [np.array(verdicts) for verdicts in sure if len(verdicts) > 1]
    return (len(shows), kappa_between_shows(shows)) if shows else None
