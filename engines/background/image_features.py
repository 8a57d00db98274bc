"""What an engineer would say of a picture in figures: of each cell of a grid, and of the whole.

For each colour: mean ``level``, ``contrast`` (standard deviation), ``edges`` (mean step between
neighbours), the ``brightest`` and ``darkest`` place and the ``sharpest`` step. They are taken from
the picture smoothed to about 256 places along its shorter side: one noisy pixel makes no extreme,
a figure means the same at every resolution, and large images cost little more than small ones.

``abundance`` and ``variation`` are the integral and the differential characteristics that pictures
are read by in the Mahalanobis-Taguchi system (Taguchi & Jugulum, "The Mahalanobis-Taguchi
strategy", Wiley 2002): the share of places above a level, and how often lines cross it, at the
quartiles of the product's own levels.
"""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from onnx import TensorProto

from engines.background.fields import LEVELS, add_levels
from engines.nodes import Nodes
from inspector.core.engine_spec.mt import FeatureKind
from inspector.core.frame import FrameFormat, PixelFormat

FINENESS = 256
"""Places along the shorter side of the smoothed picture, about; smaller pictures keep theirs."""
QUARTERS = 25, 50, 75
"""Percentiles of the product's levels at which lines are counted."""
LINES: tuple[FeatureKind, ...] = ("abundance", "variation")
_PLACES = [2, 3]
"""Axes of a picture."""


class ImageFeatures:
    """Figures of ``kinds`` in ``cells`` x ``cells`` cells, and of the ``whole``.

    ``quartiles`` are levels of each colour at which lines are counted. Levels and steps are shares
    of white. One object builds one graph.
    """

    def __init__(
        self,
        form: FrameFormat,
        cells: int,
        kinds: Sequence[FeatureKind],
        quartiles: Sequence[Sequence[float]] = (),
        *,
        whole: bool = True,
    ) -> None:
        self._form, self._colours = form, form.pixel_format.colours
        self._cells, self._kinds, self._quartiles, self._whole = cells, kinds, quartiles, whole
        self._step = max(1, round(min(form.height, form.width) / FINENESS))
        self._sides = form.height, form.width
        unit = cells * self._step
        self._cell = [-(-side // unit) for side in self._sides]
        self._nodes = Nodes()

    def graph(self) -> onnx.ModelProto:
        """From ``image`` to ``scale0`` float32[N, K, cells, cells], ``scale1`` [N, K, 1, 1].

        Pictures are pooled: runtimes are slow at reducing six axes.
        """
        self._add_picture()
        count = len(figures_of(self._form.pixel_format, self._kinds))
        hidden: list[FeatureKind] = ["level"] if "contrast" in self._kinds else []
        for kind in dict.fromkeys([*hidden, *self._kinds]):
            self._add_cells(kind)
        self._nodes.add("Concat", "scale0", *self._kinds, axis=1)
        outputs = {"scale0": (count, self._cells, self._cells)}
        if self._whole:
            names = [self._add_whole(kind) for kind in self._kinds]
            self._nodes.add("Concat", "scale1", *names, axis=1)
            outputs["scale1"] = (count, 1, 1)
        return self._nodes.model(self._form, outputs)

    def picture(self) -> onnx.ModelProto:
        """From ``image`` to the smoothed picture, ``scale0`` float32[N, colours, h, w]."""
        self._add_picture()
        self._nodes.add("Identity", "scale0", "picture")
        shape = (self._colours, *self._size)
        return self._nodes.model(self._form, {"scale0": shape})

    @property
    def _size(self) -> tuple[int, int]:
        """Of the smoothed picture: a little larger than it would be where cells were not equal."""
        height, width = (side * self._cells for side in self._cell)
        return height, width

    def _add_picture(self) -> None:
        add_levels(self._nodes, self._form)
        step = self._step
        after = [
            (places + 1) * step - side for places, side in zip(self._size, self._sides, strict=True)
        ]
        pads = [0, 0, 0, 0, 0, 0, *after]
        self._nodes.add("Pad", "padded", LEVELS, pads, mode="edge")
        kernel = {"kernel_shape": [2 * step] * 2, "strides": [step] * 2}
        self._nodes.add("AveragePool", "picture", "padded", **kernel)

    def _add_cells(self, kind: FeatureKind) -> None:
        """A figure of each cell, under the name of its kind."""
        if kind == "level":
            self._pool("AveragePool", kind, "picture")
        elif kind == "contrast":
            scales = [1.0, 1.0, *map(float, self._cell)]
            how = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric"}
            self._nodes.add(
                "Resize", "levels_there", "level", "", scales, nearest_mode="floor", **how
            )
            self._nodes.add("Sub", "from_level", "picture", "levels_there")
            self._nodes.add("Mul", "squares", "from_level", "from_level")
            self._nodes.add("Sqrt", kind, self._pool("AveragePool", "variance", "squares"))
        elif kind == "brightest":
            self._pool("MaxPool", kind, "picture")
        elif kind == "darkest":
            self._nodes.add("Neg", "negative", "picture")
            self._nodes.add("Neg", kind, self._pool("MaxPool", "least", "negative"))
        elif kind in LINES:
            self._add_lines(kind)
        else:
            pool = "AveragePool" if kind == "edges" else "MaxPool"
            self._pool(pool, kind, self._steps("picture", kind))

    def _add_lines(self, kind: FeatureKind) -> None:
        """The share of places above each quartile, or of neighbours on both sides of it."""
        # Halfway between levels that a mean of whole numbers can have: rounding flips none.
        white, between = self._form.pixel_format.white, 0.5 / (2 * self._step) ** 2
        found = []
        for quarter, levels in zip(QUARTERS, zip(*self._quartiles, strict=True), strict=True):
            limits = [[[(int(level * white) + between) / white]] for level in levels]
            name = f"{kind}_{quarter}"
            self._nodes.add("Greater", f"{name}_where", "picture", [limits])
            above = self._nodes.add("Cast", f"{name}_above", f"{name}_where", to=TensorProto.FLOAT)
            counted = self._steps(above, name) if kind == "variation" else above
            found.append(self._pool("AveragePool", name, counted))
        self._nodes.add("Concat", kind, *found, axis=1)

    def _steps(self, source: str, name: str) -> str:
        """Mean difference from the neighbours to the right and below, of each place."""
        height, width = self._size
        wide = self._nodes.add("Pad", f"{name}_wide", source, [0, 0, 0, 0, 0, 0, 1, 1], mode="edge")
        found = []
        for way, (down, right) in {"down": (1, 0), "across": (0, 1)}.items():
            ends = [height + down, width + right]
            moved = self._nodes.add("Slice", f"{name}_{way}", wide, [down, right], ends, _PLACES)
            away = self._nodes.add("Sub", f"{name}_{way}_away", moved, source)
            found.append(self._nodes.add("Abs", f"{name}_{way}_step", away))
        both = self._nodes.add("Add", f"{name}_both", *found)
        return self._nodes.add("Mul", f"{name}_steps", both, 0.5)

    def _pool(self, how: str, name: str, source: str) -> str:
        return self._nodes.add(how, name, source, kernel_shape=self._cell, strides=self._cell)

    def _add_whole(self, kind: FeatureKind) -> str:
        """Of all cells together: a figure of the whole follows from theirs."""
        name = f"{kind}_of_whole"
        if kind == "contrast":
            self._nodes.add("ReduceMean", "level_of_all", "level", _PLACES)
            self._nodes.add("Sub", "cells_apart", "level", "level_of_all")
            self._nodes.add("Mul", "squares_apart", "cells_apart", "cells_apart")
            self._nodes.add("Add", "variance_of_cells", "variance", "squares_apart")
            self._nodes.add("ReduceMean", "variance_of_all", "variance_of_cells", _PLACES)
            return self._nodes.add("Sqrt", name, "variance_of_all")
        reduce = {"darkest": "ReduceMin", "brightest": "ReduceMax", "sharpest": "ReduceMax"}
        return self._nodes.add(reduce.get(kind, "ReduceMean"), name, kind, _PLACES)


def figures_of(pixel_format: PixelFormat, kinds: Sequence[FeatureKind]) -> list[str]:
    """Names of the K figures, such as ``contrast`` or ``abundance 25 % blue``."""
    colours = ("",) if pixel_format.colours == 1 else (" red", " green", " blue")
    names = []
    for kind in kinds:
        turns = [f"{kind} {quarter} %" for quarter in QUARTERS] if kind in LINES else [kind]
        names += [f"{turn}{colour}" for turn in turns for colour in colours]
    return names
