"""Dual windows: the ring around a place that says what is usual there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.background.pictures import Plane
from inspector.core.errors import ConfigError

Cells = NDArray[np.float64]
"""float64[..., h, w]: one value for each cell of an image."""

FINENESS = 64
"""Cells along the shorter side that ``windows_for`` aims at."""


@dataclass(frozen=True, slots=True)
class Windows:
    """An outer window less a guard window around each cell, clipped at the image's borders.

    ``outer`` and ``guard`` are odd numbers of cells, ``step`` is the side of a cell in pixels: all
    pixels of a cell have one ring. With a step of 1 it is the textbook's ring of every pixel. A
    defect has to fit into the guard, or it becomes part of what is usual. Raises ``ConfigError``.
    """

    outer: int = 9
    guard: int = 3
    step: int = 1

    def __post_init__(self) -> None:
        check_sides(self.outer, self.guard)
        if self.step < 1:
            raise ConfigError(
                f"windows: step {self.step}", remedy="Give the side of a cell, 1 px at least"
            )

    def cells(self, height: int, width: int) -> tuple[int, int]:
        """Rows and columns of cells; those at the far edges may be cut."""
        return -(-height // self.step), -(-width // self.step)

    def sums_across(self, bands: Plane) -> Cells:
        """Sums over the columns of each cell, [..., width] to [..., cells]; the last may be cut.

        In the bands' own type: exact for squares of 8 bits in float32 up to cells of 16 px.
        """
        missing = -bands.shape[-1] % self.step
        if missing:
            bands = np.pad(bands, [(0, 0)] * (bands.ndim - 1) + [(0, missing)])
        cells = bands.reshape(*bands.shape[:-1], -1, self.step)
        return np.asarray(cells @ np.ones(self.step, bands.dtype), np.float64)

    def ring_sums(self, cells: Cells) -> Cells:
        """Sum over the ring of each cell [h, w]."""
        return np.asarray(_box(cells, self.outer) - _box(cells, self.guard))

    def kernel(self) -> Cells:
        """Ones on the ring around a cell, else zeros: [outer, outer]."""
        inside, beyond = np.zeros((self.outer, self.outer)), (self.outer - self.guard) // 2
        inside[beyond : beyond + self.guard, beyond : beyond + self.guard] = 1.0
        return 1.0 - inside

    def ring_counts(self, height: int, width: int) -> Cells:
        """Pixels in the ring of each cell of an image: 0 where it is smaller than the guard."""
        return _ring_counts(self, height, width)


def windows_for(height: int, width: int) -> Windows:
    """Windows in proportion to the image: a guard of 5 % and a ring of 14 % of its shorter side.

    Larger defects are what the coarser scales of a pyramid are for: there the same windows, in
    pixels, cover more of the part.
    """
    return Windows(step=max(1, round(min(height, width) / FINENESS)))


def check_sides(outer: int, guard: int) -> None:
    """Raise ``ConfigError`` unless both are odd and the guard, at least 1, fits into the outer."""
    if outer % 2 == 0 or guard % 2 == 0 or not 0 < guard < outer:
        raise ConfigError(
            f"windows: outer {outer} and guard {guard}",
            remedy="Give odd numbers of cells, the guard smaller than the outer window",
        )


def _box(cells: Cells, side: int) -> Cells:
    """Sum over a square window; outside of the image there is nothing."""
    return np.asarray(
        cv2.boxFilter(cells, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    )


@lru_cache(maxsize=16)
def _ring_counts(windows: Windows, height: int, width: int) -> Cells:
    def lengths(side: int, cells: int, window: int) -> Cells:
        first = np.arange(cells) - window // 2
        ends = np.stack([first, first + window]).clip(0, cells) * windows.step
        return np.asarray(np.minimum(ends[1], side) - np.minimum(ends[0], side), np.float64)

    rows, columns = windows.cells(height, width)
    outer, guard = (
        np.multiply.outer(lengths(height, rows, side), lengths(width, columns, side))
        for side in (windows.outer, windows.guard)
    )
    counts: Cells = outer - guard
    counts.flags.writeable = False
    return counts
