"""A dictionary of what a backbone says of good images: `dictionary` with ``on: features``.

A vector is that of one cell, each feature at mean 0 and spread 1 over good images. The length of
what the dictionary leaves of it is counted in its usual length, at each place or everywhere. Scales
are joined as in every engine on features.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from engines.backbones.export import export_head
from engines.backbones.feature_maps import Normalise
from engines.background.coders import HELD_OUT, DictionaryCoder, coder_of
from engines.graphs import chained
from engines.memory.features import features_graph
from engines.memory.grafting import explained, map_size
from engines.memory.seen import grids_of
from engines.neural.on_features import (
    KeptFeatures,
    distance_of,
    joined,
    kept_features,
    room_for,
    some_of,
)
from engines.neural.spread import Moments, spread_of, usual_of
from engines.neural.training import hold_out
from engines.taught import Folders, Images, Progress, Taught
from inspector.core.engine_spec import DictionarySpec
from inspector.core.frame import FrameFormat

NOISE = 1e-6
"""Added before a root is taken, in squares of a feature's spread."""


def teach_on_features(
    images: Images, form: FrameFormat, spec: DictionarySpec, progress: Progress, folders: Folders
) -> Taught:
    """Learn from prepared good images uint8[h, w, c], at least two; of more than there is room
    for some are drawn by seed.

    Raises ``ConfigError``, also where a tile is asked for, and whatever ``progress`` raises.
    """
    progress("backbone", 0.0)
    graph = features_graph(spec, form, folders)
    grids = grids_of(graph)
    boundary = tuple(output.name for output in graph.graph.output)
    some = some_of(images, room_for(graph), spec.seed)
    split = hold_out(len(some), HELD_OUT, spec.seed)
    for index, kept in enumerate(kept_features(graph, some, progress)):
        progress("dictionary", index / len(grids))
        head = _head(kept, split, spec)
        shape = (head.size, *grids[index])
        graph = chained(
            graph, export_head(head.eval(), {f"scale{index}": shape}, (distance_of(index),))
        )
    progress("graph", 0.0)
    return Taught(
        joined(graph, grids),
        map_size(grids),
        {
            **spec.model_dump(mode="json", exclude={"method", "tile", "patches", "weights"}),
            "scales": " ".join("+".join(map(str, scale)) for scale in spec.scales),
            "positional": int(spec.per_position),
            "images": len(some),
            "held_out": len(split[1]),
        },
        boundary=boundary,
        explains=explained(spec.scales),
    )


class _Head(nn.Module):
    """Features float32[N, d, h, w] to what is left of each cell, float32[N, 1, h, w], about 1."""

    usual: Tensor

    def __init__(self, standard: Normalise, coder: DictionaryCoder) -> None:
        super().__init__()
        self.standard = standard
        self.coder = coder
        self.size = coder.dictionary.shape[1]
        self.register_buffer("usual", torch.ones(1))

    def left(self, features: Tensor) -> Tensor:
        """Root of the mean square, over features, of what the dictionary leaves."""
        lengths: Tensor = (self.coder.left(self.standard(features)) + NOISE).sqrt()
        return lengths

    def forward(self, features: Tensor) -> Tensor:
        return self.left(features) / self.usual


def _head(
    kept: KeptFeatures, split: tuple[Sequence[int], Sequence[int]], spec: DictionarySpec
) -> _Head:
    standard = kept.standard(split[0])

    def vectors_of(index: int) -> Tensor:
        vectors: Tensor = standard(kept.batch([index]))[0]
        return vectors

    head = _Head(standard, coder_of(vectors_of, split[0], spec, len(vectors_of(split[0][0]))))
    moments = [Moments(), Moments()]
    with torch.no_grad():
        for one, indices in zip(moments, split, strict=True):
            for index in indices:
                one.add(head.left(kept.batch([index])).numpy())
    spread = spread_of(*moments) if spec.per_position else usual_of(moments[1])
    # A length is never below zero: it is counted in its usual size, not in spreads from its mean.
    usual = np.hypot(spread.mean, spread.deviation)
    head.usual = torch.from_numpy(usual).float()[None]
    return head
