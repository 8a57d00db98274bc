"""Fewer bits: what is quantised, what is not, and that a variant is what it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, numpy_helper

from engines.bundle import Bundle
from engines.graphs import nodes_beyond
from engines.precision.half import halved
from engines.precision.int8 import EXACT_LAYERS, quantised, with_signed_bytes
from engines.precision.making import make_variant
from engines.precision.variants import graph_of, path_of
from engines.runtimes import load_engine, openvino, self_test
from inspector.core.errors import BundleError, ConfigError, EngineError
from inspector.core.frame import Pixels
from inspector.core.line_config import RuntimeConfig
from tests.engines.pictures import part

IMAGES = [part(number, height=64, width=96) for number in range(12)]
INT8 = RuntimeConfig(name="openvino", precision="int8")
SIGNED = RuntimeConfig(name="rtx", precision="int8")
HALF = RuntimeConfig(name="tensorrt", precision="f16")


@pytest.fixture(scope="module")
def int8(bundle: Bundle) -> onnx.ModelProto:
    graph = onnx.load_from_string(bundle.graph)
    return quantised(graph, bundle.manifest.boundary, IMAGES)


def scores(graph: onnx.ModelProto, images: list[Pixels]) -> np.ndarray:
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    found: np.ndarray = session.run(["score"], {"image": np.stack(images)})[0]
    return found


def kinds_of_inputs(graph: onnx.ModelProto) -> dict[str, set[str]]:
    """By node, which kinds of nodes feed it."""
    makers = {name: node.op_type for node in graph.graph.node for name in node.output}
    return {
        node.name: {makers[name] for name in node.input if name in makers}
        for node in graph.graph.node
    }


def test_half_keeps_what_follows_the_boundary_exact(bundle: Bundle) -> None:
    graph = onnx.load_from_string(bundle.graph)
    half = halved(graph, bundle.manifest.boundary)
    exact = set(nodes_beyond(graph, bundle.manifest.boundary))
    types = {value.name: value.data_type for value in half.graph.initializer}
    for node in half.graph.node:
        used = {types[name] for name in node.input if name in types}
        if node.name in exact:
            assert TensorProto.FLOAT16 not in used, node.name
        elif node.op_type == "Conv":
            assert used == {TensorProto.FLOAT16}, node.name
    assert half.graph.node[0].op_type == "Cast"
    wanted, found = scores(graph, IMAGES), scores(half, IMAGES)
    assert np.allclose(found, wanted, rtol=2e-2)
    assert not np.array_equal(found, wanted)


def test_int8_leaves_distances_and_sensitive_layers_alone(
    bundle: Bundle, int8: onnx.ModelProto
) -> None:
    graph = onnx.load_from_string(bundle.graph)
    exact = set(nodes_beyond(graph, bundle.manifest.boundary))
    convolutions = [node for node in graph.graph.node if node.op_type == "Conv"]
    fed = kinds_of_inputs(int8)
    first = {node.name for node in convolutions[:EXACT_LAYERS]}
    quantised_layers = 0
    for node in convolutions:
        groups = next((item.i for item in node.attribute if item.name == "group"), 1)
        is_int8 = "DequantizeLinear" in fed[node.name]
        assert is_int8 == (node.name not in exact | first and groups == 1), node.name
        quantised_layers += is_int8
    assert quantised_layers > 20


def test_int8_still_tells_defects_apart(bundle: Bundle, int8: onnx.ModelProto) -> None:
    good = [part(number, height=64, width=96) for number in range(50, 62)]
    bad = [part(number, spot=True, height=64, width=96) for number in range(70, 80)]
    graph = onnx.load_from_string(bundle.graph)
    assert scores(int8, good).max() < scores(int8, bad).min()
    assert np.allclose(scores(int8, bad), scores(graph, bad), rtol=0.1)


def test_signed_bytes_are_all_that_tensorrt_takes(int8: onnx.ModelProto) -> None:
    signed = with_signed_bytes(int8)
    points = [
        numpy_helper.to_array(value)
        for value in signed.graph.initializer
        if value.data_type in {TensorProto.INT8, TensorProto.UINT8}
    ]
    assert {array.dtype for array in points} == {np.dtype(np.int8)}
    assert any(value.data_type == TensorProto.UINT8 for value in int8.graph.initializer), (
        "nothing was unsigned before: this test shows nothing"
    )
    assert np.allclose(scores(signed, IMAGES), scores(int8, IMAGES), rtol=0.05)


def test_variant_runs_as_its_own_engine(bundle: Bundle, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"not compiled.*inspector compile disc --target openv"):
        load_engine(bundle, INT8, tmp_path)
    make_variant(bundle, INT8, IMAGES, tmp_path)
    engine = load_engine(bundle, INT8, tmp_path)
    assert engine.info.precision == "int8"
    assert " int8 " in engine.info.fingerprint
    assert engine.info.fingerprint != load_engine(bundle).info.fingerprint
    self_test(engine, bundle)


def test_same_images_make_the_same_variant(bundle: Bundle, tmp_path: Path) -> None:
    first = make_variant(bundle, INT8, IMAGES, tmp_path / "a")
    assert make_variant(bundle, INT8, IMAGES, tmp_path / "b") == first


def test_damaged_or_foreign_variant_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    make_variant(bundle, HALF, IMAGES, tmp_path)
    path = path_of(bundle, HALF, tmp_path)
    graph_of(bundle, HALF, tmp_path)
    other = replace(bundle, hash=bundle.hash[:12] + "0" * 52)
    with pytest.raises(BundleError, match="differs from its manifest"):
        graph_of(other, HALF, tmp_path)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(BundleError, match="differs from its manifest"):
        graph_of(bundle, HALF, tmp_path)
    path.with_suffix(".yaml").write_text("kind: f16", encoding="utf-8")
    with pytest.raises(BundleError, match=r"f16\.onnx: cannot be read"):
        graph_of(bundle, HALF, tmp_path)


def test_half_is_for_gpus(bundle: Bundle, tmp_path: Path) -> None:
    runtime = RuntimeConfig(name="openvino", precision="f16")
    with pytest.raises(ConfigError, match="slower"):
        load_engine(bundle, runtime, tmp_path)


@pytest.mark.skipif("BF16" not in openvino.capabilities(), reason="this CPU has no bfloat16")
def test_bfloat16_is_made_while_openvino_compiles(bundle: Bundle) -> None:
    engine = load_engine(bundle, RuntimeConfig(name="openvino", precision="bf16"))
    self_test(engine, bundle)
    found, exact = engine.infer(IMAGES[0][None]), load_engine(bundle).infer(IMAGES[0][None])
    assert np.abs(found.maps - exact.maps).max() > 0
    assert "bf16" in engine.info.fingerprint


def test_bfloat16_is_refused_where_the_cpu_or_the_runtime_lacks_it(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="onnxruntime has no bf16"):
        load_engine(bundle, RuntimeConfig(name="onnxruntime", precision="bf16"))
    monkeypatch.setattr(openvino, "capabilities", lambda: ("FP32", "INT8"))
    with pytest.raises(EngineError, match="does not compute in bfloat16"):
        load_engine(bundle, RuntimeConfig(name="openvino", precision="bf16"))


def test_engine_that_names_no_boundary_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    old = replace(bundle, manifest=bundle.manifest.model_copy(update={"boundary": ()}))
    with pytest.raises(EngineError, match="boundary"):
        make_variant(old, INT8, IMAGES, tmp_path)


def test_signed_and_unsigned_lie_side_by_side(bundle: Bundle, tmp_path: Path) -> None:
    assert path_of(bundle, INT8, tmp_path) != path_of(bundle, SIGNED, tmp_path)
