"""A fake GPU: memory is an array, work is done when a stream is waited for, every call is noted.

It proves the order of calls, buffers, threads and errors; it proves nothing about a real GPU.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engines.runtimes.nvidia.executing import Layout
from engines.runtimes.nvidia.gpu import CudaStream, Gpu, Memory
from engines.runtimes.nvidia.sdk import Sdk

SHAPE, MAP = (4, 6, 3), (2, 3)
LAYOUT = Layout(
    {
        "image": (SHAPE, np.dtype(np.uint8)),
        "map": (MAP, np.dtype(np.float32)),
        "score": ((), np.dtype(np.float32)),
    },
    largest=4,
    fixed=False,
)


class CudaError(Exception):
    """pycuda's root of errors."""


class FakeGpu:
    """All of it: the driver, its context, and TensorRT's engine on it."""

    Error = CudaError

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.stack: dict[int, int] = {}
        self.memory: dict[int, NDArray[Any]] = {}
        self.broken = ""
        self.leaked = 0
        """Streams that went when no context was current: pycuda cannot free those."""
        self._numbers = itertools.count(1)

    def note(self, call: str) -> None:
        self.calls.append(call)
        assert self.stack.get(threading.get_ident(), 0), f"{call}: no context on this thread"
        if call == self.broken:
            raise CudaError(f"{call} failed")

    # The context.
    def push(self) -> None:
        self.calls.append("push")
        thread = threading.get_ident()
        self.stack[thread] = self.stack.get(thread, 0) + 1

    def pop(self) -> None:
        self.calls.append("pop")
        self.stack[threading.get_ident()] -= 1

    # The driver.
    def init(self) -> None: ...
    def Device(self, number: int, /) -> Any:  # noqa: N802  # pycuda's name
        raise NotImplementedError

    def Stream(self, flags: int, /) -> FakeStream:  # noqa: N802  # pycuda's name
        self.note("stream")
        return FakeStream(self, next(self._numbers))

    def mem_alloc(self, size: int, /) -> FakeMemory:
        self.note("alloc")
        number = next(self._numbers)
        self.memory[number] = np.zeros(size, np.uint8)
        return FakeMemory(self, number)

    def mem_get_info(self) -> tuple[int, int]:
        raise NotImplementedError

    def pagelocked_empty(self, shape: tuple[int, ...], dtype: DTypeLike, /) -> NDArray[Any]:
        self.note("pagelocked")
        return np.empty(shape, dtype)

    def memcpy_htod_async(self, to: Memory, source: NDArray[Any], stream: CudaStream, /) -> None:
        self.note("to gpu")
        raw = source.reshape(-1).view(np.uint8)
        queued(stream).append(lambda: np.copyto(self.memory[int(to)][: raw.size], raw))

    def memcpy_dtoh_async(self, to: NDArray[Any], source: Memory, stream: CudaStream, /) -> None:
        self.note("to host")
        raw = to.reshape(-1).view(np.uint8)
        queued(stream).append(lambda: np.copyto(raw, self.memory[int(source)][: raw.size]))

    # The rest.
    def gpu(self) -> Gpu:
        return Gpu(self, self, "Fake GPU", 86)

    def sdk(self) -> Sdk:
        nothing: Any = None
        return Sdk("rtx", "Fake", "1", nothing, nothing, deque(), nothing, nothing)

    def new_context(self) -> Any:
        self.note("context")
        return FakeExecution(self)


class FakeStream:
    """Work that waits until it is waited for."""

    streams: ClassVar[WeakValueDictionary[int, FakeStream]] = WeakValueDictionary()

    def __init__(self, gpu: FakeGpu, handle: int) -> None:
        self.gpu, self.handle = gpu, handle
        self.work: list[Callable[[], None]] = []
        self.streams[handle] = self

    def __del__(self) -> None:
        if not self.gpu.stack.get(threading.get_ident(), 0):
            self.gpu.leaked += 1

    def synchronize(self) -> None:
        self.gpu.note("wait")
        while self.work:
            self.work.pop(0)()


def queued(stream: CudaStream) -> list[Callable[[], None]]:
    return FakeStream.streams[stream.handle].work


class FakeMemory:
    """Memory by number."""

    def __init__(self, gpu: FakeGpu, number: int) -> None:
        self.gpu, self.number = gpu, number

    def __int__(self) -> int:
        return self.number

    def free(self) -> None:
        self.gpu.note("free")
        del self.gpu.memory[self.number]


class FakeExecution:
    """The engine: map = mean of the image in each cell, score = mean of the image."""

    def __init__(self, gpu: FakeGpu) -> None:
        self.gpu = gpu
        self.at: dict[str, int] = {}
        self.count = 0

    def set_input_shape(self, name: str, shape: tuple[int, ...]) -> bool:
        self.count = shape[0]
        return True

    def set_tensor_address(self, name: str, address: int) -> bool:
        self.at[name] = address
        return True

    def execute_async_v3(self, handle: int) -> bool:
        if self.gpu.broken == "refuse":
            return False
        self.gpu.note("execute")
        FakeStream.streams[handle].work.append(self._compute)
        return True

    def _compute(self) -> None:
        size = int(np.prod(SHAPE))
        raw = self.gpu.memory[self.at["image"]]
        means = raw[: self.count * size].reshape(self.count, -1).mean(axis=1, dtype=np.float32)
        maps = np.repeat(means, MAP[0] * MAP[1])
        for name, values in (("map", maps), ("score", means)):
            self.gpu.memory[self.at[name]][: values.nbytes] = values.view(np.uint8)
