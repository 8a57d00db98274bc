"""PatchCore: remember patches of good images, measure how far a patch is from all of them.

Roth et al., "Towards Total Recall in Industrial Anomaly Detection", CVPR 2022.
"""

from __future__ import annotations

from dataclasses import replace

import onnx

from engines.bundle import MEMORY, Tiling
from engines.memory.features import features_graph
from engines.memory.grafting import SMOOTHING_CELLS, UPSAMPLING
from engines.memory.head import append_head
from engines.memory.margin import Margin, measure_margin
from engines.memory.memory import NEIGHBOUR, pack_memories, remember
from engines.memory.selection import Reservoir, Vectors
from engines.runtimes.openvino import compile_graph
from engines.taught import Folders, Images, Progress, Taught
from engines.tiling import Tiles, tiles_of
from inspector.core.canonical import Json
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.errors import ConfigError
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
    margin = _margin(images, form, spec, progress, folders)
    tiling = None if margin is None else margin.tiling
    tiles = None if tiling is None else tiles_of(form.height, form.width, tiling)
    part = form if tiles is None else replace(form, height=tiles.height, width=tiles.width)
    features = features_graph(spec, part, folders)
    grids, samples = _sample_patches(features, images, tiles, spec.seed, progress)
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
    rows, columns = grids[0]
    return Taught(
        graph=append_head(features, memories, grids, reweight=spec.reweight),
        map_shape=(
            rows * UPSAMPLING * form.height // part.height,
            columns * UPSAMPLING * form.width // part.width,
        ),
        parameters=parameters,
        files={MEMORY: pack_memories(memories)},
        boundary=tuple(output.name for output in features.graph.output),
        tiling=tiling,
    )


def _margin(
    images: Images, form: FrameFormat, spec: PatchCoreSpec, progress: Progress, folders: Folders
) -> Margin | None:
    """None where images are taken in one piece."""
    if spec.tile is None or max(form.height, form.width) <= spec.tile:
        return None
    if spec.reweight:
        raise ConfigError(
            "engine.reweight: weighs an image by its strangest patch, which no tile knows",
            remedy="Give engine.tile: null, or engine.reweight: false",
        )
    # Sides that cannot be cut are refused before anything is measured.
    tiles_of(form.height, form.width, Tiling(size=spec.tile, margin=0))
    return measure_margin(images, form, spec, progress, folders, size=spec.tile)


def _sample_patches(
    features: onnx.ModelProto, images: Images, tiles: Tiles | None, seed: int, progress: Progress
) -> tuple[list[tuple[int, int]], list[Vectors]]:
    """The grid of each scale, and a sample of its patch vectors of all images."""
    run = compile_graph(features.SerializeToString(), threads=0)
    reservoirs = [Reservoir(SAMPLE, seed) for _ in features.graph.output]
    grids = [(0, 0)] * len(reservoirs)
    for index, image in enumerate(images):
        progress("features", index / len(images))
        for number, piece in enumerate(image[None] if tiles is None else tiles.cut(image)):
            for scale, (maps,) in enumerate(run([piece[None]])):
                grids[scale] = (maps.shape[1], maps.shape[2])
                core: tuple[slice, ...] = ()
                if tiles is not None:  # patches that another tile answers for never run in this one
                    core = tiles.all[number].core(tiles.height // maps.shape[1])
                reservoirs[scale].add(maps[:, *core].reshape(len(maps), -1).T)
    return grids, [reservoir.vectors for reservoir in reservoirs]
