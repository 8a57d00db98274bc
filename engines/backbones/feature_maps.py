"""What every network written here offers, and feature maps made of it."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn

Colour = tuple[float, ...]
"""A value each for red, green and blue, in grey levels 0..255."""


class Network(nn.Module):
    """A pretrained classifier up to its last feature map."""

    head: ClassVar[tuple[str, ...]]
    """Prefixes of a checkpoint's tensors that only classify: they are not wanted here."""
    mean: ClassVar[Colour]
    deviation: ClassVar[Colour]
    """It was trained to see (x - mean) / deviation."""

    @abstractmethod
    def stages(self) -> dict[int, nn.Module]:
        """From the image or the stage before to the end of each stride, 2 to 32, in order."""


class Normalise(nn.Module):
    """Grey levels as a network was trained to see them."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, mean: Colour, deviation: Colour) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean)[:, None, None])
        self.register_buffer("deviation", torch.tensor(deviation)[:, None, None])

    def forward(self, image: Tensor) -> Tensor:
        """Of float32[N, 3, H, W]."""
        return (image - self.mean) / self.deviation


class FeatureMaps(nn.Module):
    """float32[N, 3, H, W] in 0..255 to one map for each of ``strides``; nothing deeper is kept."""

    def __init__(self, network: Network, strides: tuple[int, ...]) -> None:
        super().__init__()
        self._strides = strides
        self.normalise = Normalise(network.mean, network.deviation)
        stages = network.stages().items()
        self.stages = nn.ModuleDict({str(at): part for at, part in stages if at <= strides[-1]})

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Features of a batch, finest first."""
        x = self.normalise(image)
        maps = []
        for stride, stage in self.stages.items():
            x = stage(x)
            if int(stride) in self._strides:
                maps.append(x)
        return tuple(maps)
