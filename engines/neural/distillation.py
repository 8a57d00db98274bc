"""What a teacher and its student learn from: pictures, and what the backbone says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.backbones.registry import build
from engines.backbones.weights import find_weights
from engines.memory.embedding import Embedding
from engines.neural.corruption import blotted
from engines.neural.generic_pictures import dead_leaves
from engines.neural.kept_images import KeptImages
from engines.neural.levels import StandardLevels
from engines.neural.patch_network import COARSEST
from engines.neural.training import training_device
from engines.taught import Folders, Progress
from inspector.core.engine_spec import StudentSpec
from inspector.core.frame import FrameFormat, PixelFormat

POOL = 128
"""Good images that are looked at, at most; each comes with a damaged copy and a generic one."""
CROP_PX = 256
"""Side of the part that is looked at of larger images: memory and time are bounded."""
TRUSTED = 1e-3
"""Least variance of a component, as a share of the largest, that is scaled up in full."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Pictures float32[n, colours, H, W] in standard levels, with the backbone's features.

    Each of the three kinds has the same n, and a target float32[n, features, h, w] for each scale.
    """

    good: Tensor
    damaged: Tensor
    generic: Tensor
    of_good: tuple[Tensor, ...]
    of_damaged: tuple[Tensor, ...]
    of_generic: tuple[Tensor, ...]


def crop_of(form: FrameFormat) -> tuple[int, int]:
    """Height and width of what is looked at."""
    return min(form.height, CROP_PX), min(form.width, CROP_PX)


def lesson_of(
    images: KeptImages,
    indices: Sequence[int],
    levels: StandardLevels,
    *,
    form: FrameFormat,
    spec: StudentSpec,
    folders: Folders,
    progress: Progress,
) -> Lesson:
    """Look at good images, at copies with blobs over them, and at pictures of nothing.

    The backbone's features come down to ``spec.features`` principal components of those of the
    good images, each divided by the fourth root of its variance: what varies little counts, since
    defects show there, but not as much as what can be learned best.
    """
    random = torch.Generator().manual_seed(spec.seed)
    draws = np.random.default_rng(spec.seed)
    eye = _Eye(form.pixel_format, spec, folders)
    pictures: list[Tensor] = []
    for done, index in enumerate(indices):
        progress("look: good", done / len(indices))
        pictures.append(_crop(levels(images.batch([index])), crop_of(form), random))
    good = torch.cat(pictures)
    damaged = torch.cat([blotted(part, random) for part in torch.split(good, 8)])
    shape, colours = crop_of(form), form.pixel_format.colours
    leaves = torch.from_numpy(np.stack([dead_leaves(shape, colours, draws) for _ in good]))
    generic = levels.standard(leaves)
    components = _components(eye, levels, good, spec, progress)
    found = []
    for name, some in (("good", good), ("damaged", damaged), ("generic", generic)):
        targets = []
        for done in range(len(some)):
            progress(f"features: {name}", done / len(some))
            seen = eye(levels.picture(some[done : done + 1]))
            targets.append([part(own) for part, own in zip(components, seen, strict=True)])
        found.append(tuple(torch.cat(scale) for scale in zip(*targets, strict=True)))
    return Lesson(good, damaged, generic, *found)


class _Eye:
    """The frozen backbone: grey levels float32[1, colours, H, W] to its patch vectors."""

    def __init__(self, pixel_format: PixelFormat, spec: StudentSpec, folders: Folders) -> None:
        weights = None if spec.weights is None else find_weights(spec.weights, folders)
        backbone = build(spec.backbone, spec.strides, weights)
        self._embedding = Embedding(pixel_format, backbone, spec).eval().to(training_device())

    def __call__(self, levels: Tensor) -> tuple[Tensor, ...]:
        grids = [tuple(-(-side // stride) for side in levels.shape[2:]) for stride in (8, COARSEST)]
        with torch.no_grad():
            found = self._embedding.of_levels(levels.to(training_device()))
        return tuple(
            functional.interpolate(own, grid, mode="bilinear", align_corners=False).cpu()
            for own, grid in zip(found, grids, strict=True)
        )


class _Components(nn.Module):
    """float32[N, D, h, w] to its principal components, scaled."""

    def __init__(self, mean: Tensor, axes: Tensor) -> None:
        super().__init__()
        self.mean, self.axes = mean, axes

    def forward(self, features: Tensor) -> Tensor:
        centred = features - self.mean[None, :, None, None]
        return torch.einsum("kd,ndhw->nkhw", self.axes, centred)


def _components(
    eye: _Eye, levels: StandardLevels, good: Tensor, spec: StudentSpec, progress: Progress
) -> list[_Components]:
    sums: list[tuple[int, Tensor, Tensor]] = []
    for done in range(len(good)):
        progress("components", done / len(good))
        for scale, found in enumerate(eye(levels.picture(good[done : done + 1]))):
            vectors = found[0].flatten(1).double()
            own = vectors.shape[1], vectors.sum(1), vectors @ vectors.T
            if len(sums) <= scale:
                sums.append(own)
            else:
                before = sums[scale]
                sums[scale] = before[0] + own[0], before[1] + own[1], before[2] + own[2]
    return [principal(*own, spec.features) for own in sums]


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


def _crop(picture: Tensor, shape: tuple[int, int], random: torch.Generator) -> Tensor:
    top, left = (
        int(torch.randint(side - wanted + 1, (1,), generator=random))
        for side, wanted in zip(picture.shape[2:], shape, strict=True)
    )
    return picture[:, :, top : top + shape[0], left : left + shape[1]]
