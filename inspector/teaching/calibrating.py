"""A threshold from good images that were held out, and what it means where defects are labelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from calibration.threshold import MINIMUM_IMAGES, Calibration, read_calibration
from engines.bundle import open_bundle
from engines.runtimes import load_engine, self_test
from engines.runtimes.trial import resolved
from inspector.core.errors import BundleError, DatasetError, EngineError
from inspector.core.judgement import CheckResult
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine, PreparedView
from inspector.core.recipe import Recipe
from inspector.preparation import NO_OPTICS, Optics
from inspector.scoring.decision import Decision
from inspector.teaching.bundles import calibration_path, compiled_folder
from inspector.teaching.compiling import Recipes
from inspector.teaching.dataset import DatasetStore, Label, Split
from inspector.teaching.held_out import STORED, HeldOut, held_out
from inspector.teaching.looks import looks_of
from inspector.teaching.outcome import Calibrated, Judged
from inspector.teaching.prepared import Preparer, preparer_of
from inspector.teaching.report.pictures import Exhibit, exhibit_of
from inspector.teaching.scores import threshold_of
from inspector.teaching.selecting import kinds_of, selection_of
from inspector.teaching.untaught import untaught_bundle

SHOWN = 6
"""Pictures of a kind in the report."""

Progress = Callable[[str, float], None]


class Catalogue(Recipes, Protocol):
    """Recipes, some of which may be missing."""

    def has(self, product: str) -> bool:
        """True when there is a recipe for the product."""


def calibrate_bundle(
    path: Path,
    source: str,
    data_folder: Path,
    runtime: RuntimeConfig,
    recipes: Recipes,
    *,
    false_reject_rate: float | None = None,
    keep: bool = False,
    pictures: bool = False,
    optics: Optics = NO_OPTICS,
    progress: Progress = lambda stage, share: None,
) -> Calibrated:
    """Calibrate a bundle on the line's runtime; nothing is written.

    ``source`` as in `held_out`; ``keep`` adds its images to those that are stored to calibrate with
    when the result is adopted. A ``false_reject_rate`` other than the recipe's is worked out, but
    does not apply. ``pictures`` asks for the report's exhibits. Raises ``BundleError``,
    ``ConfigError``, ``DatasetError``, ``ImageError`` or ``EngineError``.
    """
    bundle = open_bundle(path)
    recipe = recipes.recipe(bundle.manifest.product)
    preparer = preparer_of(bundle, recipe.preparation, optics)
    store = DatasetStore(data_folder / "datasets" / recipe.product)
    images = held_out(source, store, keep=keep, untaught=not recipe.engine.learns)
    _refuse_few(images, source, store)
    compiled = compiled_folder(data_folder)
    runtime = resolved(runtime, bundle, compiled)
    with closing(load_engine(bundle, runtime, compiled)) as engine:
        self_test(engine, bundle)
        asked = _asked(recipe, false_reject_rate)
        made = threshold_of(
            engine,
            preparer,
            asked,
            images.paths,
            lambda share: progress("calibrate", share),
            taught=store.good_images(Split.TEACH),
        )
        looks = looks_of(preparer, images.paths)
        look = _Look(engine, preparer, Decision(made, recipe.preparation.scale_mm_per_px))
        judged = _judged(look, images, progress)
        strangest, weakest = _exhibits(look, images, judged) if pictures else ((), ())
        defects = [one.path for one in judged if one.truth is Label.DEFECTIVE]
        selection = selection_of(made, look.at, images.paths, defects) or kinds_of(
            bundle, look.at, images.paths, defects
        )
    file = calibration_path(path, runtime.label)
    return Calibrated(
        recipe=recipe,
        bundle=bundle,
        runtime=runtime,
        file=file,
        calibration=made,
        previous=_previous(file),
        source=source,
        held_out=images,
        judged=judged,
        store=store,
        keep=keep,
        looks=looks,
        strangest=strangest,
        weakest=weakest,
        selection=selection,
    )


def untaught(product: str, catalogue: Catalogue, data_folder: Path, optics: Optics) -> Path | None:
    """The bundle of a known product that learns nothing; None for all that are taught."""
    if not catalogue.has(product):
        return None
    recipe = catalogue.recipe(product)
    if recipe.needs_teaching:
        return None
    return untaught_bundle(recipe, data_folder, Preparer(recipe.preparation, optics).hash)


@dataclass(frozen=True, slots=True)
class _Look:
    """How an image is judged."""

    engine: Engine
    preparer: Preparer
    decision: Decision

    def at(self, path: Path) -> tuple[PreparedView, tuple[CheckResult, ...]]:
        """One file and its checks. Raises ``EngineError`` for a score that is not a number."""
        view = self.preparer.view(path)
        results = self.decision.judge(view, self.engine.infer(view.pixels[None]))
        if not np.isfinite([result.score for result in results]).all():
            raise EngineError(f"{path}: a score is not a number", remedy="Run the self-test")
        return view, results

    def results(self, path: Path) -> tuple[CheckResult, ...]:
        """The checks of one file."""
        return self.at(path)[1]

    def exhibit(self, path: Path, score: float) -> Exhibit:
        """One file as the report shows it."""
        pixels, _ = self.preparer.read(path)
        depth = self.preparer.form.pixel_format
        checks = self.decision.calibration.checks
        levels = {
            check.name: check.threshold if check.level is None else check.level for check in checks
        }
        results = self.results(path)
        return exhibit_of(path, pixels, depth, results=results, score=score, levels=levels)


def _asked(recipe: Recipe, rate: float | None) -> Recipe:
    if rate is None:
        return recipe
    decision = recipe.decision.model_copy(update={"false_reject_rate": rate})
    return recipe.model_copy(update={"decision": decision})


def _refuse_few(images: HeldOut, source: str, store: DatasetStore) -> None:
    count = len(images.calibrate)
    if count >= MINIMUM_IMAGES:
        return
    where = store.folder if source == STORED else source
    left_out = f" beside {images.taught} that were taught" if images.taught else ""
    raise DatasetError(
        f"{where}: {count} different good images to calibrate with{left_out}",
        remedy=f"Name a folder of at least {MINIMUM_IMAGES} good images that were not taught",
    )


def _judged(look: _Look, images: HeldOut, progress: Progress) -> tuple[Judged, ...]:
    found = []
    for index, picture in enumerate(images.test):
        progress("measure", index / len(images.test))
        results = look.results(picture.path)
        found.append(
            Judged(
                path=picture.path,
                truth=picture.truth,
                category=picture.category,
                score=look.decision.joint(results),
                rejected=not all(result.passed for result in results),
            )
        )
    return tuple(found)


def _exhibits(
    look: _Look, images: HeldOut, judged: Sequence[Judged]
) -> tuple[tuple[Exhibit, ...], tuple[Exhibit, ...]]:
    """The strangest good images, and the defective ones of the lowest scores."""
    made = look.decision.calibration
    joint = [made.joint(scores) for scores in zip(*(c.scores for c in made.checks), strict=True)]
    good = sorted(zip(joint, images.paths, strict=True), reverse=True)[:SHOWN]
    bad = sorted((one.score, one.path) for one in judged if one.truth is Label.DEFECTIVE)[:SHOWN]
    return (
        tuple(look.exhibit(path, score) for score, path in good),
        tuple(look.exhibit(path, score) for score, path in bad),
    )


def _previous(file: Path) -> Calibration | None:
    try:
        return read_calibration(file)
    except BundleError:
        return None
