"""RX: the Mahalanobis distance of each vector from what is usual.

Reed & Yu, "Adaptive multiple-band CFAR detection of an optical pattern with unknown spectral
distribution", IEEE Trans. ASSP 38, 1990: ``sqrt((y - m)^T C^-1 (y - m) / d)``. Of pixels, patches
or features (`engines.background.fields`), ``m`` and ``C`` are

- global: those of all vectors of good images. On features that is the engine ``deep_rx``, whose
  code it is; so are RX on PatchCore's features (``on: features``), and on those of a network that
  learned to tell turned pictures (``deep_rx`` with ``features: rotation``);
- local: on pixels those of the ring around each (`engines.background.ring_rx`), nothing is taught.
  A ring has too few patches for a covariance of their many numbers: there ``m`` is the ring's
  mean, and ``C`` the covariance of differences from it over good images, so it is half local;
- kernel: as global, in the space of a Gaussian kernel (`engines.background.kernel_rx`);
- streaming: ``m`` is the mean of the lines above, forgotten exponentially, beginning with that of
  good images, ``C`` the covariance of differences from it. Each image begins anew: an engine keeps
  nothing from one to the next (`engines.background.streaming` does).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx

from engines.background.fields import boundary_of, field_graph, patches_of
from engines.background.kernel_rx import append_kernels, kernel_gaussian
from engines.background.relative import FIELD, less_lines_above, less_ring_means
from engines.background.ring_rx import append_ring_rx
from engines.background.windows import Windows, windows_for
from engines.explaining import EXPECTED
from engines.memory import deep_rx
from engines.memory.gaussian import Gaussian, Moments, gaussian_of, shrinkage_of
from engines.memory.gaussian_head import append_gaussians
from engines.memory.grafting import SMOOTHING_CELLS, Grid, explained, map_size
from engines.memory.places import moments_of_all, moments_of_places, share_of_all
from engines.memory.seen import features_of, grids_of, widths_of
from engines.memory.selection import Reservoir
from engines.taught import Folders, Images, Progress, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec import DeepRxSpec, RxSpec
from inspector.core.frame import FrameFormat

_ALL = np.empty(0, np.int64)
_SAMPLE = 20_000
"""Good vectors that a kernel's mean and covariance are taken from."""


def teach(
    images: Images, form: FrameFormat, spec: RxSpec, progress: Progress, folders: Folders
) -> Taught:
    """Learn from prepared good images, uint8[h, w, c] of the given form, one at a time.

    Only the landmarks of a kernel are drawn, by ``spec.seed``. Raises ``ConfigError``, and
    whatever ``progress`` raises.
    """
    if spec.form == "global" and spec.on == "features":
        return deep_rx.teach(images, form, _as_deep(spec), progress, folders)
    progress("field", 0.0)
    field = field_graph(spec, form, folders)
    if spec.form == "local" and spec.on == "pixels":
        return _untaught(field, form, spec)
    lesson = _Lesson(images, form, spec, progress, field)
    graph = lesson.of_kernels() if spec.form == "kernel" else lesson.of_gaussians()
    boundary = boundary_of(spec, field)
    if spec.on == "features" and spec.form in ("local", "streaming"):
        boundary = tuple(name.replace("scale", FIELD) for name in boundary)
    return Taught(
        graph=graph,
        map_shape=lesson.size,
        parameters=_parameters(spec, form)
        | {"images": len(images), "smoothing_cells": SMOOTHING_CELLS},
        boundary=boundary,
        explains=explained(spec.scales) if spec.on == "features" else {},
    )


@dataclass(frozen=True)
class _Lesson:
    """What is learned of a field."""

    images: Images
    form: FrameFormat
    spec: RxSpec
    progress: Progress
    field: onnx.ModelProto

    @property
    def size(self) -> Grid:
        """Of the map: each pixel, or as on features."""
        grids = grids_of(self.field)
        return grids[0] if self.spec.on == "pixels" else map_size(grids)

    def of_gaussians(self) -> onnx.ModelProto:
        """The field, less what is usual around a place where that is asked for, and Gaussians."""
        field = self.field
        if self.spec.form == "local":
            field = less_ring_means(field, Windows(self.spec.outer, self.spec.guard))
        elif self.spec.form == "streaming":
            means = [one.mean[0] for one in self._moments(field)]
            field = less_lines_above(field, means, self.spec.memory)
        if self.spec.per_position:
            every = [_ALL for _ in grids_of(field)]
            moments = moments_of_places(field, self.images, every, self.progress)
        else:
            moments = self._moments(field)
        gaussians = [(_ALL, self._gaussian(one)) for one in moments]
        return append_gaussians(field, gaussians, grids_of(field), self.size)

    def of_kernels(self) -> onnx.ModelProto:
        """The field and Gaussians among kernels."""
        spec, field = self.spec, self.field
        moments = [Moments(1, width) for width in widths_of(field)]
        samples = [Reservoir(_SAMPLE, spec.seed) for _ in moments]
        for found in features_of(field, self.images, None, self.progress):
            for one, sample, maps in zip(moments, samples, found, strict=True):
                vectors = maps.reshape(len(maps), -1).T
                one.add(vectors[None])
                sample.add(vectors)
        models = []
        for one, sample in zip(moments, samples, strict=True):
            vectors = np.random.default_rng(spec.seed).permutation(sample.vectors)
            white = self._gaussian(one)
            models.append(kernel_gaussian(vectors, white, spec.landmarks, spec.regularisation))
        return append_kernels(field, models, grids_of(field), self.size)

    def _moments(self, field: onnx.ModelProto) -> list[Moments]:
        return moments_of_all(field, self.images, None, self.progress)

    def _gaussian(self, moments: Moments) -> Gaussian:
        shared, added = 0.0, self.spec.regularisation
        if self.spec.per_position:
            shared = share_of_all(moments)
        else:
            added = max(added, shrinkage_of(moments))
        noise = _noise(self.spec, self.form)
        return gaussian_of(moments, shared=shared, added=added, noise=noise)


def _noise(spec: RxSpec, form: FrameFormat) -> float:
    """The step of the pixel depth, in the unit of the field: a flat surface has a spread, too."""
    return 0.0 if spec.on == "features" else 1.0 / form.pixel_format.white


def _untaught(field: onnx.ModelProto, form: FrameFormat, spec: RxSpec) -> Taught:
    step = windows_for(form.height, form.width).step
    windows = Windows(spec.outer, spec.guard, step)
    graph = append_ring_rx(field, form, windows, _noise(spec, form), spec.levels)
    return Taught(
        graph=graph,
        map_shape=(form.height, form.width),
        parameters=_parameters(spec, form) | {"step": step, "levels": spec.levels},
        boundary=boundary_of(spec, field),
        explains={EXPECTED: EXPECTED},
    )


def _parameters(spec: RxSpec, form: FrameFormat) -> dict[str, Json]:
    """What a bundle says of how it was made: of the recipe, what counts for its form."""
    names = ["form", "on", "per_position", "regularisation"]
    names += {"local": ["outer", "guard"], "kernel": ["landmarks"], "streaming": ["memory"]}.get(
        spec.form, []
    )
    names += ["backbone", "neighbourhood"] if spec.on == "features" else []
    found: dict[str, Json] = spec.model_dump(mode="json", include=set(names))
    if spec.on == "patches":
        found["patch"] = patches_of(spec, form).side
    if spec.on == "features":
        found["scales"] = " ".join("+".join(map(str, scale)) for scale in spec.scales)
    return found


def _as_deep(spec: RxSpec) -> DeepRxSpec:
    shared = set(DeepRxSpec.model_fields) & set(RxSpec.model_fields) - {"method"}
    return DeepRxSpec.model_validate(spec.model_dump(include=shared))
