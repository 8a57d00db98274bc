"""The engine's map at several scales: what is faint and wide beside what is strong and small."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.errors import BundleError
from inspector.core.frame import ScoreMap

Values = NDArray[np.float64]

HARDLY = 0.001
"""Share of the cells of good parts beyond a level that is learned from them."""


def averaged(score_map: ScoreMap, scales: int) -> Iterator[ScoreMap]:
    """The map itself, then averages of it over 2 and 4 cells a side, on its own grid.

    Gaussians of the variance of such a square: an even square would shift the map by half a cell.
    """
    yield score_map
    for scale in range(1, scales):
        spread = 2**scale / math.sqrt(12.0)
        yield np.asarray(cv2.GaussianBlur(score_map, (0, 0), spread), np.float32)


@dataclass(frozen=True, slots=True)
class Averages:
    """What cells of good parts have at each scale, float64[scales]: ``usual``, the median, and
    ``hardly``, the level that hardly any exceeds."""

    usual: Values
    hardly: Values

    @classmethod
    def of(cls, cells: NDArray[np.float32]) -> Averages:
        """From cells float32[scales, n] of good parts."""
        found = np.quantile(cells, [0.5, 1.0 - HARDLY], axis=1).astype(np.float64)
        return cls(found[0], found[1])

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], scales: int) -> Averages:
        """What ``arrays`` gave. Raises ``BundleError`` for anything else."""
        if {name: array.shape for name, array in arrays.items()} != {
            "usual": (scales,),
            "hardly": (scales,),
        }:
            raise BundleError(
                f"check engine: did not learn {scales} scales",
                remedy="Calibrate the product again with this recipe",
            )
        return cls(arrays["usual"], arrays["hardly"])

    def arrays(self) -> dict[str, Values]:
        """As a calibration keeps them."""
        return {"usual": self.usual, "hardly": self.hardly}

    def fused(self, score_map: ScoreMap) -> ScoreMap:
        """The largest of all scales, float32[h, w], in units of the map's own.

        Each average is stretched so that ``usual`` and ``hardly`` come to lie where the map's own
        do. A scale at which good parts are all the same is left out.
        """
        fused, own = score_map, self.hardly[0] - self.usual[0]
        maps = averaged(score_map, len(self.usual))
        for average, usual, hardly in zip(maps, self.usual, self.hardly, strict=True):
            if average is not score_map and hardly > usual:
                gain = own / (hardly - usual)
                offset = self.usual[0] - gain * usual
                fused = np.maximum(fused, average * np.float32(gain) + np.float32(offset))
        return fused
