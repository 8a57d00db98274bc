"""From bundle to running engine: the runtime by name, and the proof that it computes the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engines.bundle import Bundle
from inspector.core.errors import ConfigError, EngineError
from inspector.core.ports import Engine

TOLERANCE = 2e-3
"""Largest difference from the golden maps and scores, as a share of the largest golden value."""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """A passed self-test: largest differences from the golden vectors, and what was allowed."""

    images: int
    map_difference: float
    score_difference: float
    allowed: float


def load_engine(bundle: Bundle, runtime: str = "openvino", threads: int = 0) -> Engine:
    """Compile a bundle for this PC; ``threads`` 0 means all physical cores.

    Raises ``ConfigError`` for an unknown runtime, ``EngineError`` when the graph does not compile.
    """
    makers: dict[str, Callable[[Bundle, int], Engine]] = {
        "openvino": _openvino,
        "onnxruntime": _onnxruntime,
    }
    if runtime not in makers:
        raise ConfigError(
            f"runtime.name: unknown runtime {runtime!r}", remedy=f"Known: {', '.join(makers)}"
        )
    return makers[runtime](bundle, threads)


def self_test(engine: Engine, bundle: Bundle) -> SelfTest:
    """Run the golden vectors through the compiled engine; this also warms it up.

    Raises ``EngineError`` with the figures when it disagrees with the reference by more than
    ``TOLERANCE``.
    """
    golden = bundle.golden()
    map_difference = score_difference = 0.0
    for image, score_map, score in zip(golden.images, golden.maps, golden.scores, strict=True):
        found = engine.infer(image[None])
        map_difference = max(map_difference, float(np.abs(found.maps[0] - score_map).max()))
        score_difference = max(score_difference, abs(float(found.scores[0] - score)))
    allowed = TOLERANCE * float(np.abs(golden.maps).max())
    if max(map_difference, score_difference) > allowed:
        raise EngineError(
            f"{bundle.path}: self-test failed on {engine.info.fingerprint}: map differs by "
            f"{map_difference:.3g}, score by {score_difference:.3g}, allowed {allowed:.3g}",
            remedy="Use another runtime (runtime.name), or update its package",
        )
    return SelfTest(len(golden.images), map_difference, score_difference, allowed)


# Each runtime is imported when it is asked for: a line PC carries one of them.
def _openvino(bundle: Bundle, threads: int) -> Engine:
    from engines.runtimes.openvino import OpenVinoEngine  # noqa: PLC0415  # see above

    return OpenVinoEngine(bundle, threads)


def _onnxruntime(bundle: Bundle, threads: int) -> Engine:
    from engines.runtimes.onnxruntime import OnnxRuntimeEngine  # noqa: PLC0415  # see above

    return OnnxRuntimeEngine(bundle, threads)
