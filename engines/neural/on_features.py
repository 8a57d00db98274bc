"""Small networks that judge the patch vectors of a frozen backbone, one network for each scale."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import TypeVar

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engines.backbones.export import export_head
from engines.backbones.feature_maps import Normalise
from engines.bundle import TRAINING
from engines.graphs import chained
from engines.memory.features import features_graph
from engines.memory.gaussian import Moments, gaussian_of
from engines.memory.grafting import (
    SMOOTHING_CELLS,
    Grid,
    ScaleNodes,
    explained,
    graft,
    map_size,
)
from engines.memory.seen import features_of, grids_of, widths_of
from engines.neural.checkpoint import checkpoint_of, digest_over
from engines.neural.training import Curves, Schedule, hold_out, seeded, train
from engines.taught import NOWHERE, Folders, Images, Progress, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec import TrainedOnPatches
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat, Pixels

BUDGET = 2**30
"""Bytes of features that are kept while a network is trained; images beyond are left out."""
ADDED = 1e-3
"""Added to variances, as a share of a feature's: how far the least component is trusted."""


class KeptFeatures:
    """Patch vectors of some images at one scale: kept in float16, batches float32[n, d, h, w]."""

    def __init__(self, maps: Iterable[NDArray[np.float16]]) -> None:
        self._maps = list(maps)
        self._digest: str | None = None

    def __len__(self) -> int:
        return len(self._maps)

    def batch(self, indices: Sequence[int]) -> Tensor:
        """Those of the images of these indices, in this order."""
        some = np.stack([self._maps[index] for index in indices])
        return torch.from_numpy(some.astype(np.float32))

    def digest(self) -> str:
        """Hash of all of them; worked out once."""
        if self._digest is None:
            self._digest = digest_over(self._maps)
        return self._digest

    def standard(self, indices: Sequence[int]) -> Normalise:
        """What makes each feature of these images have mean 0 and variance 1."""
        maps = (torch.from_numpy(self._maps[index].astype(np.float64)) for index in indices)
        moments = torch.stack(
            [torch.stack([one.mean((1, 2)), one.square().mean((1, 2))]) for one in maps]
        )
        mean, squares = moments.mean(0)
        variance = (squares - mean.square()).clamp_min(0.0)
        spread = (variance + ADDED * variance.mean() + 1e-12).sqrt()
        return Normalise(tuple(mean.tolist()), tuple(spread.tolist()))

    def white(self, indices: Sequence[int]) -> Whitening:
        """What makes the patch vectors of these images have mean 0 and covariance 1."""
        moments = Moments(1, self._maps[0].shape[0])
        for index in indices:
            maps = self._maps[index].astype(np.float32)
            moments.add(maps.reshape(len(maps), -1).T[None])
        gaussian = gaussian_of(moments, shared=0.0, added=ADDED)
        matrix = gaussian.whitening[0] * np.sqrt(len(gaussian.whitening[0]))
        return Whitening(torch.from_numpy(gaussian.mean[0]), torch.from_numpy(matrix))


class Whitening(nn.Module):
    """float32[N, d, h, w] to as much with mean 0, covariance 1 over good patches; fixed."""

    mean: Tensor
    matrix: Tensor

    def __init__(self, mean: Tensor, matrix: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", mean.float()[None, :, None, None])
        self.register_buffer("matrix", matrix.float()[:, :, None, None])

    @property
    def size(self) -> int:
        """Length of a vector."""
        return self.matrix.shape[0]

    def forward(self, features: Tensor) -> Tensor:
        """White vectors of a batch."""
        return nn.functional.conv2d(features - self.mean, self.matrix)


class FeatureHead(nn.Module):
    """Features float32[N, d, h, w] to how strange each cell is, float32[N, 1, h, w], above 0."""

    @abstractmethod
    def begin(self, batches: Iterable[Tensor]) -> None:
        """Set what is measured before training, on the images that will be trained on."""

    @abstractmethod
    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """Mean loss of a batch of features."""

    @abstractmethod
    def end(self, trained: Iterable[Tensor], held_out: Iterable[Tensor]) -> None:
        """Set units on held-out images, so that their cells are 1 on average.

        Raises ``ConfigError`` where the network learned nothing that could judge.
        """


Spec = TypeVar("Spec", bound=TrainedOnPatches)


def teach_heads(
    images: Images,
    form: FrameFormat,
    spec: Spec,
    progress: Progress,
    folders: Folders = NOWHERE,
    *,
    build: Callable[[Whitening, Spec], FeatureHead],
) -> Taught:
    """Train a head for each scale on prepared good images uint8[h, w, c], at least two of them.

    ``build`` makes the untrained one of a scale.
    Deterministic by ``spec.seed`` on one machine. Raises ``ConfigError``, and whatever
    ``progress`` raises.
    """
    progress("backbone", 0.0)
    features = features_graph(spec, form, folders)
    grids = grids_of(features)
    some = some_of(images, room_for(features), spec.seed)
    kept = kept_features(features, some, progress)
    split = hold_out(len(some), spec.validation_share, spec.seed)
    schedule = Schedule(spec.epochs, spec.patience, spec.batch, spec.learning_rate, spec.seed)
    graph, curves = features, []
    for index, scale in enumerate(kept):
        white = scale.white(split[0])
        with seeded(spec.seed):
            head = build(white, spec)
        head.begin(_batches(scale, split[0]))
        checkpoint = checkpoint_of(folders, scale, form, spec, f"scale{index}")
        curves.append(
            train(
                head,
                head.loss,
                scale,
                split,
                schedule=schedule,
                progress=_of_scale(progress, index, len(kept)),
                checkpoint=checkpoint,
            )
        )
        head.end(*(_batches(scale, part) for part in split))
        shape = (white.size, *grids[index])
        graph = chained(
            graph, export_head(head.eval(), {f"scale{index}": shape}, (distance_of(index),))
        )
    progress("graph", 0.0)
    parameters: dict[str, Json] = {
        **spec.model_dump(mode="json", exclude={"method", "tile", "weights", "scales"}),
        "scales": " ".join("+".join(map(str, scale)) for scale in spec.scales),
        "images": len(some),
        "held_out": len(split[1]),
        "epochs_run": " ".join(str(len(one.train)) for one in curves),
        "smoothing_cells": SMOOTHING_CELLS,
        "positional": 1,
    }
    return Taught(
        graph=joined(graph, grids),
        map_shape=map_size(grids),
        parameters=parameters,
        files={TRAINING: _to_json(curves)},
        boundary=tuple(f"scale{index}" for index in range(len(grids))),
        explains=explained(spec.scales),
    )


def room_for(features: onnx.ModelProto) -> int:
    """Images whose features fit, at least two. Raises ``ConfigError``."""
    each = sum(
        2 * width * rows * columns
        for width, (rows, columns) in zip(widths_of(features), grids_of(features), strict=True)
    )
    room = BUDGET // each
    if room < 2:
        raise ConfigError(
            f"engine.scales: the features of one image take {each / 2**20:.0f} MiB",
            remedy="Give a smaller preparation.width and height, or larger strides",
        )
    return room


def some_of(images: Images, room: int, seed: int) -> list[Pixels]:
    """As many images as there is room for, drawn by seed, in their order."""
    order = np.random.default_rng(seed).permutation(len(images))[:room]
    return [images[index] for index in np.sort(order).tolist()]


def kept_features(
    features: onnx.ModelProto, images: Images, progress: Progress
) -> list[KeptFeatures]:
    """The features of images, by scale."""
    maps: list[list[NDArray[np.float16]]] = [[] for _ in features.graph.output]
    for found in features_of(features, images, None, progress):
        for scale, own in zip(maps, found, strict=True):
            scale.append(own.astype(np.float16))
    return [KeptFeatures(scale) for scale in maps]


def _batches(kept: KeptFeatures, indices: Sequence[int]) -> Iterable[Tensor]:
    return (kept.batch([index]) for index in indices)


def _of_scale(progress: Progress, index: int, scales: int) -> Progress:
    def tell(stage: str, share: float) -> None:
        progress(f"scale {index + 1}: {stage}", (index + share) / scales)

    return tell


def joined(graph: onnx.ModelProto, grids: Sequence[Grid]) -> onnx.ModelProto:
    """Map and score from a graph that tells how strange each cell of each scale is."""
    size = map_size(grids)
    scales = []
    for index, grid in enumerate(grids):
        scale = ScaleNodes(index)
        scale.set_size(grid, size)
        scale.smooth("distance")
        scales.append(scale)
    return graft(graph, scales, size)


def distance_of(index: int) -> str:
    """The tensor float32[N, 1, h, w] that `joined` takes from a scale."""
    return f"scale{index}_distance"


def _to_json(curves: Sequence[Curves]) -> bytes:
    return (json.dumps({"scales": [asdict(one) for one in curves]}, indent=1) + "\n").encode()
