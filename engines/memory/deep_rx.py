"""Deep RX: distance to the Gaussian of good patches, in the features of a network.

Reed & Yu, IEEE Trans. ASSP 38, 1990 (the RX detector): ``sqrt((f - m)^T C^-1 (f - m))``, here with
mean and covariance of all patches of good images instead of one picture's. No component is thrown
away for varying little: on features of networks those carry the defects (Rippel, Mertens & Merhof,
"Modeling the distribution of normal data in pre-trained deep features", ICPR 2020).

With ``features: rotation`` or ``cutpaste`` the network first learns that task on the product
(`engines.neural.eye`), and the Gaussian is one of what its middle layers see then.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx

from engines.memory.features import features_graph
from engines.memory.gaussian import Gaussian, Moments, gaussian_of
from engines.memory.gaussian_head import append_gaussians
from engines.memory.grafting import SMOOTHING_CELLS, Grid, explained
from engines.memory.margin import Cut, Head, measure_margin
from engines.memory.places import moments_of_all, moments_of_places, share_of_all
from engines.memory.seen import grids_of
from engines.memory.selection import Vectors
from engines.taught import Folders, Images, Progress, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec import DeepRxSpec
from inspector.core.frame import FrameFormat

_ALL = np.empty(0, np.int64)


def teach(
    images: Images,
    form: FrameFormat,
    spec: DeepRxSpec,
    progress: Progress,
    folders: Folders,
) -> Taught:
    """Learn from prepared good images, uint8[h, w, c] of the given form, one at a time.

    Nothing is drawn at random, so the same images give the same engine. Raises ``ConfigError``,
    and whatever ``progress`` raises.
    """

    def learn(samples: Sequence[Vectors]) -> Head:
        gaussians = []
        for sample in samples:
            moments = Moments(1, sample.shape[1])
            moments.add(sample[None])
            gaussians.append(_gaussian(moments, spec))
        return lambda part, grids: _with_head(part, gaussians, grids)

    progress("backbone", 0.0)
    extra: dict[str, Json] = {}
    files: dict[str, bytes] = {}
    if spec.features == "backbone":
        margin = measure_margin(images, form, spec, progress, folders, learn=learn)
        features = features_graph(spec, Cut.of(form, margin).part, folders)
    else:
        from engines.neural.eye import learned_features  # noqa: PLC0415  # loads torch

        margin = None
        features, extra, files = learned_features(images, form, spec, progress, folders)
    cut = Cut.of(form, margin)
    if spec.per_position:
        every = [_ALL for _ in spec.scales]
        moments = moments_of_places(features, images, every, progress)
    else:
        moments = moments_of_all(features, images, cut.tiles, progress)
    gaussians = []
    for index, one in enumerate(moments):
        progress("gaussians", index / len(moments))
        gaussians.append(_gaussian(one, spec))
    grids = grids_of(features)
    parameters: dict[str, Json] = {
        "backbone": spec.backbone,
        "scales": " ".join("+".join(map(str, scale)) for scale in spec.scales),
        "neighbourhood": spec.neighbourhood,
        "components": " ".join(str(gaussian.whitening.shape[1]) for gaussian in gaussians),
        "regularisation": spec.regularisation,
        "images": len(images),
        "smoothing_cells": SMOOTHING_CELLS,
        "positional": int(spec.per_position),
        "features": spec.features,
        **extra,
    }
    if margin is not None:
        parameters["tile_difference"] = margin.difference
    return Taught(
        graph=_with_head(features, gaussians, grids),
        map_shape=cut.map_shape(grids),
        parameters=parameters,
        files=files,
        boundary=tuple(output.name for output in features.graph.output),
        explains=explained(spec.scales),
        tiling=cut.tiling,
    )


def _gaussian(moments: Moments, spec: DeepRxSpec) -> Gaussian:
    return gaussian_of(
        moments,
        shared=share_of_all(moments) if spec.per_position else 0.0,
        added=spec.regularisation,
        components=spec.components,
    )


def _with_head(
    features: onnx.ModelProto, gaussians: Sequence[Gaussian], grids: Sequence[Grid]
) -> onnx.ModelProto:
    return append_gaussians(features, [(_ALL, gaussian) for gaussian in gaussians], grids)
