"""From bundle to running engine: the runtime by name, and the proof that it computes the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engines.bundle import Bundle
from engines.precision.variants import folder_of, graph_of
from engines.runtimes.kernel import KernelEngine
from engines.runtimes.parity import TOLERANCES
from engines.runtimes.tiling import as_whole
from inspector.core.errors import EngineError
from inspector.core.frame import Pixels
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine


@dataclass(frozen=True, slots=True)
class SelfTest:
    """A passed self-test: largest differences from the golden vectors, and what was allowed."""

    images: int
    map_difference: float
    score_difference: float
    allowed_cell: float
    allowed: float


def load_engine(
    bundle: Bundle,
    runtime: RuntimeConfig = RuntimeConfig(),  # noqa: B008  # frozen
    compiled: Path | None = None,
) -> Engine:
    """Compile a bundle for this PC. ``compiled`` is the folder of what was compiled on it before.

    Raises ``ConfigError`` for a precision that the runtime does not have, ``BundleError`` for one
    that was not compiled here, ``EngineError`` when runtime or driver are absent or the graph does
    not compile. ``auto`` has to be resolved before (`engines.runtimes.trial.resolved`).
    What a kernel computes runs as such, whatever the runtime.
    """
    kernel = bundle.manifest.kernel
    if kernel is not None:
        return KernelEngine(bundle, kernel, runtime)
    makers: dict[str, Callable[[Bundle, bytes, RuntimeConfig, Path | None], Engine]] = {
        "openvino": _openvino,
        "onnxruntime": _onnxruntime,
        "tensorrt": _tensorrt,
        "rtx": _rtx,
    }
    graph = graph_of(bundle, runtime, compiled)
    return as_whole(bundle, lambda part: makers[runtime.name](part, graph, runtime, compiled))


def self_test(engine: Engine, bundle: Bundle, views: int = 1) -> SelfTest:
    """Run the golden vectors through the compiled engine, as many images at a time as a part has.

    This also warms it up: what an engine does once for a size of batch, such as recording a CUDA
    graph, is done for this size and for no other.

    Raises ``EngineError`` with the figures when it disagrees with the reference by more than its
    precision allows.
    """
    golden = bundle.golden()
    map_difference = score_difference = 0.0
    for image, score_map, score in zip(golden.images, golden.maps, golden.scores, strict=True):
        found = engine.infer(np.repeat(image[None], views, axis=0))
        map_difference = max(map_difference, float(np.abs(found.maps - score_map).max()))
        score_difference = max(score_difference, float(np.abs(found.scores - score).max()))
    largest = float(np.abs(golden.maps).max())
    tolerance = TOLERANCES[engine.info.precision]
    cell, allowed = tolerance.cell * largest, tolerance.score * largest
    if map_difference > cell or score_difference > allowed:
        raise EngineError(
            f"{bundle.path}: self-test failed on {engine.info.fingerprint}: map differs by "
            f"{map_difference:.3g} (allowed {cell:.3g}), "
            f"score by {score_difference:.3g} (allowed {allowed:.3g})",
            remedy="Use another runtime (runtime.name), or update its package",
        )
    return SelfTest(len(golden.images), map_difference, score_difference, cell, allowed)


def page_lock_of(engine: Engine) -> Callable[[Pixels], Callable[[], None]] | None:
    """What page-locks arrays for this engine's GPU; None for an engine that uses none."""
    if engine.info.runtime not in ("tensorrt", "rtx"):
        return None
    from engines.runtimes.nvidia.gpu import open_gpu  # noqa: PLC0415  # see below
    from engines.runtimes.nvidia.page_lock import page_lock  # noqa: PLC0415  # see below

    return page_lock(open_gpu())


# Each runtime is imported when it is asked for: a line PC carries one of them.
def _openvino(bundle: Bundle, graph: bytes, runtime: RuntimeConfig, _: Path | None) -> Engine:
    from engines.runtimes.openvino import OpenVinoEngine  # noqa: PLC0415  # see above

    return OpenVinoEngine(bundle, graph, runtime.precision, runtime.threads)


def _onnxruntime(bundle: Bundle, graph: bytes, runtime: RuntimeConfig, _: Path | None) -> Engine:
    from engines.runtimes.onnxruntime import OnnxRuntimeEngine  # noqa: PLC0415  # see above

    return OnnxRuntimeEngine(bundle, graph, runtime.precision, runtime.threads)


def _tensorrt(
    bundle: Bundle, graph: bytes, runtime: RuntimeConfig, compiled: Path | None
) -> Engine:
    from engines.runtimes.tensorrt import TensorRtEngine  # noqa: PLC0415  # see above

    return TensorRtEngine(bundle, graph, runtime.precision, _plans(bundle, compiled))


def _rtx(bundle: Bundle, graph: bytes, runtime: RuntimeConfig, compiled: Path | None) -> Engine:
    from engines.runtimes.rtx import RtxEngine  # noqa: PLC0415  # see above

    return RtxEngine(bundle, graph, runtime.precision, _plans(bundle, compiled))


def _plans(bundle: Bundle, compiled: Path | None) -> Path:
    if compiled is None:
        raise EngineError(
            f"{bundle.path}: no folder of compiled plans is known", remedy="Use runtime openvino"
        )
    return folder_of(bundle, compiled)
