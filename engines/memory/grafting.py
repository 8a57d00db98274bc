"""From how strange each cell is at each scale to a map and a score: the end of every graph here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

SMOOTHING_CELLS = 0.8
"""Standard deviation of the map's Gaussian, in cells of the feature grid."""
UPSAMPLING = 2
"""Map cells per cell of the feature grid, along each axis."""

Constants = dict[str, NDArray[np.generic]]
Grid = tuple[int, int]
"""Rows and columns of the cells of a scale."""


class ScaleNodes:
    """Nodes and constants from one feature output to its map; names begin with the scale's."""

    def __init__(self, index: int) -> None:
        self._name = f"scale{index}"
        self.nodes: list[NodeProto] = []
        self.constants: Constants = {}
        self._enlarges = True

    def set_size(self, grid: Grid, wanted: Grid) -> None:
        """Tell what maps are enlarged from, and to."""
        self._enlarges = grid != wanted
        self.constants[f"{self._name}_factors"] = factors_of(grid, wanted)

    def smooth(self, cells: str) -> None:
        """From a tensor float32[N, 1, h, w] to ``map``: smoothed, as large as all maps will be."""
        self._node("Pad", f"{cells} memory_pads", "padded", mode="edge")
        self._node("Conv", "padded memory_smoothing", "smooth")
        self._enlarge("smooth", "map")

    def _enlarge(self, source: str, output: str) -> str:
        if self._enlarges:
            self._node("Resize", f"{source}  factors", output, mode="linear")
        else:
            self._node("Identity", source, output)
        return f"{self._name}_{output}"

    def _constant(self, name: str, value: NDArray[Any]) -> None:
        kind = np.float32 if value.dtype.kind == "f" else np.int64
        self.constants[f"{self._name}_{name}"] = np.ascontiguousarray(value, kind)

    def _node(self, kind: str, inputs: str, output: str, **attributes: Any) -> None:
        names = [
            name if not name or name.startswith(("memory_", "scale")) else f"{self._name}_{name}"
            for name in inputs.split(" ")
        ]
        self.nodes.append(helper.make_node(kind, names, [f"{self._name}_{output}"], **attributes))


def map_size(grids: Sequence[Grid]) -> Grid:
    """Rows and columns of the map: ``UPSAMPLING`` times the first grid."""
    return grids[0][0] * UPSAMPLING, grids[0][1] * UPSAMPLING


def explained(scales: Sequence[Sequence[int]]) -> dict[str, str]:
    """The tensors that hold the map of each scale, by its strides."""
    return {
        f"strides {'+'.join(map(str, strides))}": f"scale{index}_map"
        for index, strides in enumerate(scales)
    }


def graft(
    features: onnx.ModelProto,
    scales: Sequence[ScaleNodes],
    size: Grid,
    lifts: Sequence[str] = (),
) -> onnx.ModelProto:
    """A copy of a graph of features with the maps of its scales joined.

    Outputs ``map`` float32[N, *size], the geometric mean of the scales plus the largest of
    ``lifts``, and ``score`` float32[N], its maximum.
    """
    model = onnx.ModelProto()
    model.CopyFrom(features)
    constants = _shared_constants(len(scales))
    nodes: list[NodeProto] = []
    for scale in scales:
        constants |= scale.constants
        nodes += scale.nodes
    nodes += _joining_nodes(len(scales), lifts)
    graph = model.graph
    graph.node.extend(nodes)
    needed = {name for node in nodes for name in node.input}
    graph.initializer.extend(
        numpy_helper.from_array(value, name) for name, value in constants.items() if name in needed
    )
    _set_outputs(graph, size)
    onnx.checker.check_model(model, full_check=True)
    return model


def _shared_constants(scales: int) -> Constants:
    smoothing = _gaussian(SMOOTHING_CELLS)[None, None].astype(np.float32)
    radius = smoothing.shape[-1] // 2
    return {
        "memory_zero": np.zeros((), np.float32),
        "memory_one": np.ones((), np.float32),
        "memory_root": np.array(1.0 / scales, np.float32),
        "memory_smoothing": smoothing,
        "memory_pads": np.array([0, 0, radius, radius, 0, 0, radius, radius], np.int64),
        "memory_channel": np.array([1], np.int64),
        "memory_cells": np.array([1, 2], np.int64),
        "memory_off_on": np.array([0.0, 1.0], np.float32),
        "memory_last": np.array([2], np.int64),
        "memory_flat": np.array([0, 0, -1], np.int64),
        "memory_itself": np.array(0, np.int64),
        "memory_each": np.array([-1, 1, 1, 1], np.int64),
    }


def _joining_nodes(scales: int, lifts: Sequence[str]) -> list[NodeProto]:
    """Geometric mean of the maps, plus the largest lift; then the score."""
    node = helper.make_node
    nodes = []
    joined = "scale0_map"
    for index in range(1, scales):
        nodes.append(node("Mul", [joined, f"scale{index}_map"], [f"product{index}"]))
        joined = f"product{index}"
    if scales > 1:
        root = node("Sqrt", [joined], ["mean"])
        nodes.append(root if scales == 2 else node("Pow", [joined, "memory_root"], ["mean"]))
        joined = "mean"
    if lifts:
        nodes.append(node("Max", list(lifts), ["lift"]))
        nodes.append(node("Add", [joined, "lift"], ["lifted"]))
        joined = "lifted"
    nodes.append(node("Squeeze", [joined, "memory_channel"], ["map"]))
    nodes.append(node("ReduceMax", ["map", "memory_cells"], ["score"], keepdims=0))
    return nodes


def _set_outputs(graph: onnx.GraphProto, size: tuple[int, int]) -> None:
    shapes: dict[str, list[str | int]] = {"map": ["batch", *size], "score": ["batch"]}
    del graph.output[:]
    graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in shapes.items()
    )


def factors_of(grid: tuple[int, int], wanted: tuple[int, int]) -> NDArray[np.float32]:
    """Factors of ``Resize``; rounded up, since it rounds the size they give down."""
    factors = np.nextafter(
        np.array(wanted, np.float32) / np.array(grid, np.float32), np.float32(np.inf)
    )
    return np.concatenate([np.ones(2, np.float32), factors])


def _gaussian(sigma: float) -> NDArray[np.float64]:
    radius = math.ceil(3 * sigma)
    line = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    square: NDArray[np.float64] = np.outer(line, line) / line.sum() ** 2
    return square
