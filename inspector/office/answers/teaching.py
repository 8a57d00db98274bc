"""Teaching at the panel: pictures are gathered here; a process of its own teaches from them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from inspector.core.errors import InspectorError, RefusedError
from inspector.core.frame import PixelFormat
from inspector.durable.files import storage_errors
from inspector.durable.images import read_image
from inspector.link.questions.teaching import (
    Draft,
    DraftPicture,
    FetchPictures,
    LeaveOut,
    ListDraft,
    PicturesAdded,
    PictureSource,
    ShowDraft,
    Shown,
    TakePictures,
    TaughtProduct,
    TeachProduct,
    Tried,
    TryMethods,
)
from inspector.office.apart import run_apart
from inspector.office.capturing import STEP, take_pictures
from inspector.office.jobs import Job, JobKind, JobKinds
from inspector.office.lessons import zones_of
from inspector.office.pictures import jpeg
from inspector.office.room import Answers, Room
from inspector.office.sources import folders_of
from inspector.scoring.overlay import shown
from inspector.teaching.dataset import DatasetStore, Label
from inspector.teaching.draft import DraftPictures, pictures_in, wanted_pictures
from inspector.teaching.hints import hints_of, look_at
from inspector.teaching.new_recipe import new_recipe
from inspector.teaching.split import MINIMUM_GOOD

TAUGHT = "taught"
_MOST_SHOWN = 40


def list_draft(question: ListDraft, room: Room) -> Draft:
    """What there is to teach from, and what stands out in it."""
    paths = DraftPictures(room.data_folder, question.product).paths()
    pixel_format = _format(question.product, room, paths)
    seen = [look_at(path, pixel_format) for path in paths]
    hints = hints_of(seen, MINIMUM_GOOD)
    pictures = tuple(
        DraftPicture(path.name, found) for path, found in zip(paths, hints.of_each, strict=True)
    )
    draft = Draft(
        product=question.product,
        pictures=pictures,
        remarks=hints.of_all,
        least=MINIMUM_GOOD,
        wanted=wanted_pictures(min(max(question.rate, 1e-4), 0.5)),
        size=next((one.size for one in seen if one is not None), (0, 0)),
        sources=_sources(question.product, room),
        known=room.catalogue.has(question.product),
        rate=question.rate,
    )
    return _with_recipe(draft, room) if draft.known else draft


def _with_recipe(draft: Draft, room: Room) -> Draft:
    recipe = room.catalogue.recipe(draft.product)
    box = recipe.preparation.region
    return msgspec.structs.replace(
        draft,
        title=recipe.title.get("en", draft.product),
        rate=recipe.decision.false_reject_rate,
        region=None if box is None else (box.x, box.y, box.width, box.height),
        zones=zones_of(recipe),
        method=recipe.engine.method,
    )


def show_draft(question: ShowDraft, room: Room) -> Shown:
    """Pictures for the eye."""
    pictures = DraftPictures(room.data_folder, question.product)
    paths = [pictures.folder / Path(name).name for name in question.names[:_MOST_SHOWN]]
    pixel_format = _format(question.product, room, pictures.paths())
    return Shown(tuple(_jpeg(path, pixel_format, question.longest) for path in paths))


def leave_out(question: LeaveOut, room: Room) -> None:
    """A touch on a picture that is not good."""
    DraftPictures(room.data_folder, question.product).move(question.names, back=question.back)


def fetch_pictures(question: FetchPictures, room: Room, job: Job) -> PicturesAdded:
    """Copy what lies ready; what is there already is not copied again."""
    pictures = DraftPictures(room.data_folder, question.product)
    files = _files_of(question.source, question.product, room)
    added = 0
    for done, path in enumerate(files):
        job.progress(STEP, done, len(files))
        with storage_errors(path):
            data = path.read_bytes()
        added += pictures.add(data, path.suffix)
    return PicturesAdded(added, len(files) - added)


def _files_of(source: str, product: str, room: Room) -> list[Path]:
    if source == TAUGHT:
        return _taught(product, room)
    folder = next((one for one in folders_of(room) if str(one) == source), None)
    if folder is None:
        raise RefusedError(f"{source}: is gone", remedy="Plug the stick in again")
    return pictures_in(folder)


def _sources(product: str, room: Room) -> tuple[PictureSource, ...]:
    own = room.data_folder / "pictures"
    found = [
        PictureSource(str(one), "folder" if one.is_relative_to(own) else "stick", one.name, count)
        for one in folders_of(room)
        if (count := len(pictures_in(one)))
    ]
    taught = len(_taught(product, room))
    return (*([PictureSource(TAUGHT, "taught", "", taught)] if taught else []), *found)


def _taught(product: str, room: Room) -> list[Path]:
    store = DatasetStore(room.data_folder / "datasets" / product)
    entries = store.entries().values()
    return [store.path_of(one) for one in entries if one.label is Label.GOOD]


def _format(product: str, room: Room, paths: list[Path]) -> PixelFormat:
    """The recipe's, or what a new one would have."""
    if room.catalogue.has(product):
        return room.catalogue.recipe(product).preparation.pixel_format
    return _new_format(paths[0]) if paths else PixelFormat.MONO8


@lru_cache(maxsize=16)
def _new_format(first: Path) -> PixelFormat:
    return new_recipe("new", str(first.parent)).preparation.pixel_format


def _jpeg(path: Path, pixel_format: PixelFormat, longest: int) -> bytes:
    try:
        return jpeg(shown(read_image(path, pixel_format), pixel_format), longest).data
    except InspectorError:  # laid aside meanwhile, or damaged: the others are shown
        return b""


def _teach(question: TeachProduct, room: Room, job: Job) -> TaughtProduct:
    result = run_apart("inspector.office.taught_apart:teach_product", question, room, job)
    assert isinstance(result, TaughtProduct)
    return result


def _try(question: TryMethods, room: Room, job: Job) -> Tried:
    result = run_apart("inspector.office.taught_apart:try_methods", question, room, job)
    assert isinstance(result, Tried)
    return result


ANSWERS: Answers = {ListDraft: list_draft, ShowDraft: show_draft, LeaveOut: leave_out}

JOBS: JobKinds = {
    TakePictures: JobKind(take_pictures, "teaching", beside_production=False, halted=True),
    FetchPictures: JobKind(fetch_pictures, "teaching"),
    TeachProduct: JobKind(_teach, "teaching", beside_production=False),
    TryMethods: JobKind(_try, "teaching", beside_production=False),
}
