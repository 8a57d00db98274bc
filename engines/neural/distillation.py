"""What a student learns from: what the backbone's first layers see, and what its others say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.memory.embedding import Embedding, embedding_of
from engines.neural.corruption import blotted
from engines.neural.generic_pictures import dead_leaves
from engines.neural.kept_images import KeptImages
from engines.neural.levels import standard_levels
from engines.neural.training import training_device
from engines.taught import Folders, Progress
from inspector.core.engine_spec import StudentSpec
from inspector.core.frame import FrameFormat

POOL = 128
"""Good images that are looked at, at most; each comes with damaged copies and a generic one."""
COPIES = 4
"""Damaged ones of each."""
CROP_PX = 256
"""Side of the part that is looked at of larger images: memory and time are bounded."""
TRUSTED = 1e-3
"""Least variance of a component, as a share of the largest, that is scaled up in full."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Pictures of one kind: what the first layers see of them, and what the others say."""

    near: Tensor
    """float32[n, seen, h, w] at stride 8."""
    deep: Tensor
    """float32[n, features, h, w] at stride 16."""


def joined(seen: Sequence[Seen]) -> Seen:
    """One after the other."""
    return Seen(torch.cat([one.near for one in seen]), torch.cat([one.deep for one in seen]))


@dataclass(frozen=True, slots=True)
class Lesson:
    """Good images, ``COPIES`` damaged copies of each, and a picture of nothing for each."""

    good: Seen
    damaged: Seen
    generic: Seen


def crop_of(form: FrameFormat) -> tuple[int, int]:
    """Height and width of what is looked at."""
    return min(form.height, CROP_PX), min(form.width, CROP_PX)


def lesson_of(
    images: KeptImages,
    indices: Sequence[int],
    *,
    form: FrameFormat,
    spec: StudentSpec,
    folders: Folders,
    progress: Progress,
) -> Lesson:
    """Look at good images, at copies with blobs over them, and at pictures of nothing.

    The backbone's deep features come down to ``spec.features`` principal components of those of
    the good images, each divided by the fourth root of its variance: what varies little counts,
    since defects show there, but not as much as what can be learned best.
    """
    random = torch.Generator().manual_seed(spec.seed)
    draws = np.random.default_rng(spec.seed)
    levels = standard_levels(images, indices, form.pixel_format, progress)
    sight = embedding_of(spec, form.pixel_format, folders).to(training_device())
    parts: list[Tensor] = []
    for done, index in enumerate(indices):
        progress("look: good", done / len(indices))
        parts.append(_crop(levels(images.batch([index])), crop_of(form), random))
    good = torch.cat(parts)
    shape, colours = crop_of(form), form.pixel_format.colours
    generic = torch.from_numpy(np.stack([dead_leaves(shape, colours, draws) for _ in good]))
    eye, pictures = _Eye(sight, progress), levels.picture(good)
    components = _components(deep for _, deep in eye("components", pictures))
    said = principal(*components, spec.features)
    copies = (levels.picture(_damaged(good, random)) for _ in range(COPIES))
    return Lesson(
        good=eye.seen("good", pictures, said),
        damaged=joined([eye.seen("damaged", some, said) for some in copies]),
        generic=eye.seen("generic", generic, said),
    )


class _Eye:
    """What the backbone says of grey levels float32[n, colours, H, W], one after the other."""

    def __init__(self, sight: Embedding, progress: Progress) -> None:
        self._sight = sight
        self._progress = progress

    def __call__(self, stage: str, pictures: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """Features of the first layers, and of the others at half their grid."""
        for done, picture in enumerate(pictures):
            self._progress(stage, done / len(pictures))
            with torch.no_grad():
                near, deep = self._sight.of_levels(picture[None].to(training_device()))
            grid = tuple(-(-side // 2) for side in near.shape[2:])
            wide = functional.interpolate(deep, grid, mode="bilinear", align_corners=False)
            yield near.cpu(), wide.cpu()

    def seen(self, name: str, pictures: Tensor, said: Callable[[Tensor], Tensor]) -> Seen:
        """The same of a kind of pictures, with ``said`` of the deep features."""
        found = self(f"features: {name}", pictures)
        return joined([Seen(near, said(deep)) for near, deep in found])


class _Components(nn.Module):
    """float32[N, D, h, w] to its principal components, scaled."""

    def __init__(self, mean: Tensor, axes: Tensor) -> None:
        super().__init__()
        self.mean, self.axes = mean, axes

    def forward(self, features: Tensor) -> Tensor:
        centred = features - self.mean[None, :, None, None]
        return torch.einsum("kd,ndhw->nkhw", self.axes, centred)


def _components(features: Iterator[Tensor]) -> tuple[int, Tensor, Tensor]:
    """Number, sum and squares of feature vectors."""
    count, total, squares = 0, torch.zeros(()), torch.zeros(())
    for one in features:
        vectors = one[0].flatten(1).double()
        count += vectors.shape[1]
        total = total + vectors.sum(1)
        squares = squares + vectors @ vectors.T
    return count, total, squares


def principal(count: int, total: Tensor, squares: Tensor, kept: int) -> _Components:
    """Components of features that are first counted in their spreads."""
    mean = total / count
    covariance = squares / count - torch.outer(mean, mean)
    variances = covariance.diagonal().clamp_min(0.0)
    spreads = (variances + 0.01 * variances.mean() + 1e-12).sqrt()
    values, axes = torch.linalg.eigh(covariance / torch.outer(spreads, spreads))
    values, axes = values.flip(0)[:kept], axes.flip(1)[:, :kept]
    trusted = values.clamp_min(TRUSTED * float(values[0]) + 1e-12)
    scaled = (axes / trusted**0.25).T / spreads
    return _Components(mean.float(), scaled.float())


def _damaged(images: Tensor, random: torch.Generator) -> Tensor:
    """Each with blobs over it, and by chance turned over: a lesson may lie anywhere."""
    turned = images.clone()
    for along in (2, 3):
        some = torch.rand(len(images), generator=random) < 0.5
        turned[some] = turned[some].flip(along)
    return torch.cat([blotted(part, random) for part in torch.split(turned, 8)])


def _crop(picture: Tensor, shape: tuple[int, int], random: torch.Generator) -> Tensor:
    top, left = (
        int(torch.randint(side - wanted + 1, (1,), generator=random))
        for side, wanted in zip(picture.shape[2:], shape, strict=True)
    )
    return picture[:, :, top : top + shape[0], left : left + shape[1]]
