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

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.neural.on_features import FeatureHead, Whitening, teach_heads
from engines.taught import NOWHERE, Folders, Images, Progress, Taught
from inspector.core.engine_spec import FlowSpec
from inspector.core.frame import FrameFormat

CLAMP = 1.9
"""Largest logarithm of a block's scale, so that no block can explode (as in FastFlow)."""
LEAST_SPREAD = 1e-3


def teach(
    images: Images,
    form: FrameFormat,
    spec: FlowSpec,
    progress: Progress,
    folders: Folders = NOWHERE,
) -> Taught:
    """Learn from prepared good images; see `teach_heads`."""

    def build(white: Whitening) -> Flow:
        return Flow(white, spec.blocks, spec.width)

    return teach_heads(images, form, spec, progress, folders, build=build)


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
    """How unlikely each cell is: softplus(1 + z), where z counts it in spreads of good cells.

    Far out that is linear, it is never below 0, and it orders cells as their likelihood does.
    """

    mean: Tensor
    spread: Tensor
    unit: Tensor

    def __init__(self, white: Whitening, blocks: int, width: int) -> None:
        super().__init__()
        self.white = white
        self.blocks = nn.ModuleList(Coupling(white.size, width) for _ in range(blocks))
        for name in ("mean", "spread", "unit"):
            self.register_buffer(name, torch.ones(()))

    def begin(self, batches: Iterable[Tensor]) -> None:
        """Nothing is measured before."""

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """Mean unlikelihood of all cells."""
        return self._unlikely(batch).mean()

    def end(self, trained: Iterable[Tensor], held_out: Iterable[Tensor]) -> None:
        """Set mean, spread and unit."""
        with torch.no_grad():
            found = torch.cat([self._unlikely(batch).flatten() for batch in held_out])
            self.mean = found.mean()
            self.spread = found.std().clamp_min(LEAST_SPREAD)
            self.unit = 1.0 / functional.softplus(1.0 + (found - self.mean) / self.spread).mean()

    def forward(self, features: Tensor) -> Tensor:
        """How strange each cell is."""
        away = (self._unlikely(features) - self.mean) / self.spread
        return functional.softplus(1.0 + away) * self.unit

    def _unlikely(self, features: Tensor) -> Tensor:
        """``-log p`` for each dimension but for its constant, float32[N, 1, h, w]."""
        x = self.white(features)
        volume = torch.zeros_like(x[:, :1])
        for block in self.blocks:
            x, grown = block(x)
            volume = volume + grown
        unlikely: Tensor = (0.5 * x.square().sum(1, keepdim=True) - volume) / self.white.size
        return unlikely
