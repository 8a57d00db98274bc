"""Images that change a memory: good ones that were rejected, a defect that was missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engines.memory.growth import (
    Growth,
    lengths_to,
    telling,
    with_good,
    with_missed,
    with_narrower,
)
from engines.memory.memory import Memory
from engines.memory.patches import Features, Patches
from engines.memory.selection import Reservoir, Vectors
from engines.taught import Images, Progress
from inspector.core.frame import Pixels

SAMPLE = 60_000
"""New patches that wait for a place in a memory: bounds what many images need."""
ORDINARY = 32
"""Teaching images that say how far good patches commonly are from a memory, evenly chosen."""


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
    limit: int,
    progress: Progress,
) -> list[Growth]:
    """Remember the patches of a missed defect, each as far as ``good`` images allow.

    ``cells`` gives the marked cells bool[rows, columns] of a grid; ``good`` are those that the
    engine was taught with. What is as ordinary as half of their patches is left out, so a memory
    may come back as it was.
    """
    marked = [
        memory.project(features[cells(features.shape[:2])])
        for memory, features in zip(memories, patches.of(image), strict=True)
    ]
    to_good = [
        lengths_to(points, memory.bank) for points, memory in zip(marked, memories, strict=True)
    ]
    ordinary: list[list[Vectors]] = [[] for _ in memories]
    every = -(-len(good) // ORDINARY)
    for index, other in enumerate(good):
        progress("features", index / len(good))
        for scale, points in enumerate(_points(patches, memories, other)):
            if index % every == 0:
                ordinary[scale].append(memories[scale].distances(points))
            to_good[scale] = np.minimum(to_good[scale], lengths_to(marked[scale], points))
    progress("memory", 0.0)
    found = []
    for memory, points, lengths, distances in zip(memories, marked, to_good, ordinary, strict=True):
        says = telling(memory, points, lengths, float(np.median(np.concatenate(distances))))
        after = with_missed(memory, points[says], lengths[says], limit)
        found.append(Growth(memory, after))
    return found


def _points(patches: Patches, memories: Sequence[Memory], image: Pixels) -> list[Vectors]:
    """Every patch of an image in the spaces of the memories."""

    def flat(features: Features) -> Vectors:
        return features.reshape(-1, features.shape[2])

    return [
        memory.project(flat(features))
        for memory, features in zip(memories, patches.of(image), strict=True)
    ]
