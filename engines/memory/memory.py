"""What an engine remembers of good patches at one scale, and how it measures a distance to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from engines.memory.selection import Vectors, greedy_coreset
from inspector.core.engine_spec import PatchCoreSpec

NEIGHBOUR = 9
"""The spacing of the memory around a vector is its distance to this neighbour."""
SHORTEST = 0.05
"""Least spacing around a vector, as a share of its length. Distances are differences of squares:
float32 leaves 0.002 of that length to them, so a shorter unit would measure rounding."""

Lengths = NDArray[np.float32]
"""float32[n], in units of the feature space."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Remembered patches of one scale, in the space that distances are computed in.

    A feature vector ``f`` enters that space as ``(f - mean) @ projection``. ``bank`` float32[M, d]
    holds good patches and ``spacing`` float32[M] how far apart good patches lie around each.
    ``missed`` float32[K, d] holds patches of defects that had passed, ``radius`` float32[K] how far
    each is recognised. ``reach`` float32[1] is the largest distance, in spacings, that a patch of
    the teaching images has from the bank.
    """

    mean: Vectors
    projection: Vectors
    bank: Vectors
    spacing: Lengths
    missed: Vectors
    radius: Lengths
    reach: Lengths

    def project(self, vectors: Vectors) -> Vectors:
        """Feature vectors float32[n, D] into the space of distances."""
        centred: Vectors = vectors - self.mean
        if not self.projection.size:
            return centred
        projected: Vectors = centred @ self.projection
        return projected

    def distances(self, points: Vectors) -> Lengths:
        """Distance of points float32[n, d] to the nearest good patch, in its spacings."""
        return nearest(points, self.bank, self.spacing)


def remember(sample: Vectors, spec: PatchCoreSpec, progress: Callable[[float], None]) -> Memory:
    """A memory of a sample of good patch vectors float32[n, D]; ``progress`` may raise."""
    mean = sample.mean(axis=0)
    centred = sample - mean
    projection = _principal_axes(centred, spec.projection)
    points = centred @ projection if projection.size else centred
    bank = points[greedy_coreset(points, spec.coreset, spec.seed, progress)]
    lengths = spacing(bank)
    width = bank.shape[1]
    return Memory(
        mean=mean,
        projection=projection,
        bank=bank,
        spacing=lengths,
        missed=np.empty((0, width), np.float32),
        radius=np.empty(0, np.float32),
        reach=nearest(points, bank, lengths).max(keepdims=True),
    )


def spacing(bank: Vectors, neighbour: int = NEIGHBOUR) -> Lengths:
    """How far apart good patches lie around each vector of the bank: float32[M], never zero.

    Floored at a quarter of the mean, so that copies of one patch cannot blow up the score, and at
    ``SHORTEST``, for products whose patches are all copies.
    """
    rank = min(neighbour, len(bank) - 1)
    squared = np.empty(len(bank), np.float32)
    for part in _blocks(len(bank)):
        squared[part] = np.partition(squared_distances(bank[part], bank), rank, axis=1)[:, rank]
    result = np.sqrt(np.maximum(squared, 0.0))
    floor = np.maximum(0.25 * result.mean(), SHORTEST * np.linalg.norm(bank, axis=1))
    return np.maximum(result, np.where(floor > 0.0, floor, np.float32(1.0)))


def nearest(points: Vectors, others: Vectors, units: Lengths) -> Lengths:
    """``min_j |p - o_j| / u_j`` for points float32[n, d]: float32[n]."""
    weights = 1.0 / units**2
    found = np.empty(len(points), np.float32)
    for part in _blocks(len(points)):
        found[part] = (squared_distances(points[part], others) * weights).min(axis=1)
    return np.sqrt(np.maximum(found, 0.0))


def squared_distances(points: Vectors, others: Vectors) -> NDArray[np.float32]:
    """Squared distances of points float32[n, d] to others float32[m, d]: float32[n, m]."""
    norms = np.einsum("ij,ij->i", others, others)
    own = np.einsum("ij,ij->i", points, points)
    squared: NDArray[np.float32] = own[:, None] + norms - 2.0 * (points @ others.T)
    return squared


def pack_memories(memories: Sequence[Memory]) -> bytes:
    """The bytes of ``memory.safetensors``."""
    return bytes(
        save(
            {
                f"scale{index}.{field.name}": np.ascontiguousarray(getattr(memory, field.name))
                for index, memory in enumerate(memories)
                for field in fields(Memory)
            }
        )
    )


def unpack_memories(data: bytes) -> list[Memory]:
    """The memories of ``memory.safetensors``. Raises ``ValueError`` when they are not there."""
    try:
        tensors = load(data)
        count = len({name.partition(".")[0] for name in tensors})
        return [
            Memory(
                **{field.name: tensors[f"scale{index}.{field.name}"] for field in fields(Memory)}
            )
            for index in range(count)
        ]
    except (SafetensorError, KeyError) as error:
        raise ValueError("not the memories of an engine") from error


def _principal_axes(centred: Vectors, width: int) -> Vectors:
    """float32[D, width]: the directions of largest variance; empty where all are to be kept."""
    if not 0 < width < centred.shape[1]:
        return np.empty((0, 0), np.float32)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return np.ascontiguousarray(axes[:, ::-1][:, :width], np.float32)


def _blocks(count: int) -> list[slice]:
    return [slice(start, start + 1024) for start in range(0, count, 1024)]
