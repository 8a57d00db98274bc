"""Sparse codes of overlapping patches by a learned ISTA: what no few atoms make is strange.

A patch ``x``, its mean taken away, is coded by ``steps`` steps of

    z <- shrink(z + g_t W (x - D^T z), theta_t)

from ``z = 0``. The dictionary ``D`` is fitted to good patches (`engines.background.dictionary`)
and stays. Learned are ``W`` and, for every step, ``g_t`` and ``theta_t``, so that
``|x - D^T z|^2 / 2 + penalty |z|_1`` is small after the last step; untrained it is ISTA itself.
Gregor & LeCun, "Learning fast approximations of sparse coding", ICML 2010; that both matrices
follow from one ``W``: Chen, Liu, Wang & Yin, NeurIPS 2018; that the steps share it: Liu et al.,
"ALISTA", ICLR 2019.

Patches overlap by half, and what they make is averaged. The squared error that is left and the
effort ``|z|_1`` are counted in their spreads at each place of good images, since edges are always
hard (``per_position``), or in their usual size everywhere; the map joins both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from engines.backbones.export import export
from engines.background.dictionary import Rows, centred, learned_dictionary, random_dictionary
from engines.background.shrinkage import steps_to_reach
from engines.bundle import TRAINING
from engines.explaining import EXPECTED
from engines.graphs import without_outputs
from engines.neural.checkpoint import checkpoint_of
from engines.neural.kept_images import KeptImages
from engines.neural.levels import StandardLevels, standard_levels
from engines.neural.patch_coding import FITTED, MAP_STRIDE, centred_patches, drawn_vectors
from engines.neural.redrawing import DRAWN, MEASURED, schedule_of
from engines.neural.sparse_coding import SparseCoder, SparseMaps
from engines.neural.spread import Moments, Spread, StandardisedMap, spread_of, usual_of
from engines.neural.training import hold_out, train
from engines.taught import NOWHERE, Folders, Images, Progress, Taught
from engines.tiling import margined, part_of
from inspector.core.canonical import Json
from inspector.core.engine_spec import ListaSpec
from inspector.core.frame import FrameFormat

CROP_PX = 128
"""Side of the part of an image that a training step sees."""
MARGIN_PX = 32
"""Context of a tile: more than a patch and the reach of both smoothings."""
COMPARED = 500
"""Held-out patches that the learned steps are compared with ISTA's on."""
MOST_STEPS = 300
LEAST_MATCH = 1e-6
"""Of patches that are all one level."""
PARTS = ("error", "effort")
"""What the map joins."""


def teach(
    images: Images,
    form: FrameFormat,
    spec: ListaSpec,
    progress: Progress,
    folders: Folders = NOWHERE,
) -> Taught:
    """Learn from prepared good images uint8[h, w, c], at least two of them.

    Deterministic by ``spec.seed`` on one machine. ``parameters`` tell how many steps ISTA and FISTA
    need on held-out patches for what ``spec.steps`` learned ones reach. Raises ``ConfigError``, and
    whatever ``progress`` raises.
    """
    tiling = margined(form, spec, MARGIN_PX)
    kept = KeptImages(images)
    trained, held_out = split = hold_out(len(kept), spec.validation_share, spec.seed)
    levels = standard_levels(kept, trained, form.pixel_format, progress)
    progress("dictionary", 0.0)
    patches = _patches(kept, trained, levels, spec, FITTED)
    random = np.random.default_rng(spec.seed)
    if spec.dictionary == "ksvd":
        dictionary = centred(learned_dictionary(patches, spec.atoms, spec.sparsity, random))
    else:
        dictionary = centred(random_dictionary(patches, spec.atoms, random))
    penalty = spec.penalty * _usual_match(patches, dictionary)
    coder = SparseCoder(dictionary, penalty, form.pixel_format.colours, spec.steps)
    model = _Coding(levels, coder)
    curves = train(
        model,
        model.loss,
        kept,
        split,
        schedule=schedule_of(spec, form),
        progress=progress,
        checkpoint=checkpoint_of(folders, kept, form, spec),
    )
    progress("compare", 0.0)
    known = _patches(kept, held_out, levels, spec, COMPARED)
    compared = _compared(coder, dictionary, known, penalty)
    moments = [_moments(model, kept, indices, form, progress) for indices in (trained, held_out)]
    spread = spread_of(*moments) if spec.per_position else usual_of(moments[1])
    progress("graph", 0.0)
    part = part_of(form, tiling)
    hidden = (DRAWN, EXPECTED, *PARTS)
    graph = export(_Explained(model, part, spread).eval(), part, ("map", "score", *hidden))
    without_outputs(graph, hidden)
    parameters: dict[str, Json] = {
        **spec.model_dump(mode="json", exclude={"method", "tile"}),
        "positional": int(spec.per_position),
        "images": len(kept),
        "held_out": len(held_out),
        "epochs_run": len(curves.train),
        "best_epoch": curves.best + 1,
        **compared,
    }
    pictures = () if tiling else (EXPECTED,)  # a tile's graph draws no whole image
    return Taught(
        graph,
        (-(-form.height // MAP_STRIDE), -(-form.width // MAP_STRIDE)),
        parameters,
        {TRAINING: curves.to_json()},
        (DRAWN,),
        tiling=tiling,
        explains={name: name for name in (*pictures, *PARTS)},
    )


class _Coding(nn.Module):
    """Raw images to the objective of their codes, on a part of them drawn at random."""

    def __init__(self, levels: StandardLevels, coder: SparseCoder) -> None:
        super().__init__()
        self.levels = levels
        self.coder = coder

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        height, width = batch.shape[1:3]
        tall, wide = (min(CROP_PX, side) for side in (height, width))
        top = int(torch.randint(height - tall + 1, (1,), generator=random))
        left = int(torch.randint(width - wide + 1, (1,), generator=random))
        return self.coder.objective(self.levels(batch[:, top : top + tall, left : left + wide]))


class _Explained(nn.Module):
    """Raw images to map, score, what the codes draw, that as a picture, and a map of each part."""

    def __init__(self, model: _Coding, form: FrameFormat, spread: Spread) -> None:
        super().__init__()
        self.levels = model.levels
        self.maps = SparseMaps(model.coder, (form.height, form.width))
        self.map = StandardisedMap(spread)

    def forward(self, batch: Tensor) -> tuple[Tensor, ...]:
        drawn, roots = self.maps(self.levels(batch))
        score_map, score = self.map(roots)
        return score_map, score, drawn, self.levels.picture(drawn), *self.map.parts(roots)


def _patches(
    images: KeptImages,
    indices: Sequence[int],
    levels: StandardLevels,
    spec: ListaSpec,
    count: int,
) -> Rows:
    """Centred patches drawn from images in turn: float64[n, d]."""

    def of(index: int) -> Tensor:
        with torch.no_grad():
            return centred_patches(levels(images.batch([index])), spec.patch)

    return drawn_vectors(of, indices, count, spec.seed)


def _usual_match(patches: Rows, dictionary: Rows) -> float:
    """Mean of each patch's best match; never zero."""
    return max(float(np.abs(patches @ dictionary.T).max(axis=1).mean()), LEAST_MATCH)


def _compared(
    coder: SparseCoder, dictionary: Rows, patches: Rows, penalty: float
) -> dict[str, Json]:
    """The objective that the learned steps reach, and the steps that others need for it."""
    side = coder.side
    pictures = torch.from_numpy(patches).float().reshape(len(patches), -1, side, side)
    with torch.no_grad():
        reached = float(coder.objective(pictures))
    needed: dict[str, Json] = {"objective": reached}
    for name, fast in (("ista_steps", False), ("fista_steps", True)):
        steps = steps_to_reach(reached, dictionary, patches, penalty, most=MOST_STEPS, fast=fast)
        needed[name] = f"> {MOST_STEPS}" if steps is None else steps
    return needed


def _moments(
    model: _Coding,
    images: KeptImages,
    indices: Sequence[int],
    form: FrameFormat,
    progress: Progress,
) -> Moments:
    maps, moments = SparseMaps(model.coder, (form.height, form.width)), Moments()
    chosen = indices[:MEASURED]
    for done, index in enumerate(chosen):
        progress("spread", done / len(chosen))
        with torch.no_grad():
            _, found = maps(model.levels(images.batch([index])))
        moments.add(found.numpy())
    return moments
