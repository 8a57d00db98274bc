"""Full TensorRT: plans are built on the GPU that runs them, by timing kernels there."""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from pathlib import Path

from engines.bundle import Bundle
from engines.runtimes.nvidia.engine import NvidiaEngine
from engines.runtimes.nvidia.sdk import ROWS, Sdk, absent, new_logger


class TensorRtEngine(NvidiaEngine):
    """An `Engine` on full TensorRT. Raises ``EngineError``."""

    def __init__(self, bundle: Bundle, graph: bytes, precision: str, plans: Path) -> None:
        super().__init__(tensorrt_sdk(), bundle, graph, precision, plans)


@lru_cache(maxsize=1)
def tensorrt_sdk() -> Sdk:
    """The package. Raises ``EngineError`` where it, or a library that it needs, is absent."""
    try:
        import tensorrt  # noqa: PLC0415  # only GPU line PCs have it
    except (ImportError, OSError) as error:
        raise absent("tensorrt", "gpu", error) from error
    rows: deque[str] = deque(maxlen=ROWS)
    return Sdk(
        kind="tensorrt",
        title="TensorRT",
        version=tensorrt.__version__,
        api=tensorrt,
        logger=new_logger(tensorrt, rows),
        rows=rows,
        aim=lambda config, architectures: None,  # always the GPU that is there
        opener=lambda engine: engine.create_execution_context,
    )
