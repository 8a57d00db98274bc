"""Patch vectors: what a place of an image looks like, together with its neighbours."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.backbones.registry import build
from engines.backbones.weights import find_weights
from engines.pixels import GreyLevels
from engines.taught import Folders
from inspector.core.engine_spec import OnPatches
from inspector.core.frame import PixelFormat


class Embedding(nn.Module):
    """Neighbourhood means of each level; a scale joins those of its strides.

    uint8[N, H, W, C] to float32[N, D, h, w] for each scale, at the grid of its finest stride.
    ``backbone`` hands out the levels of ``spec.strides``. Roth et al., CVPR 2022 (PatchCore),
    section 3.1, at several scales.
    """

    def __init__(self, pixel_format: PixelFormat, backbone: nn.Module, spec: OnPatches) -> None:
        super().__init__()
        self.levels = GreyLevels(pixel_format)
        self.backbone = backbone
        self._spec = spec

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Patch vectors of a batch of raw images, one tensor for each scale."""
        return self.of_levels(self.levels(image))

    def of_levels(self, levels: Tensor) -> tuple[Tensor, ...]:
        """The same of grey levels float32[N, 1 or 3, H, W] in 0..255."""
        maps = self.backbone(levels.expand(-1, 3, -1, -1))
        means = dict(zip(self._spec.strides, map(self._mean, maps), strict=True))
        return tuple(_joined([means[stride] for stride in scale]) for scale in self._spec.scales)

    def _mean(self, level: Tensor) -> Tensor:
        side = self._spec.neighbourhood
        if side == 1:
            return level
        return functional.avg_pool2d(
            level, side, stride=1, padding=side // 2, count_include_pad=False
        )


def embedding_of(spec: OnPatches, pixel_format: PixelFormat, folders: Folders) -> Embedding:
    """With the backbone and weights that ``spec`` names, to be used. Raises ``ConfigError``."""
    weights = None if spec.weights is None else find_weights(spec.weights, folders)
    backbone = build(spec.backbone, spec.strides, weights)
    return Embedding(pixel_format, backbone, spec).eval()


def _joined(levels: list[Tensor]) -> Tensor:
    finest = levels[0]
    wide = [
        functional.interpolate(level, size=finest.shape[2:], mode="bilinear", align_corners=False)
        for level in levels[1:]
    ]
    return torch.cat([finest, *wide], dim=1) if wide else finest
