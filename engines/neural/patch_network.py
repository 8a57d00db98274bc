"""A small network from images to patch features at strides 8 and 16: what makes a student quick."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

COARSEST = 16
"""Stride of the coarse scale: images are padded to multiples of it."""


BLOCKS = 2, 3
"""Bottlenecks at stride 8 and at stride 16."""


class PatchNetwork(nn.Module):
    """float32[N, colours, H, W] to features at strides 8 and 16: float32[N, features, h, w] each.

    ``width`` channels at stride 4, twice and four times as many further in. Grids are those of the
    image padded to a multiple of 16 px.
    """

    def __init__(self, colours: int, width: int, features: tuple[int, int]) -> None:
        super().__init__()
        self.fine = nn.Sequential(
            *_layer(colours, width // 2, 3, stride=2),
            *_layer(width // 2, width, 3, stride=2),
            *_layer(width, 2 * width, 3, stride=2),
            *(_Bottleneck(2 * width) for _ in range(BLOCKS[0])),
        )
        self.coarse = nn.Sequential(
            *_layer(2 * width, 4 * width, 3, stride=2),
            *(_Bottleneck(4 * width) for _ in range(BLOCKS[1])),
        )
        self.context = nn.Conv2d(4 * width, 2 * width, 1)
        self.of_fine = nn.Conv2d(2 * width, features[0], 1)
        self.of_coarse = nn.Conv2d(4 * width, features[1], 1)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's own stubs lack it

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Features of a batch, the fine ones first; those know what lies around, too."""
        bottom, right = (-side % COARSEST for side in images.shape[2:])
        if bottom or right:
            pads = (right // 2, right - right // 2, bottom // 2, bottom - bottom // 2)
            images = functional.pad(images, pads, mode="replicate")
        fine = self.fine(images)
        coarse = self.coarse(fine)
        around = functional.interpolate(
            self.context(coarse), scale_factor=2.0, mode="bilinear", align_corners=False
        )
        return self.of_fine(functional.relu(fine + around)), self.of_coarse(coarse)


class _Bottleneck(nn.Module):
    """Half the channels see their neighbours; added to the input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = channels // 2
        self.layers = nn.Sequential(
            *_layer(channels, inner, 1),
            *_layer(inner, inner, 3),
            nn.Conv2d(inner, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = x + self.layers(x)
        return added


def _layer(channels: int, wanted: int, side: int, stride: int = 1) -> tuple[nn.Module, ...]:
    convolution = nn.Conv2d(channels, wanted, side, stride, side // 2, bias=False)
    return convolution, nn.BatchNorm2d(wanted), nn.ReLU()
