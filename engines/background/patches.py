"""Patches of a frame on a grid, described by a basis that nobody has to teach."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engines.background.pictures import Image, picture_of
from inspector.core.errors import ConfigError, ImageError

Vectors = NDArray[np.float32]
"""float32[h, w, d]: one patch vector for each cell of the grid."""

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
        return max(1, round(height / self.stride)), max(1, round(width / self.stride))

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
        basis = _cosines(self.side, self.order)
        vectors = []
        for plane in picture.planes(0, height):
            windows = sliding_window_view(plane, (self.side, self.side))
            patches = windows[tops[:, None], lefts].reshape(rows, columns, -1)
            mean = patches.mean(axis=-1, keepdims=True)
            patches -= mean  # or the squares of a bright patch would drown what is left out
            low = patches @ basis.astype(plane.dtype)
            energy = np.einsum("hwp,hwp->hw", patches, patches) - (low * low).sum(axis=-1)
            vectors += [mean * self.side, low, np.sqrt(np.maximum(energy, 0.0))[..., None]]
        return np.concatenate(vectors, axis=-1).astype(np.float32)

    def _starts(self, length: int, cells: int) -> NDArray[np.intp]:
        centres = (np.arange(cells) + 0.5) * length / cells
        starts = np.rint(centres - self.side / 2).astype(np.intp)
        return np.clip(starts, 0, length - self.side)


def patches_for(height: int, width: int) -> Patches:
    """Patches of a thirty-second of the image's shorter side, half a patch apart."""
    stride = max(2, round(min(height, width) / _FINENESS))
    return Patches(side=2 * stride, stride=stride, order=min(5, 2 * stride))


@lru_cache(maxsize=16)
def _cosines(side: int, order: int) -> NDArray[np.float64]:
    """Columns [side², n]: orthonormal cosines (DCT-II) of low frequency but for the constant."""
    frequency, place = np.ogrid[:order, :side]
    waves = np.cos(np.pi * frequency * (2 * place + 1) / (2 * side)) * np.sqrt(2 / side)
    waves[0] /= np.sqrt(2)
    down, across = np.nonzero(np.add.outer(np.arange(order), np.arange(order)) < order)
    basis = np.einsum("ni,nj->ijn", waves[down[1:]], waves[across[1:]]).reshape(side**2, -1)
    basis.flags.writeable = False
    return np.asarray(basis, np.float64)
