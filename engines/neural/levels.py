"""Grey levels in units of the product's own: contrast that is small matters where it is usual."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engines.neural.kept_images import KeptImages
from engines.pixels import GreyLevels
from engines.taught import Progress
from inspector.core.frame import PixelFormat

MEASURED = 64
"""Images that mean and standard deviation of the levels are taken from, at most."""


class StandardLevels(nn.Module):
    """uint8[N, H, W, bytes] to float32[N, colours, H, W]: mean 0, standard deviation 1."""

    mean: Tensor
    scale: Tensor

    def __init__(self, pixel_format: PixelFormat, mean: Tensor, deviation: Tensor) -> None:
        super().__init__()
        self.grey = GreyLevels(pixel_format)
        self.register_buffer("mean", mean.reshape(1, -1, 1, 1))
        self.register_buffer("scale", 1.0 / deviation.reshape(1, -1, 1, 1))

    @property
    def black(self) -> float:
        """The standardised level of black, the mean over colours."""
        return -float((self.mean * self.scale).mean())

    def picture(self, images: Tensor) -> Tensor:
        """Standardised levels as grey levels 0..255 again."""
        return (images / self.scale + self.mean).clamp(0.0, 255.0)

    def standard(self, levels: Tensor) -> Tensor:
        """Grey levels 0..255 as standardised ones."""
        return (levels - self.mean) * self.scale

    def forward(self, batch: Tensor) -> Tensor:
        """Standardised levels of a batch of raw images."""
        return self.standard(self.grey(batch))


def standard_levels(
    images: KeptImages, indices: Sequence[int], pixel_format: PixelFormat, progress: Progress
) -> StandardLevels:
    """Measure the levels of each colour on good images; all colours share one contrast."""
    grey = GreyLevels(pixel_format)
    chosen = indices[:MEASURED]
    means, squares = [], []
    for done, index in enumerate(chosen):
        progress("levels", done / len(chosen))
        levels = grey(images.batch([index])).double()
        means.append(levels.mean((0, 2, 3)))
        squares.append(levels.square().mean((0, 2, 3)))
    mean = torch.stack(means).mean(0)
    variance = (torch.stack(squares).mean(0) - mean**2).clamp_min(0.0)
    deviation = variance.mean().sqrt().clamp_min(1.0 / 256).expand_as(mean)
    return StandardLevels(pixel_format, mean.float(), deviation.float())
