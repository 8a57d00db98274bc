"""The bundle of a product without an engine: made when it is first asked for, from nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engines.bundle import pack, packed_hash, writing_bundle
from engines.methods import teach_engine
from engines.runtimes.onnxruntime import golden_of
from engines.taught import NOWHERE
from inspector.core.frame import FrameFormat
from inspector.core.recipe import Recipe
from inspector.teaching.bundles import bundles_folder, make_current
from inspector.teaching.manifest import manifest_of


def untaught_bundle(recipe: Recipe, data_folder: Path, preparation_hash: str) -> Path:
    """Write the bundle of a recipe with ``engine.method: none``, and make it the current one.

    Raises ``StorageError``.
    """
    spec = recipe.preparation
    form = FrameFormat(spec.width, spec.height, spec.pixel_format)
    taught = teach_engine((), form, recipe.engine, lambda _stage, _share: None, NOWHERE)
    manifest = manifest_of(recipe, preparation_hash, taught, [])
    graph = taught.graph.SerializeToString(deterministic=True)
    files = pack(manifest, graph, golden_of(graph, np.zeros((1, *form.shape), np.uint8)))
    path = bundles_folder(data_folder, recipe.product) / packed_hash(files)[:12]
    with writing_bundle(path, files):
        pass
    make_current(path)
    return path
