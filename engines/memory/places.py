"""Moments of good patches, of all places together or, within bounds, of each place."""

from __future__ import annotations

from collections.abc import Sequence

import onnx

from engines.memory.gaussian import Moments
from engines.memory.gaussian_head import Channels
from engines.memory.seen import features_of, grids_of, widths_of
from engines.taught import Images, Progress
from engines.tiling import Tiles
from inspector.core.errors import ConfigError

MOST_BYTES = 512 * 2**20
"""Of all covariances together: so much they take in the graph, and about three times while they
are taught."""


def moments_of_all(
    features: onnx.ModelProto, images: Images, tiles: Tiles | None, progress: Progress
) -> list[Moments]:
    """Of each scale's patches, wherever they lie."""
    moments = [Moments(1, width) for width in widths_of(features)]
    for found in features_of(features, images, tiles, progress):
        for one, maps in zip(moments, found, strict=True):
            one.add(maps.reshape(len(maps), -1).T[None])
    return moments


def moments_of_places(
    features: onnx.ModelProto, images: Images, channels: Sequence[Channels], progress: Progress
) -> list[Moments]:
    """Of each scale's patches, place by place; of some channels, or all where none is named.

    Raises ``ConfigError`` where covariances would take more than ``MOST_BYTES``.
    """
    grids, widths = grids_of(features), widths_of(features)
    sizes = [len(one) or width for one, width in zip(channels, widths, strict=True)]
    shapes = [(rows * columns, size) for (rows, columns), size in zip(grids, sizes, strict=True)]
    wanted = sum(4 * places * size**2 for places, size in shapes)
    if wanted > MOST_BYTES:
        raise ConfigError(
            f"engine: the covariances of {sum(places for places, _ in shapes)} places would take "
            f"{wanted / 2**20:.0f} MiB; allowed are {MOST_BYTES // 2**20}",
            remedy="Give padim fewer channels, coarser engine.scales, or a smaller input; for "
            "deep_rx per_position: false",
        )
    moments = [Moments(*shape) for shape in shapes]
    for found in features_of(features, images, None, progress):
        for one, maps, some in zip(moments, found, channels, strict=True):
            vectors = maps.reshape(len(maps), -1).T
            one.add((vectors[:, some] if some.size else vectors)[:, None])
    return moments


def share_of_all(moments: Moments) -> float:
    """Share of all places' covariance in each place's: it counts as much as d images."""
    size: int = moments.mean.shape[1]
    return size / (size + moments.count)
