"""Graphs that are written by hand, node by node: no torch, no exporter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from inspector.core.frame import FrameFormat

Shapes = Mapping[str, Sequence[int]]
"""Tensors that a graph hands out, float32, by name: their shapes but for the batch."""


class Nodes:
    """Nodes in the order in which they are added, and their constants."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def add(self, kind: str, output: str, *inputs: Any, **attributes: Any) -> str:
        """One node; inputs that are no names become constants. Returns the name of its output."""
        names = [
            value if isinstance(value, str) else self.constant(f"{output}_by_{index}", value)
            for index, value in enumerate(inputs)
        ]
        self._nodes.append(helper.make_node(kind, names, [output], **attributes))
        return output

    def split(self, source: str, outputs: Sequence[str], axis: int) -> Sequence[str]:
        """A tensor in as many equal parts along an axis as there are names."""
        names, count = [source], len(outputs)
        self._nodes.append(helper.make_node("Split", names, outputs, axis=axis, num_outputs=count))
        return outputs

    def model(self, form: FrameFormat, outputs: Shapes) -> onnx.ModelProto:
        """A graph of these nodes alone, with input ``image`` uint8[batch, H, W, C]; checked."""
        image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", *form.shape])
        graph = helper.make_graph([], "written", [image], [])
        opset = [helper.make_opsetid("", 18)]
        return self.behind(helper.make_model(graph, opset_imports=opset, ir_version=10), outputs)

    def behind(self, model: onnx.ModelProto, outputs: Shapes) -> onnx.ModelProto:
        """A copy of a graph with these nodes at its end, and other outputs; checked."""
        longer = onnx.ModelProto()
        longer.CopyFrom(model)
        longer.graph.node.extend(self._nodes)
        longer.graph.initializer.extend(self._constants)
        del longer.graph.output[:]
        longer.graph.output.extend(
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape])
            for name, shape in outputs.items()
        )
        onnx.checker.check_model(longer, full_check=True)
        return longer

    def constant(self, name: str, value: Any) -> str:
        """One that several nodes share. Returns its name."""
        array: NDArray[Any] = np.asarray(value)
        kind = np.float32 if array.dtype.kind == "f" else np.int64
        self._constants.append(numpy_helper.from_array(array.astype(kind), name))
        return name
