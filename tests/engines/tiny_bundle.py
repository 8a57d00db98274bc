"""A bundle around a tiny graph, or around an engine that was taught in a test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engines.bundle import Bundle, Manifest, Provenance, open_bundle, pack, writing_bundle
from engines.runtimes.onnxruntime import golden_of
from engines.runtimes.reference import reference_of
from engines.taught import Taught
from inspector.core.frame import FrameFormat, Pixels
from inspector.core.recipe import PreparationSpec
from tests.engines import graphs


def write_tiny_bundle(path: Path, precision: str) -> Bundle:
    """Nothing was taught in it; it is whole and opens."""
    graph = graphs.tiny(precision)
    manifest = Manifest(
        product="tiny",
        method="patchcore",
        input_shape=graphs.SHAPE,
        map_shape=graphs.SHAPE[:2],
        preparation=PreparationSpec(width=graphs.WIDTH, height=graphs.HEIGHT),
        preparation_hash="0" * 64,
        provenance=Provenance(dataset="1" * 64, seed=0, parameters={}, versions={}),
    )
    with writing_bundle(path, pack(manifest, graph, golden_of(graph, graphs.images(2)))):
        pass
    return open_bundle(path)


def write_bundle(
    path: Path,
    taught: Taught,
    method: str,
    form: FrameFormat,
    images: Sequence[Pixels],
    *,
    prepared: str = "0" * 64,
) -> Bundle:
    """A whole bundle of a taught engine; its golden vectors are of ``images``.

    ``prepared`` is the identity of the preparation; nothing that prepares takes the default.
    """
    graph = taught.graph.SerializeToString(deterministic=True)
    manifest = Manifest(
        product="part",
        method=method,
        input_shape=form.shape,
        map_shape=taught.map_shape,
        tiling=taught.tiling,
        kernel=taught.kernel,
        boundary=taught.boundary,
        explains=dict(taught.explains),
        features=taught.features,
        preparation=PreparationSpec(
            width=form.width, height=form.height, pixel_format=form.pixel_format
        ),
        preparation_hash=prepared,
        provenance=Provenance(dataset="1" * 64, seed=0, parameters=taught.parameters, versions={}),
    )
    golden = reference_of(manifest, graph, np.stack(images))
    files = pack(manifest, graph, golden, taught.files)
    with writing_bundle(path, files):
        pass
    return open_bundle(path)
