"""Several scales of one image: small defects on the finest, large and faint ones on the coarser."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.background.pictures import Image, Kernel, reduced, resized
from inspector.core.errors import ConfigError
from inspector.core.frame import ScoreMap

SMALLEST = 16
"""Shorter side of the coarsest image that is still looked at, px."""


@dataclass(frozen=True, slots=True)
class Pyramid:
    """One kernel for each scale, each at half the size of the one before; the largest value counts.

    Give all the same windows in pixels: only so does a coarser scale look at larger defects.
    Every kernel counts in standard deviations of what is usual at its own scale, so their values
    can be compared. The largest, because a defect lives at one scale: a mean would thin it out by
    those where nothing is to be seen. The map has the grid of the finest. Scales at which the image
    would be smaller than ``smallest`` px are left out. Raises ``ConfigError`` without kernels.
    """

    kernels: tuple[Kernel, ...]
    smallest: int = SMALLEST

    def __post_init__(self) -> None:
        if not self.kernels:
            raise ConfigError("a pyramid without scales", remedy="Give a kernel for each scale")

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image: float32[h, w] at the grid of the first kernel."""
        fused = self.kernels[0](image)
        for kernel in self.kernels[1:]:
            image = reduced(image)
            if min(image.shape[:2]) < self.smallest:
                break
            np.maximum(fused, resized(kernel(image), fused.shape), out=fused)
        return fused
