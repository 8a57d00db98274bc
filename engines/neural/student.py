"""A student of the backbone: a small network that says of one product what the backbone says.

The backbone's first layers stay: they see small things well, and are quick. Its others are replaced
by a student ``S``. It learns, from what the first layers see, the deep features ``f`` of good
images, of copies with blobs over them and of generic pictures, so that it also knows what is not
good; the hardest tenth of its errors on good images counts again. At both scales the map is the
distance to the Gaussian of good patches at each place,

    M(x) = sqrt((S(x) - m_p)^T C_p^-1 (S(x) - m_p) / d)

as with `engines.memory.padim`. After Batzner, Heckler & Koenig, "EfficientAD: accurate visual
anomaly detection at millisecond-level latencies", WACV 2024: its teacher, distilled from a
backbone, and its loss on hard features. Its second network, which imitates the teacher on good
images, cost time and found less here (record 40).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from engines.backbones.export import export
from engines.bundle import TRAINING
from engines.memory.embedding import embedding_of
from engines.memory.gaussian import gaussian_of
from engines.memory.gaussian_head import append_gaussians
from engines.memory.grafting import SMOOTHING_CELLS, explained, map_size
from engines.memory.padim import ADDED
from engines.memory.places import moments_of_places, share_of_all
from engines.memory.seen import grids_of
from engines.neural.checkpoint import checkpoint_of
from engines.neural.distillation import COPIES, POOL, Lesson, Seen, lesson_of
from engines.neural.kept_images import KeptImages
from engines.neural.patch_network import PatchNetwork
from engines.neural.redrawing import schedule_of
from engines.neural.training import hold_out, seeded, train
from engines.taught import NOWHERE, Folders, Images, Progress, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec import StudentSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

HARD = 0.1
"""Share of the places of good images whose errors count twice."""
GENERIC_WEIGHT = 0.5
"""Of the errors on generic pictures."""
LEAST_POWER = 1e-6
"""Of features that never move: images that are all one level."""
SCALES = ("scale0", "scale1")
_ALL = np.empty(0, np.int64)


def teach(
    images: Images,
    form: FrameFormat,
    spec: StudentSpec,
    progress: Progress,
    folders: Folders = NOWHERE,
) -> Taught:
    """Learn from prepared good images uint8[h, w, c], at least two of them.

    Deterministic by ``spec.seed`` on one machine. Raises ``ConfigError``, also where the Gaussians
    would be too large, and whatever ``progress`` raises.
    """
    _check(spec)
    kept = KeptImages(images)
    trained, held_out = hold_out(len(kept), spec.validation_share, spec.seed)
    watched = held_out[: POOL // 8]
    learned = trained[: POOL - len(watched)]
    lesson = lesson_of(
        kept,
        [*learned, *watched],
        form=form,
        spec=spec,
        folders=folders,
        progress=progress,
    )
    seen, said = lesson.good.near.shape[1], lesson.good.deep.shape[1]
    with seeded(spec.seed):
        student = PatchNetwork(seen, spec.width, said)
    curves = train(
        student,
        _Loss(student, lesson),
        _Numbers(images),
        (range(len(learned)), range(len(learned), len(learned) + len(watched))),
        schedule=schedule_of(spec, form),
        progress=progress,
        checkpoint=checkpoint_of(folders, kept, form, spec),
    )
    progress("graph", 0.0)
    near = spec.model_copy(update={"scales": spec.scales[:1]})
    sight = embedding_of(near, form.pixel_format, folders)
    features = export(_Seeing(sight, student).eval(), form, SCALES)
    moments = moments_of_places(features, images, [_ALL, _ALL], progress)
    gaussians = [(_ALL, gaussian_of(one, shared=share_of_all(one), added=ADDED)) for one in moments]
    grids = grids_of(features)
    parameters: dict[str, Json] = {
        **spec.model_dump(mode="json", exclude={"method", "tile", "scales", "weights"}),
        "scales": " ".join("+".join(map(str, scale)) for scale in spec.scales),
        "added": ADDED,
        "positional": 1,
        "images": len(kept),
        "held_out": len(held_out),
        "epochs_run": len(curves.train),
        "best_epoch": curves.best + 1,
        "smoothing_cells": SMOOTHING_CELLS,
    }
    return Taught(
        append_gaussians(features, gaussians, grids),
        map_size(grids),
        parameters,
        {TRAINING: curves.to_json()},
        SCALES,
        explains=explained(spec.scales),
    )


def _check(spec: StudentSpec) -> None:
    """A recipe of before, whose student learned both scales, still runs its bundle."""
    if spec.scales[0] != (8,) or spec.scales[1][0] != 16:
        raise ConfigError(
            f"engine.scales: {[list(scale) for scale in spec.scales]}, but student sees at stride "
            "8 and learns from 16 on",
            remedy="Remove scales and width, or give [[8], [16, 32]] and 128",
        )


class _Loss:
    """Errors on the pictures of some numbers, as shares of the power of the features."""

    def __init__(self, student: nn.Module, lesson: Lesson) -> None:
        self._student = student
        self._lesson = lesson
        self._powers = _power(lesson.good), _power(lesson.generic)

    def __call__(self, numbers: Tensor, random: torch.Generator) -> Tensor:
        at, device, lesson = numbers.cpu(), numbers.device, self._lesson
        copy = at + len(lesson.good.near) * torch.randint(COPIES, at.shape, generator=random)
        drawn = (lesson.good, at), (lesson.damaged, copy), (lesson.generic, at)
        near = torch.cat([kind.near[some] for kind, some in drawn]).to(device)
        wanted = torch.cat([kind.deep[some] for kind, some in drawn]).to(device)
        errors = (self._student(near) - wanted).square().mean(1).reshape(len(drawn), -1)
        hardest = errors[0].topk(max(1, round(HARD * errors.shape[1])))[0]
        known = errors[0].mean() + HARD * hardest.mean() + errors[1].mean()
        of_good, of_generic = self._powers
        total: Tensor = known / of_good + GENERIC_WEIGHT * errors[2].mean() / of_generic
        return total


def _power(seen: Seen) -> float:
    return float(seen.deep.square().mean()) + LEAST_POWER


class _Numbers(KeptImages):
    """Hands out the numbers of pictures in place of images: a lesson holds what belongs to them."""

    def batch(self, indices: Sequence[int]) -> Tensor:
        """The numbers themselves, int64[n]."""
        return torch.tensor(indices)


class _Seeing(nn.Module):
    """Raw images to what the first layers see and what the student says of it."""

    def __init__(self, sight: nn.Module, student: PatchNetwork) -> None:
        super().__init__()
        self.sight = sight
        self.student = student

    def forward(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        (near,) = self.sight(batch)
        return near, self.student(near)
