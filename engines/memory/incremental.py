"""Images that change a memory: good ones that were rejected, a defect that was missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engines.memory.growth import (
    Growth,
    lengths_to,
    with_good,
    with_missed,
    with_narrower,
)
from engines.memory.memory import Lengths, Memory
from engines.memory.patches import Features, Patches
from engines.memory.selection import Reservoir, Vectors
from engines.taught import Images, Progress
from inspector.core.frame import Pixels

SAMPLE = 60_000
"""New patches that wait for a place in a memory: bounds what many images need."""
ORDINARY, ASKED = 0.75, 32
"""A marked patch must be farther from the memory than this share of the patches of good images;
so many of those, evenly chosen, are asked."""


def learn_good(
    patches: Patches,
    memories: Sequence[Memory],
    images: Images,
    *,
    beyond: Sequence[float],
    limit: int,
    progress: Progress,
) -> list[Growth]:
    """Grow each scale's memory by what is new in good images.

    ``beyond`` says for each scale from how many spacings on a patch is new; ``limit`` is the most
    that a memory grows by. Missed patches give way to the images.
    """
    fresh = [Reservoir(SAMPLE, seed=0) for _ in memories]
    to_good = [np.full(len(memory.missed), np.inf, np.float32) for memory in memories]
    for index, image in enumerate(images):
        progress("features", index / len(images))
        for scale, points in enumerate(_points(patches, memories, image)):
            memory = memories[scale]
            fresh[scale].add(points[memory.distances(points) > beyond[scale]])
            to_good[scale] = np.minimum(to_good[scale], lengths_to(memory.missed, points))
    grown = []
    for scale, memory in enumerate(memories):

        def share_done(share: float, before: int = scale) -> None:
            progress("memory", (before + share) / len(memories))

        points = fresh[scale].vectors
        narrower = with_narrower(memory, to_good[scale])
        after = with_good(narrower, points, beyond[scale], limit, share_done)
        left = int((after.distances(points) > beyond[scale]).sum())
        grown.append(Growth(memory, after, left))
    return grown


def learn_missed(
    patches: Patches,
    memories: Sequence[Memory],
    image: Pixels,
    cells: Callable[[tuple[int, int]], NDArray[np.bool_]],
    *,
    good: Images,
    held_out: Images,
    limit: int,
    progress: Progress,
) -> list[Growth]:
    """Remember the patches of a missed defect, each as far as ``good`` images allow.

    ``cells`` gives the marked cells bool[rows, columns] of a grid. ``good`` are the images that the
    engine was taught with, ``held_out`` others that are good. A memory comes back as it was where
    no marked patch is stranger than ``ORDINARY`` of the latter's.
    """
    marked = []
    ordinary = _ordinary(patches, memories, held_out, progress)
    for memory, features, common in zip(memories, patches.of(image), ordinary, strict=True):
        points = memory.project(features[cells(features.shape[:2])])
        marked.append(points[memory.distances(points) > common])
    to_good = [
        lengths_to(points, memory.bank) for points, memory in zip(marked, memories, strict=True)
    ]
    for index, other in enumerate(good):
        progress("features", index / len(good))
        for scale, points in enumerate(_points(patches, memories, other)):
            to_good[scale] = np.minimum(to_good[scale], lengths_to(marked[scale], points))
    progress("memory", 0.0)
    return [
        Growth(memory, with_missed(memory, points, lengths, limit))
        for memory, points, lengths in zip(memories, marked, to_good, strict=True)
    ]


def _ordinary(
    patches: Patches, memories: Sequence[Memory], held_out: Images, progress: Progress
) -> list[float]:
    """How far, in spacings, ``ORDINARY`` of the patches of good images are from each memory."""
    asked = range(0, len(held_out), -(-len(held_out) // ASKED))
    found: list[list[Lengths]] = [[] for _ in memories]
    for index in asked:
        progress("ordinary", index / len(held_out))
        for scale, points in enumerate(_points(patches, memories, held_out[index])):
            found[scale].append(memories[scale].distances(points))
    return [float(np.quantile(np.concatenate(one), ORDINARY)) for one in found]


def _points(patches: Patches, memories: Sequence[Memory], image: Pixels) -> list[Vectors]:
    """Every patch of an image in the spaces of the memories."""

    def flat(features: Features) -> Vectors:
        return features.reshape(-1, features.shape[2])

    return [
        memory.project(flat(features))
        for memory, features in zip(memories, patches.of(image), strict=True)
    ]
