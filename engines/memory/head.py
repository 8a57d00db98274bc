"""The distance to the memories as part of the graph: patch vectors in, map and score out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.memory.grafting import Grid, ScaleNodes, graft, map_size
from engines.memory.memory import Lengths, Memory, squared_distances
from engines.memory.selection import Vectors

RIVALS = 9
"""Neighbours of the nearest patch that re-weighting asks."""


def append_head(
    features: onnx.ModelProto,
    memories: Sequence[Memory],
    grids: Sequence[Grid],
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
    size = map_size(grids)
    scales = []
    lifts = []
    for index, (memory, grid) in enumerate(zip(memories, grids, strict=True)):
        scale = _Scale(index, memory)
        scale.set_size(grid, size)
        scale.add_distances()
        scale.add_map(grid, reweight=reweight)
        if len(memory.missed):
            lifts.append(scale.add_lift(gain))
        scales.append(scale)
    return graft(features, scales, size, lifts)


class _Scale(ScaleNodes):
    """The distances to one memory."""

    def __init__(self, index: int, memory: Memory) -> None:
        super().__init__(index)
        self._memory = memory

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

    def add_map(self, grid: Grid, *, reweight: bool) -> None:
        """From ``good`` to ``map``: nearest, smoothed, as large as all the maps will be."""
        self._nearest("good", "distance")
        self.smooth(self._weighted(grid[0] * grid[1]) if reweight else "distance")

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


def _neighbours(bank: Vectors, count: int) -> NDArray[np.int64]:
    """Indices of the vectors nearest to each, itself first: int64[M, count]."""
    between = squared_distances(bank, bank)
    np.fill_diagonal(between, -1.0)
    return np.argsort(between, axis=1, kind="stable")[:, :count].astype(np.int64)
