"""A cheap look everywhere, an exact one only where it is worth its time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.background.pictures import Image, Kernel
from engines.background.representation import Representation
from inspector.core.frame import ScoreMap


@dataclass(frozen=True, slots=True)
class SecondLook:
    """``min(first, max(gain * second, near))``: both must find a place strange, beyond ``near``.

    Where the first map is not above ``near`` that is the first map, whatever the second would say:
    it is not asked. Above it every threshold means that both exceed it. So the map does not depend
    on the threshold, which may be calibrated on it. ``gain`` brings the second score, which has
    another spread, to the first one's units. Cells are those of the second kernel; the first one's
    largest value in each counts.
    """

    first: Kernel
    second: Representation
    near: float
    gain: float = 1.0

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image: float32[h, w] at the grid of the second kernel."""
        cheap = _largest(self.first(image), self.second.patches.grid(*image.shape[:2]))
        chosen = cheap > self.near
        if chosen.any():
            exact = self.gain * self.second.at(image, chosen)
            cheap[chosen] = np.minimum(cheap[chosen], np.maximum(exact, self.near))
        return cheap


def _largest(score_map: ScoreMap, grid: tuple[int, int]) -> ScoreMap:
    """The largest value in each cell of a grid that is not finer than the map."""
    for axis, cells in enumerate(grid):
        starts = np.arange(cells) * score_map.shape[axis] // cells
        score_map = np.maximum.reduceat(score_map, starts, axis=axis)
    return score_map
