"""Damage that a network learns to mend, so that it does not learn to copy defects."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

CELLS = 3, 32
"""Least and most cells along the grid of noise that the blobs are cut from: their sizes."""
LEVEL = 1.5
"""Standard deviations above which noise becomes a blob: about 1/15 of the area."""


def blotted(images: Tensor, random: torch.Generator) -> Tensor:
    """Images float32[N, colours, H, W] in standard deviations, each with blobs over it.

    A blob shows one level, or another place of another image of the batch, more or less opaque.
    After Collin & De Vleeschouwer, "Improved anomaly detection by training an autoencoder with skip
    connections on images corrupted with stain-shaped noise", ICPR 2020.
    """
    count, colours, height, width = images.shape
    cells = int(torch.randint(*CELLS, (1,), generator=random))
    noise = torch.randn(count, 1, cells, cells, generator=random)
    grown = functional.interpolate(noise, (height, width), mode="bicubic", align_corners=False)
    opacity = 0.3 + 0.7 * torch.rand(count, 1, 1, 1, generator=random)
    level = 1.5 * torch.randn(count, colours, 1, 1, generator=random)
    down, right = (int(torch.randint(side, (1,), generator=random)) for side in (height, width))
    elsewhere = images.roll((1, down, right), (0, 2, 3))
    plain = torch.rand(count, 1, 1, 1, generator=random) < 0.5
    plain, level, opacity = (drawn.to(images.device) for drawn in (plain, level, opacity))
    blob = torch.where(plain, level, elsewhere)
    return torch.lerp(images, blob, opacity * (grown.to(images.device) > LEVEL))
