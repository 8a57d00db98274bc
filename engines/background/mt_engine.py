"""Mahalanobis-Taguchi on a picture: how far its figures are, all together, from good ones'.

Taguchi & Jugulum, "The Mahalanobis-Taguchi strategy", Wiley 2002: ``MD² = z' R⁻¹ z / k`` over ``k``
standardised figures, about 1 on good parts; `UnitSpace` is the one implementation. ``form: whole``
is one unit space over the figures of the picture and of all its cells, and has no map. ``form:
cells`` is one for each cell over its own figures: a map, whose largest value is the score. What
each figure adds to MD² are the engine's ``contributions``. On ``features`` the figures are means of
a backbone's features over the picture: all components count, those of least variance most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.background.image_features import LINES, QUARTERS, ImageFeatures, figures_of
from engines.background.mahalanobis_taguchi import UnitSpace
from engines.explaining import CONTRIBUTIONS
from engines.memory.features import features_graph
from engines.memory.seen import features_of
from engines.nodes import Nodes
from engines.taught import Folders, Images, Progress, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec.mt import FeatureKind, MtSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

Values = NDArray[np.float64]

KINDS: tuple[FeatureKind, ...] = tuple(kind for kind in get_args(FeatureKind) if kind not in LINES)
"""Figures that count where the recipe names none."""
LEAST_SPREAD = 0.1
"""Added to a figure's spread, as a share of what that figure has in the mean over all cells."""
LEAST_CELL = 8
"""Pixels of a cell's shorter side."""
LEVELS_FROM = 20
"""Images that the quartiles are taken from, at most."""
BY_CELL = "by cell"
"""The map of each cell's distance, or of what its figures add to that of the whole."""


def teach(
    images: Images, form: FrameFormat, spec: MtSpec, progress: Progress, folders: Folders
) -> Taught:
    """Learn from prepared good images, uint8[h, w, c] of the given form, one at a time.

    Nothing is drawn at random. Raises ``ConfigError``, ``DatasetError`` for images that span no
    unit space, and whatever ``progress`` raises.
    """
    figures = _figures(images, form, spec, progress, folders)
    outputs = [value.name for value in figures.graph.output]
    seen = zip(*features_of(figures, images, None, progress), strict=True)
    found = [np.stack(scale).astype(np.float64) for scale in seen]
    if spec.on == "features":
        found = [scale.mean(axis=(2, 3), keepdims=True) for scale in found]
    vectors = _laid_out(found, spec)
    least = _laid_out([_least(scale) for scale in found], spec)[0]
    names = [str(number) for number in range(vectors.shape[2])]
    spaces = []
    for index, own in enumerate(least):
        progress("unit space", index / len(least))
        spaces.append(UnitSpace.of(vectors[:, index], names, own))
    head = _Head(spec, spaces, outputs, len(found[0][0]))
    return Taught(
        head.behind(figures),
        head.map_shape,
        _parameters(spec, spaces),
        boundary=tuple(outputs),
        explains=head.explains,
        features=_names(form, spec) if head.explains else (),
    )


def _figures(
    images: Images, form: FrameFormat, spec: MtSpec, progress: Progress, folders: Folders
) -> onnx.ModelProto:
    """The graph from images to figures. Raises ``ConfigError``."""
    if spec.on == "features":
        progress("backbone", 0.0)
        return features_graph(spec, form, folders)
    if min(form.height, form.width) < LEAST_CELL * spec.cells:
        raise ConfigError(
            f"engine.grid: {spec.cells} cells a side are less than {LEAST_CELL} px each of images "
            f"of {form.width}x{form.height} px",
            remedy="Give fewer cells, or prepare the images larger",
        )
    kinds = spec.features or KINDS
    quartiles: list[list[float]] = []
    if set(kinds) & set(LINES):
        picture = ImageFeatures(form, spec.cells, kinds).picture()
        quartiles = _quartiles(picture, images, progress)
    return ImageFeatures(form, spec.cells, kinds, quartiles, whole=not spec.has_map).graph()


def _quartiles(picture: onnx.ModelProto, images: Images, progress: Progress) -> list[list[float]]:
    """The levels of good pictures at their quartiles, of each colour: the mean over images."""
    few = [images[index] for index in range(min(len(images), LEVELS_FROM))]
    found = [
        np.percentile(levels.reshape(len(levels), -1), QUARTERS, axis=1).T
        for (levels,) in features_of(picture, few, None, progress)
    ]
    return [list(map(float, colour)) for colour in np.mean(found, axis=0)]


def _laid_out(scales: Sequence[Values], spec: MtSpec) -> Values:
    """Figures [n, K, h, w] of each output as vectors [n, spaces, k] of the unit spaces.

    Of the whole: figure by figure, cell by cell, then the figures of the whole.
    """
    if spec.has_map:
        count, figures = scales[0].shape[:2]
        return scales[0].reshape(count, figures, -1).transpose(0, 2, 1)
    return np.concatenate([scale.reshape(len(scale), 1, -1) for scale in scales], axis=2)


def _least(scale: Values) -> Values:
    """Of figures [n, K, h, w] what is added to their spreads, [1, K, h, w]."""
    typical = np.sqrt(scale.var(axis=0, ddof=1).mean(axis=(1, 2), keepdims=True))
    return np.broadcast_to(LEAST_SPREAD * typical, scale.shape[1:])[None]


class _Head:
    """Figures to map, score and what each figure adds: one convolution, a group for each space.

    TensorRT-RTX has products of many small matrices in float32 not on every architecture.
    """

    def __init__(
        self, spec: MtSpec, spaces: Sequence[UnitSpace], outputs: Sequence[str], figures: int
    ) -> None:
        self._spec, self._outputs, self._figures = spec, outputs, figures
        self._spaces, self._width = len(spaces), len(spaces[0].used)
        self._mean = np.zeros((self._spaces, self._width))
        self._whitening = np.zeros((self._spaces, self._width, self._width))
        for index, space in enumerate(spaces):
            used = np.flatnonzero(space.used)
            self._mean[index, used] = space.mean
            scale = space.scale * len(space.mean) ** 0.5
            self._whitening[index][np.ix_(used, used)] = space.whitening / scale

    @property
    def map_shape(self) -> tuple[int, int]:
        """A cell for each unit space."""
        side = self._spec.cells if self._spec.has_map else 1
        return side, side

    @property
    def explains(self) -> dict[str, str]:
        """The tensors that it tells of."""
        if self._spec.on == "features":
            return {}
        return {CONTRIBUTIONS: "contributions", BY_CELL: "map" if self._spec.has_map else "by_cell"}

    def behind(self, figures: onnx.ModelProto) -> onnx.ModelProto:
        """The whole graph."""
        nodes, spaces, width = Nodes(), self._spaces, self._width
        vectors = self._add_vectors(nodes)
        nodes.add("Sub", "away", vectors, self._mean.reshape(1, -1, 1, 1))
        nodes.add("Conv", "white", "away", self._whitening.reshape(-1, width, 1, 1), group=spaces)
        nodes.add("Mul", "white_squares", "white", "white")
        nodes.add("Reshape", "added", "white_squares", [-1, spaces, width])
        nodes.add("ReduceSum", "distances", "added", [2])
        nodes.add("Reshape", "map", "distances", [-1, *self.map_shape])
        nodes.add("ReduceMax", "score", "map", [1, 2], keepdims=0)
        self._add_told(nodes)
        return nodes.behind(figures, {"map": self.map_shape, "score": ()})

    def _add_vectors(self, nodes: Nodes) -> str:
        """As `_laid_out`, along the channels."""
        if self._spec.has_map:
            nodes.add("Transpose", "cells_first", self._outputs[0], perm=[0, 2, 3, 1])
            return nodes.add("Reshape", "vectors", "cells_first", [0, -1, 1, 1])
        flat = []
        for name in self._outputs:
            if self._spec.on == "features":
                flat.append(nodes.add("ReduceMean", f"{name}_mean", name, [2, 3]))
            else:
                flat.append(nodes.add("Reshape", f"{name}_flat", name, [0, -1, 1, 1]))
        return nodes.add("Concat", "vectors", *flat, axis=1)

    def _add_told(self, nodes: Nodes) -> None:
        """What each figure adds to the distance of the strangest cell, or of the whole."""
        if self._spec.has_map:
            nodes.add("ReduceMax", "largest", "distances", [1])
            nodes.add("GreaterOrEqual", "is_strangest", "distances", "largest")
            nodes.add("Cast", "strangest", "is_strangest", to=onnx.TensorProto.FLOAT)
            nodes.add("Mul", "added_there", "added", "strangest")
            nodes.add("ReduceSum", "contributions", "added_there", [1], keepdims=0)
        elif self._spec.on == "pixels":
            cells = self._spec.cells
            nodes.add("Squeeze", "contributions", "added", [1])
            of_cells = nodes.add("Slice", "of_cells", "contributions", [0], [-self._figures], [1])
            nodes.add("Reshape", "figures_there", of_cells, [-1, self._figures, cells, cells])
            nodes.add("ReduceSum", "by_cell", "figures_there", [1], keepdims=0)


def _names(form: FrameFormat, spec: MtSpec) -> tuple[str, ...]:
    """Of the contributions, as they are laid out."""
    figures = figures_of(form.pixel_format, spec.features or KINDS)
    if spec.has_map:
        return tuple(figures)
    sides = range(1, spec.cells + 1)
    places = [f"row {row} column {column}" for row in sides for column in sides]
    cells = [f"{figure}, {place}" for figure in figures for place in places]
    return (*cells, *(f"{figure}, whole" for figure in figures))


def _parameters(spec: MtSpec, spaces: Sequence[UnitSpace]) -> dict[str, Json]:
    shrinkage = float(np.median([space.shrinkage for space in spaces]))
    parameters: dict[str, Json] = {
        "on": spec.on,
        "form": spec.form,
        "figures": len(spaces[0].used),
        "images": spaces[0].parts,
        "images_without_shrinking": max(space.wanted_parts for space in spaces),
        "shrinkage": round(shrinkage, 4),
        "least_spread": LEAST_SPREAD,
        "positional": 1,
    }
    if spec.on == "pixels":
        return parameters | {"grid": spec.cells, "kinds": " ".join(spec.features or KINDS)}
    strides = " ".join("+".join(map(str, scale)) for scale in spec.scales)
    return parameters | {"backbone": spec.backbone, "scales": strides}
