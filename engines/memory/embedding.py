"""Patch vectors: what a place of an image looks like, together with its neighbours."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.pixels import GreyLevels
from inspector.core.frame import PixelFormat

SCALES = ("fine", "coarse")
"""Patch vectors of strides 8 and 16 together, and of strides 16 and 32."""


class Embedding(nn.Module):
    """3x3 neighbourhood means of each level, joined with those of the next coarser level.

    uint8[N, H, W, C] to float32[N, D, h, w] for each of ``SCALES``, at the grid of the finer level.
    Roth et al., CVPR 2022 (PatchCore), section 3.1, at two scales.
    """

    def __init__(self, pixel_format: PixelFormat, backbone: nn.Module) -> None:
        super().__init__()
        self.levels = GreyLevels(pixel_format)
        self.backbone = backbone

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Patch vectors of a batch of raw images, finest scale first."""
        pooled = [
            functional.avg_pool2d(level, 3, stride=1, padding=1, count_include_pad=False)
            for level in self.backbone(self._colour(image))
        ]
        return tuple(_joined(fine, coarse) for fine, coarse in pairwise(pooled))

    def _colour(self, image: Tensor) -> Tensor:
        levels: Tensor = self.levels(image)
        return levels.expand(-1, 3, -1, -1)


def _joined(fine: Tensor, coarse: Tensor) -> Tensor:
    grid = fine.shape[2:]
    wide = functional.interpolate(coarse, size=grid, mode="bilinear", align_corners=False)
    return torch.cat([fine, wide], dim=1)
