"""Teaching parts that people judged, in a process of its own (`inspector.office.apart`)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from calibration.threshold import Calibration
from inspector.core.errors import DatasetError
from inspector.core.recipe import Recipe
from inspector.link.questions.lessons import LessonKind, TaughtLessons, TeachLessons
from inspector.office.answers.lessons import Lesson, lessons_of
from inspector.office.apart import Progress
from inspector.office.room import Room
from inspector.station.devices import optics_of
from inspector.station.review_export import GOOD, export_reviews
from inspector.teaching.again import teach_good, teach_missed
from inspector.teaching.calibrated import Site
from inspector.teaching.change import TaughtAgain
from inspector.teaching.dataset import DatasetStore, digest_of

_STEPS = (
    *("images", "before", "features", "memory", "ordinary"),
    *("bundle", "compile", "parity", "calibrate", "after"),
)
"""Stages of one lesson, in their order."""


@dataclass(frozen=True, slots=True)
class _Taught:
    """What came of all lessons: the first of them, the last, and those that were refused."""

    done: list[TaughtAgain]
    refused: list[tuple[str, str]]


def teach_lessons(question: TeachLessons, room: Room, progress: Progress) -> TaughtLessons:
    """Teach them from copies of their pictures. Raises ``DatasetError`` where nothing is learnt."""
    product, kind = question.product, question.kind
    recipe = room.catalogue.recipe(product)
    site = Site(
        room.data_folder, room.config.runtime, optics=optics_of(room.config, room.data_folder)
    )
    with tempfile.TemporaryDirectory(prefix="lessons-") as work:
        folder = Path(work) / "parts"
        _export([one for one in lessons_of(product, room) if one.kind == kind], room, folder)
        pictures, known = _new(folder / kind, product, room)
        if not pictures:
            raise DatasetError(
                f"{product}: nobody judged a part that could be taught",
                remedy="Judge parts on the screen Review; missed defects have to be marked",
            )
        taught = (
            _teach_good(folder / kind, recipe, site, progress)
            if kind == GOOD
            else _teach_missed(pictures, folder / "masks", recipe, site, progress)
        )
    return _told(product, kind, taught, len(pictures), known)


def _export(lessons: Iterable[Lesson], room: Room, folder: Path) -> None:
    parts = [one.part for one in lessons]
    product = parts[0].record.content["product"] if parts else ""
    export_reviews(parts, room.evidence, room.data_folder, folder, product)


def _new(folder: Path, product: str, room: Room) -> tuple[list[Path], int]:
    """Pictures that no use is known of; the others, which would be refused, are taken away."""
    known = DatasetStore(room.data_folder / "datasets" / product).entries()
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    new = [path for path in paths if digest_of(path) not in known]
    for path in set(paths).difference(new):
        path.unlink()
    return new, len(paths) - len(new)


def _teach_good(folder: Path, recipe: Recipe, site: Site, progress: Progress) -> _Taught:
    try:
        return _Taught([teach_good(folder, recipe, site, progress=_steps(progress))], [])
    except DatasetError as error:
        raise DatasetError(str(error).removeprefix(f"{folder}: ")) from error


def _teach_missed(
    pictures: list[Path], masks: Path, recipe: Recipe, site: Site, progress: Progress
) -> _Taught:
    """One lesson for each; what good parts look like as well is refused, and the others go on."""
    done: list[TaughtAgain] = []
    refused: list[tuple[str, str]] = []
    for number, path in enumerate(pictures):
        steps = _steps(progress, number, len(pictures))
        try:
            made = teach_missed(path, str(masks / path.name), recipe, site, progress=steps)
        except DatasetError as error:
            refused.append((path.stem, str(error).replace(f"{path.parent}/", "")))
        else:
            done.append(made)
    if not done:
        raise DatasetError(refused[0][1])
    return _Taught(done, refused)


def _steps(progress: Progress, number: int = 0, of: int = 1) -> Callable[[str, float], None]:
    """Stages of a lesson as per mille of all lessons."""

    def tell(stage: str, share: float) -> None:
        place = _STEPS.index(stage) if stage in _STEPS else 0
        lesson = (place + share) / len(_STEPS)
        progress(stage, round(1000 * (number + lesson) / of), 1000)

    return tell


def _told(product: str, kind: LessonKind, taught: _Taught, given: int, known: int) -> TaughtLessons:
    first, last = taught.done[0].change, taught.done[-1].change
    calibration: Calibration = taught.done[-1].calibration
    images = [one for done in taught.done for one in done.change.images]
    rejected = sum(one.after > last.threshold_after for one in images)
    return TaughtLessons(
        product=product,
        kind=kind,
        given=given,
        cured=len(images) - rejected if kind == GOOD else rejected,
        refused=tuple(taught.refused),
        known=known,
        threshold_before=first.threshold_before,
        threshold_after=last.threshold_after,
        images=last.calibration_images,
        before=first.rejected_before,
        after=last.rejected_after,
        promised=calibration.promised,
        expected=calibration.marginal,
        proved=calibration.bound95,
        seconds=sum(sum(done.seconds.values()) for done in taught.done),
    )
