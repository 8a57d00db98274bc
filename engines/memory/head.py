"""The distance to the memories as part of the graph: patch vectors in, map and score out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from engines.memory.memory import Lengths, Memory, squared_distances
from engines.memory.selection import Vectors

SMOOTHING_CELLS = 0.8
"""Standard deviation of the map's Gaussian, in cells of the feature grid."""
UPSAMPLING = 2
"""Map cells per cell of the feature grid, along each axis."""
RIVALS = 9
"""Neighbours of the nearest patch that re-weighting asks."""

Constants = dict[str, NDArray[np.generic]]


def append_head(
    features: onnx.ModelProto,
    memories: Sequence[Memory],
    grids: Sequence[tuple[int, int]],
    *,
    gain: float = 0.0,
    reweight: bool = False,
) -> onnx.ModelProto:
    """Graft the distances to the memories onto a graph with the outputs ``scale0``, ``scale1``...

    Outputs ``map`` float32[N, h, w] at ``UPSAMPLING`` times the first grid, and ``score``
    float32[N], its maximum. At each scale a cell's value is ``min_j |f - b_j| / s_j``: the distance
    to the nearest good patch, in units of the spacing that good patches have there (Breunig et al.,
    SIGMOD 2000, density-relative distance). One 1x1 convolution holds
    ``(|f|^2 - 2 f.b_j + |b_j|^2) / s_j^2``; everything is centred on the mean of the good patches,
    which keeps the squares small and the differences exact. The map is the geometric mean of the
    scales: high where a place is strange at all of them, sharp as the finest one.

    Where a memory knows missed defects, ``gain * (1 - |f - m_k| / r_k)`` is added where positive.
    ``reweight`` multiplies each scale's map by equation 7 of Roth et al. (CVPR 2022), distances in
    spacings: less where the nearest patch of the strangest cell is itself a rare one.
    """
    model = onnx.ModelProto()
    model.CopyFrom(features)
    size = (grids[0][0] * UPSAMPLING, grids[0][1] * UPSAMPLING)
    constants = _shared_constants(len(memories))
    nodes: list[NodeProto] = []
    lifts = []
    for index, (memory, grid) in enumerate(zip(memories, grids, strict=True)):
        scale = _Scale(f"scale{index}", memory)
        scale.constants[f"scale{index}_factors"] = _factors(grid, size)
        scale.add_distances()
        scale.add_map(grid, reweight=reweight)
        if len(memory.missed):
            lifts.append(scale.add_lift(gain))
        constants |= scale.constants
        nodes += scale.nodes
    nodes += _joining_nodes(len(memories), lifts)
    graph = model.graph
    graph.node.extend(nodes)
    needed = {name for node in nodes for name in node.input}
    graph.initializer.extend(
        numpy_helper.from_array(value, name) for name, value in constants.items() if name in needed
    )
    _set_outputs(graph, size)
    onnx.checker.check_model(model, full_check=True)
    return model


class _Scale:
    """Nodes and constants from one feature output to its map; names begin with the scale's."""

    def __init__(self, name: str, memory: Memory) -> None:
        self._name = name
        self._memory = memory
        self.nodes: list[NodeProto] = []
        self.constants: Constants = {}

    def add_distances(self) -> None:
        """From the features to ``distances``: squared, in spacings, to every good patch."""
        self._constant("mean", self._memory.mean[None, :, None, None])
        self._node("Sub", f"{self._name} mean", "centred")
        if self._memory.projection.size:
            self._constant("axes", self._memory.projection.T[:, :, None, None])
            self._node("Conv", "centred axes", "point")
        point = "point" if self._memory.projection.size else "centred"
        self._node("Mul", f"{point} {point}", "squares")
        self._node("ReduceSum", "squares memory_channel", "norm", keepdims=1)
        self._node("Concat", f"{point} norm", "query", axis=1)
        self._distances_to(self._memory.bank, self._memory.spacing, "good")

    def add_map(self, grid: tuple[int, int], *, reweight: bool) -> None:
        """From ``good`` to ``map``: nearest, smoothed, as large as all the maps will be."""
        self._nearest("good", "distance")
        source = self._weighted(grid[0] * grid[1]) if reweight else "distance"
        self._node("Pad", f"{source} memory_pads", "padded", mode="edge")
        self._node("Conv", "padded memory_smoothing", "smooth")
        self._enlarge("smooth", "map")

    def add_lift(self, gain: float) -> str:
        """What is added where a patch resembles a missed one; the name of the tensor."""
        self._constant("gain", np.array(gain))
        self._distances_to(self._memory.missed, self._memory.radius, "missed")
        self._nearest("missed", "away")
        self._node("Sub", "memory_one away", "likeness")
        self._node("Relu", "likeness", "alike")
        self._node("Mul", "alike gain", "raised")
        return self._enlarge("raised", "lift")

    def _weighted(self, cells: int) -> str:
        """``distance`` times one factor for each image."""
        self._constant("rivals", _neighbours(self._memory.bank, RIVALS))
        self._constant("cells", np.array(cells))
        self._node("Flatten", "distance", "by_cell", axis=1)
        self._node("ArgMax", "by_cell", "strangest", axis=1, keepdims=0)
        self._node("OneHot", "strangest cells memory_off_on", "chosen", axis=-1)
        self._node("Unsqueeze", "chosen memory_last", "column")
        self._node("Reshape", "good memory_flat", "to_all")
        self._node("MatMul", "to_all column", "of_chosen")
        self._node("Squeeze", "of_chosen memory_last", "to_bank")
        self._node("ArgMin", "to_bank", "closest", axis=1, keepdims=0)
        self._node("Gather", "rivals closest", "asked", axis=0)
        self._node("GatherElements", "to_bank asked", "squared", axis=1)
        self._node("Max", "squared memory_zero", "at_least_zero")
        self._node("Sqrt", "at_least_zero", "to_rivals")
        self._node("Softmax", "to_rivals", "shares", axis=1)
        self._node("Gather", "shares memory_itself", "own", axis=1)
        self._node("Sub", "memory_one own", "factor")
        self._node("Reshape", "factor memory_each", "factors_of_images")
        self._node("Mul", "distance factors_of_images", "weighted")
        return "weighted"

    def _distances_to(self, vectors: Vectors, units: Lengths, output: str) -> None:
        """Squared distances of ``query`` to vectors, each in its own unit, as one convolution."""
        weight = 1.0 / units**2
        kernel = np.concatenate([-2.0 * vectors, np.ones((len(vectors), 1))], axis=1)
        self._constant(f"{output}_kernel", (kernel * weight[:, None])[:, :, None, None])
        self._constant(f"{output}_bias", weight * np.einsum("ij,ij->i", vectors, vectors))
        self._node("Conv", f"query {output}_kernel {output}_bias", output)

    def _nearest(self, squared: str, output: str) -> None:
        self._node("ReduceMin", f"{squared} memory_channel", f"{squared}_nearest", keepdims=1)
        self._node("Max", f"{squared}_nearest memory_zero", f"{squared}_positive")
        self._node("Sqrt", f"{squared}_positive", output)

    def _enlarge(self, source: str, output: str) -> str:
        self._node("Resize", f"{source}  factors", output, mode="linear")
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


def _neighbours(bank: Vectors, count: int) -> NDArray[np.int64]:
    """Indices of the vectors nearest to each, itself first: int64[M, count]."""
    between = squared_distances(bank, bank)
    np.fill_diagonal(between, -1.0)
    return np.argsort(between, axis=1, kind="stable")[:, :count].astype(np.int64)


def _set_outputs(graph: onnx.GraphProto, size: tuple[int, int]) -> None:
    shapes: dict[str, list[str | int]] = {"map": ["batch", *size], "score": ["batch"]}
    del graph.output[:]
    graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in shapes.items()
    )


def _factors(grid: tuple[int, int], wanted: tuple[int, int]) -> NDArray[np.float32]:
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
