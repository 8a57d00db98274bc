"""What this PC could do at best: its convolution peak, and the work of a graph."""

from __future__ import annotations

import time

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engines.runtimes.openvino import compile_graph

CHANNELS, SIDE = 256, 48


def convolution_peak(repeats: int = 12) -> float:
    """Floating-point operations a second of a large float32 convolution: the best of a few runs."""
    weights = np.random.default_rng(0).normal(0, 0.05, (CHANNELS, CHANNELS, 3, 3))
    shape = [1, CHANNELS, SIDE, SIDE]
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w"], ["y"], pads=[1, 1, 1, 1])],
        "peak",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(weights.astype(np.float32), "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    run = compile_graph(model.SerializeToString(), threads=0)
    pixels = np.zeros(shape, np.float32)
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        run([pixels])
        best = min(best, time.perf_counter() - start)
    return convolution_work(model) / best


def convolution_work(model: onnx.ModelProto) -> float:
    """Floating-point operations of all convolutions of a graph, for one image."""
    inferred = onnx.shape_inference.infer_shapes(model, data_prop=True)
    graph = inferred.graph
    shapes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in (*graph.value_info, *graph.output)
    }
    kernels = {value.name: list(value.dims) for value in graph.initializer}
    work = 0.0
    for node in graph.node:
        if node.op_type == "Conv" and node.input[1] in kernels:
            places = np.prod(shapes[node.output[0]][2:])
            work += 2.0 * float(places) * float(np.prod(kernels[node.input[1]]))
    return work
