"""f-AnoGAN: what a generator of good pictures cannot draw is strange.

Schlegl et al., "f-AnoGAN: fast unsupervised anomaly detection with generative adversarial
networks", Medical Image Analysis 2019. First a generator G and a critic D play (`adversarial`),
then an encoder E is trained, both fixed, for what the paper calls izi with features:

    |x - G(E(x))|^2 / n + kappa |f(x) - f(G(E(x)))|^2 / n_f

where f are the critic's features. A part is judged by the same two differences, each place counted
in the spreads that good parts have there. The networks see the image pooled to 64 px at most:
beyond that neither 100 images nor two cores suffice.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.neural.adversarial import Critic, Game, Generator, halvings
from engines.neural.checkpoint import Checkpoint
from engines.neural.kept_images import KeptImages
from engines.neural.levels import StandardLevels
from engines.neural.margins import Margins
from engines.neural.redrawing import DRAWN, Redrawing, rooted, teach_redrawing
from engines.neural.residual import STRIDE
from engines.neural.training import Batches, training_device
from engines.taught import Progress
from inspector.core.engine_spec import GanSpec
from inspector.core.frame import FrameFormat

SEEN_PX = 64
"""Longer side of what the networks see, at most."""
UNIT = 16
"""They halve it four times."""


class PooledLevels(StandardLevels):
    """Standard levels of squares of ``side`` px, float32[N, colours, H / side, W / side]."""

    def __init__(self, levels: StandardLevels, form: FrameFormat, side: int) -> None:
        super().__init__(form.pixel_format, levels.mean, 1.0 / levels.scale)
        self._side = side

    def forward(self, batch: Tensor) -> Tensor:
        """Of a batch of raw images."""
        return functional.avg_pool2d(super().forward(batch), self._side, ceil_mode=True)


class AnoGan(Redrawing):
    """Draws what its generator draws from the numbers that an encoder reads off the image."""

    handed = (DRAWN, "features_seen", "features_drawn")

    def __init__(self, levels: StandardLevels, form: FrameFormat, spec: GanSpec) -> None:
        side = -(-max(form.height, form.width) // SEEN_PX)
        super().__init__(PooledLevels(levels, form, side), spec)
        self.margins = Margins(-(-form.height // side), -(-form.width // side), UNIT)
        colours, cells = form.pixel_format.colours, self.margins.cells
        self.generator = Generator(spec.latent, spec.width, colours, cells)
        self.critic = Critic(spec.width, colours, cells)
        self.encoder = nn.Sequential(
            halvings(colours, spec.width),
            nn.Conv2d(8 * spec.width, spec.latent, cells),
            nn.Tanh(),
        )
        self.parts = (*self.parts, "critic")
        self._spec = spec

    def begin(
        self,
        images: KeptImages,
        indices: Sequence[int],
        progress: Progress,
        checkpoint: Checkpoint | None,
    ) -> None:
        """Let generator and critic play, and fix them."""
        device = training_device()
        self.to(device)
        random = torch.Generator().manual_seed(self._spec.seed)
        batches = Batches(indices, self._spec.batch, random)
        good = _Pictures(self, images, batches, device)
        game = Game(self.generator, self.critic, good, self._spec.latent, random)
        game.play(self._spec.turns, progress, checkpoint)
        for network in (self.generator, self.critic):
            network.requires_grad_(requires_grad=False)

    def drawn(self, images: Tensor) -> Tensor:
        """What the generator draws."""
        return self.handed_over(images)[0]

    def handed_over(self, images: Tensor) -> tuple[Tensor, ...]:
        """What is drawn, and what the critic looks at in the image and in the drawing."""
        seen = self.margins.padded(images)
        # Numbers of the generator are of a standard Gaussian: three spreads hold nearly all.
        drawn = self.generator(3.0 * self.encoder(seen))
        features = self.critic.features(seen), self.critic.features(drawn)
        return self.margins.cropped(drawn), *features

    def roots(self, images: Tensor, drawn: Tensor, *others: Tensor) -> Tensor:
        """Those of the drawing, and of the critic's features around each place."""
        seen, redrawn = others
        local = (seen - redrawn).square().mean(1, keepdim=True)
        critic = self.margins.spread_out(local, STRIDE)
        return torch.cat([super().roots(images, drawn), rooted(critic)], dim=1)

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """The encoder's: misfit of the drawing, and of the critic's features."""
        images = self.levels(batch)
        drawn, seen, redrawn = self.handed_over(images)
        misfit = self.misfit(images, drawn)
        return misfit + self._spec.kappa * functional.mse_loss(redrawn, seen)


teach = partial(teach_redrawing, build=AnoGan)
"""Learns from prepared good images; see `teach_redrawing`."""


class _Pictures:
    """Good pictures as the networks see them."""

    def __init__(
        self, model: AnoGan, images: KeptImages, batches: Batches, device: torch.device
    ) -> None:
        self._model = model
        self._images = images
        self._batches = batches
        self._device = device

    @property
    def waiting(self) -> list[int]:
        """Indices of pictures that come next."""
        return self._batches.waiting

    @waiting.setter
    def waiting(self, indices: list[int]) -> None:
        self._batches.waiting = indices

    def next(self) -> Tensor:
        """The next batch."""
        batch = self._images.batch(next(self._batches)).to(self._device)
        with torch.no_grad():
            return self._model.margins.padded(self._model.levels(batch))
