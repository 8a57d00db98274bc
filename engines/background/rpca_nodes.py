"""The background of an image by a basis of good ones, and what is sparse in it, step by step.

Of a field ``y`` (pixels or features) the least

    |y - m - U c - s|^2 / 2 + threshold |s|_1

over ``c`` and ``s`` is approached in turns, from ``s = 0``: ``c = U^T (y - m - s)``, then ``s`` is
what is left, nearer to zero by the threshold. What a few defective places do to ``c`` grows less
with every step; in the end ``c`` is Huber's robust fit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.background.fields import LEVELS
from engines.background.rpca_columns import Basis
from engines.background.rpca_windows import CELLS, Reduced, Windows
from engines.nodes import Nodes

Shape = tuple[int, int, int]
"""Of a field: D, h, w."""

WINDOW_SIGMA, WINDOW = 1.5, 5
"""Standard deviation and radius of the Gaussian that squared residuals are averaged by, pixels."""
SMOOTHING_SIGMA, SMOOTHING = 2.0, 6
"""The same of the map's, cells."""
SPARSE = "sparse"
"""The tensor of sizes of sparse pixels, which explain a map."""
STRIDE = 2
"""Pixels per cell of the map, along each axis."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Names of tensors float32[N, D, h, w]: a field in its units is background and ``rest``; of
    the rest what is beyond the threshold is ``sparse``."""

    background: str
    rest: str
    sparse: str


@dataclass(frozen=True, slots=True)
class Projection:
    """Names of the constants ``axes`` and ``weights``: the share of each window in a cell."""

    axes: str
    windows: Windows | None
    weights: str


def add_pixels(nodes: Nodes, image: Reduced, output: str) -> str:
    """Shares of white, averaged: float32[N, colours, h, w]."""
    if image.unit == 1:
        return nodes.add("Identity", output, LEVELS)
    pads = [0, 0, *image.before, 0, 0, *image.after]
    source = nodes.add("Pad", f"{output}_wide", LEVELS, pads, mode="edge")
    unit = [image.unit] * 2
    return nodes.add("AveragePool", output, source, kernel_shape=unit, strides=unit)


def add_picture(nodes: Nodes, image: Reduced, source: str, output: str) -> str:
    """Shares of white as grey levels 0..255 at the size of the whole image."""
    grey = nodes.add("Mul", f"{output}_grey", source, 255.0)
    if image.unit > 1:
        factors = np.array([1.0, 1.0, image.unit, image.unit])
        grey = nodes.add("Resize", f"{output}_large", grey, "", factors, mode="nearest")
    return add_inner(nodes, grey, image.before, (image.height, image.width), output)


def add_low_rank(
    nodes: Nodes, source: str, shape: Shape, basis: Basis, steps: int, *, name: str
) -> Parts:
    """Split a field into its parts by some steps of soft thresholding. All new names begin alike.

    Projections are convolutions: TensorRT-RTX multiplies no float32 matrices on Turing; both ways
    share one tensor.
    """
    axes = basis.axes if basis.windows else basis.axes.reshape(len(basis.axes), -1, 1, 1)
    kernel, weights = nodes.constant(f"{name}_axes", axes), ""
    if basis.windows is not None and basis.windows != CELLS:
        counts = basis.windows.counts(*shape[1:])
        weights = nodes.constant(f"{name}_weights", 1.0 / counts)
    projection = Projection(kernel, basis.windows, weights)
    scaled = nodes.add("Mul", f"{name}_scaled", source, basis.scale[:, None, None])
    centred = nodes.add("Sub", f"{name}_centred", scaled, basis.mean)
    cleaned = centred
    background = rest = sparse = ""
    for step in range(steps):
        own = f"{name}_{step}"
        background = _projected(nodes, cleaned, shape, projection, own)
        rest = nodes.add("Sub", f"{own}_rest", centred, background)
        bound = basis.threshold
        dense = nodes.add("Clip", f"{own}_dense", rest, -bound, bound)
        sparse = nodes.add("Sub", f"{own}_sparse", rest, dense)
        cleaned = nodes.add("Sub", f"{own}_cleaned", centred, sparse)
    background = nodes.add("Add", f"{name}_background", background, basis.mean)
    return Parts(background, rest, sparse)


def add_roots(nodes: Nodes, rest: str, noise: float, output: str) -> str:
    """Root of the mean square around each place, plus that of ``noise``: float32[N, 1, h, w].

    The mean is over all channels and a Gaussian window; h and w are half the field's, rounded up.
    """
    squares = nodes.add("Mul", f"{output}_squares", rest, rest)
    mean = nodes.add("ReduceMean", f"{output}_mean", squares, [1], keepdims=1)
    line = _gaussian(WINDOW_SIGMA, WINDOW)
    window = _smoothed(nodes, mean, line, STRIDE, f"{output}_window")
    more = nodes.add("Add", f"{output}_noisy", window, noise**2)
    return nodes.add("Sqrt", output, more)


def add_map(nodes: Nodes, standard: str) -> None:
    """From residuals float32[N, 1, h, w] without unit to ``map`` and ``score``."""
    squares = nodes.add("Mul", "map_squares", standard, standard)
    line = _gaussian(SMOOTHING_SIGMA, SMOOTHING)
    smooth = _smoothed(nodes, squares, line, 1, "map_smooth")
    root = nodes.add("Sqrt", "map_root", smooth)
    nodes.add("Squeeze", "map", root, [1])
    nodes.add("ReduceMax", "score", "map", [1, 2], keepdims=0)


def add_sizes(nodes: Nodes, source: str, output: str) -> str:
    """Mean size over the channels: float32[N, h, w]."""
    sizes = nodes.add("Abs", f"{output}_sizes", source)
    return nodes.add("ReduceMean", output, sizes, [1], keepdims=0)


def map_shape(height: int, width: int) -> tuple[int, int]:
    """Of the map over a field of pixels."""
    return -(-height // STRIDE), -(-width // STRIDE)


def _projected(nodes: Nodes, source: str, shape: Shape, projection: Projection, name: str) -> str:
    kernel, windows = projection.axes, projection.windows
    if windows is None:
        flat = nodes.add("Reshape", f"{name}_flat", source, [-1, math.prod(shape), 1, 1])
        back = _there_and_back(nodes, flat, kernel, (1, 1), name)
        return nodes.add("Reshape", f"{name}_drawn", back, [-1, *shape])
    if windows == CELLS:
        return _there_and_back(nodes, source, kernel, windows.stride, name)
    size = shape[1], shape[2]
    pads = [0, 0, 0, 0, 0, 0, *windows.after(*size)]
    wide = nodes.add("Pad", f"{name}_wide", source, pads, mode="edge") if any(pads) else source
    back = _there_and_back(nodes, wide, kernel, windows.stride, name)
    inner = add_inner(nodes, back, (0, 0), size, f"{name}_inner") if any(pads) else back
    return nodes.add("Mul", f"{name}_drawn", inner, projection.weights)


def _there_and_back(
    nodes: Nodes, source: str, kernel: str, stride: tuple[int, int], name: str
) -> str:
    numbers = nodes.add("Conv", f"{name}_numbers", source, kernel, strides=list(stride))
    return nodes.add("ConvTranspose", f"{name}_laid", numbers, kernel, strides=list(stride))


def add_inner(
    nodes: Nodes, source: str, start: tuple[int, int], size: tuple[int, int], output: str
) -> str:
    """A part of a tensor [N, D, h, w]."""
    ends = [first + length for first, length in zip(start, size, strict=True)]
    return nodes.add("Slice", output, source, list(start), ends, [2, 3])


def _smoothed(
    nodes: Nodes, source: str, line: NDArray[np.float64], stride: int, output: str
) -> str:
    radius = len(line) // 2
    pads = [0, 0, radius, radius] * 2
    wide = nodes.add("Pad", f"{output}_wide", source, pads, mode="edge")
    down = nodes.add("Conv", f"{output}_down", wide, line[None, None, :, None], strides=[stride, 1])
    return nodes.add("Conv", output, down, line[None, None, None], strides=[1, stride])


def _gaussian(sigma: float, radius: int) -> NDArray[np.float64]:
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return np.asarray(weights / weights.sum(), np.float64)
