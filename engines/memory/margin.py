"""How much of a tile is only context: measured, since receptive fields outgrow tiles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.bundle import Tiling
from engines.memory.features import features_graph
from engines.memory.head import append_head
from engines.memory.memory import remember
from engines.memory.selection import Reservoir
from engines.runtimes.openvino import compile_graph
from engines.taught import Folders, Images, Progress
from engines.tiling import ALIGNMENT
from inspector.core.engine_spec import PatchCoreSpec
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
_CORESET, _SAMPLE = 500, 20_000


@dataclass(frozen=True, slots=True)
class Margin:
    """A margin that will do, and the largest difference that is left, as ``TOLERANCE`` counts."""

    tiling: Tiling
    difference: float


@dataclass(frozen=True, slots=True)
class _Window:
    """What is compared: graphs from an image to its map, in one piece and of one tile."""

    form: FrameFormat
    tile: FrameFormat
    in_one: onnx.ModelProto
    of_tile: onnx.ModelProto


def measure_margin(
    images: Images,
    form: FrameFormat,
    spec: PatchCoreSpec,
    progress: Progress,
    folders: Folders,
    *,
    size: int,
) -> Margin:
    """The smallest margin at which tiles of ``size`` px give the map in one piece.

    Compared on the middles of a few teaching images, before a passing memory of some others.
    Raises ``ConfigError`` with the figures where no margin will do.
    """
    progress("tiles", 0.0)
    window = _window(images, form, spec, size, folders)
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
    images: Images, form: FrameFormat, spec: PatchCoreSpec, size: int, folders: Folders
) -> _Window:
    """Both graphs, with one passing memory."""
    tile = replace(form, height=min(form.height, size), width=min(form.width, size))
    window = replace(
        form, height=min(form.height, _WINDOW * size), width=min(form.width, _WINDOW * size)
    )
    whole = features_graph(spec, window, folders)
    run = compile_graph(whole.SerializeToString(), threads=0)
    reservoirs = [Reservoir(_SAMPLE, spec.seed) for _ in spec.scales]
    grids = [(0, 0)] * len(spec.scales)
    for index in range(min(_REMEMBERED, len(images))):
        found = run([_middle(images[index], window)[None]])
        for scale, (maps,) in enumerate(found):
            grids[scale] = maps.shape[1:]
            reservoirs[scale].add(maps.reshape(len(maps), -1).T)
    small = spec.model_copy(update={"coreset": min(spec.coreset, _CORESET)})
    memories = [remember(one.vectors, small, lambda share: None) for one in reservoirs]
    of_tile = [
        (rows * tile.height // window.height, columns * tile.width // window.width)
        for rows, columns in grids
    ]
    parts = features_graph(spec, tile, folders)
    return _Window(
        window, tile, append_head(whole, memories, grids), append_head(parts, memories, of_tile)
    )


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
