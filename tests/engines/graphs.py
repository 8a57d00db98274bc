"""Tiny graphs of the engines' form: uint8[N, H, W, C] -> map float32[N, h, w], score float32[N].

One convolution in single precision, in half, or on signed INT8 with zero point 0; the batch open
or fixed. And graphs that a parser must refuse.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

HEIGHT, WIDTH, CHANNELS, FILTERS = 32, 48, 3, 8
SHAPE = (HEIGHT, WIDTH, CHANNELS)


def tiny(precision: str = "f32", batch: int | None = None) -> bytes:
    """Features of one convolution; their squared length is the map, its maximum the score."""
    kernel = np.random.default_rng(5).normal(size=(FILTERS, CHANNELS, 3, 3)).astype(np.float32)
    constants: dict[str, NDArray[np.generic]] = {"scale": np.float32(1 / 255) * np.ones(1, "f4")}
    nodes = [
        helper.make_node("Cast", ["image"], ["raw"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["raw"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Mul", ["planes", "scale"], ["x"]),
    ]
    if precision == "f16":
        constants["kernel"] = kernel.astype(np.float16)
        nodes += [
            helper.make_node("Cast", ["x"], ["input"], to=TensorProto.FLOAT16),
            _convolution("input", "kernel", "half"),
            helper.make_node("Cast", ["half"], ["features"], to=TensorProto.FLOAT),
        ]
    elif precision == "int8":
        largest = np.abs(kernel).max(axis=(1, 2, 3))
        constants |= {
            "step": np.array(1 / 127, np.float32),
            "zero": np.array(0, np.int8),
            "steps": (largest / 127).astype(np.float32),
            "zeros": np.zeros(FILTERS, np.int8),
            "rounded": np.rint(kernel / (largest / 127)[:, None, None, None]).astype(np.int8),
        }
        nodes += [
            helper.make_node("QuantizeLinear", ["x", "step", "zero"], ["q"]),
            helper.make_node("DequantizeLinear", ["q", "step", "zero"], ["input"]),
            helper.make_node("DequantizeLinear", ["rounded", "steps", "zeros"], ["w"], axis=0),
            _convolution("input", "w", "features"),
        ]
    else:
        constants["kernel"] = kernel
        nodes.append(_convolution("x", "kernel", "features"))
    constants |= {"channel": np.array([1]), "sides": np.array([1, 2])}
    nodes += [
        helper.make_node("ReduceSumSquare", ["features", "channel"], ["map"], keepdims=0),
        helper.make_node("ReduceMax", ["map", "sides"], ["score"], keepdims=0),
    ]
    return _model(nodes, constants, batch)


def with_custom_operator() -> bytes:
    """An operator that no runtime has."""
    nodes = [helper.make_node("Sparkle", ["image"], ["map"], name="twinkle", domain="somebody")]
    return _model(nodes, {}, None, domains=("somebody",))


def with_unsupported_operator() -> bytes:
    """``Unique``: the shape of its result depends on the data."""
    nodes = [
        helper.make_node("Cast", ["image"], ["raw"], to=TensorProto.FLOAT),
        helper.make_node("Unique", ["raw"], ["map"], name="odd_one"),
    ]
    return _model(nodes, {}, None)


def with_transpose_first() -> bytes:
    """The uint8 image is transposed before it is cast."""
    nodes = [
        helper.make_node("Transpose", ["image"], ["t"], perm=[0, 3, 1, 2], name="too_early"),
        helper.make_node("Cast", ["t"], ["map"], to=TensorProto.FLOAT),
    ]
    return _model(nodes, {}, None)


def images(count: int, seed: int = 0) -> NDArray[np.uint8]:
    """Random images for the tiny graphs."""
    return np.random.default_rng(seed).integers(0, 256, (count, *SHAPE), np.uint8)


def _convolution(source: str, kernel: str, to: str) -> onnx.NodeProto:
    return helper.make_node("Conv", [source, kernel], [to], pads=[1, 1, 1, 1])


def _model(
    nodes: Sequence[onnx.NodeProto],
    constants: dict[str, NDArray[np.generic]],
    batch: int | None,
    domains: Sequence[str] = (),
) -> bytes:
    count = batch or "batch"
    outputs = {name for node in nodes for name in node.output}
    forms: dict[str, list[int | str]] = {"map": [count, HEIGHT, WIDTH], "score": [count]}
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, [count, *SHAPE])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, form)
            for name, form in forms.items()
            if name in outputs
        ],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    versions = [helper.make_opsetid("", 18), *(helper.make_opsetid(d, 1) for d in domains)]
    model = helper.make_model(graph, opset_imports=versions, ir_version=10)
    return bytes(model.SerializeToString())
