"""Which matrix the fields of good images make, and the basis that robust PCA finds in it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engines.background.rpca import Matrix, Split, godec, noise_of, pursuit, subspace
from engines.background.rpca_windows import CELLS, Windows
from engines.memory.gaussian import LEAST_SPREAD
from engines.memory.seen import Features, features_of, grids_of, widths_of
from engines.taught import Images, Progress
from inspector.core.canonical import Json
from inspector.core.engine_spec.rpca import RpcaSpec
from inspector.core.errors import ConfigError

Numbers = NDArray[np.float32]

ENTRIES = 2**25
"""Of a matrix, at most: robust PCA takes some six times its 128 MiB."""
SAMPLE = 20_000
"""Windows that are drawn where there are more."""
MOST_BYTES = 64 * 2**20
"""Of all axes together, which lie in the graph."""
DEVIATIONS = 3.0
"""What is left counts as sparse beyond so many standard deviations of what usually is."""
LEAST = 1e-3
"""In units of the field: what is less is rounding."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What good images are made of: ``mean`` float32[D, h, w] or [D, 1, 1] and orthonormal ``axes``
    float32[r, D, *windows.side]. Without ``windows`` a column is a whole image.

    ``scale`` float32[D] is what each number of the field is multiplied by first. What is left
    beyond ``threshold`` is sparse.
    """

    scale: Numbers
    mean: Numbers
    axes: Numbers
    threshold: float
    windows: Windows | None


@dataclass(frozen=True, slots=True)
class Fitted:
    """A basis, and how it was found: the split's rank and steps, and the matrix's columns."""

    basis: Basis
    rank: int
    steps: int
    columns: int


def fitted(
    field: onnx.ModelProto,
    images: Images,
    spec: RpcaSpec,
    windows: Windows | None,
    progress: Progress,
    *,
    indices: Collection[int],
) -> list[Fitted]:
    """The basis of each output of a graph of fields float32[N, D, h, w], by images of some indices.

    Pixels are as they are; other features are counted in their standard deviations. Raises
    ``ConfigError`` for axes that would be too large.
    """
    widths, grids = widths_of(field), grids_of(field)
    sizes = [
        width * math.prod(windows.side if windows else grid)
        for width, grid in zip(widths, grids, strict=True)
    ]
    _check(sizes, spec)
    most = ENTRIES // max(sizes)
    chosen = sorted(indices)[: most if windows is None else None]
    each = max(1, min(SAMPLE, most) // len(chosen))
    random = np.random.default_rng(spec.seed)
    found: list[list[Numbers]] = [[] for _ in widths]
    for index, fields in enumerate(features_of(field, images, None, progress)):
        if index not in chosen:
            continue
        for parts, one in zip(found, fields, strict=True):
            columns = one.reshape(-1, 1) if windows is None else _windows(one, windows)
            kept = random.permutation(columns.shape[1])[:each]
            parts.append(np.ascontiguousarray(columns[:, np.sort(kept)]))
    bases = []
    for index, (width, grid) in enumerate(zip(widths, grids, strict=True)):
        progress("low rank", index / len(widths))
        matrix = np.concatenate(found[index], axis=1)
        found[index].clear()
        scale = np.ones(width, np.float32) if spec.on == "pixels" else _standardised(matrix, width)
        shape = (width, *(windows.side if windows else grid))
        bases.append(_fitted(matrix, shape, scale, spec, windows))
    return bases


def told(fits: Sequence[Fitted]) -> dict[str, Json]:
    """What a manifest says of it, scale by scale."""
    return {
        "axes": " ".join(str(len(one.basis.axes)) for one in fits),
        "found_rank": " ".join(str(one.rank) for one in fits),
        "fit_steps": " ".join(str(one.steps) for one in fits),
        "columns": " ".join(str(one.columns) for one in fits),
        "threshold": " ".join(f"{one.basis.threshold:.4g}" for one in fits),
    }


def _check(sizes: Sequence[int], spec: RpcaSpec) -> None:
    wanted = sum(sizes) * spec.rank * 4
    if wanted > MOST_BYTES:
        raise ConfigError(
            f"engine.rank: {spec.rank} axes of whole images take {wanted / 2**20:.0f} MiB; allowed "
            f"are {MOST_BYTES / 2**20:.0f}",
            remedy="Give a lower engine.rank, matrix: patches, coarser engine.scales, or a smaller "
            "input",
        )


def _windows(field: Features, windows: Windows) -> Numbers:
    """Columns [m, n] of a field [D, h, w], without those beyond its edges."""
    (down, across), (rows, columns) = windows.side, windows.stride
    views = sliding_window_view(field, (down, across), axis=(1, 2))[:, ::rows, ::columns]
    ordered = views.transpose(0, 3, 4, 1, 2)
    return ordered.reshape(len(field) * down * across, -1)


def _standardised(matrix: Numbers, width: int) -> Numbers:
    """What each feature is multiplied by, float32[width]; the matrix is, in place."""
    features = matrix.reshape(width, -1)
    deviation = features.std(axis=1, dtype=np.float64)
    least = max(LEAST_SPREAD * float(np.sqrt((deviation**2).mean())), LEAST)
    scale = np.asarray(1.0 / np.maximum(deviation, least), np.float32)
    features *= scale[:, None]
    return scale


def _fitted(
    matrix: Numbers,
    shape: tuple[int, int, int],
    scale: Numbers,
    spec: RpcaSpec,
    windows: Windows | None,
) -> Fitted:
    """Windows of pixels are counted from the mean of each colour, all others from their own."""
    mean = np.zeros((shape[0], 1, 1), np.float32)
    if windows not in (None, CELLS):
        colours = matrix.reshape(shape[0], -1)
        mean = colours.mean(axis=1, keepdims=True)[..., None]
        colours -= mean[..., 0]
    split = _split(matrix, spec)
    found = subspace(split.low, spec.rank, centred=windows in (None, CELLS))
    rest = matrix - found.mean[:, None]
    rest -= found.axes @ (found.axes.T @ rest)
    if windows in (None, CELLS):
        mean = found.mean.reshape(shape)
    basis = Basis(
        scale,
        np.ascontiguousarray(mean, np.float32),
        np.ascontiguousarray(found.axes.T.reshape(-1, *shape), np.float32),
        max(DEVIATIONS * noise_of(rest), LEAST),
        windows,
    )
    return Fitted(basis, split.rank, split.steps, matrix.shape[1])


def _split(matrix: Matrix, spec: RpcaSpec) -> Split:
    if spec.fit == "pursuit":
        return pursuit(matrix)
    plain = godec(matrix, spec.rank + 1, threshold=np.inf, most=3)
    threshold = DEVIATIONS * noise_of(matrix - plain.low)
    return godec(matrix, spec.rank + 1, threshold=max(threshold, LEAST))
