"""Patches of a frame on a grid, described by a basis that nobody has to teach."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engines.background.pictures import Image, Plane, picture_of
from inspector.core.errors import ConfigError, ImageError

Vectors = NDArray[np.float32]
"""float32[h, w, d]: one patch vector for each cell of the grid."""
Indexes = NDArray[np.intp]

_FINENESS = 64
"""Cells along the shorter side that ``patches_for`` aims at."""


@dataclass(frozen=True, slots=True)
class Patches:
    """Square patches of ``side`` px, ``stride`` px apart, spread evenly and inside the image.

    A patch becomes, for each channel, its ``order * (order + 1) / 2`` lowest coefficients in the
    orthonormal discrete cosine basis (the first is its mean times ``side``), and the length of all
    that these leave out. So distances are those between smoothed patches, in levels. Patches
    of the outermost cells are moved inwards. Raises ``ConfigError``.
    """

    side: int = 8
    stride: int = 4
    order: int = 5

    def __post_init__(self) -> None:
        if not 1 <= self.stride <= self.side or not 1 <= self.order <= self.side:
            raise ConfigError(
                f"patches: side {self.side}, stride {self.stride}, order {self.order}",
                remedy="Give a stride and an order from 1 to the side of a patch",
            )

    def grid(self, height: int, width: int) -> tuple[int, int]:
        """Rows and columns of cells over an image."""
        return self._cells(height), self._cells(width)

    def vectors(self, image: Image) -> Vectors:
        """Describe an image. Raises ``ImageError``, also where it is smaller than a patch."""
        picture = picture_of(image)
        height, width = picture.channels.shape[1:]
        if min(height, width) < self.side:
            raise ImageError(
                f"image of {width}x{height} px, smaller than a patch of {self.side} px",
                remedy="Prepare it larger, or choose smaller patches",
            )
        rows, columns = self.grid(height, width)
        tops, lefts = self._starts(height, rows), self._starts(width, columns)
        vectors: list[NDArray[Any]] = []
        for plane in picture.planes(0, height):
            total, squares = (
                _at_patches(sums, tops, lefts, self.side) for sums in cv2.integral2(plane)
            )
            low = self._low(plane, tops, lefts)
            left = squares - (total / self.side) ** 2 - (low * low).sum(axis=-1)
            vectors += [
                (total / self.side)[..., None],
                low,
                np.sqrt(np.maximum(left, 0.0))[..., None],
            ]
        return np.concatenate(vectors, axis=-1).astype(np.float32)

    def drawn(self, vectors: Vectors, height: int, width: int) -> NDArray[np.float32]:
        """What vectors of an image say of it: levels float32[C, H, W], patches averaged.

        Without the waves that the vectors know only the length of.
        """
        basis = self.basis().astype(np.float32)
        count = len(basis)
        rows, columns = self.places(height), self.places(width)
        where = rows[:, None, :, None], columns[None, :, None, :]
        times = np.zeros((height, width), np.float32)
        np.add.at(times, where, np.float32(1.0))
        channels = np.zeros((vectors.shape[2] // (count + 1), height, width), np.float32)
        for number, channel in enumerate(channels):
            first = number * (count + 1)
            own = vectors[..., first : first + count]
            np.add.at(channel, where, np.tensordot(own, basis, axes=1))
        return np.asarray(channels / np.maximum(times, 1.0), np.float32)

    def places(self, length: int) -> Indexes:
        """Along one axis of an image: the pixels of each cell's patch, [cells, side]."""
        return self._starts(length, self._cells(length))[:, None] + np.arange(self.side)

    def basis(self) -> NDArray[np.float64]:
        """What a patch is multiplied with, [coefficients, side, side]: its lowest waves."""
        waves = _cosines(self.side, self.order)
        return np.asarray(np.einsum("yu,xv->uvyx", waves, waves)[self._kept])

    @property
    def _kept(self) -> NDArray[np.bool_]:
        """Which frequencies, down and across, count: [order, order]."""
        return np.add.outer(np.arange(self.order), np.arange(self.order)) < self.order

    def _low(self, plane: Plane, tops: Indexes, lefts: Indexes) -> Plane:
        """Coefficients [h, w, n] of low frequency but for the constant one: down, then across."""
        waves = _cosines(self.side, self.order).astype(plane.dtype)
        bands = sliding_window_view(plane, self.side, axis=0)[tops] @ waves
        windows = sliding_window_view(bands, self.side, axis=1)[:, lefts]
        rows, columns = len(tops), len(lefts)
        both = windows.reshape(rows, columns * self.order, self.side) @ waves
        kept = both.reshape(rows, columns, self.order, self.order)[..., self._kept]
        return np.asarray(kept[..., 1:])

    def _cells(self, length: int) -> int:
        return max(1, round(length / self.stride))

    def _starts(self, length: int, cells: int) -> Indexes:
        centres = (np.arange(cells) + 0.5) * length / cells
        starts = np.rint(centres - self.side / 2).astype(np.intp)
        return np.clip(starts, 0, length - self.side)


def patches_for(height: int, width: int) -> Patches:
    """Patches of a thirty-second of the image's shorter side, half a patch apart."""
    stride = max(2, round(min(height, width) / _FINENESS))
    return Patches(side=2 * stride, stride=stride, order=min(5, 2 * stride))


def _at_patches(sums: Plane, tops: Indexes, lefts: Indexes, side: int) -> Plane:
    """Sums over patches, of the integral image [H + 1, W + 1]."""
    above, below = sums[tops], sums[tops + side]
    return below[:, lefts + side] - below[:, lefts] - above[:, lefts + side] + above[:, lefts]


@lru_cache(maxsize=16)
def _cosines(side: int, order: int) -> NDArray[np.float64]:
    """Columns [side, order]: the lowest orthonormal cosines (DCT-II)."""
    place, frequency = np.ogrid[:side, :order]
    waves = np.cos(np.pi * frequency * (2 * place + 1) / (2 * side)) * np.sqrt(2 / side)
    waves[:, 0] /= np.sqrt(2)
    waves.flags.writeable = False
    return np.asarray(waves, np.float64)
