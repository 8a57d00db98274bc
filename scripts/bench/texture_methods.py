"""The methods of the texture bench: a kernel for each scale, local or global, taught or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from engines.background.cascade import Cascade
from engines.background.dictionary import omp, random_dictionary
from engines.background.local import LocalCollaborative, LocalRx, LocalZScore
from engines.background.patches import patches_for
from engines.background.pictures import Image, Kernel, picture_of, reduced
from engines.background.representation import Collaborative, LocalRepresentation
from engines.background.rx import fit_background, fit_rx
from engines.background.windows import Windows, windows_for
from engines.runtimes.kernel import front_of, maps_of
from engines.runtimes.onnxruntime import open_session
from engines.taught import NOWHERE
from inspector.core.engine_spec import EngineSpec
from inspector.core.frame import FrameFormat, PixelFormat, ScoreMap
from inspector.core.line_config import RuntimeConfig
from scripts.bench.cells import engine_of

SCALES = ("1", "1/2", "1/4")
GROUPS = ("local", "patches", "global")

ATOMS, SPARSITY, SIDE, STRIDE = 128, 4, 8, 4
"""Of the global dictionary: patches drawn from good pieces, and how many may represent one."""
_PATCHES = 20_000
"""Patches that a global method learns from, of each scale."""


@dataclass(frozen=True)
class Method:
    """A kernel for each scale, with the same windows in pixels. ``same_ground``: kernels whose
    windows shrink with the image instead, and cover the same of the part at every scale."""

    name: str
    reach: Literal["local", "global"]
    learns: bool
    scales: tuple[Kernel, ...]
    same_ground: tuple[Kernel, ...] = ()


def methods(taught: Sequence[Image], group: str) -> list[Method]:
    """One of the ``GROUPS``, for images like those that were taught."""
    height, width = taught[0].shape[:2]
    return {"local": _local, "patches": _local_patches, "global": lambda *_: _global(taught)}[
        group
    ](height, width)


def _local(height: int, width: int) -> list[Method]:
    def pixels(name: str, kernel: Callable[[Windows], Kernel]) -> Method:
        own = [windows_for(height >> at, width >> at) for at in range(len(SCALES))]
        same = tuple(kernel(windows) for windows in own)
        return Method(name, "local", False, same[:1] * len(SCALES), same)

    return [
        pixels("z", LocalZScore),
        pixels("RX", LocalRx),
        pixels("CRD, uniform", LocalCollaborative),
    ]


def _local_patches(height: int, width: int) -> list[Method]:
    patches = patches_for(height, width)
    lrb, crd = Cascade(LocalRepresentation(patches)), Collaborative(patches)
    return [
        Method("LRB, patches", "local", False, (lrb,) * len(SCALES)),
        Method("CRD, patches", "local", False, (crd,) * len(SCALES)),
    ]


def _global(taught: Sequence[Image]) -> list[Method]:
    patches = patches_for(*taught[0].shape[:2])
    scales = [list(taught)]
    while len(scales) < len(SCALES):
        scales.append([reduced(image) for image in scales[-1]])

    def every(make: Callable[[Sequence[Image]], Kernel]) -> tuple[Kernel, ...]:
        return tuple(make(images) for images in scales)

    def own_pixels(image: Image) -> ScoreMap:
        return _pixel_rx([image])(image)

    def own_patches(image: Image) -> ScoreMap:
        vectors = patches.vectors(image)
        return fit_background([vectors]).distances(vectors)

    return [
        Method("RX, own pixels", "global", False, (own_pixels,) * len(SCALES)),
        Method("RX, own patches", "global", False, (own_patches,) * len(SCALES)),
        Method("RX, good pixels", "global", True, every(_pixel_rx)),
        Method("RX, good patches", "global", True, every(lambda images: fit_rx(patches, images))),
        Method("dictionary, good patches", "global", True, every(_dictionary)),
    ]


def engine_method(engine: str, taught: Sequence[Image]) -> Method:
    """An engine by name and options, taught with these grey images at their own size.

    It runs on ONNX Runtime, or by its kernel, on one thread. Raises ``ConfigError`` for what cannot
    be taught.
    """
    from engines.methods import teach_engine  # noqa: PLC0415  # may load torch: for teaching only

    spec: EngineSpec = TypeAdapter(EngineSpec).validate_python(engine_of(engine))
    height, width = taught[0].shape[:2]
    form = FrameFormat(width, height, PixelFormat.MONO8)
    images = [image[..., None] for image in taught]
    made = teach_engine(images, form, spec, lambda stage, share: None, NOWHERE)
    graph = made.graph.SerializeToString()
    local = spec.method in {"lrb", "crd"} or getattr(spec, "form", "") in {"local", "single"}
    reach: Literal["local", "global"] = "local" if local else "global"
    learns = getattr(spec, "learns", True)
    if made.kernel is not None:
        front, _ = front_of(made.kernel, graph, RuntimeConfig(name="onnxruntime", threads=1))
        map_of = maps_of(made.kernel, front)
        return Method(engine, reach, learns, (lambda image: map_of(image[..., None]),))
    session = open_session(graph, threads=1)

    def run(image: Image) -> ScoreMap:
        found: ScoreMap = session.run(["map"], {"image": image[None, ..., None]})[0][0]
        return found

    return Method(engine, reach, learns, (run,))


def _planes(image: Image) -> ScoreMap:
    """Level and gradient of a grey image, float32[H, W, 3], as local RX compares them."""
    return np.stack(picture_of(image, graded=True).planes(0, image.shape[0]), axis=-1)


def _pixel_rx(images: Sequence[Image]) -> Kernel:
    step = max(1, len(images) * images[0].size // (10 * _PATCHES))
    background = fit_background(_planes(image).reshape(-1, 3)[::step] for image in images)
    return lambda image: background.distances(_planes(image))


def _dictionary(images: Sequence[Image]) -> Kernel:
    """What ``SPARSITY`` of ``ATOMS`` patches of good pieces leave of a patch, levels."""
    random = np.random.default_rng(0)
    every = [_patches(image)[0] for image in images]
    room = _PATCHES // len(every)
    some = [rows[random.choice(len(rows), min(room, len(rows)), replace=False)] for rows in every]
    atoms = random_dictionary(np.concatenate(some), ATOMS, random)

    def judge(image: Image) -> ScoreMap:
        rows, (height, width) = _patches(image)
        left = rows - omp(atoms, rows, SPARSITY) @ atoms
        return np.asarray(np.sqrt((left**2).mean(axis=1)).reshape(height, width), np.float32)

    return judge


def _patches(image: Image) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """Patches float64[n, d] with their levels, and the grid on which they lie."""
    view = np.lib.stride_tricks.sliding_window_view(image, (SIDE, SIDE))[::STRIDE, ::STRIDE]
    rows = view.reshape(-1, SIDE * SIDE).astype(np.float64)
    return rows, (view.shape[0], view.shape[1])
