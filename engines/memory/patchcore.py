"""PatchCore: remember patches of good images, measure how far a patch is from all of them.

Roth et al., "Towards Total Recall in Industrial Anomaly Detection", CVPR 2022.
"""

from __future__ import annotations

import onnx

from engines.backbones.export import export
from engines.backbones.registry import build
from engines.memory.embedding import SCALES, Embedding
from engines.memory.head import NEIGHBOUR, SMOOTHING_CELLS, UPSAMPLING, append_head
from engines.memory.selection import Reservoir, Vectors, greedy_coreset
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
    embedding = Embedding(form.pixel_format, build(spec.backbone, form.height, form.width))
    features = export(embedding, form, SCALES)
    grids, samples = _sample_patches(features, images, spec.seed, progress)
    banks = []
    for index, sample in enumerate(samples):

        def share_done(share: float, before: int = index) -> None:
            progress("coreset", (before + share) / len(samples))

        banks.append(sample[greedy_coreset(sample, spec.coreset, spec.seed, share_done)])
    graph = append_head(features, dict(zip(SCALES, banks, strict=True)), grids)
    grid = grids[0]
    progress("coreset", 1.0)
    parameters: dict[str, Json] = {
        "backbone": spec.backbone,
        "scales": len(SCALES),
        "coreset": len(banks[0]),
        "sample": len(samples[0]),
        "seed": spec.seed,
        "images": len(images),
        "neighbour": NEIGHBOUR,
        "smoothing_cells": SMOOTHING_CELLS,
    }
    return Taught(graph, (grid[0] * UPSAMPLING, grid[1] * UPSAMPLING), parameters)


def _sample_patches(
    features: onnx.ModelProto, images: Images, seed: int, progress: Progress
) -> tuple[list[tuple[int, int]], list[Vectors]]:
    """The grid of each scale, and a sample of its patch vectors of all images."""
    run = compile_graph(features.SerializeToString(), threads=0)
    reservoirs = [Reservoir(SAMPLE, seed) for _ in SCALES]
    grids = [(0, 0)] * len(SCALES)
    for index, image in enumerate(images):
        progress("features", index / len(images))
        for scale, (batch, reservoir) in enumerate(
            zip(run([image[None]]), reservoirs, strict=True)
        ):
            maps = batch[0]
            grids[scale] = (maps.shape[1], maps.shape[2])
            reservoir.add(maps.reshape(len(maps), -1).T)
    return grids, [reservoir.vectors for reservoir in reservoirs]
