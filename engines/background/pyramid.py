"""Several scales of one image: small defects on the finest, large and faint ones on the coarser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from engines.background.pictures import Image, Kernel, reduced, resized
from inspector.core.errors import ConfigError
from inspector.core.frame import ScoreMap

SMALLEST = 16
"""Shorter side of the coarsest image that is still looked at, px."""


RARELY = 0.05
"""Share of good images whose maximum exceeds what a scale is counted in."""


@dataclass(frozen=True, slots=True)
class Pyramid:
    """One kernel for each scale, each at half the size of the one before; the largest value counts.

    Give all the same windows in pixels: only so does a coarser scale look at larger defects.
    Every kernel counts in standard deviations of what is usual at its own scale, so their values
    can be compared; better still by ``gains``, factors that good images teach (`gains_of`). The
    largest, because a defect lives at one scale: a mean would thin it out by those where nothing is
    to be seen. The map has the grid of the finest. Scales at which the image would be smaller than
    ``smallest`` px are left out. Raises ``ConfigError`` without kernels, or a gain for each.
    """

    kernels: tuple[Kernel, ...]
    smallest: int = SMALLEST
    gains: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.kernels:
            raise ConfigError("a pyramid without scales", remedy="Give a kernel for each scale")
        if self.gains and len(self.gains) != len(self.kernels):
            raise ConfigError(
                f"{len(self.gains)} gains of {len(self.kernels)} scales",
                remedy="Calibrate the product again with this recipe",
            )

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image: float32[h, w] at the grid of the first kernel."""
        fused: ScoreMap | None = None
        gains = self.gains or repeat(1.0)
        for found, gain in zip(self.maps(image), gains, strict=False):
            own = found if gain == 1.0 else found * np.float32(gain)
            fused = own if fused is None else np.maximum(fused, own, out=fused)
        assert fused is not None  # there is one kernel at least
        return fused

    def maps(self, image: Image) -> Iterator[ScoreMap]:
        """What every scale finds by itself, float32[h, w] at the grid of the first kernel."""
        first = self.kernels[0](image)
        yield first
        for kernel in self.kernels[1:]:
            image = reduced(image)
            if min(image.shape[:2]) < self.smallest:
                return
            yield resized(kernel(image), first.shape)


def gains_of(tops: NDArray[np.float64]) -> tuple[float, ...]:
    """Factors by which all scales reject as many good images as the finest does.

    ``tops`` float64[n, scales] are the maxima of the maps of good images. A scale at which these
    show nothing keeps its unit.
    """
    levels = np.quantile(tops, 1.0 - RARELY, axis=0)
    usable = (levels > 0.0) & (levels[0] > 0.0)
    gains = np.divide(levels[0], levels, out=np.ones_like(levels), where=usable)
    return tuple(gains.tolist())
