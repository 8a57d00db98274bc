"""Local RX of pixels as a graph: the arithmetic of `engines.background.local.LocalRx` in float32.

Levels are taken as differences: of pixels from the mean of their cell, of cells from the cell in
the middle of their ring. Squares are those of differences, so that float32 holds them on a bright
field of 16 bits, too, where those of levels would leave rounding.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.background.fields import LEVELS, add_pixels
from engines.background.windows import Windows
from engines.explaining import EXPECTED
from engines.memory.grafting import Grid, factors_of
from engines.nodes import Nodes
from inspector.core.frame import FrameFormat

Numbers = NDArray[np.float64]

SMALLEST = 16
"""Shorter side of the smallest level, px."""
_ROUNDING = 1e-6
"""Least share of a variance that Cholesky's factor leaves of it."""
_ATOMS = 2
"""A ring of fewer pixels than this for each dimension, and one more, says nothing: score 0."""


def append_ring_rx(
    field: onnx.ModelProto, form: FrameFormat, windows: Windows, noise: float, levels: int = 1
) -> onnx.ModelProto:
    """Outputs ``map`` float32[N, H, W] and ``score`` float32[N] behind a field of pixels.

    ``noise`` is a spread that each number has in any case. With ``levels`` the picture is halved
    and judged again by the same windows, and the largest value of a pixel counts, as in
    `engines.background.pyramid`. The tensor ``expected`` is the mean of each pixel's ring as grey
    levels. Nothing is learned.
    """
    nodes, size = Nodes(), (form.height, form.width)
    colours = form.pixel_format.colours
    first = _RingRx(nodes, "", size, windows, noise)
    found = first.add_map("scale0")
    first.add_expected(colours)
    picture = LEVELS
    for level in range(1, levels):
        size = (size[0] + 1) // 2, (size[1] + 1) // 2
        if min(size) < SMALLEST:
            break
        name = f"level{level}_"
        halves: dict[str, Any] = {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1}
        picture = nodes.add("AveragePool", f"{name}picture", picture, **halves)
        add_pixels(nodes, colours, picture, f"{name}pixels")
        own = _RingRx(nodes, name, size, windows, noise).add_map(f"{name}pixels")
        factors = factors_of(size, (form.height, form.width))
        wide = nodes.add("Unsqueeze", f"{name}map_cells", own, [1])
        wide = nodes.add("Resize", f"{name}wide", wide, "", factors, mode="linear")
        wide = nodes.add("Squeeze", f"{name}wide_map", wide, [1])
        found = nodes.add("Max", f"{name}fused", found, wide)
    nodes.add("Identity", "map", found)
    nodes.add("ReduceMax", "score", "map", [1, 2], keepdims=0)
    return nodes.behind(field, {"map": (form.height, form.width), "score": ()})


class _RingRx:
    """The nodes of one level. Tensors of cells are [N, d, h, w], of pixels [N, h, step, w, step].

    ``name`` is what their names begin with.
    """

    def __init__(self, nodes: Nodes, name: str, size: Grid, windows: Windows, noise: float) -> None:
        self._nodes, self._name = nodes, name
        self._size, self._windows, self._noise = size, windows, noise
        self._depth = 3
        self._pairs = list(itertools.combinations_with_replacement(range(self._depth), 2))
        self._cells = windows.cells(*size)
        self._sides = self._cells[0] * windows.step, self._cells[1] * windows.step
        self._inside = np.zeros(self._sides)
        self._inside[: size[0], : size[1]] = 1.0
        step = windows.step
        of_cells = self._inside.reshape(self._cells[0], step, self._cells[1], step)
        self._sizes: Numbers = of_cells.sum(axis=(1, 3))
        self._counts: Numbers = windows.ring_counts(*size)

    def add_map(self, pixels: str) -> str:
        """Of a field of pixels: [N, H, W]."""
        add = self._add
        level, rest = self._levels(pixels)
        mean, moments = self._around(level)
        within = self._ring_sum(self._summed(self._products(rest, "rest", 1), "within"))
        total = add("Mul", "covariances", add("Add", "sums", within, moments), self._share)
        covariance = add("Sub", "spread", total, self._products(mean, "mean", 1))
        factor = self._inverse_factor(covariance)
        lengths = self._lengths(rest, mean, factor)
        add("Add", "ring_mean", level, mean)
        return add("Slice", "of_level", lengths, [0, 0], list(self._size), [1, 2])

    def _add(self, kind: str, output: str, *inputs: Any, **attributes: Any) -> str:
        return self._nodes.add(kind, self._name + output, *inputs, **attributes)

    def _split(self, source: str, outputs: Sequence[str]) -> Sequence[str]:
        return self._nodes.split(source, [self._name + name for name in outputs], axis=1)

    @property
    def _share(self) -> Numbers:
        return (1.0 / np.maximum(self._counts, 1.0))[None, None]

    def _levels(self, pixels: str) -> tuple[str, str]:
        """Means of cells, and what pixels differ from them; 0 beyond the image."""
        add, step = self._add, self._windows.step
        down, across = (side - own for side, own in zip(self._sides, self._size, strict=True))
        source = pixels
        if down or across:
            source = add("Pad", "wide", source, [0, 0, 0, 0, 0, 0, down, across])
        mean = self._summed(source, "pooled")
        mean = add("Mul", "level", mean, (1.0 / self._sizes)[None, None])
        rows, columns = self._cells
        squares = add("Reshape", "by_cell", source, [-1, rows, step, columns, step])
        own = add("Reshape", "of_cell", mean, [-1, rows, 1, columns, 1])
        rest = add(
            "Reshape", "rest", add("Sub", "off", squares, own), [-1, self._depth, *self._sides]
        )
        if down or across:
            rest = add("Mul", "rest_inside", rest, self._inside[None, None])
        return mean, rest

    def _summed(self, pixels: str, name: str) -> str:
        """Sums over the pixels of each cell."""
        sides = [self._windows.step] * 2
        mean = self._add("AveragePool", f"{name}_mean", pixels, kernel_shape=sides, strides=sides)
        return self._add("Mul", f"{name}_sum", mean, float(self._windows.step**2))

    def _ring_sum(self, cells: str) -> str:
        outer, count = self._windows.outer, len(self._pairs)
        kernel = np.broadcast_to(self._windows.kernel(), (count, 1, outer, outer))
        return self._add(
            "Conv", f"{cells}_of_ring", cells, kernel, group=count, pads=[outer // 2] * 4
        )

    def _products(self, source: str, name: str, axis: int) -> str:
        """All products of two of the numbers of a vector."""
        one, other = (
            self._add("Gather", f"{name}_{side}", source, np.array(some), axis=axis)
            for side, some in zip(("first", "second"), zip(*self._pairs, strict=True), strict=True)
        )
        return self._add("Mul", f"{name}_products", one, other)

    def _around(self, level: str) -> tuple[str, str]:
        """Of each cell's ring, as differences from the cell: the mean, and the sums of products."""
        add, outer, (rows, columns) = self._add, self._windows.outer, self._cells
        middle = outer // 2
        places = np.argwhere(self._windows.kernel() > 0.0)
        kernels = np.zeros((len(places), 1, outer, outer))
        kernels[np.arange(len(places)), 0, places[:, 0], places[:, 1]] = 1.0
        kernels[:, 0, middle, middle] = -1.0
        padded = np.pad(self._sizes, middle)
        pixels = np.stack([padded[y : y + rows, x : x + columns] for y, x in places])
        each = add("Reshape", "each_level", level, [-1, 1, rows, columns])
        apart = add("Conv", "apart", each, kernels, pads=[middle] * 4)
        sums = add("ReduceSum", "apart_sum", add("Mul", "apart_all", apart, pixels[None]), [1])
        sums = add("Reshape", "moved", sums, [-1, self._depth, rows, columns])
        mean = add("Mul", "moved_mean", sums, self._share)
        shape = [-1, self._depth, len(places), rows, columns]
        products = self._products(add("Reshape", "places", apart, shape), "apart", 1)
        weighed = add("Mul", "apart_weighed", products, pixels[None, None])
        return mean, add("ReduceSum", "between", weighed, [2], keepdims=0)

    def _inverse_factor(self, covariance: str) -> dict[tuple[int, int], str]:
        """``W`` lower triangular with ``W^T W = (C + noise^2)^-1 / d``: Cholesky, written out.

        A dictionary of tensors [N, 1, h, w]; 0 where a ring says nothing.
        """
        add, matrix = self._add, {}
        names = [f"entry{i}{j}" for i, j in self._pairs]
        split = self._split(covariance, names)
        for (i, j), name in zip(self._pairs, split, strict=True):
            matrix[i, j] = matrix[j, i] = name
        for i in range(self._depth):
            matrix[i, i] = add(
                "Add", f"noisy{i}", add("Relu", f"own{i}", matrix[i, i]), self._noise**2
            )
        inverse: dict[tuple[int, int], str] = {}
        for i in range(self._depth):
            row = [
                self._dot(f"row{i}{j}", [(inverse[j, k], matrix[i, k]) for k in range(j + 1)])
                for j in range(i)
            ]
            own = matrix[i, i]
            if row:
                least = add("Mul", f"least{i}", own, _ROUNDING)
                known = self._dot(f"known{i}", [(one, one) for one in row])
                own = add("Max", f"left{i}", add("Sub", f"unknown{i}", own, known), least)
            inverse[i, i] = add("Reciprocal", f"inverse{i}{i}", add("Sqrt", f"root{i}", own))
            for j in range(i):
                found = self._dot(f"sum{i}{j}", [(row[k], inverse[k, j]) for k in range(j, i)])
                negative = add("Neg", f"minus{i}{j}", found)
                inverse[i, j] = add("Mul", f"inverse{i}{j}", negative, inverse[i, i])
        enough = self._counts > _ATOMS * (self._depth + 1)
        scale = np.where(enough, 1.0 / np.sqrt(self._depth), 0.0)[None, None]
        return {(i, j): add("Mul", f"factor{i}{j}", inverse[i, j], scale) for i, j in inverse}

    def _lengths(self, rest: str, mean: str, factor: dict[tuple[int, int], str]) -> str:
        """``|W (y - m)|`` of all pixels, [N, H, W] of whole cells."""
        add, step, (rows, columns) = self._add, self._windows.step, self._cells
        pixels, cells = [-1, rows, step, columns, step], [-1, rows, 1, columns, 1]
        rests = self._split(rest, [f"rest{i}" for i in range(self._depth)])
        means = self._split(mean, [f"moved{i}" for i in range(self._depth)])
        away = [
            add(
                "Sub",
                f"away{i}",
                add("Reshape", f"pixels{i}", own, pixels),
                add("Reshape", f"mean{i}", usual, cells),
            )
            for i, (own, usual) in enumerate(zip(rests, means, strict=True))
        ]
        of_pixels = {
            (i, j): add("Reshape", f"of_pixels{i}{j}", name, cells)
            for (i, j), name in factor.items()
        }
        white = [
            self._dot(f"white{i}", [(of_pixels[i, j], away[j]) for j in range(i + 1)])
            for i in range(self._depth)
        ]
        squared = self._dot("squared", [(one, one) for one in white])
        return add("Reshape", "lengths", add("Sqrt", "roots", squared), [-1, *self._sides])

    def add_expected(self, colours: int) -> None:
        """The ring's mean of each pixel as grey levels, [N, colours, H, W]."""
        add, step = self._add, float(self._windows.step)
        usual = add("Mul", "grey", f"{self._name}ring_mean", 255.0)
        shown = add("Slice", "shown", usual, [0], [colours], [1])
        nearest = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        factors = np.array([1.0, 1.0, step, step])
        wide = add("Resize", "enlarged", shown, "", factors, mode="nearest", **nearest)
        add("Slice", EXPECTED, wide, [0, 0], list(self._size), [2, 3])

    def _dot(self, name: str, factors: list[tuple[str, str]]) -> str:
        """Sum of products of tensors."""
        add = self._add
        terms = [
            add("Mul", f"{name}_term{index}", one, other)
            for index, (one, other) in enumerate(factors)
        ]
        total = terms[0]
        for index, term in enumerate(terms[1:]):
            total = add("Add", f"{name}_total{index}", total, term)
        return total
