"""A plan is built once on a PC; one that does not fit is built anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engines.bundle import Bundle
from engines.runtimes.nvidia import plans as plans_module
from engines.runtimes.nvidia.gpu import Gpu
from engines.runtimes.nvidia.sdk import Sdk
from engines.runtimes.rtx import RtxEngine, compile_rtx, rtx_sdk, supported_architectures
from inspector.core.errors import EngineError
from tests.engines import graphs
from tests.gpu.conftest import Load

pytestmark = pytest.mark.gpu


@pytest.fixture
def no_building(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def refuse(*_: object) -> bytes:
        raise AssertionError("a plan was built")

    return lambda: monkeypatch.setattr(plans_module, "build_plan", refuse)


def test_the_second_start_takes_the_plan_of_the_first(
    load: Load, tmp_path: Path, no_building: Callable[[], None]
) -> None:
    first = load(folder=tmp_path)
    scores = first.infer(graphs.images(2)).scores.copy()
    no_building()
    second = load(folder=tmp_path)
    assert second.info.fingerprint == first.info.fingerprint
    assert list(second.infer(graphs.images(2)).scores) == list(scores)


def test_the_fingerprint_names_what_computes(load: Load, sdk: Sdk, gpu: Gpu) -> None:
    engine = load()
    assert engine.info.runtime == sdk.kind
    words = (sdk.kind, sdk.version, "f32", gpu.name, engine.plan.manifest.sha256[:12])
    assert all(word in engine.info.fingerprint for word in words)


def test_a_damaged_plan_is_built_anew(load: Load, tmp_path: Path) -> None:
    path = load(folder=tmp_path).plan.path
    path.write_bytes(path.read_bytes()[:-8])
    assert load(folder=tmp_path).infer(graphs.images(1)).scores.shape == (1,)


def test_plans_of_both_packages_have_different_names(load: Load, sdk: Sdk, tmp_path: Path) -> None:
    assert load(folder=tmp_path).plan.path.suffix == sdk.suffix


def test_a_plan_that_was_compiled_elsewhere_is_run(
    tiny: Callable[[str], Bundle], gpu: Gpu, tmp_path: Path, no_building: Callable[[], None]
) -> None:
    try:
        rtx_sdk().check_runs_on(gpu.name, gpu.architecture)
    except EngineError as error:
        pytest.skip(error.problem)
    made = tiny("f32")
    path = compile_rtx(made, supported_architectures(), tmp_path)
    no_building()
    engine = RtxEngine(made, made.graph, "f32", tmp_path)
    try:
        assert engine.plan.path == path
        assert engine.infer(graphs.images(1)).scores.shape == (1,)
    finally:
        engine.close()


def test_a_gpu_that_the_package_does_not_know_is_refused_in_words(
    tiny: Callable[[str], Bundle], gpu: Gpu, tmp_path: Path
) -> None:
    try:
        known = supported_architectures()
    except EngineError as error:
        pytest.skip(error.problem)
    if gpu.architecture in known:
        pytest.skip(f"this GPU is SM {gpu.architecture}, which TensorRT-RTX runs on")
    made = tiny("f32")
    with pytest.raises(EngineError, match=f"is SM {gpu.architecture}") as caught:
        RtxEngine(made, made.graph, "f32", tmp_path)
    assert "tensorrt, or openvino" in caught.value.remedy
    assert not list(tmp_path.iterdir())
