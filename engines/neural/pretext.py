"""A backbone whose deep layers learn a task that good images set by themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.backbones.feature_maps import FeatureMaps
from engines.backbones.registry import build
from engines.backbones.weights import find_weights
from engines.neural.checkpoint import checkpoint_of
from engines.neural.kept_images import KeptImages
from engines.neural.redrawing import schedule_of
from engines.neural.training import Curves, hold_out, seeded, train
from engines.pixels import GreyLevels
from engines.taught import Folders, Progress
from inspector.core.canonical import Json
from inspector.core.engine_spec import SelfSupervisedSpec
from inspector.core.frame import FrameFormat, PixelFormat

TUNED = 16
"""Stride from which on stages are trained: what lies before sees edges, which all products have."""

SMOOTHED = 0.1
"""Share of the label that all kinds have: without it good images would all be judged with the same
full certainty, and what little less of it means could not be told from rounding."""

Views = Callable[[Tensor, torch.Generator], tuple[Tensor, Tensor]]
"""From good images to images that something was done to, and what, int64[N]."""


@dataclass(frozen=True, slots=True)
class Task:
    """What the network learns to tell: one of so many ``kinds`` of views."""

    kinds: int
    views: Views


class Pretext(nn.Module):
    """Grey levels float32[N, colours, H, W] to logits float32[N, kinds] of what was done to them.

    The features of all strides, averaged over the image, are its embedding.
    """

    def __init__(
        self, pixel_format: PixelFormat, backbone: nn.Module, strides: Sequence[int], kinds: int
    ) -> None:
        super().__init__()
        self.levels = GreyLevels(pixel_format)
        self.backbone = backbone
        if isinstance(backbone, FeatureMaps):
            first = min(TUNED, strides[-1])
            deep = [part for at, part in backbone.stages.items() if int(at) >= first]
        else:
            deep = [backbone]
        for parameter in chain.from_iterable(part.parameters() for part in deep):
            parameter.requires_grad_()
        with torch.no_grad():
            size = sum(found.shape[1] for found in backbone(torch.zeros(1, 3, 64, 64)))
        self.norm = nn.LayerNorm(size)
        # A product of matrices in float32 is what TensorRT-RTX has not on every architecture.
        self.classify = nn.Conv2d(size, kinds, 1)

    def embedded(self, images: Tensor) -> Tensor:
        """float32[N, D]."""
        maps = self.backbone(images.expand(-1, 3, -1, -1))
        return torch.cat([found.mean((2, 3)) for found in maps], dim=1)

    def forward(self, images: Tensor) -> Tensor:
        """Logits."""
        logits: Tensor = self.classify(self.norm(self.embedded(images))[:, :, None, None])
        return logits.flatten(1)

    def train(self, mode: bool = True) -> Pretext:
        """Batch norms of a backbone stay what they were: batches here are too small for them."""
        super().train(mode)
        self.backbone.eval()
        return self


@dataclass(frozen=True, slots=True)
class Trained:
    """A network that was trained, on which images, and how that went."""

    network: Pretext
    trained: Sequence[int]
    held_out: Sequence[int]
    curves: Curves

    @property
    def parameters(self) -> dict[str, Json]:
        """What a bundle says of it."""
        return {
            "images": len(self.trained) + len(self.held_out),
            "held_out": len(self.held_out),
            "epochs_run": len(self.curves.train),
            "best_epoch": self.curves.best + 1,
        }


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a network is trained on, and how. ``strides`` are those of the features it embeds by."""

    images: KeptImages
    form: FrameFormat
    spec: SelfSupervisedSpec
    strides: tuple[int, ...]
    progress: Progress
    folders: Folders


def train_pretext(lesson: Lesson, task: Task) -> Trained:
    """Train the network on a task that good images set.

    Deterministic by the recipe's seed. Raises ``ConfigError``, and whatever ``progress`` raises.
    """
    images, form, spec, strides = lesson.images, lesson.form, lesson.spec, lesson.strides
    split = hold_out(len(images), spec.validation_share, spec.seed)
    weights = None if spec.weights is None else find_weights(spec.weights, lesson.folders)
    backbone = build(spec.backbone, strides, weights)
    with seeded(spec.seed):
        network = Pretext(form.pixel_format, backbone, strides, task.kinds)

    def loss(batch: Tensor, random: torch.Generator) -> Tensor:
        views, kinds = task.views(network.levels(batch), random)
        return functional.cross_entropy(network(views), kinds, label_smoothing=SMOOTHED)

    part = f"strides {'+'.join(map(str, strides))}"
    curves = train(
        network,
        loss,
        images,
        split,
        schedule=schedule_of(spec, form),
        progress=lesson.progress,
        checkpoint=checkpoint_of(lesson.folders, images, form, spec, part),
    )
    return Trained(network, *split, curves)
