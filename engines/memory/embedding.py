"""Patch vectors: what a place of an image looks like, together with its neighbours."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class Embedding(nn.Module):
    """3x3 neighbourhood means of all levels, joined at the grid of the finest.

    uint8[N, H, W, C] to float32[N, D, h, w]. Roth et al., CVPR 2022 (PatchCore), section 3.1.
    """

    def __init__(self, backbone: nn.Module) -> None:
        super().__init__()
        self.backbone = backbone

    def forward(self, image: Tensor) -> Tensor:
        """Patch vectors of a batch of raw images."""
        pooled = [
            functional.avg_pool2d(level, 3, stride=1, padding=1, count_include_pad=False)
            for level in self.backbone(image)
        ]
        grid = pooled[0].shape[2:]
        coarse = [
            functional.interpolate(level, size=grid, mode="bilinear", align_corners=False)
            for level in pooled[1:]
        ]
        return torch.cat([pooled[0], *coarse], dim=1)
