"""Convolutional autoencoder: what it cannot reconstruct is strange.

Bergmann et al., "Improving unsupervised defect segmentation by applying structural similarity to
autoencoders", VISAPP 2019; here it also mends damaged images while it is trained, and residuals are
counted in their spreads on good images at each place.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engines.backbones.export import export
from engines.bundle import TRAINING
from engines.neural.corruption import blotted
from engines.neural.kept_images import KeptImages
from engines.neural.levels import StandardLevels, standard_levels
from engines.neural.reconstruction import Reconstructor
from engines.neural.residual import Residuals
from engines.neural.spread import Moments, StandardisedMap, spread_of
from engines.neural.training import Schedule, batch_size, hold_out, seeded, train
from engines.taught import NOWHERE, Folders, Images, Progress, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec import AutoencoderSpec
from inspector.core.frame import FrameFormat

NOISE = 1e-3
"""Added to residuals before their roots are taken, variances of the product's levels: differences
this small are noise and rounding, which the root would blow up."""
MEASURED = 256
"""Images that the usual residuals are measured on, at most."""


def teach(
    images: Images,
    form: FrameFormat,
    spec: AutoencoderSpec,
    progress: Progress,
    _folders: Folders = NOWHERE,
) -> Taught:
    """Learn from prepared good images uint8[h, w, c] of one form, at least two of them.

    Deterministic by ``spec.seed`` on one machine. Raises ``ConfigError``, and whatever
    ``progress`` raises.
    """
    kept = KeptImages(images)
    trained, held_out = hold_out(len(kept), spec.validation_share, spec.seed)
    levels = standard_levels(kept, trained, form.pixel_format, progress)
    with seeded(spec.seed):
        model = Autoencoder(levels, form, spec)
    size = batch_size(spec.batch, form.height * form.width)
    schedule = Schedule(spec.epochs, spec.patience, size, spec.learning_rate, spec.seed)
    split = (trained, held_out)
    curves = train(model, model.loss, kept, split, schedule=schedule, progress=progress)
    of_trained, of_held_out = (
        _moments(model, kept, indices, f"spread: {name}", progress)
        for name, indices in (("trained", trained), ("held out", held_out))
    )
    progress("graph", 0.0)
    spread = spread_of(of_trained, of_held_out)
    graph = export(nn.Sequential(model, StandardisedMap(spread)).eval(), form, ("map", "score"))
    parameters: dict[str, Json] = {
        **spec.model_dump(mode="json", exclude={"method", "tile"}),
        "positional": 1,
        "images": len(kept),
        "held_out": len(held_out),
        "epochs_run": len(curves.train),
        "best_epoch": curves.best + 1,
    }
    height, width = spread.mean.shape[1:]
    return Taught(
        graph, (height, width), parameters, {TRAINING: curves.to_json()}, (_reconstruction(graph),)
    )


class Autoencoder(nn.Module):
    """Raw images uint8[N, H, W, bytes] to the roots of their residuals float32[N, kinds, h, w]."""

    def __init__(self, levels: StandardLevels, form: FrameFormat, spec: AutoencoderSpec) -> None:
        super().__init__()
        self.levels = levels
        self.network = Reconstructor(
            form.pixel_format.colours,
            (form.height, form.width),
            spec.width,
            spec.latent,
            spec.depth,
        )
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's own stubs lack it
        self.residuals = Residuals(spec.loss, levels.black)

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """Mean residual of images that were drawn again from damaged copies."""
        images = self.levels(batch)
        loss: Tensor = self.residuals(images, self.network(blotted(images, random))).mean()
        return loss

    def forward(self, batch: Tensor) -> Tensor:
        """Root of each residual: roots vary more evenly than squares."""
        images = self.levels(batch)
        residuals: Tensor = self.residuals(images, self.network(images))
        return (residuals.clamp_min(0.0) + NOISE).sqrt()


def _reconstruction(graph: onnx.ModelProto) -> str:
    """The tensor in which the network hands over what it has drawn."""
    drawn: list[str] = [
        node.output[0] for node in graph.graph.node if node.op_type == "ConvTranspose"
    ]
    return drawn[-1]


def _moments(
    model: Autoencoder,
    images: KeptImages,
    indices: Sequence[int],
    stage: str,
    progress: Progress,
) -> Moments:
    moments = Moments()
    chosen = indices[:MEASURED]
    for done, index in enumerate(chosen):
        progress(stage, done / len(chosen))
        with torch.no_grad():
            found: NDArray[np.float32] = model(images.batch([index])).numpy()
        moments.add(found)
    return moments
