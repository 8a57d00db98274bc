"""Teaching and trying, in a process of their own (`inspector.office.apart`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from calibration.threshold import Calibration
from inspector.core.errors import DatasetError, InspectorError
from inspector.core.recipe import Recipe
from inspector.durable.images import read_image
from inspector.link.questions.teaching import (
    Candidate,
    Strange,
    TaughtProduct,
    TeachProduct,
    Tried,
    TryMethods,
)
from inspector.office.apart import Progress
from inspector.office.lessons import recipe_of
from inspector.office.pictures import jpeg
from inspector.office.room import Room
from inspector.scoring.overlay import shown
from inspector.station.catalogue import keep_recipe
from inspector.station.devices import optics_of
from inspector.teaching.dataset import DatasetStore, Split
from inspector.teaching.draft import DraftPictures
from inspector.teaching.ranking import Bench, rank
from inspector.teaching.sizing import budget_of
from inspector.teaching.split import MINIMUM_GOOD
from inspector.teaching.teach import chosen_images, paths_of, teach

STRANGEST, _STRANGE_PX = 8, 320
TRIED = (("patchcore", 256), ("padim", 256), ("patchcore", 384))
"""Methods and engine inputs, px, that are tried against each other: those taught in a minute. An
autoencoder learns for longer than anybody waits at a panel."""


def teach_product(question: TeachProduct, room: Room, progress: Progress) -> TaughtProduct:
    """Teach from the draft's pictures, and keep the recipe when that went well."""
    source = _source(room, question.lesson.product)
    recipe = recipe_of(question.lesson, room, source, question.method, question.side)
    result = teach(
        str(source),
        recipe,
        room.data_folder,
        runtime=room.config.runtime,
        optics=optics_of(room.config, room.data_folder),
        progress=_told(progress),
    )
    keep_recipe(room.catalogue, recipe, room.data_folder)
    calibration = result.calibration
    return TaughtProduct(
        product=recipe.product,
        taught=result.teach_images,
        scores=tuple(score / calibration.threshold for score in calibration.scores),
        promised=calibration.promised,
        expected=calibration.marginal,
        proved=calibration.bound95,
        wants=calibration.wants_images,
        extrapolated=calibration.extrapolated,
        strangest=tuple(_strangest(calibration, recipe, room, source)),
        seconds=sum(result.seconds.values()),
    )


def try_methods(question: TryMethods, room: Room, progress: Progress) -> Tried:
    """Teach every candidate for a while, and rank them."""
    lesson = question.lesson
    source = _source(room, lesson.product)
    store = DatasetStore(room.data_folder / "datasets" / lesson.product)
    recipes = [recipe_of(lesson, room, source, method, side) for method, side in TRIED]
    images = chosen_images(str(source), store, recipes[0].engine.seed)
    budget_ms = budget_of(recipes[0], room.config.gate)
    optics = optics_of(room.config, room.data_folder)
    bench = Bench(images, room.config.runtime, budget_ms, room.data_folder, optics)
    ranked = rank(recipes, bench, _told(progress)).tried
    return Tried(
        tuple(
            Candidate(
                one.recipe.engine.method,
                one.recipe.preparation.width,
                one.found,
                one.shown,
                one.p95_ms,
                one.p95_ms <= budget_ms,
            )
            for one in ranked
        ),
        ranked[0].defect_px,
        budget_ms,
    )


def _source(room: Room, product: str) -> Path:
    pictures = DraftPictures(room.data_folder, product)
    if len(pictures.paths()) < MINIMUM_GOOD:
        raise DatasetError(
            f"{len(pictures.paths())} good pictures are too few",
            remedy=f"Take at least {MINIMUM_GOOD}",
        )
    return pictures.folder


def _told(progress: Progress) -> Callable[[str, float], None]:
    def tell(stage: str, share: float) -> None:
        progress(stage, round(100 * share), 100)

    return tell


def _strangest(
    calibration: Calibration, recipe: Recipe, room: Room, source: Path
) -> Sequence[Strange]:
    """The good pictures held out that come nearest to the threshold, or beyond it."""
    store = DatasetStore(room.data_folder / "datasets" / recipe.product)
    chosen = chosen_images(str(source), store, recipe.engine.seed)
    paths = paths_of(chosen, Split.CALIBRATE)
    rows = zip(*(check.scores for check in calibration.checks), strict=True)
    scored = [
        (calibration.joint(row) / calibration.threshold, path)
        for row, path in zip(rows, paths, strict=True)
    ]
    scored.sort(key=lambda one: -one[0])
    return [Strange(path.name, score, _picture(path, recipe)) for score, path in scored[:STRANGEST]]


def _picture(path: Path, recipe: Recipe) -> bytes:
    spec = recipe.preparation
    try:
        pixels = read_image(path, spec.pixel_format)
    except InspectorError:  # taken away meanwhile: its score is told all the same
        return b""
    if (box := spec.region) is not None:
        pixels = pixels[box.y : box.y + box.height, box.x : box.x + box.width]
    return jpeg(shown(pixels, spec.pixel_format), _STRANGE_PX).data
