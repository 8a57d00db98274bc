"""Sizes that a network cannot halve often enough, padded inside by their edge pixels."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional

LEAST_CELLS = 4
"""Least side of the narrowest layer, in cells: smaller images are halved less often."""


def depth_for(size: tuple[int, int], wanted: int) -> int:
    """How often an image of this height and width is halved."""
    return min(wanted, max(1, (min(size) // LEAST_CELLS).bit_length() - 1))


@dataclass(frozen=True, slots=True)
class Margins:
    """What an image float32[N, C, H, W] lacks to be a multiple of ``unit`` px on each side."""

    height: int
    width: int
    unit: int

    @property
    def cells(self) -> tuple[int, int]:
        """Rows and columns of units in the padded image."""
        return -(-self.height // self.unit), -(-self.width // self.unit)

    def padded(self, image: Tensor) -> Tensor:
        """The image with its edge pixels repeated outwards."""
        down, right = self._missing
        if not down and not right:
            return image
        pads = (right // 2, right - right // 2, down // 2, down - down // 2)
        return functional.pad(image, pads, mode="replicate")

    def cropped(self, drawn: Tensor) -> Tensor:
        """What lies over the image."""
        down, right = self._missing
        if not down and not right:
            return drawn
        top, left = down // 2, right // 2
        return drawn[..., top : top + self.height, left : left + self.width]

    def spread_out(self, cells: Tensor, stride: int) -> Tensor:
        """Values of units, float32[N, C, rows, columns], at every ``stride``-th pixel.

        Each pixel has the value of its unit: a map of the size that residuals have.
        """
        whole = functional.interpolate(cells, scale_factor=float(self.unit), mode="nearest")
        return self.cropped(whole)[..., ::stride, ::stride]

    @property
    def _missing(self) -> tuple[int, int]:
        return -self.height % self.unit, -self.width % self.unit
