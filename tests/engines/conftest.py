"""One small engine, taught once for all tests here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engines.bundle import Bundle, Manifest, Provenance, open_bundle, pack, writing_bundle
from engines.methods import teach_engine
from engines.runtimes.onnxruntime import golden_of
from engines.taught import Folders, Taught
from inspector.core.engine_spec import DeepRxSpec, PadimSpec, PatchCoreSpec
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.recipe import PreparationSpec
from tests.engines.pictures import part

FORM = FrameFormat(96, 64, PixelFormat.RGB8)
PatchSpec = PatchCoreSpec | PadimSpec | DeepRxSpec
SPEC = PatchCoreSpec(coreset=150, seed=3)
ON_PATCHES: dict[str, PatchSpec] = {
    "patchcore": SPEC,
    "padim": PadimSpec(channels=24, seed=3),
    "deep_rx": DeepRxSpec(seed=3),
    "deep_rx by place": DeepRxSpec(seed=3, scales=((8,), (16,)), per_position=True, components=0.5),
}
"""Small recipes of all engines that look at patch vectors."""


def taught(
    count: int = 16,
    folders: Folders = Folders(),  # noqa: B008  # frozen
    spec: PatchSpec = SPEC,
) -> Taught:
    images = [part(number, height=FORM.height, width=FORM.width) for number in range(count)]
    return teach_engine(images, FORM, spec, lambda stage, share: None, folders)


def packed(spec: PatchSpec, cache: Path) -> dict[str, bytes]:
    """The files of a bundle."""
    engine = taught(folders=Folders(cache=cache), spec=spec)
    graph = engine.graph.SerializeToString(deterministic=True)
    golden = np.stack([part(100 + n, spot=n == 0, height=64, width=96) for n in range(3)])
    manifest = Manifest(
        product="disc",
        method=spec.method,
        input_shape=FORM.shape,
        map_shape=engine.map_shape,
        boundary=engine.boundary,
        preparation=PreparationSpec(width=96, height=64),
        preparation_hash="0" * 64,
        provenance=Provenance(
            dataset="1" * 64, seed=3, parameters=engine.parameters, versions={"torch": "2"}
        ),
    )
    return pack(manifest, graph, golden_of(graph, golden), engine.files)


@pytest.fixture(scope="session")
def engine_files(cache: Path) -> dict[str, bytes]:
    return packed(SPEC, cache)


@pytest.fixture(scope="session")
def bundle(engine_files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return _written(engine_files, tmp_path_factory)


@pytest.fixture(scope="session", params=ON_PATCHES)
def any_bundle(
    request: pytest.FixtureRequest, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Bundle:
    """One of each engine in turn."""
    return _written(packed(ON_PATCHES[request.param], cache), tmp_path_factory)


def _written(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    path: Path = tmp_path_factory.mktemp("bundles") / "disc"
    with writing_bundle(path, files):
        pass
    return open_bundle(path)
