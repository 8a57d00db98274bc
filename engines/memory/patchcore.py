"""PatchCore: remember patches of good images, measure how far a patch is from all of them.

Roth et al., "Towards Total Recall in Industrial Anomaly Detection", CVPR 2022.
"""

from __future__ import annotations

from collections.abc import Sequence

import onnx

from engines.bundle import MEMORY
from engines.memory.features import features_graph
from engines.memory.grafting import SMOOTHING_CELLS, explained
from engines.memory.head import append_head
from engines.memory.margin import Cut, Head, Margin, is_cut, measure_margin
from engines.memory.memory import NEIGHBOUR, pack_memories, remember
from engines.memory.seen import features_of, grids_of
from engines.memory.selection import Reservoir, Vectors
from engines.taught import Folders, Images, Progress, Taught
from engines.tiling import Tiles
from inspector.core.canonical import Json
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

SAMPLE = 60_000
"""Patch vectors that wait for the core-set: bounds memory whatever the number of images."""
_PASSING_CORESET = 500
"""Patches of the memory that the margin of tiles is measured with."""


def teach(
    images: Images,
    form: FrameFormat,
    spec: PatchCoreSpec,
    progress: Progress,
    folders: Folders,
) -> Taught:
    """Learn from prepared good images, uint8[h, w, c] of the given form, one at a time.

    Features come from the compiled graph, the one that will run. Deterministic by ``spec.seed``.
    """
    progress("backbone", 0.0)
    margin = _margin(images, form, spec, progress, folders)
    cut = Cut.of(form, margin)
    features = features_graph(spec, cut.part, folders)
    samples = _sample_patches(features, images, cut.tiles, spec.seed, progress)
    memories = []
    for index, sample in enumerate(samples):

        def share_done(share: float, before: int = index) -> None:
            progress("coreset", (before + share) / len(samples))

        memories.append(remember(sample, spec, share_done))
    progress("coreset", 1.0)
    parameters: dict[str, Json] = {
        "backbone": spec.backbone,
        "scales": " ".join("+".join(str(stride) for stride in scale) for scale in spec.scales),
        "neighbourhood": spec.neighbourhood,
        "coreset": len(memories[0].bank),
        "projection": spec.projection,
        "reweight": int(spec.reweight),
        "sample": len(samples[0]),
        "images": len(images),
        "neighbour": NEIGHBOUR,
        "smoothing_cells": SMOOTHING_CELLS,
    }
    if margin is not None:
        parameters["tile_difference"] = margin.difference
    grids = grids_of(features)
    return Taught(
        graph=append_head(features, memories, grids, reweight=spec.reweight),
        map_shape=cut.map_shape(grids),
        parameters=parameters,
        files={MEMORY: pack_memories(memories)},
        boundary=tuple(output.name for output in features.graph.output),
        explains=explained(spec.scales),
        tiling=cut.tiling,
    )


def _margin(
    images: Images, form: FrameFormat, spec: PatchCoreSpec, progress: Progress, folders: Folders
) -> Margin | None:
    """None where images are taken in one piece."""
    if spec.reweight and is_cut(form, spec):
        raise ConfigError(
            "engine.reweight: weighs an image by its strangest patch, which no tile knows",
            remedy="Give engine.tile: null, or engine.reweight: false",
        )
    small = spec.model_copy(update={"coreset": min(spec.coreset, _PASSING_CORESET)})

    def learn(samples: Sequence[Vectors]) -> Head:
        memories = [remember(sample, small, lambda share: None) for sample in samples]
        return lambda features, grids: append_head(features, memories, grids)

    return measure_margin(images, form, spec, progress, folders, learn=learn)


def _sample_patches(
    features: onnx.ModelProto, images: Images, tiles: Tiles | None, seed: int, progress: Progress
) -> list[Vectors]:
    """A sample of each scale's patch vectors of all images."""
    reservoirs = [Reservoir(SAMPLE, seed) for _ in features.graph.output]
    for found in features_of(features, images, tiles, progress):
        for reservoir, maps in zip(reservoirs, found, strict=True):
            reservoir.add(maps.reshape(len(maps), -1).T)
    return [reservoir.vectors for reservoir in reservoirs]
