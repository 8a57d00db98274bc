"""The distance to the memory as part of the graph: patch vectors in, map and score out."""

from __future__ import annotations

import math

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


def append_head(features: onnx.ModelProto, bank: Vectors, grid: tuple[int, int]) -> onnx.ModelProto:
    """Graft the distance to ``bank`` float32[M, D] onto a graph that ends in ``features``.

    Outputs ``map`` float32[N, h, w] and ``score`` float32[N], its maximum. A cell's value is
    ``min_j |f - b_j| / s_j``: the distance to the nearest good patch, in units of the spacing that
    good patches have there (Breunig et al., SIGMOD 2000, density-relative distance). One 1x1
    convolution holds ``(|f|^2 - 2 f.b_j + |b_j|^2) / s_j^2``; everything is centred on the bank's
    mean, which keeps the squares small and the differences exact.
    """
    model = onnx.ModelProto()
    model.CopyFrom(features)
    graph = model.graph
    graph.initializer.extend(
        numpy_helper.from_array(value, name) for name, value in _constants(bank).items()
    )
    graph.node.extend(_nodes())
    del graph.output[:]
    height, width = grid[0] * UPSAMPLING, grid[1] * UPSAMPLING
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
    constants: dict[str, NDArray[np.generic]] = {
        "memory_mean": mean[None, :, None, None],
        "memory_kernel": kernel[:, :, None, None],
        "memory_bias": weight * np.einsum("ij,ij->i", centred, centred),
        "memory_zero": np.zeros(()),
        "memory_smoothing": _gaussian(SMOOTHING_CELLS)[None, None],
        "memory_scales": np.array([1.0, 1.0, UPSAMPLING, UPSAMPLING]),
    }
    single = {name: np.ascontiguousarray(value, np.float32) for name, value in constants.items()}
    radius = single["memory_smoothing"].shape[-1] // 2
    whole = {
        "memory_pads": [0, 0, radius, radius, 0, 0, radius, radius],
        "memory_channel": [1],
        "memory_cells": [1, 2],
    }
    return {**single, **{name: np.array(value, np.int64) for name, value in whole.items()}}


def _nodes() -> list[onnx.NodeProto]:
    node = helper.make_node
    return [
        node("Sub", ["features", "memory_mean"], ["centred"]),
        node("Mul", ["centred", "centred"], ["squares"]),
        node("ReduceSum", ["squares", "memory_channel"], ["norm"], keepdims=1),
        node("Concat", ["centred", "norm"], ["query"], axis=1),
        node("Conv", ["query", "memory_kernel", "memory_bias"], ["distances"]),
        node("ReduceMin", ["distances", "memory_channel"], ["nearest"], keepdims=1),
        node("Max", ["nearest", "memory_zero"], ["positive"]),
        node("Sqrt", ["positive"], ["distance"]),
        node("Pad", ["distance", "memory_pads"], ["padded"], mode="edge"),
        node("Conv", ["padded", "memory_smoothing"], ["smooth"]),
        node("Resize", ["smooth", "", "memory_scales"], ["fine"], mode="linear"),
        node("Squeeze", ["fine", "memory_channel"], ["map"]),
        node("ReduceMax", ["map", "memory_cells"], ["score"], keepdims=0),
    ]


def _gaussian(sigma: float) -> NDArray[np.float64]:
    radius = math.ceil(3 * sigma)
    line = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    square: NDArray[np.float64] = np.outer(line, line) / line.sum() ** 2
    return square
