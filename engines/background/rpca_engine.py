"""RPCA: good images share a background of low rank; what is sparse beside it is strange.

Good images make the columns of a matrix ``X = L + S`` (`engines.background.rpca`). Axes ``U`` of
``L`` are the basis that an image is held against, ``|y - m - U c - s|^2 / 2 + t |s|_1`` made small
by a few steps of soft thresholding (`engines.background.rpca_nodes`). Candès, Li, Ma & Wright,
"Robust principal component analysis?", J. ACM 58, 2011; an image against a basis by the same sparse
error: He, Balzano & Szlam, "Incremental gradient on the Grassmannian for online foreground and
background separation" (GRASTA), CVPR 2012.

The map counts ``y - m - U c``: beyond the threshold that is the sparse part and the threshold, and
below it there are no ties at zero. Pixels that are left are counted in their usual size at each
place (``matrix: images``) or everywhere. On patches and features RX judges the vectors that are
left: their Mahalanobis distance to those of good images.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx

from engines.background.fields import LEVELS, add_levels, boundary_of, field_graph
from engines.background.rpca_columns import Fitted, fitted, told
from engines.background.rpca_nodes import (
    SPARSE,
    add_low_rank,
    add_map,
    add_picture,
    add_pixels,
    add_roots,
    add_sizes,
    map_shape,
)
from engines.background.rpca_single import teach_single
from engines.background.rpca_windows import CELLS, reduced, windows_of
from engines.explaining import EXPECTED
from engines.memory.gaussian import Moments as VectorMoments
from engines.memory.gaussian import gaussian_of
from engines.memory.gaussian_head import Channels, append_gaussians
from engines.memory.grafting import SMOOTHING_CELLS, explained, map_size
from engines.memory.seen import features_of, grids_of, widths_of
from engines.nodes import Nodes
from engines.taught import NOWHERE, Folders, Images, Progress, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec.rpca import RpcaSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

NOISE = 1.0 / 255.0
"""Added to what is left of pixels, as a standard deviation in shares of white."""
HELD_OUT = 7
"""One teaching image of so many is only measured: the basis has not seen it."""
ADDED = 1e-3
"""Added to the variance of what is left, as a share of a feature's: axes of the basis have none."""
FIELD = "field"
"""Vectors come in as ``field0``, ...; what is left of them takes their names."""
_ALL: Channels = np.empty(0, np.int64)


def teach(
    images: Images,
    form: FrameFormat,
    spec: RpcaSpec,
    progress: Progress,
    folders: Folders = NOWHERE,
) -> Taught:
    """Learn from prepared good images uint8[h, w, c], at least two; ``form: single`` needs none.

    Deterministic by ``spec.seed``. Raises ``ConfigError``, also where the basis would be too large,
    and whatever ``progress`` raises.
    """
    if spec.form == "single":
        return teach_single(form, spec, progress)
    if len(images) < 2:
        raise ConfigError(f"{len(images)} teaching images are too few", remedy="Give at least 10")
    if spec.on == "pixels":
        return _teach_pixels(images, form, spec, progress)
    return _teach_vectors(images, form, spec, progress, folders)


def _teach_pixels(images: Images, form: FrameFormat, spec: RpcaSpec, progress: Progress) -> Taught:
    from engines.neural.spread import Moments, spread_of, usual_of  # noqa: PLC0415  # loads torch

    image = reduced(form, spec)
    shape = (form.pixel_format.colours, *image.cells)
    nodes = Nodes()
    add_levels(nodes, form)
    pixels = add_pixels(nodes, image, "pixels")
    windows, held_out = windows_of(image, spec), _held_out(len(images), spec.seed)
    trained = set(range(len(images))) - held_out
    field = nodes.model(form, {pixels: shape})
    (fit,) = fitted(field, images, spec, windows, progress, indices=trained)
    parts = add_low_rank(nodes, pixels, shape, fit.basis, spec.steps, name="pixel")
    roots = add_roots(nodes, parts.rest, NOISE, "roots")
    size = map_shape(*image.cells)
    of_trained, of_held_out = Moments(), Moments()
    measuring = nodes.model(form, {roots: (1, *size)})
    for index, (maps,) in enumerate(features_of(measuring, images, None, progress)):
        (of_held_out if index in held_out else of_trained).add(maps[None])
    places = spec.knows_places
    spread = spread_of(of_trained, of_held_out) if places else usual_of(of_held_out)
    centred = nodes.add("Sub", "roots_centred", roots, spread.mean)
    add_map(nodes, nodes.add("Mul", "roots_standard", centred, 1.0 / spread.deviation))
    add_picture(nodes, image, parts.background, EXPECTED)
    add_sizes(nodes, parts.sparse, SPARSE)
    return Taught(
        nodes.model(form, {"map": size, "score": ()}),
        size,
        _parameters(spec, [fit], len(images)) | {"pixel_px": image.unit},
        boundary=(LEVELS,),
        explains={EXPECTED: EXPECTED, SPARSE: SPARSE},
    )


def _teach_vectors(
    images: Images, form: FrameFormat, spec: RpcaSpec, progress: Progress, folders: Folders
) -> Taught:
    progress("field", 0.0)
    field = field_graph(spec, form, folders)
    boundary = [name.replace("scale", FIELD) for name in boundary_of(spec, field)]
    windows = None if spec.knows_places else CELLS
    fits = fitted(field, images, spec, windows, progress, indices=range(len(images)))
    rests = _with_rests(field, fits, spec.steps)
    moments = [VectorMoments(1, width) for width in widths_of(rests)]
    for found in features_of(rests, images, None, progress):
        for one, maps in zip(moments, found, strict=True):
            one.add(maps.reshape(len(maps), -1).T[None])
    gaussians = [(_ALL, gaussian_of(one, shared=0.0, added=ADDED)) for one in moments]
    grids = grids_of(rests)
    on_features = spec.on == "features"
    parameters = _parameters(spec, fits, len(images)) | {"smoothing_cells": SMOOTHING_CELLS}
    if on_features:
        parameters["backbone"] = spec.backbone
        parameters["scales"] = " ".join("+".join(map(str, scale)) for scale in spec.scales)
        parameters["neighbourhood"] = spec.neighbourhood
    return Taught(
        append_gaussians(rests, gaussians, grids),
        map_size(grids),
        parameters,
        boundary=tuple(boundary),
        explains=explained(spec.scales) if on_features else {"patches": "scale0_map"},
    )


def _with_rests(field: onnx.ModelProto, fits: Sequence[Fitted], steps: int) -> onnx.ModelProto:
    """A graph from images to what is left of their vectors, under the names of the vectors."""
    renamed = onnx.ModelProto()
    renamed.CopyFrom(field)
    names = [value.name for value in field.graph.output]
    nodes = Nodes()
    shapes = {
        name: (width, *grid)
        for name, width, grid in zip(names, widths_of(field), grids_of(field), strict=True)
    }
    for node in renamed.graph.node:
        for tensors in (node.input, node.output):
            tensors[:] = [
                name.replace("scale", FIELD) if name in names else name for name in tensors
            ]
    for (name, shape), fit in zip(shapes.items(), fits, strict=True):
        source = name.replace("scale", FIELD)
        parts = add_low_rank(nodes, source, shape, fit.basis, steps, name=f"{source}_of")
        nodes.add("Identity", name, parts.rest)
    return nodes.behind(renamed, shapes)


def _held_out(count: int, seed: int) -> set[int]:
    """Images that the basis is not made of, drawn by seed."""
    order = np.random.default_rng(seed).permutation(count).tolist()
    return set(order[: max(1, count // HELD_OUT)])


def _parameters(spec: RpcaSpec, fits: Sequence[Fitted], images: int) -> dict[str, Json]:
    said = spec.model_dump(mode="json", include={"on", "form", "matrix", "rank", "fit", "steps"})
    return {**said, **told(fits), "images": images, "positional": int(spec.knows_places)}
