"""Engines of both packages on the GPU that is here; without one every test says why it is skipped.

The graphs are the tiny ones of each precision and the engine that tests/engines teaches.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engines.bundle import Bundle, Manifest, Provenance, open_bundle, pack, writing_bundle
from engines.runtimes.nvidia.engine import NvidiaEngine
from engines.runtimes.nvidia.gpu import Gpu, gpu_absence, open_gpu
from engines.runtimes.nvidia.sdk import Sdk
from engines.runtimes.onnxruntime import golden_of
from engines.runtimes.rtx import rtx_sdk
from engines.runtimes.tensorrt import tensorrt_sdk
from inspector.core.errors import EngineError
from inspector.core.recipe import PreparationSpec
from tests.engines import graphs
from tests.engines.conftest import bundle, engine_files

__all__ = ["bundle", "engine_files"]

PACKAGES: dict[str, Callable[[], Sdk]] = {"tensorrt": tensorrt_sdk, "rtx": rtx_sdk}
Load = Callable[..., NvidiaEngine]


@pytest.fixture(scope="session")
def gpu() -> Gpu:
    absence = gpu_absence()
    if absence is not None:
        pytest.skip(absence)
    return open_gpu()


@pytest.fixture(scope="session", params=PACKAGES)
def sdk(request: pytest.FixtureRequest, gpu: Gpu) -> Sdk:
    try:
        return PACKAGES[request.param]()
    except EngineError as error:
        pytest.skip(error.problem)


@pytest.fixture(scope="session")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Bundle]:
    """A bundle of the tiny graph of a precision."""

    def make(precision: str) -> Bundle:
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
        path = tmp_path_factory.mktemp("tiny") / precision
        with writing_bundle(path, pack(manifest, graph, golden_of(graph, graphs.images(2)))):
            pass
        return open_bundle(path)

    return make


@pytest.fixture
def load(
    sdk: Sdk, tiny: Callable[[str], Bundle], plans: Path, request: pytest.FixtureRequest
) -> Load:
    """The tiny engine of a precision; closed after the test."""

    def make(precision: str = "f32", folder: Path = plans, *, record: bool = True) -> NvidiaEngine:
        made = tiny(precision)
        engine = NvidiaEngine(sdk, made, made.graph, precision, folder, record=record)
        request.addfinalizer(engine.close)
        return engine

    return make


def differs(found: np.ndarray, wanted: np.ndarray) -> float:
    """Largest difference, as a share of the largest value."""
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())
