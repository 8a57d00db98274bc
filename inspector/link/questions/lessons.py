"""Parts that people judged, as lessons for the engine: wrongly rejected ones, missed defects."""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.link.question import JobQuestion, Question, Reading

LessonKind = Literal["good", "missed"]
"""Good parts that were rejected; defective ones that passed."""


class AskLessons(Question, frozen=True):
    """What people's words on a product's parts could teach it."""

    product: str


class LessonPart(msgspec.Struct, frozen=True):
    """One part: its number, the record of it, when it was inspected, and who spoke last."""

    part: int
    record: int
    utc_us: int
    user: str


class Lessons(Reading, frozen=True):
    """Answer to ``AskLessons``: parts whose pictures were kept and that were not taught yet.

    ``unmarked`` missed defects can be taught once somebody marks where they are; of ``gone`` parts
    no picture is left. ``problem`` says why the product's engine cannot be taught more.
    """

    product: str
    good: tuple[LessonPart, ...]
    missed: tuple[LessonPart, ...]
    unmarked: int = 0
    gone: int = 0
    problem: str = ""


class TeachLessons(JobQuestion, frozen=True):
    """Teach all of one kind, as ``inspector teach --add-good`` or ``--missed``.

    A new bundle comes of it, calibrated; what is loaded stays as it is, and a release does not
    cover the new one. Each missed defect is a lesson of its own: those that are over when it is
    cancelled stay.
    """

    product: str
    kind: LessonKind


class TaughtLessons(Reading, frozen=True):
    """Result of ``TeachLessons``. ``cured`` of ``given`` pictures are judged rightly now.

    ``refused`` are pictures that taught nothing, with the reason; ``known`` ones had been taught
    or are held out. Of ``images`` good pictures held out ``before`` were, ``after`` are rejected.
    Shares of good parts that are rejected: ``promised``, ``expected``, at most ``proved`` (95 %).
    """

    product: str
    kind: LessonKind
    given: int
    cured: int
    refused: tuple[tuple[str, str], ...]
    known: int
    threshold_before: float
    threshold_after: float
    images: int
    before: int
    after: int
    promised: float
    expected: float
    proved: float
    seconds: float


AnyLessonsQuestion = AskLessons | TeachLessons
AnyLessonsAnswer = Lessons | TaughtLessons
