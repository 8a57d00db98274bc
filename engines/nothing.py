"""No engine: a graph whose map is 0, for products that background checks judge alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from engines.taught import Folders, Images, Progress, Taught
from inspector.core.engine_spec import NoEngineSpec
from inspector.core.frame import FrameFormat


def teach(
    _images: Images, form: FrameFormat, _spec: NoEngineSpec, _progress: Progress, _folders: Folders
) -> Taught:
    """Nothing is learned: the map is one cell of 0 whatever the image, float32[N, 1, 1]."""
    node = helper.make_node
    nodes = [
        node("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        node("ReduceMax", ["float", "all_but_batch"], ["largest"], keepdims=0),
        node("Mul", ["largest", "zero"], ["score"]),
        node("Reshape", ["score", "one_cell"], ["map"]),
    ]
    constants: dict[str, NDArray[Any]] = {
        "all_but_batch": np.array([1, 2, 3], np.int64),
        "zero": np.zeros((), np.float32),
        "one_cell": np.array([-1, 1, 1], np.int64),
    }
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", *form.shape])
    outputs = [
        helper.make_tensor_value_info("map", TensorProto.FLOAT, ["batch", 1, 1]),
        helper.make_tensor_value_info("score", TensorProto.FLOAT, ["batch"]),
    ]
    graph = helper.make_graph(
        nodes,
        "nothing",
        [image],
        outputs,
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model: ModelProto = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10
    )
    return Taught(model, (1, 1), {})
