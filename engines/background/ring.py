"""The ring of patches around a patch, moved inwards at the borders of their grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.background.patches import Indexes
from engines.background.windows import check_sides


@dataclass(frozen=True, slots=True)
class Ring:
    """Outer and guard window in cells of a grid of patches, odd. Raises ``ConfigError``."""

    outer: int = 13
    guard: int = 5

    def __post_init__(self) -> None:
        check_sides(self.outer, self.guard)

    def atoms(
        self, shape: tuple[int, int], rows: Indexes, columns: Indexes
    ) -> tuple[Indexes, NDArray[np.bool_]]:
        """Atoms of some cells of a grid: flat indexes [n, m], and which of them lie in the ring."""
        down, across = self._places(shape[0], rows), self._places(shape[1], columns)
        flat = down[:, :, None] * shape[1] + across[:, None, :]
        beyond = self.guard // 2
        inside = (np.abs(down - rows[:, None]) > beyond)[:, :, None] | (
            np.abs(across - columns[:, None]) > beyond
        )[:, None, :]
        return flat.reshape(len(rows), -1), inside.reshape(len(rows), -1)

    def windows(self, length: int) -> tuple[Indexes, Indexes]:
        """Along one axis: first cell of each cell's outer window, and the one after its last."""
        outer = min(self.outer, length)
        first = np.clip(np.arange(length) - outer // 2, 0, length - outer)
        return first, first + outer

    def guards(self, length: int) -> tuple[Indexes, Indexes]:
        """The same for the guard window."""
        at, beyond = np.arange(length), self.guard // 2
        return np.maximum(at - beyond, 0), np.minimum(at + beyond + 1, length)

    def _places(self, length: int, at: Indexes) -> Indexes:
        """Along one axis: where the window of each cell lies, [n, outer]."""
        first = self.windows(length)[0][at]
        return np.asarray(first[:, None] + np.arange(min(self.outer, length)))
