"""Normalizing flow: how unlikely a patch is among good ones, by an invertible network.

Dinh, Sohl-Dickstein & Bengio, "Density estimation using Real NVP", ICLR 2017, on the features of a
pretrained network as in Yu et al., "FastFlow", 2021. White patch vectors x go through coupling
blocks: one half of the channels says by how much the other is scaled and shifted,
``y = x * exp(s(x')) + t(x')``, and ``-log p(x) = |z|^2 / 2 - sum s`` up to a constant. Blocks begin
as the identity, where this is the Gaussian of `engines.memory.deep_rx`: what training adds is how
good patches differ from a Gaussian, and early stopping keeps it from adding what only the trained
images have.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.neural.on_features import FeatureHead, Whitening, teach_heads
from inspector.core.engine_spec import FlowSpec

CLAMP = 1.9
"""Largest logarithm of a block's scale, so that no block can explode (as in FastFlow)."""
LEAST = 1e-6


class Coupling(nn.Module):
    """One half of the channels scales and shifts the other, by a network over 3x3 cells.

    The channels are shuffled first, the same way at every place.
    """

    order: Tensor

    def __init__(self, size: int, width: int) -> None:
        super().__init__()
        self._kept = size // 2
        moved = size - self._kept
        first = nn.Conv2d(self._kept, width, 3, padding=1, padding_mode="replicate")
        last = nn.Conv2d(width, 2 * moved, 1)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)  # type: ignore[arg-type]  # it has one
        self.network = nn.Sequential(first, nn.ReLU(), last)
        self.register_buffer("order", torch.eye(size)[torch.randperm(size)][:, :, None, None])

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The vectors, and the logarithm of the determinant float32[N, 1, h, w]."""
        x = functional.conv2d(x, self.order)
        kept, moved = x[:, : self._kept], x[:, self._kept :]
        scale, shift = self.network(kept).chunk(2, dim=1)
        scale = CLAMP * torch.tanh(scale / CLAMP)
        return torch.cat([moved * scale.exp() + shift, kept], 1), scale.sum(1, keepdim=True)


class Flow(FeatureHead):
    """Length of z at each cell, in units of that of good cells.

    Not ``-log p``: where the network never saw anything like a patch its volume is arbitrary, and
    such patches can seem likely (Kirichenko, Izmailov & Wilson, "Why normalizing flows fail to
    detect out-of-distribution data", NeurIPS 2020).
    """

    unit: Tensor

    def __init__(self, white: Whitening, spec: FlowSpec) -> None:
        super().__init__()
        self.white = white
        self.blocks = nn.ModuleList(Coupling(white.size, spec.width) for _ in range(spec.blocks))
        self.register_buffer("unit", torch.ones(()))

    def begin(self, batches: Iterable[Tensor]) -> None:
        """Nothing is measured before."""

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """``-log p`` of a cell for each dimension, but for its constant."""
        z, volume = self._transformed(batch)
        return (0.5 * z.square().sum(1, keepdim=True) - volume).mean() / self.white.size

    def end(self, trained: Iterable[Tensor], held_out: Iterable[Tensor]) -> None:
        """Set the unit."""
        with torch.no_grad():
            usual = torch.stack([self._length(batch).mean() for batch in held_out])
        self.unit = 1.0 / usual.mean().clamp_min(LEAST)

    def forward(self, features: Tensor) -> Tensor:
        """How strange each cell is."""
        return self._length(features) * self.unit

    def _length(self, features: Tensor) -> Tensor:
        z, _ = self._transformed(features)
        return (z.square().mean(1, keepdim=True) + LEAST).sqrt()

    def _transformed(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """z float32[N, d, h, w] and the logarithm of the determinant float32[N, 1, h, w]."""
        z = self.white(features)
        volume = torch.zeros_like(z[:, :1])
        for block in self.blocks:
            z, grown = block(z)
            volume = volume + grown
        return z, volume


teach = partial(teach_heads, build=Flow)
"""Learns from prepared good images; see `teach_heads`."""
