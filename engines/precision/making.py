"""Graphs of other precisions are made from a bundle on the PC that compiles it."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import onnx
import yaml

from engines.bundle import Bundle
from engines.precision.half import halved
from engines.precision.int8 import quantised, with_signed_bytes
from engines.precision.variants import NVIDIA, VariantManifest, kind_of, path_of
from engines.taught import Images
from engines.tiling import OneTileEach, tiles_in
from inspector.core.canonical import sha256_hex
from inspector.core.errors import EngineError
from inspector.core.line_config import RuntimeConfig
from inspector.durable.files import write_atomically


def make_variant(bundle: Bundle, runtime: RuntimeConfig, images: Images, compiled: Path) -> bytes:
    """Make and keep the graph of ``runtime``'s precision; ``images`` are prepared good ones.

    Raises ``ConfigError`` as `graph_of`, ``EngineError`` when the graph cannot be quantised.
    """
    path = path_of(bundle, runtime, compiled)
    if not bundle.manifest.boundary:
        raise EngineError(
            f"{bundle.path}: boundary: says nowhere what has to stay exact",
            remedy="Teach the product again with this version",
        )
    tiles = tiles_in(bundle.manifest)
    images = images if tiles is None else OneTileEach(images, tiles)
    graph = onnx.load_from_string(bundle.graph)
    if runtime.precision == "f16":
        made = halved(graph, bundle.manifest.boundary)
    else:
        made = quantised(graph, bundle.manifest.boundary, images)
        made = with_signed_bytes(made) if runtime.name in NVIDIA else made
    data: bytes = made.SerializeToString(deterministic=True)
    packages = ("onnx", "onnxruntime") if runtime.precision == "f16" else ("onnx", "nncf")
    manifest = VariantManifest(
        bundle=bundle.hash,
        graph=sha256_hex(data),
        kind=kind_of(runtime),
        images=0 if runtime.precision == "f16" else len(images),
        versions={name: version(name) for name in packages},
    )
    write_atomically(path, data)
    text: str = yaml.safe_dump(manifest.model_dump(mode="json"), sort_keys=False)
    write_atomically(path.with_suffix(".yaml"), text.encode())
    return data
