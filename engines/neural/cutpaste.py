"""CutPaste: distance to good images, in the features of a network that learned to find pastes.

Li, Sohn, Yoon & Pfister, "CutPaste: self-supervised learning for anomaly detection and
localization", CVPR 2021, in its 3-way form: an image is as it is, has a patch of another place of
it pasted in, or a thin turned one, a scar. The score is the distance ``|W (f - m)|`` of the pooled
features ``f`` to the Gaussian of those of good images, about 1 for these. It has no map: the same
features place by place are the engine ``deep_rx`` with ``features: cutpaste``.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.backbones.export import export
from engines.bundle import TRAINING
from engines.graphs import without_outputs
from engines.memory.gaussian import Gaussian, Moments, gaussian_of
from engines.neural.kept_images import KeptImages
from engines.neural.pretext import Lesson, Pretext, Task, Trained, train_pretext
from engines.taught import NOWHERE, Folders, Images, Progress, Taught
from inspector.core.engine_spec import CutPasteSpec
from inspector.core.frame import FrameFormat

KINDS = 3
AREA = 0.02, 0.15
"""Least and largest share of the image that a pasted patch covers (section 2.2)."""
ASPECT = 0.3, 3.3
"""Of its sides."""
SCAR = (2.0, 16.0), (10.0, 25.0)
"""Least and largest width and length of a scar, 1/256 of the image's side."""
TURN = math.pi / 4
"""Scars are turned by as much at most, radians."""
JITTER = 0.1
"""Share by which a pasted patch is made brighter or darker at most."""
EMBEDDING = "embedding"
"""The tensor in which the network hands over, float32[N, D]."""


def teach(
    images: Images,
    form: FrameFormat,
    spec: CutPasteSpec,
    progress: Progress,
    folders: Folders = NOWHERE,
) -> Taught:
    """Learn from prepared good images uint8[h, w, c], at least two of them.

    Deterministic by ``spec.seed`` on one machine. Raises ``ConfigError``, and whatever
    ``progress`` raises.
    """
    kept = KeptImages(images)
    trained = train_cutpaste(Lesson(kept, form, spec, spec.strides, progress, folders))
    gaussian = gaussian_of(
        _moments(trained.network, kept, progress), shared=0.0, added=spec.regularisation
    )
    progress("graph", 0.0)
    graph = export(_Scored(trained.network, gaussian).eval(), form, ("map", "score", EMBEDDING))
    without_outputs(graph, [EMBEDDING])
    return Taught(
        graph,
        (1, 1),
        {
            **spec.model_dump(mode="json", exclude={"method", "tile", "weights"}),
            **trained.parameters,
            "positional": 1,
        },
        {TRAINING: trained.curves.to_json()},
        (EMBEDDING,),
    )


def train_cutpaste(lesson: Lesson) -> Trained:
    """Train a backbone to tell good images from pastes and scars. Raises ``ConfigError``."""
    return train_pretext(lesson, Task(KINDS, _views))


def pasted(images: Tensor, random: torch.Generator, *, scar: bool) -> Tensor:
    """Images [N, C, H, W], each with a piece of another place of it pasted over."""
    count, _, height, width = images.shape

    def drawn(least: float, most: float) -> Tensor:
        return least + (most - least) * torch.rand(count, 1, 1, generator=random)

    if scar:
        broad, long = (drawn(*ends) * (height * width) ** 0.5 / 256 for ends in SCAR)
        angle = drawn(-TURN, TURN)
    else:
        area, aspect = drawn(*AREA) * height * width, drawn(*map(math.log, ASPECT)).exp()
        broad, long, angle = (area * aspect).sqrt(), (area / aspect).sqrt(), torch.zeros(1, 1, 1)
    rows = torch.arange(height)[None, :, None] - drawn(0, height - 1)
    columns = torch.arange(width)[None, None, :] - drawn(0, width - 1)
    across = columns * angle.cos() + rows * angle.sin()
    along = rows * angle.cos() - columns * angle.sin()
    inside = (across.abs() <= broad / 2) & (along.abs() <= long / 2)
    moved = [
        image.roll(
            [int(torch.randint(side, (1,), generator=random)) for side in (height, width)], (1, 2)
        )
        for image in images
    ]
    gain = drawn(1 - JITTER, 1 + JITTER)[:, None]
    patch = torch.stack(moved) * gain.to(images.device)
    return torch.where(inside[:, None].to(images.device), patch, images)


def _views(images: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    views = [images, *(pasted(images, random, scar=scar) for scar in (False, True))]
    kinds = torch.arange(KINDS, device=images.device)
    return torch.cat(views), kinds.repeat_interleave(len(images))


def _moments(network: Pretext, images: KeptImages, progress: Progress) -> Moments:
    found = []
    for index in range(len(images)):
        progress("gaussians", index / len(images))
        with torch.no_grad():
            found.append(network.embedded(network.levels(images.batch([index]))).numpy())
    vectors = np.concatenate(found)
    moments = Moments(1, vectors.shape[1])
    moments.add(vectors[None])
    return moments


class _Scored(nn.Module):
    """Raw images to map, score and embedding."""

    mean: Tensor
    whitening: Tensor

    def __init__(self, network: Pretext, gaussian: Gaussian) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.from_numpy(gaussian.mean[0]))
        self.register_buffer("whitening", torch.from_numpy(gaussian.whitening[0])[:, :, None, None])

    def forward(self, batch: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        embedding = self.network.embedded(self.network.levels(batch))
        white = functional.conv2d((embedding - self.mean)[:, :, None, None], self.whitening)
        score_map = white.square().sum(1).sqrt()
        return score_map, score_map.flatten(1).amax(1), embedding
