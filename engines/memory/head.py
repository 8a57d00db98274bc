"""The distance to the memory as part of the graph: patch vectors in, map and score out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engines.memory.selection import Vectors

SMOOTHING_CELLS = 0.8
"""Standard deviation of the map's Gaussian, in cells of the feature grid."""
UPSAMPLING = 2
"""Map cells per cell of the feature grid, along each axis."""
NEIGHBOUR = 9
"""The spacing of the memory around a vector is its distance to this neighbour."""


def spacing(bank: Vectors, neighbour: int = NEIGHBOUR) -> NDArray[np.float32]:
    """How far apart good patches lie around each vector of the bank: float32[M], never zero.

    Floored at a quarter of the mean, so that copies of one patch cannot blow up the score.
    """
    norms = np.einsum("ij,ij->i", bank, bank)
    rank = min(neighbour, len(bank) - 1)
    squared = np.empty(len(bank), np.float32)
    for start in range(0, len(bank), 1024):
        part = slice(start, start + 1024)
        distances = norms[part, None] + norms - 2.0 * (bank[part] @ bank.T)
        squared[part] = np.partition(distances, rank, axis=1)[:, rank]
    result = np.sqrt(np.maximum(squared, 0.0))
    return np.maximum(result, 0.25 * float(result.mean()) or 1.0)


def append_head(
    features: onnx.ModelProto, banks: Mapping[str, Vectors], grids: Sequence[tuple[int, int]]
) -> onnx.ModelProto:
    """Graft the distances to ``banks`` float32[M, D] onto a graph with one output for each.

    Outputs ``map`` float32[N, h, w] at ``UPSAMPLING`` times the first grid, and ``score``
    float32[N], its maximum. At each scale a cell's value is ``min_j |f - b_j| / s_j``: the distance
    to the nearest good patch, in units of the spacing that good patches have there (Breunig et al.,
    SIGMOD 2000, density-relative distance). One 1x1 convolution holds
    ``(|f|^2 - 2 f.b_j + |b_j|^2) / s_j^2``; everything is centred on the bank's mean, which keeps
    the squares small and the differences exact. Both values have no unit; the map is their
    geometric mean: high where a place is strange at either scale, sharp as the finer one.
    """
    model = onnx.ModelProto()
    model.CopyFrom(features)
    graph = model.graph
    height, width = grids[0][0] * UPSAMPLING, grids[0][1] * UPSAMPLING
    constants = _shared_constants()
    for (scale, bank), grid in zip(banks.items(), grids, strict=True):
        of_scale = _constants(bank) | {"scales": _scales(grid, (height, width))}
        constants |= {f"{scale}_{name}": value for name, value in of_scale.items()}
        graph.node.extend(_scale_nodes(scale))
    graph.initializer.extend(
        numpy_helper.from_array(value, name) for name, value in constants.items()
    )
    graph.node.extend(_joining_nodes(*banks))
    del graph.output[:]
    shapes: dict[str, list[str | int]] = {"map": ["batch", height, width], "score": ["batch"]}
    graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in shapes.items()
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def _constants(bank: Vectors) -> dict[str, NDArray[np.generic]]:
    mean = bank.mean(axis=0)
    centred = bank - mean
    weight = 1.0 / spacing(centred) ** 2
    kernel = np.concatenate([-2.0 * centred, np.ones((len(bank), 1))], axis=1) * weight[:, None]
    constants = {
        "mean": mean[None, :, None, None],
        "kernel": kernel[:, :, None, None],
        "bias": weight * np.einsum("ij,ij->i", centred, centred),
    }
    return {name: np.ascontiguousarray(value, np.float32) for name, value in constants.items()}


def _scales(grid: tuple[int, int], wanted: tuple[int, int]) -> NDArray[np.float32]:
    """Factors of ``Resize``; rounded up, since it rounds the size they give down."""
    factors = np.nextafter(
        np.array(wanted, np.float32) / np.array(grid, np.float32), np.float32(np.inf)
    )
    return np.concatenate([np.ones(2, np.float32), factors])


def _shared_constants() -> dict[str, NDArray[np.generic]]:
    smoothing = _gaussian(SMOOTHING_CELLS)[None, None].astype(np.float32)
    radius = smoothing.shape[-1] // 2
    return {
        "memory_zero": np.zeros((), np.float32),
        "memory_smoothing": smoothing,
        "memory_pads": np.array([0, 0, radius, radius, 0, 0, radius, radius], np.int64),
        "memory_channel": np.array([1], np.int64),
        "memory_cells": np.array([1, 2], np.int64),
    }


def _scale_nodes(scale: str) -> list[onnx.NodeProto]:
    """From the feature output ``scale`` to ``{scale}_map``, with names of this scale's own."""

    def node(kind: str, inputs: str, output: str, **attributes: Any) -> onnx.NodeProto:
        names = [
            name if name.startswith(("memory", scale)) or not name else f"{scale}_{name}"
            for name in inputs.split(" ")
        ]
        return helper.make_node(kind, names, [f"{scale}_{output}"], **attributes)

    return [
        node("Sub", f"{scale} mean", "centred"),
        node("Mul", "centred centred", "squares"),
        node("ReduceSum", "squares memory_channel", "norm", keepdims=1),
        node("Concat", "centred norm", "query", axis=1),
        node("Conv", "query kernel bias", "distances"),
        node("ReduceMin", "distances memory_channel", "nearest", keepdims=1),
        node("Max", "nearest memory_zero", "positive"),
        node("Sqrt", "positive", "distance"),
        node("Pad", "distance memory_pads", "padded", mode="edge"),
        node("Conv", "padded memory_smoothing", "smooth"),
        node("Resize", "smooth  scales", "map", mode="linear"),
    ]


def _joining_nodes(fine: str, coarse: str) -> list[onnx.NodeProto]:
    node = helper.make_node
    return [
        node("Mul", [f"{fine}_map", f"{coarse}_map"], ["product"]),
        node("Sqrt", ["product"], ["mean"]),
        node("Squeeze", ["mean", "memory_channel"], ["map"]),
        node("ReduceMax", ["map", "memory_cells"], ["score"], keepdims=0),
    ]


def _gaussian(sigma: float) -> NDArray[np.float64]:
    radius = math.ceil(3 * sigma)
    line = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    square: NDArray[np.float64] = np.outer(line, line) / line.sum() ** 2
    return square
