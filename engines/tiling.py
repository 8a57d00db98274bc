"""Large images in overlapping tiles: where they lie, and how their maps become one.

Tiles and the borders between them lie on multiples of the coarsest stride, so every cell of a
feature grid means the same pixels in a tile as in the image.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import overload

import numpy as np
from numpy.typing import NDArray

from engines.bundle import Manifest, Tiling
from engines.taught import Images
from inspector.core.engine_spec import TaughtSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat, Pixels, ScoreMap

ALIGNMENT = 32
"""Coarsest stride of any backbone, px."""
AT_ONCE = 512 * 512
"""Pixels that go through the graph at once. A CPU is no faster with more, and every cell of a
feature grid needs memory for its distances to all remembered patches."""


@dataclass(frozen=True, slots=True)
class Span:
    """One tile along one axis, px: it sees ``start:stop`` and answers for ``first:last``."""

    start: int
    stop: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of an image."""

    rows: Span
    columns: Span

    def answers(self, step: int) -> tuple[slice, slice]:
        """What it answers for, in cells of ``step`` px of the image."""
        return (
            slice(self.rows.first // step, self.rows.last // step),
            slice(self.columns.first // step, self.columns.last // step),
        )

    def core(self, step: int) -> tuple[slice, slice]:
        """The same in cells of the tile."""
        rows, columns = self.answers(step)
        top, left = self.rows.start // step, self.columns.start // step
        return (
            slice(rows.start - top, rows.stop - top),
            slice(columns.start - left, columns.stop - left),
        )


@dataclass(frozen=True, slots=True)
class Tiles:
    """How images of one size are cut.

    ``all`` answers for every pixel once. ``height, width`` are those of a tile: of ``size`` px, or
    of the image where that is smaller.
    """

    all: tuple[Tile, ...]
    height: int
    width: int

    def cut(self, image: Pixels) -> Pixels:
        """uint8[H, W, C] to a copy uint8[tiles, h, w, C]."""
        return np.stack(
            [
                image[tile.rows.start : tile.rows.stop, tile.columns.start : tile.columns.stop]
                for tile in self.all
            ]
        )

    def join(self, image: Pixels, infer: Callable[[Pixels], ScoreMap]) -> ScoreMap:
        """The map float32[h, w] of an image uint8[H, W, C], from those of its tiles.

        ``infer`` takes uint8[n, h, w, C] to float32[n, h, w], which its next call may overwrite.
        """
        cut = self.cut(image)
        batch = max(1, AT_ONCE // (self.height * self.width))
        parts = range(0, len(cut), batch)
        maps = np.concatenate([infer(cut[begin : begin + batch]).copy() for begin in parts])
        return self.joined(image, maps)

    def joined(self, image: Pixels, parts: NDArray[np.float32]) -> NDArray[np.float32]:
        """What is known of each tile, float32[tiles, rows, columns, ...], for the whole image."""
        step = self.height // parts.shape[1]
        shape = (image.shape[0] // step, image.shape[1] // step, *parts.shape[3:])
        whole = np.empty(shape, np.float32)
        for tile, part in zip(self.all, parts, strict=True):
            whole[tile.answers(step)] = part[tile.core(step)]
        return whole


class OneTileEach(Sequence[Pixels]):
    """Images uint8[H, W, C] as their tiles uint8[h, w, C]: one of each image, in turn."""

    def __init__(self, images: Images, tiles: Tiles) -> None:
        self._images = images
        self._tiles = tiles

    def __len__(self) -> int:
        return len(self._images)

    @overload
    def __getitem__(self, index: int) -> Pixels: ...

    @overload
    def __getitem__(self, index: slice) -> list[Pixels]: ...

    def __getitem__(self, index: int | slice) -> Pixels | list[Pixels]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        tile: Pixels = self._tiles.cut(self._images[index])[index % len(self._tiles.all)]
        return tile


def tiles_in(manifest: Manifest) -> Tiles | None:
    """How a bundle's images are cut; None: its graph takes them in one piece."""
    tiling = manifest.tiling
    if tiling is None:
        return None
    height, width, _ = manifest.input_shape
    return tiles_of(height, width, tiling)


def tiles_of(height: int, width: int, tiling: Tiling) -> Tiles:
    """Tiles that see at least ``tiling.margin`` px beyond what they answer for.

    Outer tiles are flush with the image, and answer up to its edge. Raises ``ConfigError`` unless
    the sides of the image are multiples of ``ALIGNMENT``.
    """
    for name, side in (("width", width), ("height", height)):
        if side % ALIGNMENT:
            below = side // ALIGNMENT * ALIGNMENT
            near = " or ".join(str(n) for n in (below, below + ALIGNMENT) if n)
            raise ConfigError(
                f"preparation.{name}: {side} px cannot be cut into tiles (engine.tile)",
                remedy=f"Give {near}, or engine.tile: null",
            )
    rows, columns = (_spans(side, tiling.size, tiling.margin) for side in (height, width))
    return Tiles(
        tuple(Tile(row, column) for row, column in product(rows, columns)),
        min(tiling.size, height),
        min(tiling.size, width),
    )


def margined(form: FrameFormat, spec: TaughtSpec, margin: int) -> Tiling | None:
    """The tiles that a recipe asks for, of a known margin; None where an image is no larger.

    Raises ``ConfigError`` for tiles that would be only margin, and for sides that cannot be cut.
    """
    if spec.tile is None or max(form.height, form.width) <= spec.tile:
        return None
    if spec.tile <= 2 * margin:
        raise ConfigError(
            f"engine.tile: {spec.tile} px are only context, of which {margin} px are needed",
            remedy=f"Give at least {3 * margin}, or null",
        )
    tiling = Tiling(size=spec.tile, margin=margin)
    tiles_of(form.height, form.width, tiling)
    return tiling


def part_of(form: FrameFormat, tiling: Tiling | None) -> FrameFormat:
    """The form of one tile; the image's own where it is taken in one piece."""
    if tiling is None:
        return form
    tiles = tiles_of(form.height, form.width, tiling)
    return replace(form, height=tiles.height, width=tiles.width)


def _spans(length: int, size: int, margin: int) -> list[Span]:
    """As few as will do, spread evenly."""
    if length <= size:
        return [Span(0, length, 0, length)]
    steps = -(-(length - size) // (size - 2 * margin))
    starts = [_aligned((length - size) * step // steps) for step in range(steps + 1)]
    borders = [_aligned((one + size + other) // 2) for one, other in pairwise(starts)]
    edges = pairwise([0, *borders, length])
    return [Span(start, start + size, *edge) for start, edge in zip(starts, edges, strict=True)]


def _aligned(place: int) -> int:
    return place // ALIGNMENT * ALIGNMENT
