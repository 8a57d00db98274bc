"""Deep SVDD: a network that draws all good patches to one point; what stays away is strange.

Ruff et al., "Deep one-class classification", ICML 2018, equation 4: the mean of ``|f(x; W) - c|^2``
is made small. The centre c is the mean of what the untrained network says of good patches, and no
layer has a bias: one that had could say c of everything. Here x are whitened patch vectors of a
pretrained network, so that the map is fully convolutional. After training the network is tried on
vectors that no good part has, and refused where it draws these to the centre as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import torch
from torch import Tensor, nn

from engines.neural.on_features import FeatureHead, Whitening, teach_heads
from inspector.core.engine_spec import SvddSpec
from inspector.core.errors import ConfigError

AWAY = 0.1
"""Least size of each coordinate of the centre: at 0 a network of zeros would be perfect."""
DECAY = 1e-6
"""Weight of the squared weights in the loss, as in the paper."""
STRANGE = 3.0
"""Spread of the vectors that the network is tried on, in spreads of good ones."""
APART = 1.5
"""How many times farther those must be from the centre than good ones."""
PROBES = 4096
LEAST = 1e-6


class DeepSvdd(FeatureHead):
    """Distance of each cell from the centre, in units of that of good cells."""

    centre: Tensor
    unit: Tensor

    def __init__(self, white: Whitening, spec: SvddSpec) -> None:
        super().__init__()
        self.white = white
        self.layers = nn.Sequential(
            nn.Conv2d(white.size, spec.width, 1, bias=False),
            nn.LeakyReLU(0.1),
            nn.Conv2d(spec.width, spec.embedding, 1, bias=False),
        )
        self.register_buffer("centre", torch.ones(1, spec.embedding, 1, 1))
        self.register_buffer("unit", torch.ones(()))

    def begin(self, batches: Iterable[Tensor]) -> None:
        """Set the centre."""
        with torch.no_grad():
            means = [self.layers(self.white(batch)).mean((0, 2, 3)) for batch in batches]
        mean = torch.stack(means).mean(0)
        away = torch.where(mean < 0.0, -AWAY, AWAY)
        self.centre = torch.where(mean.abs() < AWAY, away, mean)[None, :, None, None]

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """Mean squared distance from the centre, and the weights' decay."""
        weights = torch.stack([weight.square().sum() for weight in self.layers.parameters()])
        return self._squared(self.white(batch)).mean() + 0.5 * DECAY * weights.sum()

    def end(self, trained: Iterable[Tensor], held_out: Iterable[Tensor]) -> None:
        """Set the unit, and try whether anything is far from the centre."""
        with torch.no_grad():
            learned, usual = (
                torch.stack([self._distance(self.white(batch)).mean() for batch in part]).mean()
                for part in (trained, held_out)
            )
            random = torch.Generator().manual_seed(0)
            probes = STRANGE * torch.randn(1, self.white.size, PROBES, 1, generator=random)
            strange = self._distance(probes).mean()
        if not strange > APART * learned:
            raise ConfigError(
                "engine.method: svdd has collapsed: it draws what no good part shows to the "
                f"centre as well (distance {strange:.2g}, of good parts {learned:.2g})",
                remedy="Give fewer engine.epochs, a larger engine.embedding, or patchcore",
            )
        self.unit = 1.0 / usual

    def forward(self, features: Tensor) -> Tensor:
        """How strange each cell is."""
        return self._distance(self.white(features)) * self.unit

    def _distance(self, white: Tensor) -> Tensor:
        return (self._squared(white) + LEAST).sqrt()

    def _squared(self, white: Tensor) -> Tensor:
        away = self.layers(white) - self.centre
        squared: Tensor = away.square().sum(1, keepdim=True)
        return squared


teach = partial(teach_heads, build=DeepSvdd)
"""Learns from prepared good images; see `teach_heads`."""
