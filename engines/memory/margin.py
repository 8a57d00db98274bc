"""How much of a tile is only context: measured, since receptive fields outgrow tiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.bundle import Tiling
from engines.memory.features import features_graph
from engines.memory.grafting import Grid, map_size
from engines.memory.seen import features_of, grids_of
from engines.memory.selection import Reservoir, Vectors
from engines.runtimes.openvino import compile_graph
from engines.taught import Folders, Images, Progress
from engines.tiling import ALIGNMENT, Tiles, tiles_of
from inspector.core.engine_spec import OnPatches
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat, Pixels

TOLERANCE = 0.02
"""Largest difference between the map of tiles and the map in one piece, as a share of the largest
value that the latter has on good images."""
_WIDEST = 4
"""Margins take a fourth of a tile's side at most: tiles that are mostly context cost too much."""
_WINDOW = 2
"""Sides of the part of an image that is compared, in tiles."""
_REMEMBERED, _PROBED = 8, 3
"""Teaching images that a passing memory is made of, and those whose maps are compared."""
_SAMPLE = 20_000

Head = Callable[[onnx.ModelProto, Sequence[Grid]], onnx.ModelProto]
"""Grafts what was learned onto a graph of features whose scales have these grids."""
Learn = Callable[[Sequence[Vectors]], Head]
"""Learns from a sample of good patch vectors float32[n, D] of each scale."""


@dataclass(frozen=True, slots=True)
class Margin:
    """A margin that will do, and the largest difference that is left, as ``TOLERANCE`` counts."""

    tiling: Tiling
    difference: float


@dataclass(frozen=True, slots=True)
class Cut:
    """How images of a form are taken: ``tiles``, each of the form ``part``; or in one piece."""

    form: FrameFormat
    part: FrameFormat
    tiling: Tiling | None = None
    tiles: Tiles | None = None

    @classmethod
    def of(cls, form: FrameFormat, margin: Margin | None) -> Cut:
        """By a margin that was measured; None: in one piece."""
        if margin is None:
            return cls(form, form)
        tiles = tiles_of(form.height, form.width, margin.tiling)
        part = replace(form, height=tiles.height, width=tiles.width)
        return cls(form, part, margin.tiling, tiles)

    def map_shape(self, grids: Sequence[Grid]) -> Grid:
        """Of the whole image, with the grids of a part."""
        rows, columns = map_size(grids)
        return rows * self.form.height // self.part.height, (
            columns * self.form.width // self.part.width
        )


@dataclass(frozen=True, slots=True)
class _Window:
    """What is compared: graphs from an image to its map, in one piece and of one tile."""

    form: FrameFormat
    tile: FrameFormat
    in_one: onnx.ModelProto
    of_tile: onnx.ModelProto


def is_cut(form: FrameFormat, spec: OnPatches) -> bool:
    """Whether an image is larger than the tiles that the recipe asks for."""
    return spec.tile is not None and max(form.height, form.width) > spec.tile


def measure_margin(
    images: Images,
    form: FrameFormat,
    spec: OnPatches,
    progress: Progress,
    folders: Folders,
    *,
    learn: Learn,
) -> Margin | None:
    """The smallest margin at which the recipe's tiles give the map in one piece.

    Compared on the middles of a few teaching images, before what ``learn`` makes of some others.
    None where images are taken in one piece. Raises ``ConfigError`` with the figures where no
    margin will do, and for sides that cannot be cut.
    """
    size = spec.tile
    if size is None or not is_cut(form, spec):
        return None
    tiles_of(form.height, form.width, Tiling(size=size, margin=0))
    progress("tiles", 0.0)
    window = _window(images, form, spec, learn, folders, size=size)
    margins = np.arange(0, size // _WIDEST + 1, ALIGNMENT)
    in_one = compile_graph(window.in_one.SerializeToString(), threads=0)
    of_tile = compile_graph(window.of_tile.SerializeToString(), threads=0)
    worst, largest = np.zeros(len(margins)), 0.0
    for number in range(1, min(_PROBED, len(images)) + 1):
        progress("tiles", number / (_PROBED + 1))
        image = _middle(images[-number], window.form)
        wanted = in_one([image[None]])[0][0]
        step = image.shape[0] // wanted.shape[0]
        largest = max(largest, float(wanted.max()))
        for top, left in _places(window):
            tile = image[top : top + window.tile.height, left : left + window.tile.width]
            found = of_tile([tile[None]])[0][0]
            rows, columns = found.shape
            there = wanted[top // step :, left // step :][:rows, :columns]
            depth = _depth((top, left), found.shape, step, image.shape)
            beyond = [np.abs(found - there)[depth >= margin].max(initial=0.0) for margin in margins]
            worst = np.maximum(worst, beyond)
    shares = worst / largest
    for margin, share in zip(margins, shares, strict=True):
        if share <= TOLERANCE:
            return Margin(Tiling(size=size, margin=int(margin)), float(share))
    raise ConfigError(
        f"engine.tile: at {margins[-1]} px, the widest margin, the map of {size} px tiles differs "
        f"from the map in one piece by {shares[-1]:.1%} of its largest value; allowed are "
        f"{TOLERANCE:.0%}",
        remedy="Give larger tiles, finer engine.scales, or null",
    )


def _window(
    images: Images,
    form: FrameFormat,
    spec: OnPatches,
    learn: Learn,
    folders: Folders,
    *,
    size: int,
) -> _Window:
    """Both graphs, with what was learned in passing."""
    tile = replace(form, height=min(form.height, size), width=min(form.width, size))
    window = replace(
        form, height=min(form.height, _WINDOW * size), width=min(form.width, _WINDOW * size)
    )
    whole = features_graph(spec, window, folders)
    reservoirs = [Reservoir(_SAMPLE, spec.seed) for _ in spec.scales]
    some = [_middle(images[index], window) for index in range(min(_REMEMBERED, len(images)))]
    for found in features_of(whole, some, None, lambda stage, share: None):
        for reservoir, maps in zip(reservoirs, found, strict=True):
            reservoir.add(maps.reshape(len(maps), -1).T)
    head = learn([one.vectors for one in reservoirs])
    parts = features_graph(spec, tile, folders)
    return _Window(window, tile, head(whole, grids_of(whole)), head(parts, grids_of(parts)))


def _middle(image: Pixels, form: FrameFormat) -> Pixels:
    top, left = (image.shape[0] - form.height) // 2, (image.shape[1] - form.width) // 2
    return np.ascontiguousarray(image[top : top + form.height, left : left + form.width])


def _places(window: _Window) -> list[tuple[int, int]]:
    """Where tiles are compared: at the edges and in the middle."""

    def along(length: int, size: int) -> list[int]:
        middle = (length - size) // 2 // ALIGNMENT * ALIGNMENT
        return sorted({0, middle, length - size})

    rows = along(window.form.height, window.tile.height)
    return list(product(rows, along(window.form.width, window.tile.width)))


def _depth(
    place: tuple[int, int], cells: tuple[int, ...], step: int, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """How far each cell of a tile's map lies from the next edge that cuts the image, px."""

    def along(start: int, count: int, length: int) -> NDArray[np.float64]:
        near = np.arange(count) * step if start else np.full(count, np.inf)
        cut = start + count * step < length
        far = np.arange(count)[::-1] * step if cut else np.full(count, np.inf)
        return np.asarray(np.minimum(near, far), np.float64)

    rows, columns = (along(*axis) for axis in zip(place, cells, shape, strict=False))
    return np.asarray(np.minimum.outer(rows, columns))
