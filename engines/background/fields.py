"""Vectors over an image as a graph: of pixels, of patches, or of a network's features.

What judges vectors can then be chained behind any of them. The graph and the kernels that look at
the same vectors without one (`engines.background.pictures`, `engines.background.patches`) agree
within float32, but for the unit: here levels are shares of white, whatever the depth.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto

from engines.background.patches import Patches, patches_for
from engines.memory.features import features_graph
from engines.nodes import Nodes
from engines.taught import Folders
from inspector.core.engine_spec.field import OnField
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

LEVELS = "levels"
"""The tensor of shares of white, float32[N, colours, H, W]: all that follows it is exact."""

Shape = tuple[int, int, int]
"""Of a field: D, h, w."""


def field_graph(spec: OnField, form: FrameFormat, folders: Folders) -> onnx.ModelProto:
    """Input ``image`` uint8[N, H, W, C], outputs ``scale0``, ... float32[N, D, h, w].

    - pixels: the colours, or level, slope across and slope down of a grey image; h, w = H, W;
    - patches: of each colour the lowest cosine coefficients (the first is the mean times the side)
      and the length of what they leave out, half a patch apart;
    - features: `engines.memory.features.features_graph`.

    Raises ``ConfigError``, also where the image is smaller than a patch.
    """
    if spec.on == "features":
        return features_graph(spec, form, folders)
    nodes = Nodes()
    add_levels(nodes, form)
    if spec.on == "patches":
        shape = _add_patches(nodes, form, patches_of(spec, form))
    else:
        add_pixels(nodes, form.pixel_format.colours, LEVELS, "scale0")
        shape = 3, form.height, form.width
    return nodes.model(form, {"scale0": shape})


def boundary_of(spec: OnField, field: onnx.ModelProto) -> tuple[str, ...]:
    """Where a network ends and exact arithmetic begins (``Taught.boundary``) on this field."""
    if spec.on == "features":
        return tuple(output.name for output in field.graph.output)
    return (LEVELS,)


def patches_of(spec: OnField, form: FrameFormat) -> Patches:
    """The patches of a recipe. Raises ``ConfigError`` where the image is smaller than one."""
    shorter = min(form.height, form.width)
    if spec.patch is None:
        patches = patches_for(form.height, form.width)
    else:
        patches = Patches(spec.patch, spec.patch // 2, min(5, spec.patch))
    if shorter < patches.side:
        raise ConfigError(
            f"engine.patch: {patches.side} px, but images have {form.width}x{form.height} px",
            remedy="Prepare them larger, or give smaller patches",
        )
    return patches


def add_levels(nodes: Nodes, form: FrameFormat) -> None:
    """Shares of white. The cast comes first: not every runtime can move uint8 about."""
    source = nodes.add("Cast", "bytes", "image", to=TensorProto.FLOAT)
    if form.pixel_format.depth > 8:
        low, high = (
            nodes.add("Slice", name, source, [first], [form.shape[2]], [3], [2])
            for first, name in enumerate(("low_byte", "high_byte"))
        )
        source = nodes.add("Add", "deep", low, nodes.add("Mul", "highs", high, 256.0))
    shares = nodes.add("Mul", "shares", source, 1.0 / form.pixel_format.white)
    nodes.add("Transpose", LEVELS, shares, perm=[0, 3, 1, 2])


def add_pixels(nodes: Nodes, colours: int, levels: str, output: str) -> None:
    """Vectors of pixels [N, 3, H, W] of a picture [N, colours, H, W] in the graph."""
    if colours == 3:
        nodes.add("Identity", output, levels)
        return
    kernels = np.zeros((3, 1, 3, 3), np.float32)
    kernels[0, 0, 1, 1] = 1.0
    kernels[1, 0, 1, [0, 2]] = kernels[2, 0, [0, 2], 1] = -0.5, 0.5
    pads = [0, 0, 1, 1, 0, 0, 1, 1]
    padded = nodes.add("Pad", f"edged_{output}", levels, pads, mode="edge")
    nodes.add("Conv", output, padded, kernels)


def _add_patches(nodes: Nodes, form: FrameFormat, patches: Patches) -> Shape:
    """``scale0`` of patches; returns its shape.

    Patches overlap, and are not all as far apart where the image's sides are no multiple of
    the stride: so they are laid out side by side first. All but the constant is computed of
    differences from a patch's own mean: of a bright one it would be rounding.
    """
    rows, columns, side = patches.places(form.height), patches.places(form.width), patches.side
    basis, grid = patches.basis()[:, None], (len(rows), len(columns))
    flat, stride = [-1, 1, grid[0] * side, grid[1] * side], [side, side]
    laid = nodes.add("Gather", "laid_rows", LEVELS, rows.ravel(), axis=2)
    laid = nodes.add("Gather", "laid", laid, columns.ravel(), axis=3)
    each = nodes.add("Reshape", "each", laid, flat)
    mean = nodes.add("Conv", "constant", each, basis[:1], strides=stride)
    usual = nodes.add("Mul", "usual", mean, 1.0 / side)
    usual = nodes.add("Reshape", "of_pixels", usual, [-1, grid[0], 1, grid[1], 1])
    pixels = nodes.add("Reshape", "pixels", laid, [-1, grid[0], side, grid[1], side])
    away = nodes.add("Reshape", "away", nodes.add("Sub", "centred", pixels, usual), flat)
    waves = nodes.add("Conv", "waves", away, basis[1:], strides=stride)
    squares, ones = nodes.add("Mul", "squares", away, away), np.ones((1, 1, side, side))
    total = nodes.add("Conv", "total", squares, ones, strides=stride)
    found = nodes.add("ReduceSum", "found", nodes.add("Mul", "powers", waves, waves), [1])
    left = nodes.add("Relu", "left", nodes.add("Sub", "differences", total, found))
    rest = nodes.add("Sqrt", "rest", left)
    both = nodes.add("Concat", "both", mean, waves, rest, axis=1)
    width = form.pixel_format.colours * (len(basis) + 1)
    nodes.add("Reshape", "scale0", both, [-1, width, *grid])
    return width, *grid
