"""The distance to Gaussians as part of the graph: patch vectors in, map and score out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.memory.gaussian import Gaussian
from engines.memory.grafting import Grid, ScaleNodes, graft, map_size

Channels = NDArray[np.int64]
"""Indices of the features that count; none: all do."""


def append_gaussians(
    features: onnx.ModelProto,
    gaussians: Sequence[tuple[Channels, Gaussian]],
    grids: Sequence[Grid],
    size: Grid | None = None,
) -> onnx.ModelProto:
    """Graft Mahalanobis distances onto a graph with the outputs ``scale0``, ``scale1``, ...

    ``size`` is the map's; None: that of `map_size`. Outputs and the joining of scales are as of
    `append_head`. A cell's value is ``|W (f - m)|`` with mean and whitening of its place, or of
    all: the distance from what is good, about 1 where all is usual.
    A Gaussian for all places is one 1x1 convolution, one for each place a convolution of as many
    groups: runtimes are quicker at those than at products of many small matrices, and TensorRT-RTX
    has the latter in float32 not on every architecture.
    """
    size = size or map_size(grids)
    scales = []
    for index, ((channels, gaussian), grid) in enumerate(zip(gaussians, grids, strict=True)):
        scale = _Scale(index)
        scale.set_size(grid, size)
        scale.add_distances(channels, gaussian, grid)
        scale.smooth("distance")
        scales.append(scale)
    return graft(features, scales, size)


class _Scale(ScaleNodes):
    """The distances to the Gaussians of one scale."""

    def add_distances(self, channels: Channels, gaussian: Gaussian, grid: Grid) -> None:
        """From the features to ``distance`` float32[N, 1, h, w]."""
        source = self._name
        if channels.size:
            self._constant("channels", channels)
            self._node("Gather", f"{source} channels", "drawn", axis=1)
            source = "drawn"
        if len(gaussian.mean) == 1:
            squared = self._everywhere(source, gaussian)
        else:
            squared = self._by_place(source, gaussian, grid)
        self._node("Sqrt", squared, "distance")

    def _everywhere(self, source: str, gaussian: Gaussian) -> str:
        self._constant("mean", gaussian.mean[:, :, None, None])
        self._constant("whitening", gaussian.whitening[0][:, :, None, None])
        self._node("Sub", f"{source} mean", "centred")
        self._node("Conv", "centred whitening", "white")
        self._node("Mul", "white white", "squares")
        self._node("ReduceSum", "squares memory_channel", "squared", keepdims=1)
        return "squared"

    def _by_place(self, source: str, gaussian: Gaussian, grid: Grid) -> str:
        """Places become channels, so that each meets its own matrix."""
        places, kept, size = gaussian.whitening.shape
        self._constant("mean", gaussian.mean.T.reshape(1, size, *grid))
        self._constant("whitening", gaussian.whitening.reshape(places * kept, size, 1, 1))
        self._constant("flat", np.array([0, size, places]))
        self._constant("in_one", np.array([0, places * size, 1, 1]))
        self._constant("by_place", np.array([0, places, kept]))
        self._constant("cells", np.array([0, 1, *grid]))
        self._node("Sub", f"{source} mean", "centred")
        self._node("Reshape", "centred flat", "columns")
        self._node("Transpose", "columns", "rows", perm=[0, 2, 1])
        self._node("Reshape", "rows in_one", "channels_of_places")
        self._node("Conv", "channels_of_places whitening", "white", group=places)
        self._node("Mul", "white white", "squares")
        self._node("Reshape", "squares by_place", "squares_of_places")
        self._node("ReduceSum", "squares_of_places memory_last", "of_places", keepdims=0)
        self._node("Reshape", "of_places cells", "squared")
        return "squared"
