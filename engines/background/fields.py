"""Vectors over an image as a graph: of pixels, of patches, or of a network's features.

What judges vectors can then be chained behind any of them. The graph and the kernels that look at
the same vectors without one (`engines.background.pictures`, `engines.background.patches`) agree
within float32, but for the unit: here levels are shares of white, whatever the depth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engines.background.patches import Patches, patches_for
from engines.memory.features import features_graph
from engines.taught import Folders
from inspector.core.engine_spec.field import OnField
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

LEVELS = "levels"
"""The tensor of shares of white, float32[N, colours, H, W]: all that follows it is exact."""


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
    nodes = _Nodes()
    levels = nodes.levels(form)
    if spec.on == "patches":
        patches = patches_of(spec, form)
        grid = patches.grid(form.height, form.width)
        width = nodes.patches(levels, form, patches)
    else:
        grid = form.height, form.width
        width = nodes.pixels(levels, form)
    return nodes.model(form, (width, *grid))


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


class _Nodes:
    """The nodes of a field, and their constants."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def levels(self, form: FrameFormat) -> str:
        """Shares of white. The cast comes first: not every runtime can move uint8 about."""
        source = self._add("Cast", "bytes", "image", to=TensorProto.FLOAT)
        if form.pixel_format.depth > 8:
            low, high = (
                self._add("Slice", name, source, [first], [form.shape[2]], [3], [2])
                for first, name in enumerate(("low_byte", "high_byte"))
            )
            source = self._add("Add", "deep", low, self._add("Mul", "highs", high, 256.0))
        shares = self._add("Mul", "shares", source, 1.0 / form.pixel_format.white)
        return self._add("Transpose", LEVELS, shares, perm=[0, 3, 1, 2])

    def pixels(self, levels: str, form: FrameFormat) -> int:
        """``scale0`` of pixels; returns the length of a vector."""
        if form.pixel_format.colours == 3:
            self._add("Identity", "scale0", levels)
            return 3
        kernels = np.zeros((3, 1, 3, 3), np.float32)
        kernels[0, 0, 1, 1] = 1.0
        kernels[1, 0, 1, [0, 2]] = kernels[2, 0, [0, 2], 1] = -0.5, 0.5
        padded = self._add("Pad", "padded", levels, [0, 0, 1, 1, 0, 0, 1, 1], mode="edge")
        self._add("Conv", "scale0", padded, kernels)
        return 3

    def patches(self, levels: str, form: FrameFormat, patches: Patches) -> int:
        """``scale0`` of patches; returns the length of a vector.

        Patches overlap, and are not all as far apart where the image's sides are no multiple of
        the stride: so they are laid out side by side first. All but the constant is computed of
        differences from a patch's own mean: of a bright one it would be rounding.
        """
        rows, columns, side = patches.places(form.height), patches.places(form.width), patches.side
        basis, grid = patches.basis()[:, None], (len(rows), len(columns))
        flat, stride = [-1, 1, grid[0] * side, grid[1] * side], [side, side]
        laid = self._add("Gather", "laid_rows", levels, rows.ravel(), axis=2)
        laid = self._add("Gather", "laid", laid, columns.ravel(), axis=3)
        each = self._add("Reshape", "each", laid, flat)
        mean = self._add("Conv", "constant", each, basis[:1], strides=stride)
        usual = self._add("Mul", "usual", mean, 1.0 / side)
        usual = self._add("Reshape", "of_pixels", usual, [-1, grid[0], 1, grid[1], 1])
        pixels = self._add("Reshape", "pixels", laid, [-1, grid[0], side, grid[1], side])
        away = self._add("Reshape", "away", self._add("Sub", "centred", pixels, usual), flat)
        waves = self._add("Conv", "waves", away, basis[1:], strides=stride)
        squares, ones = self._add("Mul", "squares", away, away), np.ones((1, 1, side, side))
        total = self._add("Conv", "total", squares, ones, strides=stride)
        found = self._add("ReduceSum", "found", self._add("Mul", "powers", waves, waves), [1])
        left = self._add("Relu", "left", self._add("Sub", "differences", total, found))
        rest = self._add("Sqrt", "rest", left)
        both = self._add("Concat", "both", mean, waves, rest, axis=1)
        width = form.pixel_format.colours * (len(basis) + 1)
        self._add("Reshape", "scale0", both, [-1, width, *grid])
        return width

    def model(self, form: FrameFormat, shape: tuple[int, int, int]) -> onnx.ModelProto:
        """All of it, checked."""
        image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["batch", *form.shape])
        output = helper.make_tensor_value_info("scale0", TensorProto.FLOAT, ["batch", *shape])
        graph = helper.make_graph(self._nodes, "field", [image], [output], self._constants)
        opset = [helper.make_opsetid("", 18)]
        model: onnx.ModelProto = helper.make_model(graph, opset_imports=opset, ir_version=10)
        onnx.checker.check_model(model, full_check=True)
        return model

    def _add(self, kind: str, output: str, *inputs: Any, **attributes: Any) -> str:
        """One node; inputs that are no names become constants."""
        names = [
            value if isinstance(value, str) else self._constant(f"{output}_by_{index}", value)
            for index, value in enumerate(inputs)
        ]
        self._nodes.append(helper.make_node(kind, names, [output], **attributes))
        return output

    def _constant(self, name: str, value: Any) -> str:
        array: NDArray[Any] = np.asarray(value)
        kind = np.float32 if array.dtype.kind == "f" else np.int64
        self._constants.append(numpy_helper.from_array(array.astype(kind), name))
        return name
