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
class Cut:
    """A picture of ``colours`` that is laid out in windows side by side: its own size is a multiple
    of theirs."""

    colours: int
    height: int
    width: int
    window: tuple[int, int]

    @property
    def size(self) -> int:
        """Numbers of a window."""
        return self.colours * math.prod(self.window)

    @property
    def windows(self) -> int:
        """How many there are."""
        return self.height * self.width // math.prod(self.window)

    def columns(self, nodes: Nodes, picture: str, start: tuple[int, int], name: str) -> str:
        """Those of a larger picture, from some place on, as columns: float32[N, size, windows]."""
        down, across = self.window
        inner = add_inner(nodes, picture, start, (self.height, self.width), f"{name}_part")
        split = [-1, self.colours, self.height // down, down, self.width // across, across]
        pieces = nodes.add("Reshape", f"{name}_split", inner, split)
        ordered = nodes.add("Transpose", f"{name}_ordered", pieces, perm=[0, 1, 3, 5, 2, 4])
        return nodes.add("Reshape", name, ordered, [-1, self.size, self.windows])

    def picture(self, nodes: Nodes, columns: str, name: str) -> str:
        """The way back: float32[N, colours, height, width]."""
        down, across = self.window
        split = [-1, self.colours, down, across, self.height // down, self.width // across]
        pieces = nodes.add("Reshape", f"{name}_split", columns, split)
        ordered = nodes.add("Transpose", f"{name}_ordered", pieces, perm=[0, 1, 4, 2, 5, 3])
        return nodes.add("Reshape", name, ordered, [-1, self.colours, self.height, self.width])


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
    (top, left), (down, across) = windows.before, windows.side
    height, width = shape[1:]
    tall, wide = -(-(height + top) // down) * down, -(-(width + left) // across) * across
    pads = [0, 0, top, left, 0, 0, tall - height, wide - width]
    padded = nodes.add("Pad", "padded", source, pads, mode="edge")
    cut = Cut(shape[0], tall, wide, windows.side)
    axes = _axes(nodes, cut.columns(nodes, padded, (top, left), "begun"), cut.size, spec)
    drawn = []
    starts = product(range(0, down, windows.stride[0]), range(0, across, windows.stride[1]))
    for index, start in enumerate(starts):
        name = f"shift{index}"
        made = _projected(nodes, cut.columns(nodes, padded, start, name), axes, f"{name}_made")
        laid = cut.picture(nodes, made, f"{name}_laid")
        first = (top - start[0], left - start[1])
        drawn.append(add_inner(nodes, laid, first, (height, width), f"{name}_inner"))
    return nodes.add("Mean", "own_background", *drawn)


def _axes(nodes: Nodes, columns: str, size: int, spec: RpcaSpec) -> list[str]:
    """Directions float32[N, D, 1] of what is not sparse in columns float32[N, D, n]."""
    drawn = np.random.default_rng(spec.seed).normal(size=(size, spec.rank))
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
