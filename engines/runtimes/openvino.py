"""OpenVINO on the CPU: what a line PC without a GPU runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.bundle import Bundle
from engines.runtimes.checks import check_batch, check_finite, info_of, precision_mark
from engines.runtimes.quiet_openvino import openvino
from inspector.core.detection import Detection, EngineInfo
from inspector.core.errors import EngineError
from inspector.core.frame import Pixels

SIZES = 4
"""Sizes of batches that stay compiled."""

Run = Callable[[list[NDArray[Any]]], list[NDArray[np.float32]]]


class OpenVinoEngine:
    """An `Engine` on the CPU, one stream, tuned for latency.

    The graph is compiled for one image, and again for each other size of batch that is asked for
    (a good second, once): with a known size it is up to a quarter faster. Input and outputs are
    shared with the runtime, not copied; the arrays of a `Detection` are valid until the next
    ``infer``. Raises ``EngineError``.
    """

    def __init__(self, bundle: Bundle, graph: bytes, precision: str, threads: int) -> None:
        device = openvino.Core().get_property("CPU", "FULL_DEVICE_NAME").strip()
        if precision == "bf16" and "BF16" not in capabilities():
            raise EngineError(
                f"{device} does not compute in bfloat16", remedy="Use precision f32 or int8"
            )
        version = openvino.get_version()
        fingerprint = f"openvino {version} {precision_mark(precision, graph)} {device}"
        self.info: EngineInfo = info_of(bundle, "openvino", fingerprint, precision)
        hint = "bf16" if precision == "bf16" else "f32"
        self._compiled = partial(_compile, graph, threads, hint)
        self._requests = {1: self._compiled(batch=1).create_infer_request()}

    def infer(self, batch: Pixels) -> Detection:
        """Judge uint8[N, H, W, C] prepared images."""
        check_batch(batch, self.info)
        request = self._request_for(len(batch))
        try:
            request.set_input_tensor(openvino.Tensor(batch, shared_memory=True))
            request.infer()
        except RuntimeError as error:
            raise EngineError(f"openvino: {error}", remedy="Restart the station") from error
        maps = request.get_tensor("map").data
        return check_finite(Detection(maps, request.get_tensor("score").data))

    def close(self) -> None:
        """Nothing to free before the object goes."""

    def _request_for(self, batch: int) -> openvino.InferRequest:
        if batch not in self._requests:
            if len(self._requests) == SIZES:
                del self._requests[next(iter(self._requests))]
            self._requests[batch] = self._compiled(batch=batch).create_infer_request()
        return self._requests[batch]


def compile_graph(graph: bytes, threads: int) -> Run:
    """Any single-precision graph as a function from inputs to copies of its outputs."""
    request = _compile(graph, threads).create_infer_request()

    def run(inputs: list[NDArray[Any]]) -> list[NDArray[np.float32]]:
        request.infer(inputs)
        return [np.array(tensor.data) for tensor in request.output_tensors]

    return run


def capabilities() -> tuple[str, ...]:
    """Number formats that this PC's CPU computes in faster than by emulation."""
    return tuple(openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"))


def _compile(
    graph: bytes, threads: int, precision: str = "f32", batch: int | None = None
) -> openvino.CompiledModel:
    # Left to itself OpenVINO picks bfloat16 where the CPU knows it, and nobody is told.
    options: dict[str, str | int] = {
        "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": 1,
    }
    if threads:
        options["INFERENCE_NUM_THREADS"] = threads
    try:
        core = openvino.Core()
        model = core.read_model(graph)
        if batch is not None:
            image = model.input(0)
            image.get_node().set_layout(openvino.Layout("NHWC"))
            openvino.set_batch(model, batch)
        return core.compile_model(model, "CPU", options)
    except RuntimeError as error:
        raise EngineError(
            f"openvino cannot compile the graph: {error}", remedy="Teach the product again"
        ) from error
