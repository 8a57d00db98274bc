"""A small network from shallow features to deep ones: what makes a student quick."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

BLOCKS = 3
"""Bottlenecks at stride 16; one more looks around at stride 32."""


class PatchNetwork(nn.Module):
    """float32[N, seen, h, w] at stride 8 to features at stride 16: float32[N, features, h/2, w/2].

    ``width`` channels throughout. An odd row or column is repeated at the edge first.
    """

    def __init__(self, seen: int, width: int, features: int) -> None:
        super().__init__()
        self.units = nn.BatchNorm2d(seen)
        self.near = nn.Sequential(
            *_layer(seen, width, 3, stride=2), *(_Bottleneck(width) for _ in range(BLOCKS))
        )
        self.around = nn.Sequential(
            *_layer(width, width, 3, stride=2), _Bottleneck(width), nn.Conv2d(width, width, 1)
        )
        self.said = nn.Conv2d(width, features, 1)
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's own stubs lack it

    def forward(self, seen: Tensor) -> Tensor:
        """Features of a batch."""
        bottom, right = (side % 2 for side in seen.shape[2:])
        if bottom or right:
            seen = functional.pad(seen, (0, right, 0, bottom), mode="replicate")
        near = self.near(self.units(seen))
        around = functional.interpolate(
            self.around(near), size=near.shape[2:], mode="bilinear", align_corners=False
        )
        said: Tensor = self.said(functional.relu(near + around))
        return said


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
