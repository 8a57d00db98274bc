"""PaDiM: at each place a Gaussian of the patches that good images have there.

Defard et al., "PaDiM: a patch distribution modeling framework for anomaly detection and
localization", ICPR workshops 2021: ``M(f) = sqrt((f - m_p)^T C_p^-1 (f - m_p))`` at each place p,
of d features drawn at random. Here the map counts ``M / sqrt(d)`` at each of the recipe's scales,
and the few images of a place are helped by the covariance of all places in place of a constant.
"""

from __future__ import annotations

import numpy as np

from engines.memory.features import features_graph
from engines.memory.gaussian import gaussian_of
from engines.memory.gaussian_head import Channels, append_gaussians
from engines.memory.grafting import SMOOTHING_CELLS, explained, map_size
from engines.memory.memory import SHORTEST
from engines.memory.places import moments_of_places, share_of_all
from engines.memory.seen import grids_of, widths_of
from engines.taught import Folders, Images, Progress, Taught
from inspector.core.engine_spec import PadimSpec
from inspector.core.frame import FrameFormat

ADDED = SHORTEST**2
"""Added to each feature's variance at each place, as a share of its variance over all places:
where all good parts are alike, less would amplify rounding."""


def teach(
    images: Images,
    form: FrameFormat,
    spec: PadimSpec,
    progress: Progress,
    folders: Folders,
) -> Taught:
    """Learn from prepared good images, uint8[h, w, c] of the given form, one at a time.

    Deterministic by ``spec.seed``. Raises ``ConfigError``, also where the Gaussians would be too
    large, and whatever ``progress`` raises.
    """
    progress("backbone", 0.0)
    features = features_graph(spec, form, folders)
    random = np.random.default_rng(spec.seed)
    channels = [_drawn(width, spec.channels, random) for width in widths_of(features)]
    moments = moments_of_places(features, images, channels, progress)
    gaussians = []
    for index, (one, some) in enumerate(zip(channels, moments, strict=True)):
        progress("gaussians", index / len(moments))
        shared = share_of_all(some) if spec.shrinkage is None else spec.shrinkage
        gaussians.append((one, gaussian_of(some, shared=shared, added=ADDED)))
    return Taught(
        graph=append_gaussians(features, gaussians, grids_of(features)),
        map_shape=map_size(grids_of(features)),
        parameters={
            "backbone": spec.backbone,
            "scales": " ".join("+".join(map(str, scale)) for scale in spec.scales),
            "neighbourhood": spec.neighbourhood,
            "channels": " ".join(str(gaussian.mean.shape[1]) for _, gaussian in gaussians),
            "shrinkage": "by images" if spec.shrinkage is None else spec.shrinkage,
            "added": ADDED,
            "images": len(images),
            "smoothing_cells": SMOOTHING_CELLS,
            "positional": 1,
        },
        boundary=tuple(output.name for output in features.graph.output),
        explains=explained(spec.scales),
    )


def _drawn(width: int, wanted: int, random: np.random.Generator) -> Channels:
    if not 0 < wanted < width:
        return np.empty(0, np.int64)
    return np.sort(random.choice(width, wanted, replace=False)).astype(np.int64)
