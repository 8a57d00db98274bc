"""What people's words on parts could teach a product, and teaching it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engines.bundle import MEMORY, open_bundle
from inspector.core.errors import InputError
from inspector.core.verdict import Cause
from inspector.ledger.kept import views_of
from inspector.ledger.reviews import ReviewedPart, reviewed_parts
from inspector.link.questions.lessons import (
    AskLessons,
    LessonPart,
    Lessons,
    TaughtLessons,
    TeachLessons,
)
from inspector.office.apart import run_apart
from inspector.office.jobs import Job, JobKind, JobKinds
from inspector.office.room import Answers, Room
from inspector.station.judging import taught_bundle
from inspector.station.review_export import GOOD, MISSED, kind_of, name_of
from inspector.teaching.dataset import DatasetStore


class Lesson(NamedTuple):
    """A part that could be taught, as a false reject or a missed defect."""

    kind: str
    part: ReviewedPart
    marked: bool
    kept: bool

    @property
    def told(self) -> LessonPart:
        """As the panel lists it."""
        record, last = self.part.record, self.part.reviews[-1]
        return LessonPart(record.part_id or 0, record.sequence, record.utc_us, last.user)


def ask_lessons(question: AskLessons, room: Room) -> Lessons:
    """Raises ``ConfigError`` for an unknown product."""
    product = room.catalogue.recipe(question.product).product
    found = list(lessons_of(product, room))
    there = [one for one in found if one.kept]
    return Lessons(
        product,
        good=tuple(one.told for one in there if one.kind == GOOD),
        missed=tuple(one.told for one in there if one.kind == MISSED and one.marked),
        unmarked=sum(one.kind == MISSED and not one.marked for one in there),
        gone=len(found) - len(there),
        problem=_problem(product, room),
    )


def lessons_of(product: str, room: Room) -> Iterator[Lesson]:
    """In the order of the parts, without those that were taught: they are known by their names."""
    store = DatasetStore(room.data_folder / "datasets" / product)
    taught = {entry.source for entry in store.entries().values()}
    for part in reviewed_parts(room.ledger, product):
        kind, record = kind_of(part), part.record
        judged = record.cause == (Cause.DEFECT if kind == GOOD else Cause.GOOD)
        if kind not in (GOOD, MISSED) or not judged or record.content.get("master"):
            continue
        views = views_of(part.record.content, room.evidence)
        names = {name_of(part, view, len(views)) for view in range(len(views))}
        if names & taught:
            continue
        kept = bool(views) and all(view.path.is_file() for view in views)
        yield Lesson(kind, part, bool(part.reviews[-1].marks), kept)


def _problem(product: str, room: Room) -> str:
    try:
        bundle = open_bundle(taught_bundle(room.data_folder, product))
    except InputError as error:
        return str(error)
    if MEMORY in bundle.manifest.files:
        return ""
    return f"{product}: only an engine that remembers parts can be taught more. Teach it anew"


def _teach(question: TeachLessons, room: Room, job: Job) -> TaughtLessons:
    result = run_apart("inspector.office.lessons_apart:teach_lessons", question, room, job)
    assert isinstance(result, TaughtLessons)
    return result


ANSWERS: Answers = {AskLessons: ask_lessons}
JOBS: JobKinds = {TeachLessons: JobKind(_teach, "teaching", beside_production=False)}
