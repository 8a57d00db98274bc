"""What a bundle says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import inspector
from engines.bundle import Manifest, Provenance
from engines.taught import Taught
from inspector.core.recipe import Recipe
from inspector.teaching.dataset import Entry, manifest_hash

PACKAGES = ("onnx", "onnxruntime", "openvino")


def versions_of(*packages: str) -> dict[str, str]:
    """Versions of Inspector and of packages that an engine was made with."""
    return {"inspector": inspector.__version__, **{name: version(name) for name in packages}}


def manifest_of(
    recipe: Recipe,
    preparation_hash: str,
    taught: Taught,
    entries: Sequence[Entry],
    packages: Sequence[str] = PACKAGES,
) -> Manifest:
    """The manifest of this engine, without its files."""
    spec = recipe.preparation
    return Manifest(
        product=recipe.product,
        method=recipe.engine.method,
        input_shape=(spec.height, spec.width, spec.pixel_format.channels),
        map_shape=taught.map_shape,
        tiling=taught.tiling,
        kernel=taught.kernel,
        boundary=taught.boundary,
        explains=dict(taught.explains),
        classes=taught.classes,
        features=taught.features,
        preparation=spec,
        preparation_hash=preparation_hash,
        provenance=Provenance(
            dataset=manifest_hash(entries),
            seed=recipe.engine.seed,
            parameters=taught.parameters,
            versions=versions_of(*packages),
        ),
    )
