"""What incremental teaching changes in a memory: patches of good images, of missed defects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engines.memory.memory import NEIGHBOUR, Lengths, Memory, nearest, squared_distances
from engines.memory.selection import Vectors, greedy_coreset

GROWTH = 0.25
"""Most vectors that one teaching adds to a memory, as a share of its core-set."""
RADIUS = 0.8
"""How far a missed patch is recognised, as a share of its distance to the nearest good patch."""
COPY = 0.25
"""Patches nearer than this share of the mean spacing are the same patch, as in ``spacing``."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A memory before and after. ``left`` new good patches found no room in it."""

    before: Memory
    after: Memory
    left: int = 0

    @property
    def good(self) -> int:
        """Good vectors that it won."""
        return len(self.after.bank) - len(self.before.bank)

    @property
    def missed(self) -> int:
        """Vectors of missed defects that it won; fewer than 0 where some were forgotten."""
        return len(self.after.missed) - len(self.before.missed)

    @property
    def changed(self) -> bool:
        """Whether it judges otherwise than before."""
        return bool(self.good or not np.array_equal(self.before.radius, self.after.radius))


def with_good(
    memory: Memory,
    points: Vectors,
    beyond: float,
    limit: int,
    progress: Callable[[float], None] = lambda share: None,
) -> Memory:
    """Remember good points float32[n, d] until none is more than ``beyond`` spacings away.

    The farthest comes first; at most ``limit`` are added. Vectors that were there keep their
    spacing and an added one has their median at most: distances only fall, and only near to what
    was added. ``progress`` may raise.
    """
    points = points[memory.distances(points) > beyond]
    away = memory.distances(points)
    longest = np.median(memory.spacing)
    bank, lengths = memory.bank, memory.spacing
    for added in range(limit):
        if away.max(initial=0.0) <= beyond:
            break
        progress(added / limit)
        point = points[away.argmax(), None]
        length = np.minimum(_spacing_of(point, bank), longest)
        bank, lengths = np.concatenate([bank, point]), np.concatenate([lengths, length])
        away = np.minimum(away, nearest(points, point, length))
    return replace(memory, bank=bank, spacing=lengths)


def with_missed(memory: Memory, points: Vectors, to_good: Lengths, limit: int) -> Memory:
    """Remember points float32[n, d] of a missed defect; of more than ``limit`` a core-set.

    ``to_good`` float32[n] is how far each lies from the nearest good patch; copies of one are left
    out.
    """
    differs = to_good >= COPY * memory.spacing.mean()
    points, to_good = points[differs], to_good[differs]
    if not len(points):
        return memory
    chosen = greedy_coreset(points, limit, 0, lambda share: None)
    return replace(
        memory,
        missed=np.concatenate([memory.missed, points[chosen]]),
        radius=np.concatenate([memory.radius, RADIUS * to_good[chosen]]),
    )


def with_narrower(memory: Memory, to_good: Lengths) -> Memory:
    """Let missed patches give way to good ones that lie ``to_good`` float32[K] from them.

    Those that a good patch is a copy of are forgotten.
    """
    kept = to_good >= COPY * memory.spacing.mean()
    radius = np.minimum(memory.radius, RADIUS * to_good)
    return replace(memory, missed=memory.missed[kept], radius=radius[kept])


def lengths_to(points: Vectors, others: Vectors) -> Lengths:
    """Distance of points float32[n, d] to the nearest of others float32[m, d], m at least 1."""
    return nearest(points, others, np.ones(len(others), np.float32))


def _spacing_of(point: Vectors, bank: Vectors) -> Lengths:
    """Distance of a point float32[1, d] to its neighbour in the bank: float32[1]."""
    rank = min(NEIGHBOUR, len(bank)) - 1
    squared = np.partition(squared_distances(point, bank)[0], rank)[rank, None]
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)), np.float32)
