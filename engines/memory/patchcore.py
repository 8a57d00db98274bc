"""PatchCore: remember patches of good images, measure how far a patch is from all of them.

Roth et al., "Towards Total Recall in Industrial Anomaly Detection", CVPR 2022.
"""

from __future__ import annotations

import onnx

from engines.bundle import MEMORY
from engines.memory.features import features_graph
from engines.memory.head import SMOOTHING_CELLS, UPSAMPLING, append_head
from engines.memory.memory import NEIGHBOUR, pack_memories, remember
from engines.memory.selection import Reservoir, Vectors
from engines.runtimes.openvino import compile_graph
from engines.taught import Folders, Images, Progress, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.frame import FrameFormat

SAMPLE = 60_000
"""Patch vectors that wait for the core-set: bounds memory whatever the number of images."""


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
    features = features_graph(spec, form, folders)
    grids, samples = _sample_patches(features, images, spec.seed, progress)
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
    return Taught(
        graph=append_head(features, memories, grids, reweight=spec.reweight),
        map_shape=(grids[0][0] * UPSAMPLING, grids[0][1] * UPSAMPLING),
        parameters=parameters,
        files={MEMORY: pack_memories(memories)},
        boundary=tuple(output.name for output in features.graph.output),
    )


def _sample_patches(
    features: onnx.ModelProto, images: Images, seed: int, progress: Progress
) -> tuple[list[tuple[int, int]], list[Vectors]]:
    """The grid of each scale, and a sample of its patch vectors of all images."""
    run = compile_graph(features.SerializeToString(), threads=0)
    reservoirs = [Reservoir(SAMPLE, seed) for _ in features.graph.output]
    grids = [(0, 0)] * len(reservoirs)
    for index, image in enumerate(images):
        progress("features", index / len(images))
        for scale, (batch, reservoir) in enumerate(
            zip(run([image[None]]), reservoirs, strict=True)
        ):
            maps = batch[0]
            grids[scale] = (maps.shape[1], maps.shape[2])
            reservoir.add(maps.reshape(len(maps), -1).T)
    return grids, [reservoir.vectors for reservoir in reservoirs]
