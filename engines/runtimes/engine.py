"""From bundle to running engine: the runtime by name, and the proof that it computes the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engines.bundle import Bundle
from inspector.core.errors import EngineError
from inspector.core.line_config import RuntimeConfig
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


def load_engine(
    bundle: Bundle,
    runtime: RuntimeConfig = RuntimeConfig(),  # noqa: B008  # frozen
    compiled: Path | None = None,
) -> Engine:
    """Compile a bundle for this PC. ``compiled`` is the folder of what was compiled on it before.

    Raises ``ConfigError`` for a runtime that is not installed, ``EngineError`` when the graph does
    not compile.
    """
    makers: dict[str, Callable[[Bundle, RuntimeConfig], Engine]] = {
        "openvino": _openvino,
        "onnxruntime": _onnxruntime,
    }
    return makers[runtime.name](bundle, runtime)


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
def _openvino(bundle: Bundle, runtime: RuntimeConfig) -> Engine:
    from engines.runtimes.openvino import OpenVinoEngine  # noqa: PLC0415  # see above

    return OpenVinoEngine(bundle, runtime.threads)


def _onnxruntime(bundle: Bundle, runtime: RuntimeConfig) -> Engine:
    from engines.runtimes.onnxruntime import OnnxRuntimeEngine  # noqa: PLC0415  # see above

    return OnnxRuntimeEngine(bundle, runtime.threads)
