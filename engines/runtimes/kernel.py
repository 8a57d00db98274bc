"""Bundles that a NumPy and OpenCV kernel computes: the same on every line, whatever it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import onnxruntime

from engines.background.cascade import Cascade
from engines.background.local import LocalCollaborative
from engines.background.patches import Patches, Vectors
from engines.background.pictures import NOISE, resized
from engines.background.pictures import Kernel as LevelsKernel
from engines.background.pyramid import Pyramid
from engines.background.representation import Collaborative, LocalRepresentation
from engines.background.ring import Ring
from engines.background.strips import on_threads
from engines.background.windows import Windows
from engines.bundle import Bundle, Golden
from engines.kernels import CrdKernel, Kernel, LrbKernel, PatchGrid, UniformCrdKernel
from engines.runtimes.checks import check_batch, check_finite, info_of
from engines.runtimes.onnxruntime import open_session
from inspector.core.detection import Detection, EngineInfo
from inspector.core.frame import Pixels, ScoreMap
from inspector.core.levels import levels_of
from inspector.core.line_config import RuntimeConfig

RUNTIME = "kernel"
"""What such an engine says it runs on."""

FEATURE_NOISE = 0.1
"""Least standard deviation that features around a place are said to have, as a share of that of
the whole image: what `NOISE` is to levels."""
_LEAST = 1e-6

MapsOf = Callable[[Pixels], ScoreMap]
"""One prepared image uint8[H, W, C] to its map."""
Front = Callable[[Pixels], list[Vectors]]
"""One prepared image to vectors float32[h, w, d], one array for each scale."""


class KernelEngine:
    """An `Engine` on the CPU, one image after the other.

    Strips run on the runtime's ``threads``; OpenCV's own pool, which others share, stays as it is.
    Only the graph in front of a kernel on features runs on OpenVINO, where the line asks for that,
    or else on ONNX Runtime. Raises ``EngineError``, and ``ConfigError`` for impossible windows.
    """

    def __init__(self, bundle: Bundle, kernel: Kernel, runtime: RuntimeConfig) -> None:
        front, name = front_of(kernel, bundle.graph, runtime)
        own = f"{RUNTIME} {kernel.name} numpy {np.__version__} opencv {cv2.__version__}"
        self.info: EngineInfo = info_of(bundle, RUNTIME, f"{own} f32 cpu{name}")
        self._map_of = maps_of(kernel, front)
        self._threads = runtime.threads

    def infer(self, batch: Pixels) -> Detection:
        """Judge uint8[N, H, W, C] prepared images."""
        check_batch(batch, self.info)
        with on_threads(self._threads):
            maps = np.stack([self._map_of(image) for image in batch])
        return check_finite(Detection(maps, maps.max(axis=(1, 2))))

    def close(self) -> None:
        """Nothing to free before the object goes."""


def golden_by(kernel: Kernel, graph: bytes, images: Pixels) -> Golden:
    """What a kernel, behind the reference runtime, says of images uint8[n, H, W, C]."""
    front, _ = front_of(kernel, graph, RuntimeConfig(name="onnxruntime"))
    map_of = maps_of(kernel, front)
    maps = np.stack([map_of(image) for image in images])
    return Golden(images, maps, maps.max(axis=(1, 2)))


def maps_of(kernel: Kernel, front: Front | None = None) -> MapsOf:
    """The kernel as a function; ``front`` gives those that need a graph what they look at."""
    if front is not None:
        return lambda image: _on_features(kernel, front(image))
    one, smallest = _on_levels(kernel)
    whole = one if kernel.levels == 1 else Pyramid((one,) * kernel.levels, smallest)
    return lambda image: whole(levels_of(image))


def expected_by(kernel: Kernel, image: Pixels, white: int) -> Pixels | None:
    """The image as its surroundings draw it, uint8[H, W] or [H, W, 3]; None of features."""
    levels = levels_of(image)
    if isinstance(kernel, UniformCrdKernel):
        drawn = _uniform(kernel).expected(levels)
    elif kernel.patches is None:
        return None
    else:
        patches = _patches(kernel.patches)
        vectors = _exact(kernel, patches).expected(patches.vectors(levels))
        drawn = patches.drawn(vectors, *levels.shape[:2])
    grey = np.clip(np.rint(drawn * (255.0 / white)), 0, 255).astype(np.uint8)
    return grey[0] if len(grey) == 1 else np.ascontiguousarray(grey.transpose(1, 2, 0))


def _on_levels(kernel: Kernel) -> tuple[LevelsKernel, int]:
    """A kernel of one scale of an image, and the least side of one, px."""
    if isinstance(kernel, UniformCrdKernel):
        return _uniform(kernel), kernel.step * kernel.guard
    assert kernel.patches is not None  # the manifest sees to it
    patches = _patches(kernel.patches)
    return _on_vectors(kernel, patches), kernel.guard * patches.stride + patches.side


def _on_features(kernel: Kernel, scales: list[Vectors]) -> ScoreMap:
    """The largest value of all scales, on the grid of the finest."""
    assert not isinstance(kernel, UniformCrdKernel)  # it needs no graph
    maps = []
    for vectors in scales:
        noise = max(FEATURE_NOISE * float(np.sqrt(vectors.var(axis=(0, 1)).mean())), _LEAST)
        maps.append(_on_vectors(kernel, Patches(), noise).map_of(vectors))
    fused: ScoreMap = np.maximum.reduce([resized(found, maps[0].shape) for found in maps])
    return fused


def _on_vectors(
    kernel: LrbKernel | CrdKernel, patches: Patches, noise: float = NOISE
) -> LocalRepresentation | Collaborative | Cascade:
    exact = _exact(kernel, patches, noise)
    return Cascade(exact) if kernel.cascade else exact


def _exact(
    kernel: LrbKernel | CrdKernel, patches: Patches, noise: float = NOISE
) -> LocalRepresentation | Collaborative:
    ring = Ring(kernel.outer, kernel.guard)
    if isinstance(kernel, LrbKernel):
        return LocalRepresentation(patches, ring, kernel.neighbours, kernel.ridge, noise)
    return Collaborative(patches, ring, kernel.ridge, noise)


def _uniform(kernel: UniformCrdKernel) -> LocalCollaborative:
    windows = Windows(kernel.outer, kernel.guard, kernel.step)
    return LocalCollaborative(windows, ridge=kernel.ridge)


def _patches(grid: PatchGrid) -> Patches:
    return Patches(grid.side, grid.stride, grid.order)


def front_of(kernel: Kernel, graph: bytes, runtime: RuntimeConfig) -> tuple[Front | None, str]:
    """What gives a kernel its vectors, and what it adds to the fingerprint."""
    if not kernel.needs_graph:
        return None, ""
    if runtime.name == "openvino":
        from engines.runtimes.openvino import compile_graph  # noqa: PLC0415  # not on every line
        from engines.runtimes.quiet_openvino import openvino  # noqa: PLC0415  # nor this

        run = compile_graph(graph, runtime.threads)
        return (lambda image: _vectors(run([image[None]]))), f" openvino {openvino.get_version()}"
    session = open_session(graph, runtime.threads)
    name = f" onnxruntime {onnxruntime.__version__}"
    return (lambda image: _vectors(session.run(None, {"image": image[None]}))), name


def _vectors(outputs: list[Any]) -> list[Vectors]:
    return [np.ascontiguousarray(np.moveaxis(scale[0], 0, 2)) for scale in outputs]
