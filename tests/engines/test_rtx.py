"""TensorRT-RTX really parses and builds here, without a GPU; refusals are in its own words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

pytest.importorskip("tensorrt_rtx", reason="the extra rtx is not installed")

from engines.bundle import Bundle
from engines.runtimes.nvidia.building import BatchRange, build_plan
from engines.runtimes.nvidia.engine import deserialised
from engines.runtimes.nvidia.gpu import gpu_absence
from engines.runtimes.nvidia.plans import Wanted, cached_plan, open_plan
from engines.runtimes.rtx import RtxEngine, compile_rtx, rtx_sdk
from inspector.core.canonical import sha256_hex
from inspector.core.errors import BundleError, ConfigError, EngineError
from tests.engines import graphs

SM = (75, 86, 89, 120)
MAGIC = b"vtrt"
GRAPHS: dict[str, Callable[[], bytes]] = {
    "f32": lambda: graphs.tiny("f32"),
    "f32 fixed batch": lambda: graphs.tiny("f32", batch=4),
    "f16": lambda: graphs.tiny("f16"),
    "f16 fixed batch": lambda: graphs.tiny("f16", batch=1),
    "int8": lambda: graphs.tiny("int8"),
    "int8 fixed batch": lambda: graphs.tiny("int8", batch=1),
}


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_every_precision_is_built_for_four_architectures(make: Callable[[], bytes]) -> None:
    plan = build_plan(rtx_sdk(), make(), architectures=SM)
    assert plan.startswith(MAGIC)


def test_the_taught_engine_is_built(bundle: Bundle) -> None:
    small = build_plan(rtx_sdk(), bundle.graph, architectures=(86,))
    assert small.startswith(MAGIC)
    assert len(build_plan(rtx_sdk(), bundle.graph, architectures=SM)) > len(small)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (graphs.with_custom_operator, r"INVALID_NODE at node 'twinkle' \(Sparkle\): .*Plugin not"),
        (graphs.with_unsupported_operator, r"UNSUPPORTED_NODE at node 'odd_one' \(Unique\)"),
        (
            graphs.with_transpose_first,
            r"INVALID_NODE at node 'too_early' .*type UInt8 but must have type Float",
        ),
        (lambda: b"not a graph", "MODEL_DESERIALIZE_FAILED"),
        (lambda: b"", "0 inputs instead of one"),
    ],
)
def test_a_bad_graph_is_refused_in_the_parsers_words(make: Callable[[], bytes], words: str) -> None:
    with pytest.raises(EngineError, match=f"TensorRT-RTX cannot read the graph: {words}") as caught:
        build_plan(rtx_sdk(), make(), architectures=(86,))
    assert "\n" not in str(caught.value)


def test_a_range_that_cannot_be_is_refused_in_the_builders_words() -> None:
    with pytest.raises(EngineError, match=r"cannot build a plan.*MIN<=OPT<=MAX"):
        build_plan(rtx_sdk(), graphs.tiny(), BatchRange(4, 2, 1), (86,))


def compiled(bundle: Bundle, folder: Path) -> Path:
    return compile_rtx(bundle, (89, 86), folder, graph=graphs.tiny())


def wanted(sm: int = 86) -> Wanted:
    graph = sha256_hex(graphs.tiny())
    return Wanted("rtx", graph, "f32", rtx_sdk().version, BatchRange(), (sm,))


def test_a_compiled_plan_says_what_it_is(bundle: Bundle, tmp_path: Path) -> None:
    path = compiled(bundle, tmp_path)
    manifest = yaml.safe_load(path.with_name(f"{path.name}.yaml").read_text(encoding="utf-8"))
    assert path.name.endswith(f"_f32_sm86-89_{rtx_sdk().version}.rtxplan")
    assert manifest == {
        "schema_version": 1,
        "kind": "rtx",
        "package": rtx_sdk().version,
        "graph": sha256_hex(graphs.tiny()),
        "precision": "f32",
        "batch": [1, 1, 8],
        "architectures": [86, 89],
        "gpu": None,
        "sha256": sha256_hex(path.read_bytes()),
        "size": path.stat().st_size,
    }
    assert sorted(tmp_path.iterdir()) == [path, path.with_name(f"{path.name}.yaml")]


def test_the_bundles_own_graph_is_compiled(bundle: Bundle, tmp_path: Path) -> None:
    path = compile_rtx(bundle, (86,), tmp_path)
    graph = sha256_hex(bundle.graph)
    assert open_plan(path, Wanted("rtx", graph, "f32", rtx_sdk().version, BatchRange(), (86,)))


def test_a_plan_for_several_architectures_serves_each(bundle: Bundle, tmp_path: Path) -> None:
    path = compiled(bundle, tmp_path)
    for sm in (86, 89):
        assert cached_plan(tmp_path, rtx_sdk(), graphs.tiny(), wanted(sm)).path == path
    assert cached_plan(tmp_path, rtx_sdk(), graphs.tiny(), wanted(75)).path != path


@pytest.mark.parametrize("numbers", [(86, 90), (8,), ()])
def test_an_architecture_that_is_not_known_is_refused(
    bundle: Bundle, tmp_path: Path, numbers: tuple[int, ...]
) -> None:
    with pytest.raises(ConfigError, match=r"--sm.*It builds for 75, 80, 86, 89, 120"):
        compile_rtx(bundle, numbers, tmp_path)
    assert not list(tmp_path.iterdir())


def change(path: Path, **values: object) -> None:
    file = path.with_name(f"{path.name}.yaml")
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump(content | values), encoding="utf-8")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"kind": "tensorrt"}, "is a plan of tensorrt, not of rtx"),
        ({"package": "1.0"}, "was built with version 1.0"),
        ({"architectures": [75, 89]}, r"is for SM \(75, 89\), this needs SM \(86,\)"),
        ({"graph": "0" * 64}, "belongs to another graph"),
        ({"precision": "f16"}, "is of f16, not of f32"),
        ({"batch": [1, 1, 4]}, r"takes \(1, 1, 4\) images, wanted are \(1, 1, 8\)"),
        ({"size": 7}, "is damaged"),
        ({"sha256": "0" * 64}, "is damaged"),
        ({"secret": 1}, "no valid manifest"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_and_built_anew(
    bundle: Bundle, tmp_path: Path, values: dict[str, object], reason: str
) -> None:
    path = compiled(bundle, tmp_path)
    change(path, **values)
    with pytest.raises(BundleError, match=reason):
        open_plan(path, wanted())
    anew = cached_plan(tmp_path, rtx_sdk(), graphs.tiny(), wanted())
    assert open_plan(anew.path, wanted()).manifest == anew.manifest


def test_a_damaged_plan_and_one_without_its_manifest_are_refused(
    bundle: Bundle, tmp_path: Path
) -> None:
    path = compiled(bundle, tmp_path)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(BundleError, match="is damaged"):
        open_plan(path, wanted())
    path.with_name(f"{path.name}.yaml").unlink()
    with pytest.raises(BundleError, match="has no valid manifest"):
        open_plan(path, wanted())


def test_a_plan_of_full_tensorrt_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"is no plan of rtx \(\.rtxplan\)"):
        open_plan(tmp_path / "x.trtplan", wanted())


def test_without_a_gpu_the_engine_says_what_is_absent(bundle: Bundle, tmp_path: Path) -> None:
    absence = gpu_absence()
    if absence is None:
        pytest.skip("there is a GPU here: tests/gpu")
    with pytest.raises(EngineError) as caught:
        RtxEngine(bundle, bundle.graph, "f32", tmp_path)
    assert caught.value.problem == absence
    assert caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_without_a_gpu_a_plan_does_not_load_and_the_reason_is_said(
    bundle: Bundle, tmp_path: Path
) -> None:
    if gpu_absence() is None:
        pytest.skip("there is a GPU here: tests/gpu")
    plan = open_plan(compiled(bundle, tmp_path), wanted())
    with pytest.raises(EngineError, match=r"TensorRT-RTX cannot load the plan .*cudaError 35"):
        deserialised(rtx_sdk(), plan)


def test_a_gpu_without_kernels_is_refused_before_a_plan_is_built() -> None:
    sdk = rtx_sdk()
    sdk.check_runs_on("NVIDIA RTX A2000", 86)
    with pytest.raises(EngineError, match="the NVIDIA H100 is SM 90") as caught:
        sdk.check_runs_on("NVIDIA H100", 90)
    assert caught.value.remedy == "Use runtime.name: tensorrt, or openvino"
