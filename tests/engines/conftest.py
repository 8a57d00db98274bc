"""One small engine, taught once for all tests here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engines.bundle import Bundle, Manifest, Provenance, open_bundle, pack, writing_bundle
from engines.memory.patchcore import Taught, teach
from engines.runtimes.onnxruntime import golden_of
from inspector.core.recipe import EngineSpec, PreparationSpec
from tests.engines.pictures import part

SHAPE = (64, 96, 3)
SPEC = EngineSpec(coreset=150, seed=3)


def taught(count: int = 16) -> Taught:
    images = (part(number, height=SHAPE[0], width=SHAPE[1]) for number in range(count))
    return teach(images, count, SHAPE, SPEC, lambda stage, share: None)


@pytest.fixture(scope="session")
def engine_files() -> dict[str, bytes]:
    engine = taught()
    graph = engine.graph.SerializeToString(deterministic=True)
    golden = np.stack([part(100 + n, spot=n == 0, height=64, width=96) for n in range(3)])
    manifest = Manifest(
        product="disc",
        method="patchcore",
        input_shape=SHAPE,
        map_shape=engine.map_shape,
        preparation=PreparationSpec(width=96, height=64),
        preparation_hash="0" * 64,
        provenance=Provenance(
            dataset="1" * 64, seed=3, parameters=engine.parameters, versions={"torch": "2"}
        ),
    )
    return pack(manifest, graph, golden_of(graph, golden))


@pytest.fixture(scope="session")
def bundle(engine_files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    path: Path = tmp_path_factory.mktemp("bundles") / "disc"
    with writing_bundle(path, engine_files):
        pass
    return open_bundle(path)
