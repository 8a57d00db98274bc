"""Questions about inspected parts: the gallery's pages, and pictures."""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.link.question import Question, Reading

Which = Literal["rejects", "borderline", "passes", "all"]


class ListParts(Question, frozen=True):
    """A page of parts, newest first. Empty strings and None ask for any.

    ``before`` is the record to go on from: ``Parts.next`` of the page before, 0 for the newest.
    Times are UTC microseconds.
    """

    which: Which = "rejects"
    product: str = ""
    lot: str = ""
    cause: str = ""
    since_us: int | None = None
    until_us: int | None = None
    reason: str = ""
    """As ``Reviews.reasons`` has it: of a reject its strangest check, or its cause."""
    unjudged: bool = False
    """Only parts of which nobody has said anything."""
    pictured: bool = False
    """Only parts of which a picture was kept."""
    before: int = 0
    count: int = 24


class PartEntry(msgspec.Struct, frozen=True):
    """One part as a gallery shows it."""

    record: int
    part: int
    utc_us: int
    product: str
    lot: str
    passed: bool
    cause: str
    reasons: tuple[str, ...]
    score: float | None
    threshold: float | None
    p_value: float | None
    views: int
    """Pictures that were kept."""
    finding: str = ""
    """What a person said of it last: defect, good, unsure."""


class Parts(Reading, frozen=True):
    """Answer to ``ListParts``; ``next`` is 0 where nothing older is left."""

    entries: tuple[PartEntry, ...]
    next: int = 0


class PartPicture(Question, frozen=True):
    """A kept picture of a part, by its record, or by its number for the newest record of it.

    With ``overlay`` the inspected field with heat and regions, with ``field`` that field alone:
    places on it are what marks are made of. ``longest`` is the longest side in
    pixels (0: as it is).
    """

    record: int = 0
    part: int = 0
    view: int = 0
    overlay: bool = False
    field: bool = False
    longest: int = 0


class Picture(Reading, frozen=True):
    """Answer to what asks for a picture: a JPEG or PNG file."""

    data: bytes
    width: int
    height: int


AnyPartsQuestion = ListParts | PartPicture
AnyPartsAnswer = Parts | Picture
