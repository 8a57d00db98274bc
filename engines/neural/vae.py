"""Variational autoencoder: what it cannot draw, or finds unlikely, is strange.

Kingma & Welling, "Auto-encoding variational Bayes", ICLR 2014. An encoder gives mean m and spread s
of each number z of a description, the decoder draws of z = m + s e with e from N(0, 1). Trained for

    misfit + beta KL / pixels,   KL = sum of (m^2 + s^2 - 1 - log s^2) / 2,

which with beta = 1 is the evidence lower bound, turned round and divided by the pixels: for
``loss: bce`` that of a Bernoulli decoder, for ``mse`` of a Gaussian one whose variance is half of
the levels' own; SSIM has no likelihood, there it is a weighted sum. Another beta: Higgins et al.,
"beta-VAE", ICLR 2017.

A part is judged without anything random: it is drawn of the means. Beside the residuals of the
drawing the KL of each cell of the description is a residual of its own, ``latent``: how much that
place has to say that good parts do not. It is counted like the others in its spread at each place.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from engines.neural.corruption import blotted
from engines.neural.levels import StandardLevels
from engines.neural.reconstruction import Reconstructor
from engines.neural.redrawing import DRAWN, Redrawing, rooted, teach_redrawing
from engines.neural.residual import STRIDE
from inspector.core.engine_spec import VaeSpec
from inspector.core.frame import FrameFormat

LOG_VARIANCES = -10.0, 10.0
"""Bounds of log s^2: exp stays finite in every precision."""


class VariationalAutoencoder(Redrawing):
    """Draws of a description whose numbers are as a standard Gaussian would have them."""

    handed = (DRAWN, "latent_mean", "latent_log_variance")

    def __init__(self, levels: StandardLevels, form: FrameFormat, spec: VaeSpec) -> None:
        super().__init__(levels, spec)
        self.network = Reconstructor(
            form.pixel_format.colours,
            (form.height, form.width),
            spec.width,
            spec.latent,
            spec.depth,
            described=2 * spec.latent,
        )
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's own stubs lack it
        self.parts = (*self.parts, "latent")
        self._beta = spec.beta
        self._mends = spec.mend

    def drawn(self, images: Tensor) -> Tensor:
        """Drawn of the means of the descriptions."""
        return self.handed_over(images)[0]

    def handed_over(self, images: Tensor) -> tuple[Tensor, ...]:
        """What is drawn, and the description it is drawn of."""
        mean, log_variance = self._described(images)
        return self.network.decoded(mean), mean, log_variance

    def roots(self, images: Tensor, drawn: Tensor, *others: Tensor) -> Tensor:
        """Those of the drawing, and of the divergence at each place."""
        local = divergence(*others).sum(1, keepdim=True)
        latent = self.network.margins.spread_out(local, STRIDE)
        return torch.cat([super().roots(images, drawn), rooted(latent)], dim=1)

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """Misfit of what is drawn of one draw of each description, and its divergence."""
        images = self.levels(batch)
        shown = blotted(images, random) if self._mends else images
        mean, log_variance = self._described(shown)
        noise = torch.randn(mean.shape, generator=random).to(mean.device)
        drawn = self.network.decoded(mean + (0.5 * log_variance).exp() * noise)
        local = divergence(mean, log_variance).sum() / images.numel()
        loss: Tensor = self.misfit(images, drawn) + self._beta * local
        return loss

    def _described(self, images: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.network.encoded(images).chunk(2, dim=1)
        return mean, log_variance.clamp(*LOG_VARIANCES)


teach = partial(teach_redrawing, build=VariationalAutoencoder)
"""Learns from prepared good images; see `teach_redrawing`."""


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL divergence of each number's Gaussian from N(0, 1), nats (the paper's appendix B)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance)
