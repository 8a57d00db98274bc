"""Engines that draw an image again as a good one would be, and are judged by what differs.

What they share: how images come in, how residuals are counted in their spreads on good images at
each place, and the graph. What differs is the network and what it is trained for.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engines.backbones.export import export
from engines.bundle import TRAINING
from engines.explaining import EXPECTED
from engines.graphs import without_outputs
from engines.neural.checkpoint import Checkpoint, checkpoint_of
from engines.neural.kept_images import KeptImages
from engines.neural.levels import StandardLevels, standard_levels
from engines.neural.residual import KINDS, Residuals
from engines.neural.spread import Moments, Spread, StandardisedMap, spread_of
from engines.neural.training import Schedule, batch_size, hold_out, seeded, train
from engines.taught import NOWHERE, Folders, Images, Progress, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec import RedrawingSpec, TrainedSpec
from inspector.core.frame import FrameFormat

NOISE = 1e-3
"""Added to residuals before their roots are taken, variances of the product's levels: differences
this small are noise and rounding, which the root would blow up."""
MEASURED = 256
"""Images that the usual residuals are measured on, at most."""
DRAWN = "drawn"
"""The tensor in which the network hands over what it has drawn."""


class Redrawing(nn.Module):
    """A network that draws good images: float32[N, colours, H, W] in standard levels, to the same.

    Subclasses say how they draw (`drawn`, or `handed_over` where there is more to tell) and what
    they are trained for (`loss`).
    """

    handed: tuple[str, ...] = (DRAWN,)
    """Names of what the network hands over to exact arithmetic; the drawing comes first."""

    def __init__(self, levels: StandardLevels, spec: RedrawingSpec) -> None:
        super().__init__()
        self.levels = levels
        self.residuals = Residuals(spec.loss, levels.black)
        self.parts: tuple[str, ...] = KINDS[spec.loss]
        self._of_white = spec.loss == "bce"

    @abstractmethod
    def drawn(self, images: Tensor) -> Tensor:
        """The images of a batch as the network would have them, yet to be `painted`.

        Nothing in it is random.
        """

    @abstractmethod
    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """Mean loss of raw images uint8[n, h, w, c]."""

    def begin(
        self,
        images: KeptImages,
        indices: Sequence[int],
        progress: Progress,
        checkpoint: Checkpoint | None,
    ) -> None:
        """Train what has to be there before ``loss`` is asked; of most engines nothing."""

    def forward(self, batch: Tensor) -> Tensor:
        """Root of each residual, float32[N, parts, h, w]: roots vary more evenly than squares."""
        images = self.levels(batch)
        drawn, *others = self.handed_over(images)
        return self.roots(images, self.painted(drawn), *others)

    def handed_over(self, images: Tensor) -> tuple[Tensor, ...]:
        """What the network makes of images, by the names in ``handed``."""
        return (self.drawn(images),)

    def roots(self, images: Tensor, drawn: Tensor, *others: Tensor) -> Tensor:
        """Of the residuals of images and what was drawn for them; ``others`` as in ``handed``."""
        residuals: Tensor = self.residuals(images, drawn)
        return rooted(residuals)

    def painted(self, out: Tensor) -> Tensor:
        """Standard levels of what a network gives: its own; for BCE it is the logit of a grey."""
        return self.levels.standard(255.0 * out.sigmoid()) if self._of_white else out

    def misfit(self, images: Tensor, out: Tensor, where: Tensor | None = None) -> Tensor:
        """Mean loss, over places and residuals, of what a network gives for images.

        Where the mask ``where`` float32[N, 1, H, W] is 0 there is none.
        """
        if self._of_white:
            white = self.levels.picture(images) / 255.0
            return functional.binary_cross_entropy_with_logits(out, white, weight=where)
        shown = out if where is None else torch.where(where > 0, out, images)
        loss: Tensor = self.residuals(images, shown).mean()
        return loss


def rooted(residuals: Tensor) -> Tensor:
    """Roots of residuals that are not below zero but by rounding."""
    return (residuals.clamp_min(0.0) + NOISE).sqrt()


Spec = TypeVar("Spec", bound=RedrawingSpec)


def teach_redrawing(
    images: Images,
    form: FrameFormat,
    spec: Spec,
    progress: Progress,
    folders: Folders = NOWHERE,
    *,
    build: Callable[[StandardLevels, FrameFormat, Spec], Redrawing],
) -> Taught:
    """Train and measure a network on prepared good images uint8[h, w, c], at least two of them.

    ``build`` makes it, untrained, for a product's levels.
    Deterministic by ``spec.seed`` on one machine. Raises ``ConfigError``, and whatever
    ``progress`` raises.
    """
    kept = KeptImages(images)
    trained, held_out = split = hold_out(len(kept), spec.validation_share, spec.seed)
    levels = standard_levels(kept, trained, form.pixel_format, progress)
    with seeded(spec.seed):
        model = build(levels, form, spec)
    begun = checkpoint_of(folders, kept, form, spec, "begin")
    model.begin(kept, trained, progress, begun)
    curves = train(
        model,
        model.loss,
        kept,
        split,
        schedule=schedule_of(spec, form),
        progress=progress,
        checkpoint=checkpoint_of(folders, kept, form, spec),
    )
    if begun is not None:
        begun.remove()
    of_trained, of_held_out = (
        _moments(model, kept, indices, f"spread: {name}", progress)
        for name, indices in (("trained", trained), ("held out", held_out))
    )
    progress("graph", 0.0)
    spread = spread_of(of_trained, of_held_out)
    hidden = (*model.handed, EXPECTED, *model.parts)
    graph = export(_Explained(model, spread).eval(), form, ("map", "score", *hidden))
    without_outputs(graph, hidden)
    parameters: dict[str, Json] = {
        **parameters_of(spec),
        "positional": 1,
        "images": len(kept),
        "held_out": len(held_out),
        "epochs_run": len(curves.train),
        "best_epoch": curves.best + 1,
    }
    height, width = spread.mean.shape[1:]
    return Taught(
        graph,
        (height, width),
        parameters,
        {TRAINING: curves.to_json()},
        model.handed,
        explains={name: name for name in (EXPECTED, *model.parts)},
    )


def parameters_of(spec: RedrawingSpec) -> dict[str, Json]:
    """A recipe as a manifest keeps it, in plain values: what is not said is left out."""
    said = spec.model_dump(mode="json", exclude={"method", "tile"}, exclude_none=True)
    return {
        name: "-".join(map(str, value)) if isinstance(value, list) else value
        for name, value in said.items()
        if value != []
    }


def schedule_of(spec: TrainedSpec, form: FrameFormat) -> Schedule:
    """How long and how fast images of a form are trained on."""
    size = batch_size(spec.batch, form.height * form.width)
    return Schedule(spec.epochs, spec.patience, size, spec.learning_rate, spec.seed)


class _Explained(nn.Module):
    """Raw images to map, score, what is handed over, the drawing as a picture, and each part."""

    def __init__(self, model: Redrawing, spread: Spread) -> None:
        super().__init__()
        self.model = model
        self.map = StandardisedMap(spread)

    def forward(self, batch: Tensor) -> tuple[Tensor, ...]:
        images = self.model.levels(batch)
        handed = self.model.handed_over(images)
        drawn = self.model.painted(handed[0])
        roots = self.model.roots(images, drawn, *handed[1:])
        score_map, score = self.map(roots)
        parts = self.map.parts(roots)
        return score_map, score, *handed, self.model.levels.picture(drawn), *parts


def _moments(
    model: Redrawing,
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
