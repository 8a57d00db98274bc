"""Lens, scale and flat field at the panel: stills, and what comes of them."""

from __future__ import annotations

from collections.abc import Callable

from calibration.artefacts import lens_of, proposed_root, write_flat_field, write_lens
from calibration.camera.finding import find_target
from calibration.camera.lens import fit_lens, fit_plane
from calibration.illumination.flat_field import make_flat_field
from calibration.stills import stills
from inspector.core.errors import InspectorError
from inspector.core.frame import PixelFormat
from inspector.core.recipe import PreparationSpec
from inspector.link.questions.optics import (
    CorrectCamera,
    FlatFound,
    LayStillsAside,
    LensFound,
    ListStills,
    TakeStill,
)
from inspector.office.jobs import Job, JobKind, JobKinds
from inspector.office.room import Answers, Room
from inspector.office.stills import lay_aside, list_stills, paths_of, take_still, target_of

STEP = "pictures"


def correct_camera(question: CorrectCamera, room: Room, job: Job) -> LensFound | FlatFound:
    """Raises ``ImageError`` naming what is not good enough, and the remedy."""
    return (_lens if question.correction == "lens" else _flat)(question, room, job)


def _lens(question: CorrectCamera, room: Room, job: Job) -> LensFound:
    tilted = paths_of(room, question.camera, "tilted")
    lying = paths_of(room, question.camera, "plane")
    target, size, views = target_of(question.mm), (0, 0), []
    paths = [*tilted, *lying]
    for number, still in enumerate(stills(paths, PixelFormat.MONO8)):
        job.progress(STEP, number, len(paths))
        size = (still.levels.shape[1], still.levels.shape[0])
        views.append(find_target(still, target))
    fit = fit_lens(views, size)
    plane = fit_plane(views[len(tilted) :], fit.intrinsics) if lying else None
    lens = lens_of(question.camera, fit, len(views), plane)
    write_lens(proposed_root(room.data_folder), lens)
    return LensFound(
        rms_px=lens.rms_px,
        worst_px=lens.worst_px,
        worst_view=lens.worst_view,
        coverage=lens.coverage,
        views=lens.views,
        mm_per_px=None if plane is None else plane.mm_per_px,
        uncertainty=None if plane is None else plane.uncertainty,
        tilt_degrees=None if lens.plane is None else lens.plane.tilt_degrees,
        products=_products(room, lambda spec: spec.undistort),
        hash=lens.hash,
    )


def _flat(question: CorrectCamera, room: Room, job: Job) -> FlatFound:
    job.progress(STEP)
    made = make_flat_field(
        paths_of(room, question.camera, "card"),
        paths_of(room, question.camera, "dark"),
        room.catalogue.recipe(question.product).preparation.pixel_format,
    )
    record = write_flat_field(proposed_root(room.data_folder), question.camera, made)
    return FlatFound(
        unevenness=made.unevenness,
        added_noise=made.added_noise,
        faulty=len(made.faulty),
        pictures=made.pictures,
        darks=made.darks,
        products=_products(room, lambda spec: spec.flat_field),
        hash=record.hash,
    )


def _products(room: Room, uses: Callable[[PreparationSpec], bool]) -> tuple[str, ...]:
    return tuple(name for name in room.catalogue.names() if _prepared(room, name, uses))


def _prepared(room: Room, product: str, uses: Callable[[PreparationSpec], bool]) -> bool:
    try:
        return uses(room.catalogue.recipe(product).preparation)
    except InspectorError:  # a recipe that cannot be read runs nowhere
        return False


ANSWERS: Answers = {ListStills: list_stills, TakeStill: take_still, LayStillsAside: lay_aside}

JOBS: JobKinds = {CorrectCamera: JobKind(correct_camera, "correcting", beside_production=False)}
