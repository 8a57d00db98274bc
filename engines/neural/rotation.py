"""Rotation prediction: a good part shows which way round it lies, a strange one less surely.

Golan & El-Yaniv, "Deep anomaly detection using geometric transformations", NeurIPS 2018, with the
four right angles of Gidaris, Singh & Komodakis, "Unsupervised representation learning by predicting
image rotations", ICLR 2018. The score is ``1 - 1/4 sum_k p(k | x turned by k right angles)``,
counted in its mean on good images that were held out. Of a product that looks the same after half
a turn, ``p`` is that of both angles together; one that looks the same after each is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engines.backbones.export import export
from engines.bundle import TRAINING
from engines.graphs import without_outputs
from engines.neural.kept_images import KeptImages
from engines.neural.pretext import Lesson, Pretext, Task, Trained, train_pretext
from engines.taught import NOWHERE, Folders, Images, Progress, Taught
from inspector.core.engine_spec import RotationSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

ANGLES = 4
TOLD = 0.9
"""Share of the held-out views whose angle must be found: a product that looks the same after half a
turn reaches 0.5, one that looks the same after each reaches that when half turns don't count."""
LOGITS = "logits"
"""The tensor in which the network hands over, float32[4, N, 4]: by turn, image, angle."""
LEAST_UNIT = 1e-4
"""Of the score, so that a network that is never in doubt is no division by zero."""


def teach(
    images: Images,
    form: FrameFormat,
    spec: RotationSpec,
    progress: Progress,
    folders: Folders = NOWHERE,
) -> Taught:
    """Learn from prepared good images uint8[h, w, c], at least two of them, as high as wide.

    Deterministic by ``spec.seed`` on one machine. Raises ``ConfigError``, also for a product whose
    angles cannot be told apart, and whatever ``progress`` raises.
    """
    kept = KeptImages(images)
    trained = train_rotation(Lesson(kept, form, spec, spec.strides, progress, folders))
    found = told_apart(trained, kept, progress)
    doubt = Doubt(found.turns)
    unit = max(float(doubt(found.logits).mean()), LEAST_UNIT)
    progress("graph", 0.0)
    graph = export(_Scored(trained.network, doubt, unit).eval(), form, ("map", "score", LOGITS))
    without_outputs(graph, [LOGITS])
    return Taught(
        graph,
        (1, 1),
        {
            **spec.model_dump(mode="json", exclude={"method", "tile", "weights"}),
            **trained.parameters,
            "positional": 1,
            "angles_told_apart": found.turns,
            "held_out_views_told": round(found.share, 3),
            "unit": unit,
        },
        {TRAINING: trained.curves.to_json()},
        (LOGITS,),
    )


def train_rotation(lesson: Lesson) -> Trained:
    """Train a backbone to tell by which angle good images were turned. Raises ``ConfigError``."""
    form = lesson.form
    if form.height != form.width:
        raise ConfigError(
            f"engine.method: rotation turns the picture by right angles, so its input is square; "
            f"preparation makes {form.width}x{form.height} px",
            remedy="Give preparation.width and height the same number, or take cutpaste",
        )
    return train_pretext(lesson, Task(ANGLES, _views))


def turned(images: Tensor) -> Tensor:
    """All turns of images [N, C, S, S], one after another: [4 N, C, S, S].

    By transposing and by gathering rows backwards, which every runtime has.
    """
    backwards = torch.arange(images.shape[2] - 1, -1, -1, device=images.device)
    quarter = images.transpose(2, 3).index_select(2, backwards)
    half = images.index_select(2, backwards).index_select(3, backwards)
    last = images.transpose(2, 3).index_select(3, backwards)
    return torch.cat([images, quarter, half, last])


def _views(images: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor]:
    angles = torch.arange(ANGLES, device=images.device)
    return turned(images), angles.repeat_interleave(len(images))


class Doubt(nn.Module):
    """Logits float32[4, N, 4] to the mean probability of wrong angles, float32[N].

    Summed up over the wrong ones: 1 - p would cancel where the right one is sure. With 2 ``turns``
    told apart an angle is as right as the opposite one.
    """

    wrong: Tensor

    def __init__(self, turns: int) -> None:
        super().__init__()
        angles = torch.arange(ANGLES)
        apart = (angles[:, None] - angles) % turns != 0
        self.register_buffer("wrong", apart.float()[:, None])

    def forward(self, logits: Tensor) -> Tensor:
        """Of all turns of each image."""
        doubt: Tensor = (logits.softmax(2) * self.wrong).sum(2).mean(0)
        return doubt


@dataclass(frozen=True, slots=True)
class Told:
    """What held-out good images show: ``logits`` float32[4, N, 4] of theirs, how many ``turns`` can
    be told apart, 4 or 2, and in which share of the views they were."""

    logits: Tensor
    turns: int
    share: float


def told_apart(trained: Trained, images: KeptImages, progress: Progress) -> Told:
    """Turn the images that were held out. Raises ``ConfigError`` where angles are not found."""
    network, found = trained.network, []
    for done, index in enumerate(trained.held_out):
        progress("angles", done / len(trained.held_out))
        with torch.no_grad():
            views = turned(network.levels(images.batch([index])))
            found.append(network(views).reshape(ANGLES, 1, ANGLES))
    logits = torch.cat(found, dim=1)
    off = logits.argmax(2) - torch.arange(ANGLES)[:, None]
    shares = {turns: float((off % turns == 0).float().mean()) for turns in (4, 2)}
    for turns, share in shares.items():
        if share >= TOLD:
            return Told(logits, turns, share)
    raise ConfigError(
        f"engine.method: rotation: the product looks the same when it is turned: the angle was "
        f"found in {shares[4]:.0%} of {off.numel()} views of good images that were held out, where "
        f"guessing finds {1 / ANGLES:.0%}",
        remedy="Take cutpaste or patchcore; or let the parts lie the same way round "
        "(preparation.align)",
    )


class _Scored(nn.Module):
    """Raw images to map, score and logits."""

    def __init__(self, network: Pretext, doubt: Doubt, unit: float) -> None:
        super().__init__()
        self.network = network
        self.doubt = doubt
        self._unit = unit

    def forward(self, batch: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        logits = self.network(turned(self.network.levels(batch))).reshape(ANGLES, -1, ANGLES)
        score = self.doubt(logits) / self._unit
        return score[:, None, None], score, logits
