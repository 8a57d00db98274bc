"""TensorRT-RTX: plans are built anywhere, without a GPU, and finished on the GPU that runs them.

Its plans do not run under full TensorRT, nor the other way round; the names of the files differ.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from engines.bundle import Bundle
from engines.runtimes.nvidia.building import BatchRange
from engines.runtimes.nvidia.engine import NvidiaEngine
from engines.runtimes.nvidia.plans import Wanted, build_into
from engines.runtimes.nvidia.sdk import ROWS, Api, NewContext, Sdk, absent, new_logger
from inspector.core.canonical import sha256_hex
from inspector.core.errors import ConfigError

if TYPE_CHECKING:
    import tensorrt as trt
    import tensorrt_rtx as rtx


class RtxEngine(NvidiaEngine):
    """An `Engine` on TensorRT-RTX. Raises ``EngineError``."""

    def __init__(self, bundle: Bundle, graph: bytes, precision: str, plans: Path) -> None:
        super().__init__(rtx_sdk(), bundle, graph, precision, plans)


def compile_rtx(
    bundle: Bundle,
    architectures: Sequence[int],
    folder: Path,
    precision: str = "f32",
    graph: bytes | None = None,
) -> Path:
    """Build a plan for other PCs' GPUs; this one needs none. Returns the plan's path in ``folder``.

    ``architectures`` are SM numbers (75, 86, 89, 120): one plan serves them all. ``graph`` is the
    graph of that precision, the bundle's own if not given. An `RtxEngine` that finds the plan and
    its manifest in its folder does not build one. Raises ``ConfigError`` for an architecture that
    TensorRT-RTX does not know, ``EngineError`` for a graph that it refuses, ``StorageError``.
    """
    sdk = rtx_sdk()
    known = supported_architectures()
    if not architectures or not set(architectures) <= set(known):
        raise ConfigError(
            f"--sm {','.join(map(str, architectures))}: not what TensorRT-RTX {sdk.version} offers",
            remedy=f"It builds for {', '.join(map(str, known))}",
        )
    graph = bundle.graph if graph is None else graph
    targets = tuple(sorted(set(architectures)))
    wanted = Wanted("rtx", sha256_hex(graph), precision, sdk.version, BatchRange(), targets)
    return build_into(folder, sdk, graph, wanted).path


def supported_architectures() -> tuple[int, ...]:
    """SM numbers that the installed TensorRT-RTX builds for. Raises ``EngineError``."""
    return rtx_sdk().architectures


@lru_cache(maxsize=1)
def rtx_sdk() -> Sdk:
    """The package. Raises ``EngineError`` where it is absent."""
    try:
        import tensorrt_rtx  # noqa: PLC0415  # only some PCs have it
    except (ImportError, OSError) as error:
        raise absent("tensorrt_rtx", "rtx", error) from error
    api = cast("Api", tensorrt_rtx)
    names = tensorrt_rtx.ComputeCapability.__members__
    rows: deque[str] = deque(maxlen=ROWS)
    return Sdk(
        kind="rtx",
        title="TensorRT-RTX",
        version=tensorrt_rtx.__version__,
        api=api,
        logger=new_logger(api, rows),
        rows=rows,
        aim=_aim,
        opener=_opener,
        architectures=tuple(sorted(int(name[2:]) for name in names if name.startswith("SM"))),
    )


def _aim(config: trt.IBuilderConfig, architectures: Sequence[int]) -> None:
    import tensorrt_rtx  # noqa: PLC0415  # there, or nobody would call

    names = tensorrt_rtx.ComputeCapability.__members__
    targets = [names[f"SM{number}"] for number in architectures]
    ours = cast("rtx.IBuilderConfig", config)
    ours.num_compute_capabilities = len(targets)
    for place, target in enumerate(targets):
        ours.set_compute_capability(target, place)


def _opener(engine: trt.ICudaEngine) -> NewContext:
    """Kernels are finished for their shape before the first result, once for all contexts.

    By default that happens in the background, and results change slightly when it is done.
    """
    import tensorrt_rtx  # noqa: PLC0415  # there, or nobody would call

    ours = cast("rtx.ICudaEngine", engine)
    options = ours.create_runtime_config()
    strategies = tensorrt_rtx.DynamicShapesKernelSpecializationStrategy
    options.dynamic_shapes_kernel_specialization_strategy = strategies.EAGER
    options.set_runtime_cache(options.create_runtime_cache())
    return cast("NewContext", lambda: ours.create_execution_context(options))
