"""Engines of both packages on the GPU that is here; without one every test says why it is skipped.

The graphs are the tiny ones of each precision and the engine that tests/engines teaches.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engines.bundle import Bundle
from engines.runtimes.nvidia.engine import NvidiaEngine
from engines.runtimes.nvidia.gpu import Gpu, gpu_absence, open_gpu
from engines.runtimes.nvidia.sdk import Sdk
from engines.runtimes.rtx import rtx_sdk
from engines.runtimes.tensorrt import tensorrt_sdk
from inspector.core.errors import EngineError
from tests.engines.conftest import bundle, engine_files
from tests.engines.tiny_bundle import write_tiny_bundle

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
        package = PACKAGES[request.param]()
        package.check_runs_on(gpu.name, gpu.architecture)
    except EngineError as error:
        pytest.skip(error.problem)
    return package


@pytest.fixture(scope="session")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Bundle]:
    """A bundle of the tiny graph of a precision."""

    def make(precision: str) -> Bundle:
        return write_tiny_bundle(tmp_path_factory.mktemp("tiny") / precision, precision)

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
