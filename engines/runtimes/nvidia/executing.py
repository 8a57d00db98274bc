"""Running a plan: two slots, so that one batch travels while another one is computed.

A slot has a stream, page-locked and GPU buffers of its own, and for each number of images that it
has met an execution context of that shape. Copy to the GPU, kernels and copy back are recorded as
one CUDA graph per slot and number of images: the first batch of a number is slower than the next.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import structlog
from numpy.typing import NDArray

from engines.runtimes.nvidia.cuda_graph import CudaGraph
from engines.runtimes.nvidia.gpu import Gpu, Memory
from engines.runtimes.nvidia.sdk import NewContext, Sdk
from inspector.core.detection import Detection, EngineInfo
from inspector.core.errors import EngineError
from inspector.core.frame import Pixels

if TYPE_CHECKING:
    import tensorrt as trt

SLOTS = 2
_NON_BLOCKING = 1  # CU_STREAM_NON_BLOCKING: no waiting for the default stream
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Layout:
    """Inputs and outputs of a plan: shape of one image's part, without the batch, and dtype."""

    tensors: dict[str, tuple[tuple[int, ...], np.dtype[Any]]]
    largest: int
    """Images at once, at most."""
    fixed: bool
    """True: the plan takes exactly ``largest`` images; fewer are filled up."""


def layout_of(sdk: Sdk, engine: trt.ICudaEngine, info: EngineInfo) -> Layout:
    """Read a plan's inputs and outputs. Raises ``EngineError`` unless they are the bundle's."""
    types = {
        sdk.api.DataType.UINT8: np.dtype(np.uint8),
        sdk.api.DataType.FLOAT: np.dtype(np.float32),
    }
    names = [engine.get_tensor_name(number) for number in range(engine.num_io_tensors)]
    found = {
        name: (tuple(engine.get_tensor_shape(name))[1:], types.get(engine.get_tensor_dtype(name)))
        for name in names
    }
    wanted: dict[str, tuple[tuple[int, ...], np.dtype[Any]]] = {
        "image": ((info.height, info.width, info.channels), np.dtype(np.uint8)),
        "map": ((info.map_height, info.map_width), np.dtype(np.float32)),
        "score": ((), np.dtype(np.float32)),
    }
    if found != wanted:
        raise EngineError(
            f"{sdk.title}: the plan's inputs and outputs are {found}, the bundle's are {wanted}",
            remedy="Compile the bundle again",
        )
    largest, *_ = engine.get_tensor_profile_shape("image", 0)[2]
    images, *_ = engine.get_tensor_shape("image")
    return Layout(wanted, largest, fixed=images > 0)


class Slot:
    """One batch on its way. All methods want the GPU's context current."""

    def __init__(
        self, gpu: Gpu, sdk: Sdk, new_context: NewContext, layout: Layout, *, record: bool
    ) -> None:
        self._driver, self._sdk, self._layout = gpu.driver, sdk, layout
        self._new_context = new_context
        self._record = record
        self._stream = self._driver.Stream(_NON_BLOCKING)
        self._lanes: dict[int, Lane] = {}
        self._device: dict[str, Memory] = {}
        self._host: dict[str, NDArray[Any]] = {}
        for name, (shape, dtype) in layout.tensors.items():
            host = self._driver.pagelocked_empty((layout.largest, *shape), dtype)
            host.fill(0)
            self._host[name], self._device[name] = host, self._driver.mem_alloc(host.nbytes)

    def start(self, batch: Pixels) -> None:
        """Take a copy of the batch and queue its way through the GPU."""
        count = self._layout.largest if self._layout.fixed else len(batch)
        np.copyto(self._host["image"][: len(batch)], batch)
        lane = self._lanes.get(count)
        if lane is None:
            lane = self._lanes[count] = self._new_lane(count)
        if lane.graph is not None:
            lane.graph.launch(self._stream.handle)
        else:
            self._queue(lane)

    def wait(self, count: int) -> Detection:
        """The result, when it is there; its arrays are the slot's own."""
        self._stream.synchronize()
        return Detection(self._host["map"][:count], self._host["score"][:count])

    def close(self) -> None:
        """Wait for what is under way, then free everything on the GPU."""
        self._stream.synchronize()
        for lane in self._lanes.values():
            if lane.graph is not None:
                lane.graph.close()
        self._lanes.clear()
        for memory in self._device.values():
            memory.free()
        self._device.clear()
        del self._stream, self._new_context  # freed here, where the context is current
        self._host.clear()  # page-locked memory goes with the last array that someone holds

    def _new_lane(self, count: int) -> Lane:
        """A context for so many images, warm, and recorded where that is possible."""
        context = self._new_context()
        if context is None:
            raise self._sdk.failure("makes no execution context", "Free GPU memory")
        context.set_input_shape("image", (count, *self._layout.tensors["image"][0]))
        for name, memory in self._device.items():
            context.set_tensor_address(name, int(memory))
        lane = Lane(context, count)
        if self._record:
            self._queue(lane)  # what a context does once, on its first run, must not be recorded
            self._stream.synchronize()
            try:
                lane.graph = CudaGraph(self._stream.handle, lambda: self._queue(lane))
            except (EngineError, self._driver.Error) as error:
                _log.warning("no CUDA graph", images=count, reason=str(error))
        return lane

    def _queue(self, lane: Lane) -> None:
        """Copy there, compute, copy back."""
        driver, stream = self._driver, self._stream
        driver.memcpy_htod_async(self._device["image"], self._host["image"][: lane.count], stream)
        self._sdk.rows.clear()
        if not lane.context.execute_async_v3(stream.handle):
            raise self._sdk.failure("cannot run the plan", "Restart the station")
        for name in ("map", "score"):
            driver.memcpy_dtoh_async(self._host[name][: lane.count], self._device[name], stream)


@dataclass(slots=True)
class Lane:
    """An execution context for one number of images, and its recorded graph."""

    context: trt.IExecutionContext
    count: int
    graph: CudaGraph | None = None


class Executor:
    """Batches in, detections out, in their order; at most ``SLOTS`` are on their way at once.

    One thread at a time, any thread. Raises ``EngineError``.
    """

    def __init__(
        self, gpu: Gpu, sdk: Sdk, new_context: NewContext, layout: Layout, *, record: bool
    ) -> None:
        self._gpu, self._sdk, self._layout, self._record = gpu, sdk, layout, record
        self._new_context: NewContext | None = new_context
        self._free: list[Slot] = []
        self._busy: deque[tuple[Slot, int]] = deque()

    @property
    def under_way(self) -> int:
        """Batches that were submitted and not yet collected."""
        return len(self._busy)

    def submit(self, batch: Pixels) -> None:
        """Copy a checked batch of at most ``layout.largest`` images and start its way."""
        if len(self._busy) == SLOTS:
            raise EngineError("the GPU has all the batches it takes", remedy="Collect one first")
        with self._gpu.current():
            slot = self._free.pop() if self._free else self._new_slot()
            try:
                slot.start(batch)
            except BaseException:
                self._free.append(slot)
                raise
        self._busy.append((slot, len(batch)))

    def collect(self) -> Detection:
        """Wait for the oldest batch. Its arrays are valid until the next ``submit``."""
        slot, count = self._busy.popleft()
        self._free.append(slot)
        with self._gpu.current():
            return slot.wait(count)

    def abandon(self) -> None:
        """Wait for what is under way and drop it, errors included."""
        while self._busy:
            with suppress(EngineError):
                self.collect()

    def close(self) -> None:
        """Free everything on the GPU; once is enough, twice does no harm."""
        with self._gpu.current():
            for slot in (*self._free, *(slot for slot, _ in self._busy)):
                slot.close()
            self._free.clear()
            self._busy.clear()
            self._new_context = None  # the plan goes with it

    def _new_slot(self) -> Slot:
        if self._new_context is None:
            raise EngineError("the engine is closed", remedy="Load it again")
        return Slot(self._gpu, self._sdk, self._new_context, self._layout, record=self._record)
