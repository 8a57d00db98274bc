"""RPCA of one image: a periodic texture is of low rank, and nothing has to be taught.

Windows of the image are the columns of a matrix: of a texture of few waves they span few
dimensions, whichever way it runs. GoDec (Zhou & Tao, ICML 2011), unrolled: the low-rank part of
what is not sparse by a few power iterations, one axis after another, then soft thresholding of the
rest. A decomposition cannot be exported; products and sums of elements can. Axes are found on
windows side by side, and the background is the mean of what they make of overlapping ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from engines.background.fields import LEVELS, add_levels
from engines.background.rpca_columns import DEVIATIONS
from engines.background.rpca_nodes import (
    SPARSE,
    Shape,
    add_inner,
    add_map,
    add_picture,
    add_pixels,
    add_roots,
    add_sizes,
    map_shape,
)
from engines.background.rpca_windows import Windows, reduced, windows_of
from engines.explaining import EXPECTED
from engines.nodes import Nodes
from engines.taught import Progress, Taught
from inspector.core.engine_spec.rpca import RpcaSpec
from inspector.core.frame import FrameFormat

POWER = 3
"""Power iterations of an axis in a step; the next step goes on from what they found."""
NOISE = 1.0 / 255.0
"""Least standard deviation that an image is said to have, as a share of white."""
_USUAL = math.sqrt(2.0 / math.pi)
"""Mean size of what has standard deviation 1."""
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Layout:
    """Windows of ``side`` (down, across) next to one another, as many as a picture of ``shape``
    C, H, W holds from ``start`` on."""

    shape: Shape
    side: tuple[int, int]
    start: tuple[int, int]

    @property
    def grid(self) -> tuple[int, int]:
        """Windows below one another, and side by side."""
        (top, left), (down, across) = self.start, self.side
        return (self.shape[1] - top) // down, (self.shape[2] - left) // across

    @property
    def covered(self) -> tuple[int, int]:
        """Rows and columns of the picture that lie in windows."""
        return self.grid[0] * self.side[0], self.grid[1] * self.side[1]

    @property
    def columns(self) -> tuple[int, int]:
        """Numbers of a window, and windows."""
        return self.shape[0] * math.prod(self.side), math.prod(self.grid)

    def cut(self, nodes: Nodes, picture: str, name: str) -> str:
        """Windows as columns: float32[N, D, n]."""
        (down, across), (rows, columns) = self.side, self.grid
        inner = add_inner(nodes, picture, self.start, self.covered, f"{name}_part")
        split = [-1, self.shape[0], rows, down, columns, across]
        pieces = nodes.add("Reshape", f"{name}_split", inner, split)
        ordered = nodes.add("Transpose", f"{name}_ordered", pieces, perm=[0, 1, 3, 5, 2, 4])
        return nodes.add("Reshape", name, ordered, [-1, *self.columns])

    def laid(self, nodes: Nodes, columns: str, name: str) -> str:
        """The way back: float32[N, C, H, W], zero where there is no window."""
        split = [-1, self.shape[0], *self.side, *self.grid]
        pieces = nodes.add("Reshape", f"{name}_split", columns, split)
        ordered = nodes.add("Transpose", f"{name}_ordered", pieces, perm=[0, 1, 4, 2, 5, 3])
        inner = nodes.add("Reshape", f"{name}_inner", ordered, [-1, self.shape[0], *self.covered])
        (top, left), (tall, wide) = self.start, self.covered
        pads = [0, 0, top, left, 0, 0, self.shape[1] - top - tall, self.shape[2] - left - wide]
        return nodes.add("Pad", name, inner, pads)


def teach_single(form: FrameFormat, spec: RpcaSpec, progress: Progress) -> Taught:
    """`engines.background.rpca_engine.teach` for ``form: single``: the same for all products.

    The map counts what is left in its usual size in the same image, so it has no unit.
    """
    progress("graph", 0.0)
    image = reduced(form, spec)
    windows = windows_of(image, spec)
    assert windows is not None, "a recipe of form: single has no matrix of images"
    shape = (form.pixel_format.colours, *image.cells)
    nodes = Nodes()
    add_levels(nodes, form)
    pixels = add_pixels(nodes, image, "pixels")
    mean = nodes.add("ReduceMean", "mean", pixels, [2, 3], keepdims=1)
    centred = nodes.add("Sub", "centred", pixels, mean)
    background = add_own_background(nodes, centred, shape, windows, spec)
    rest = nodes.add("Sub", "rest", centred, background)
    spread = _spread(nodes, rest, [1, 2, 3], "spread")
    roots = add_roots(nodes, rest, 0.0, "roots")
    add_map(nodes, nodes.add("Div", "standard", roots, spread))
    add_picture(nodes, image, nodes.add("Add", "drawn", background, mean), EXPECTED)
    bound = nodes.add("Mul", "bound", spread, DEVIATIONS)
    add_sizes(nodes, _soft(nodes, rest, bound, "sparse_rest"), SPARSE)
    size = map_shape(*image.cells)
    return Taught(
        nodes.model(form, {"map": size, "score": ()}),
        size,
        {
            **spec.model_dump(mode="json", include={"on", "form", "matrix", "rank", "steps"}),
            "pixel_px": image.unit,
            "positional": 0,
        },
        boundary=(LEVELS,),
        explains={EXPECTED: EXPECTED, SPARSE: SPARSE},
    )


def add_own_background(
    nodes: Nodes, source: str, shape: Shape, windows: Windows, spec: RpcaSpec
) -> str:
    """What windows of an image, float32[N, C, h, w] of mean 0, have in common: of the same shape.

    Axes begin as directions that are drawn by seed.
    """
    axes = _axes(nodes, source, Layout(shape, windows.side, (0, 0)), spec)
    lines = (
        sorted({*range(0, side, step), length % side})  # of the last, windows end at the edge
        for length, side, step in zip(shape[1:], windows.side, windows.stride, strict=True)
    )
    drawn, count = [], np.zeros(shape[1:])
    for index, start in enumerate(product(*lines)):
        layout, name = Layout(shape, windows.side, start), f"shift{index}"
        made = _projected(nodes, layout.cut(nodes, source, name), axes, f"{name}_made")
        drawn.append(layout.laid(nodes, made, f"{name}_laid"))
        (top, left), (tall, wide) = start, layout.covered
        count[top : top + tall, left : left + wide] += 1.0
    return nodes.add("Mul", "own_background", nodes.add("Sum", "all_shifts", *drawn), 1.0 / count)


def _axes(nodes: Nodes, source: str, layout: Layout, spec: RpcaSpec) -> list[str]:
    """Directions float32[N, D, 1] of what is not sparse in a picture's windows."""
    columns = layout.cut(nodes, source, "begun")
    drawn = np.random.default_rng(spec.seed).normal(size=(layout.columns[0], spec.rank))
    begin = np.linalg.qr(drawn)[0].T[:, None, :, None]
    axes = [nodes.constant(f"axis{index}", axis) for index, axis in enumerate(begin)]
    cleaned = columns
    for step in range(spec.steps):
        rest = cleaned
        for index in range(spec.rank):
            for turn in range(POWER):
                name = f"axis{index}_{step}_{turn}"
                numbers = _numbers(nodes, rest, axes[index], f"{name}_numbers")
                along = nodes.add("Mul", f"{name}_along", rest, numbers)
                longer = nodes.add("ReduceSum", f"{name}_longer", along, [2], keepdims=1)
                axes[index] = _unit(nodes, longer, name)
            own = _projected(nodes, rest, axes[index : index + 1], f"own{index}_{step}")
            rest = nodes.add("Sub", f"rest{index}_{step}", rest, own)
        sparse = nodes.add("Sub", f"was_sparse{step}", columns, cleaned)
        left = nodes.add("Add", f"left{step}", rest, sparse)
        spread = _spread(nodes, left, [1, 2], f"spread{step}")
        bound = nodes.add("Mul", f"bound{step}", spread, DEVIATIONS)
        beyond = _soft(nodes, left, bound, f"beyond{step}")
        cleaned = nodes.add("Sub", f"cleaned{step}", columns, beyond)
    return axes


def _projected(nodes: Nodes, columns: str, axes: Sequence[str], name: str) -> str:
    """What orthonormal axes make of columns."""
    made = []
    for index, axis in enumerate(axes):
        numbers = _numbers(nodes, columns, axis, f"{name}_by_{index}")
        made.append(nodes.add("Mul", f"{name}_part_{index}", numbers, axis))
    return nodes.add("Sum", name, *made)


def _numbers(nodes: Nodes, columns: str, axis: str, name: str) -> str:
    """How long columns are along an axis: float32[N, 1, n]."""
    products = nodes.add("Mul", f"{name}_products", columns, axis)
    return nodes.add("ReduceSum", name, products, [1], keepdims=1)


def _unit(nodes: Nodes, axis: str, name: str) -> str:
    """Of length 1; zero stays zero."""
    squares = nodes.add("Mul", f"{name}_squares", axis, axis)
    squared = nodes.add("ReduceSum", f"{name}_squared", squares, [1], keepdims=1)
    length = nodes.add(
        "Sqrt", f"{name}_length", nodes.add("Add", f"{name}_more", squared, _NOTHING)
    )
    return nodes.add("Div", name, axis, length)


def _spread(nodes: Nodes, rest: str, over: list[int], name: str) -> str:
    """Standard deviation by the mean size, one level at least."""
    size = nodes.add(
        "ReduceMean", f"{name}_size", nodes.add("Abs", f"{name}_abs", rest), over, keepdims=1
    )
    usual = nodes.add("Mul", f"{name}_usual", size, 1.0 / _USUAL)
    return nodes.add("Max", name, usual, NOISE)


def _soft(nodes: Nodes, rest: str, bound: str, name: str) -> str:
    """Nearer to zero by a bound."""
    above = nodes.add("Relu", f"{name}_above", nodes.add("Sub", f"{name}_over", rest, bound))
    low = nodes.add("Neg", f"{name}_low", nodes.add("Add", f"{name}_under", rest, bound))
    below = nodes.add("Relu", f"{name}_below", low)
    return nodes.add("Sub", name, above, below)
