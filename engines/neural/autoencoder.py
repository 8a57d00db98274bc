"""Convolutional autoencoder: what it cannot reconstruct is strange.

Bergmann et al., "Improving unsupervised defect segmentation by applying structural similarity to
autoencoders", VISAPP 2019; here it also mends damaged images while it is trained, and residuals are
counted in their spreads on good images at each place. Its narrow middle keeps places, or is one
list of numbers behind dense layers (Hinton & Salakhutdinov, "Reducing the dimensionality of data
with neural networks", Science 2006): then it draws no more than whole parts, and less sharply.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from engines.neural.corruption import blotted
from engines.neural.levels import StandardLevels
from engines.neural.reconstruction import Reconstructor
from engines.neural.redrawing import Redrawing, teach_redrawing
from inspector.core.engine_spec import AutoencoderSpec
from inspector.core.frame import FrameFormat


class Autoencoder(Redrawing):
    """Draws what its narrow middle lets through."""

    def __init__(self, levels: StandardLevels, form: FrameFormat, spec: AutoencoderSpec) -> None:
        super().__init__(levels, spec)
        self.network = Reconstructor(
            form.pixel_format.colours,
            (form.height, form.width),
            spec.width,
            spec.latent,
            spec.depth,
            channels=spec.channels,
            kernel=spec.kernel,
            hidden=spec.hidden if spec.latent_form == "dense" else None,
        )
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's own stubs lack it
        self._mends = spec.mend

    def drawn(self, images: Tensor) -> Tensor:
        """Reconstructions."""
        drawn: Tensor = self.network(images)
        return drawn

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """Mean loss of images that were drawn again, from damaged copies where they are mended."""
        images = self.levels(batch)
        shown = blotted(images, random) if self._mends else images
        return self.misfit(images, self.network(shown))


teach = partial(teach_redrawing, build=Autoencoder)
"""Learns from prepared good images; see `teach_redrawing`."""
