"""Questions of who judges parts again: one part whole, and what was said so far."""

from __future__ import annotations

import msgspec

from inspector.link.people import Mark
from inspector.link.question import Question, Reading


class AskPart(Question, frozen=True):
    """All that is recorded of one part, by its record."""

    record: int


class PartCheck(msgspec.Struct, frozen=True):
    """One check of one view. ``score`` is None where it was no number."""

    check: str
    view: int
    passed: bool
    score: float | None
    threshold: float
    p_value: float | None = None
    finding: str = ""


class Said(msgspec.Struct, frozen=True):
    """One person's last word."""

    user: str
    finding: str
    utc_us: int
    defect: str = ""
    marks: tuple[Mark, ...] = ()
    note: str = ""


class PartDetail(Reading, frozen=True):
    """Answer to ``AskPart``; ``views`` are pictures that are there."""

    record: int
    part: int
    checks: tuple[PartCheck, ...]
    said: tuple[Said, ...]
    views: int


class AskReviews(Question, frozen=True):
    """What people said of a product's parts since a time (UTC microseconds; None: ever)."""

    product: str = ""
    since_us: int | None = None


class Reviews(Reading, frozen=True):
    """Answer to ``AskReviews``, and what a gallery can be filtered by.

    Rejects that a person called true or false, or was unsure of; ``missed`` passed and are
    defective. ``rate`` is the confirmed false-reject rate with its 95 % interval.
    """

    product: str
    rejected: int
    true: int
    false: int
    unsure: int
    missed: int
    rate: tuple[float, float, float] | None
    classes: tuple[str, ...]
    """Classes of defects that were used before, the most frequent first."""
    reasons: tuple[str, ...]
    """Of the newest rejects, the most frequent first."""
    lots: tuple[str, ...]
    """Newest first."""
    products: tuple[str, ...]


AnyReviewingQuestion = AskPart | AskReviews
AnyReviewingAnswer = PartDetail | Reviews
