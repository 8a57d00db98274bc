"""Teaching more: good images that were wrongly rejected, and a defect that was missed.

Each makes a new bundle from the current one, by that one's own network and memory: no torch, no
export. When the result does not hold what it should, an error says so and nothing is changed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from engines.memory.growth import GROWTH
from engines.memory.incremental import learn_good, learn_missed
from inspector.core.canonical import sha256_hex
from inspector.core.errors import DatasetError
from inspector.core.recipe import Recipe
from inspector.durable.images import read_image
from inspector.teaching.calibrated import Candidate, Site, calibrated_bundle
from inspector.teaching.change import Change, TaughtAgain, write_change
from inspector.teaching.dataset import Label, Split
from inspector.teaching.lesson import Lesson
from inspector.teaching.marks import marked_cells, mask_png, read_mark
from inspector.teaching.sources import Picture, good_pictures
from inspector.teaching.stages import Progress, Stages

GAIN = 2.0
"""Thresholds that are added to the map where a patch is just like a missed one; so one threshold
is added half of the way to where it is no longer recognised."""

RISE = 0.01
"""Share by which the threshold may rise for a defect that is taught."""


def teach_good(
    source: Path,
    recipe: Recipe,
    site: Site,
    *,
    production: Path | None = None,
    progress: Progress = lambda stage, share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> TaughtAgain:
    """Teach a folder of good images that were wrongly rejected.

    They are a selected sample, so they never calibrate. ``production`` is a folder of good parts
    drawn at random, which join the calibration images; those known already are left out of it.
    Raises ``DatasetError`` where nothing is new, and as ``teach`` does.
    """
    stages = Stages(progress, cancelled)
    stages("images", 0.0)
    lesson = Lesson.of(recipe, site)
    given = lesson.to_teach(good_pictures(source))
    sample = [] if production is None else lesson.to_calibrate(good_pictures(production), given)
    before = lesson.judge_before(given, sample, stages)
    reach = [float(memory.reach[0]) for memory in lesson.memories]
    if not lesson.reweight:  # weighed scores are not on the scale of distances
        reach = [min(one, before.engine_threshold) for one in reach]
    grown = learn_good(
        lesson.patches,
        lesson.memories,
        lesson.images([item.path for item in given]),
        beyond=reach,
        limit=math.ceil(GROWTH * lesson.coreset),
        progress=stages,
    )
    if not sample and not any(growth.changed for growth in grown):
        raise DatasetError(
            f"{source}: nothing is new in these images; nothing was changed",
            remedy="Give images that are rejected, or --production to calibrate anew",
        )
    draft = lesson.draft("add-good", grown, lesson.gain, given, sample)
    with calibrated_bundle(draft, recipe, site, stages) as made:
        change = lesson.compare(before, made, grown, given, stages)
        stages("store", 0.0)
        lesson.store.add((item.entry, item.path) for item in [*given, *sample])
    return _result(made, change, stages)


def teach_missed(
    image: Path,
    mark: str,
    recipe: Recipe,
    site: Site,
    *,
    progress: Progress = lambda stage, share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> TaughtAgain:
    """Teach a defect that was missed: what looks like the marked place is rejected from now on.

    ``mark`` is ``x,y,w,h`` in camera pixels or the file of a mask. Raises ``DatasetError`` where
    the place looks like good parts, where the image would still pass, and where good parts look so
    much like it that the threshold would rise; and as ``teach`` does.
    """
    stages = Stages(progress, cancelled)
    stages("images", 0.0)
    lesson = Lesson.of(recipe, site)
    (item,) = lesson.to_teach([Picture(image, Label.DEFECTIVE, "missed")])
    before = lesson.judge_before([item], [], stages)
    if before.scores[0] > before.threshold:
        raise DatasetError(
            f"{image}: is rejected already (score {before.scores[0]:.4f}, threshold "
            f"{before.threshold:.4f})",
            remedy="Give an image that was passed",
        )
    pixels = read_image(image, recipe.preparation.pixel_format)
    mask = read_mark(mark, width=pixels.shape[1], height=pixels.shape[0])
    png = mask_png(mask)
    grown = learn_missed(
        lesson.patches,
        lesson.memories,
        lesson.preparer.prepare(pixels, image)[0],
        partial(marked_cells, lesson.preparer.mask_of(mask, image), None),
        good=lesson.images(lesson.store.good_images(Split.TEACH)),
        held_out=lesson.images(lesson.store.good_images(Split.CALIBRATE)),
        limit=math.ceil(GROWTH * lesson.coreset),
        progress=stages,
    )
    if not any(growth.changed for growth in grown):
        raise DatasetError(
            f"{image}: the marked place looks like good parts do; nothing was changed",
            remedy="Mark the defect itself; what a person hardly sees needs a larger --size",
        )
    item = replace(item, entry=item.entry.model_copy(update={"mask": sha256_hex(png)}))
    draft = lesson.draft("missed", grown, GAIN * before.engine_threshold, [item], [])
    with calibrated_bundle(draft, recipe, site, stages) as made:
        change = lesson.compare(before, made, grown, [item], stages)
        _refuse_harm(image, change)
        stages("store", 0.0)
        lesson.store.keep_mask(png)
        lesson.store.add([(item.entry, item.path)])
    return _result(made, change, stages)


def _result(made: Candidate, change: Change, stages: Stages) -> TaughtAgain:
    write_change(made.path, change)
    return TaughtAgain(made.path, made.bundle.hash, made.calibration, change, stages.finish())


def _refuse_harm(image: Path, change: Change) -> None:
    """A defect that is taught must be found, and not at the cost of others."""
    if change.threshold_after > (1.0 + RISE) * change.threshold_before:
        raise DatasetError(
            f"{image}: good calibration images look like this defect: the threshold would rise "
            f"from {change.threshold_before:.4f} to {change.threshold_after:.4f}, and other "
            "defects would pass; nothing was changed",
            remedy="Mark the defect more closely, or teach with more good images first",
        )
    if change.images[0].after <= change.threshold_after:
        raise DatasetError(
            f"{image}: would still pass (score {change.images[0].after:.4f}, threshold "
            f"{change.threshold_after:.4f}); nothing was changed",
            remedy="Mark the whole defect, and see that decision.min_defect_area is not larger",
        )
