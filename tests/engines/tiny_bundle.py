"""A bundle around a tiny graph."""

from __future__ import annotations

from pathlib import Path

from engines.bundle import Bundle, Manifest, Provenance, open_bundle, pack, writing_bundle
from engines.runtimes.onnxruntime import golden_of
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
