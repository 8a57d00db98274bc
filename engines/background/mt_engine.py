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

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.backbones.export import export, export_head
from engines.background.image_features import LINES, QUARTERS, ImageFeatures, figures_of
from engines.background.mahalanobis_taguchi import UnitSpace
from engines.explaining import CONTRIBUTIONS
from engines.graphs import chained, without_outputs
from engines.memory.features import features_graph
from engines.memory.seen import features_of
from engines.taught import Folders, Images, Progress, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec.mt import FeatureKind, MtSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

KINDS: tuple[FeatureKind, ...] = (
    *("level", "contrast", "edges", "brightest", "darkest", "sharpest"),
)
"""Figures that count where the recipe names none."""
LEAST_SPREAD = 0.1
"""Added to a figure's spread, as a share of what that figure has in the mean over all cells."""
LEAST_CELL = 8
"""Pixels of a cell's shorter side."""
LEVELS_FROM = 20
"""Images that the quartiles are taken from, at most."""
BY_CELL = "by cell"
"""The map of what a cell's figures add to the distance of the whole."""


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
    found = [torch.from_numpy(np.stack(scale)) for scale in seen]
    layout = _Layout(spec)
    vectors, least = layout(*found).numpy(), layout(*map(_least, found)).numpy()
    spaces = []
    for index in range(vectors.shape[1]):
        progress("unit space", index / vectors.shape[1])
        names = [str(number) for number in range(vectors.shape[2])]
        spaces.append(UnitSpace.of(vectors[:, index], names, least[0, index]))
    progress("graph", 0.0)
    shapes = {name: scale.shape[1:] for name, scale in zip(outputs, found, strict=True)}
    head = _Head(layout, spaces, found[0].shape[1])
    hidden = head.told
    graph = chained(figures, export_head(head.eval(), shapes, ("map", "score", *hidden)))
    without_outputs(graph, hidden)
    return Taught(
        graph,
        (spec.cells, spec.cells) if spec.has_map else (1, 1),
        _parameters(spec, spaces),
        boundary=tuple(outputs),
        explains={name: name for name in hidden},
        features=_names(form, spec) if hidden else (),
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
        quartiles = _quartiles(ImageFeatures(form, spec.cells, kinds), images, progress)
    measure = ImageFeatures(form, spec.cells, kinds, quartiles, whole=not spec.has_map)
    outputs = ("scale0",) if spec.has_map else ("scale0", "scale1")
    return export(measure.eval(), form, outputs)


def _quartiles(measure: ImageFeatures, images: Images, progress: Progress) -> list[list[float]]:
    """The levels of good pictures at their quartiles, of each colour: the mean over images."""
    count = min(len(images), LEVELS_FROM)
    found = []
    for index in range(count):
        progress("levels", index / count)
        picture = measure.smooth(torch.from_numpy(images[index][None].copy()))[0]
        found.append(np.percentile(picture.flatten(1).numpy(), QUARTERS, axis=1).T)
    return [list(map(float, colour)) for colour in np.mean(found, axis=0)]


def _least(scale: Tensor) -> Tensor:
    """Of figures float32[n, K, h, w] what is added to their spreads, float32[1, K, h, w]."""
    typical = scale.double().var(dim=0, keepdim=True).mean((2, 3), keepdim=True).sqrt()
    return (LEAST_SPREAD * typical).float().expand(1, *scale.shape[1:])


class _Layout(nn.Module):
    """Figures float32[N, K, h, w] of each output to vectors [N, spaces, k] of the unit spaces."""

    def __init__(self, spec: MtSpec) -> None:
        super().__init__()
        self.spec = spec

    def forward(self, *scales: Tensor) -> Tensor:
        """Pixels: figure by figure, cell by cell, then those of the whole."""
        if self.spec.has_map:
            return scales[0].flatten(2).transpose(1, 2)
        if self.spec.on == "features":
            scales = tuple(scale.mean((2, 3)) for scale in scales)
        return torch.cat([scale.flatten(1) for scale in scales], dim=1)[:, None]


class _Head(nn.Module):
    """Figures to map, score and what each figure adds: one convolution, a group for each space.

    TensorRT-RTX has products of many small matrices in float32 not on every architecture.
    """

    mean: Tensor
    whitening: Tensor

    def __init__(self, layout: _Layout, spaces: Sequence[UnitSpace], figures: int) -> None:
        super().__init__()
        self._layout = layout
        self._figures = figures
        count, width = len(spaces), len(spaces[0].used)
        mean, whitening = np.zeros((count, width)), np.zeros((count, width, width))
        for index, space in enumerate(spaces):
            used = np.flatnonzero(space.used)
            mean[index, used] = space.mean
            scale = space.scale * len(space.mean) ** 0.5
            whitening[index][np.ix_(used, used)] = space.whitening / scale
        self.register_buffer("mean", torch.from_numpy(mean).float())
        weights = torch.from_numpy(whitening.reshape(-1, width, 1, 1)).float()
        self.register_buffer("whitening", weights)

    @property
    def told(self) -> tuple[str, ...]:
        """What it gives beside map and score."""
        if self._layout.spec.on == "features":
            return ()
        return (CONTRIBUTIONS,) if self._layout.spec.has_map else (CONTRIBUTIONS, BY_CELL)

    def forward(
        self, first: Tensor, second: Tensor | None = None, third: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        """``map`` [N, h, w], ``score`` [N], contributions [N, k], and theirs by cell."""
        vectors = self._layout(*(scale for scale in (first, second, third) if scale is not None))
        spaces, width = self.mean.shape
        away = (vectors - self.mean).reshape(-1, spaces * width, 1, 1)
        white = functional.conv2d(away, self.whitening, groups=spaces)
        added = white.square().reshape(-1, spaces, width)
        spec = self._layout.spec
        side = spec.cells if spec.has_map else 1
        found = added.sum(2).reshape(-1, side, side)
        score = found.amax((1, 2))
        strangest = found.flatten(1)[..., None] >= score[:, None, None]
        told: dict[str, Tensor] = {CONTRIBUTIONS: (added * strangest.float()).sum(1)}
        if BY_CELL in self.told:
            cells = spec.cells
            own = added[:, 0, : self._figures * cells * cells]
            told[BY_CELL] = own.reshape(-1, self._figures, cells, cells).sum(1)
        return found, score, *(told[name] for name in self.told)


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
