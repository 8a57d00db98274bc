"""The bundle of a product whose engine learns nothing: made when it is first asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engines.bundle import Manifest, open_bundle, pack, packed_hash, writing_bundle
from engines.methods import teach_engine
from engines.runtimes.reference import reference_of
from engines.taught import Folders
from inspector.core.frame import FrameFormat, Pixels
from inspector.core.levels import Levels, level_type, pixels_of
from inspector.core.recipe import Recipe
from inspector.teaching.bundles import bundles_folder, current_bundle, make_current
from inspector.teaching.manifest import manifest_of


def untaught_bundle(recipe: Recipe, data_folder: Path, preparation_hash: str) -> Path:
    """Write the bundle of a recipe whose engine does not learn, and make it the current one.

    One that was made of this recipe before, by teaching or so, is kept. Raises ``ConfigError`` for
    what the engine cannot do, ``BundleError``, ``StorageError``.
    """
    spec = recipe.preparation
    form = FrameFormat(spec.width, spec.height, spec.pixel_format)
    folders = Folders(data_folder / "weights", data_folder / "cache")
    taught = teach_engine((), form, recipe.engine, lambda _stage, _share: None, folders)
    manifest = manifest_of(recipe, preparation_hash, taught, [])
    current = current_bundle(data_folder, recipe.product)
    if current is not None and _same(open_bundle(current).manifest, manifest):
        return current
    graph = taught.graph.SerializeToString(deterministic=True)
    files = pack(manifest, graph, reference_of(manifest, graph, _golden(form)))
    path = bundles_folder(data_folder, recipe.product) / packed_hash(files)[:12]
    with writing_bundle(path, files):
        pass
    make_current(path)
    return path


def _same(one: Manifest, other: Manifest) -> bool:
    """Whether two engines that learned nothing compute the same."""
    keys = ("method", "preparation_hash", "input_shape", "map_shape", "kernel")
    return one.provenance.parameters == other.provenance.parameters and all(
        getattr(one, key) == getattr(other, key) for key in keys
    )


def _golden(form: FrameFormat) -> Pixels:
    """Noise by seed, and a white spot: nothing is known of the product's looks."""
    pixel_format = form.pixel_format
    shape = (1, form.height, form.width, pixel_format.colours)
    noise = np.random.default_rng(0).normal(0.5, 0.05, shape) * pixel_format.white
    levels: Levels = noise.clip(0, pixel_format.white).astype(level_type(pixel_format))
    top, left = form.height // 2, form.width // 2
    levels[:, top : top + 1 + form.height // 16, left : left + 1 + form.width // 16] = (
        pixel_format.white
    )
    return pixels_of(levels)
