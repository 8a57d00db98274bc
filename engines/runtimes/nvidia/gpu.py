"""The GPU and its context, through pycuda.

The process uses one context, the GPU's primary one, which TensorRT shares. A CUDA context is
current on one thread: every use pushes it there and pops it again, so that an engine may be made on
one thread and run on another. pycuda frees memory only where its context is current; so does this.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, cast

from numpy.typing import DTypeLike, NDArray

from engines.runtimes.nvidia.sdk import absent
from inspector.core.errors import EngineError


class Memory(Protocol):
    """Memory of the GPU."""

    def __int__(self) -> int: ...
    def free(self) -> None:
        """Give it back; its context must be current."""


class CudaStream(Protocol):
    """Work of the GPU that is done in order."""

    @property
    def handle(self) -> int:
        """CUDA's own."""

    def synchronize(self) -> None:
        """Wait for all of it, without holding Python's lock."""


class Context(Protocol):
    """What belongs to this process on a GPU."""

    def push(self) -> None:
        """Make it current on this thread."""

    def pop(self) -> None:
        """Make the one before it current again."""


class CudaDevice(Protocol):
    """One GPU."""

    def name(self) -> str:
        """As its maker calls it."""

    def compute_capability(self) -> tuple[int, int]:
        """(8, 6) for SM 86."""

    def retain_primary_context(self) -> Context:
        """The context that the CUDA runtime uses, too."""


class Driver(Protocol):
    """The part of ``pycuda.driver`` that is used; the package brings no types."""

    @property
    def Error(self) -> type[Exception]:  # noqa: N802  # pycuda's name, as the two below
        """Root of what is raised."""

    def Device(self, number: int, /) -> CudaDevice:  # noqa: N802
        """A GPU by number."""

    def Stream(self, flags: int, /) -> CudaStream:  # noqa: N802
        """A new stream."""

    def init(self) -> None:
        """Open the driver."""

    def mem_alloc(self, size: int, /) -> Memory:
        """Bytes on the GPU."""

    def mem_get_info(self) -> tuple[int, int]:
        """Bytes free and bytes in all on the current GPU."""

    def pagelocked_empty(self, shape: tuple[int, ...], dtype: DTypeLike, /) -> NDArray[Any]:
        """An array that the GPU copies from and to by itself; freed with its last reference."""

    def memcpy_htod_async(self, to: Memory, source: NDArray[Any], stream: CudaStream, /) -> None:
        """Queue a copy to the GPU."""

    def memcpy_dtoh_async(self, to: NDArray[Any], source: Memory, stream: CudaStream, /) -> None:
        """Queue a copy from the GPU."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """The GPU that engines run on: CUDA's first, see ``CUDA_VISIBLE_DEVICES``."""

    driver: Driver
    context: Context
    name: str
    architecture: int
    """SM number: 86 for compute capability 8.6."""

    @contextmanager
    def current(self) -> Iterator[None]:
        """The context is current on this thread inside the block, whatever happens in it.

        Raises ``EngineError`` for every error of CUDA.
        """
        try:
            self.context.push()
            try:
                yield
            finally:
                self.context.pop()
        except self.driver.Error as error:
            raise EngineError(
                f"{self.name}: {error}", remedy="Restart the station; check the NVIDIA driver"
            ) from error


@lru_cache(maxsize=1)
def open_gpu() -> Gpu:
    """The first GPU. Raises ``EngineError`` naming what is absent: pycuda, the driver or a GPU."""
    try:
        driver = cast("Driver", importlib.import_module("pycuda.driver"))
    except ImportError as error:
        if isinstance(error, ModuleNotFoundError):
            raise absent("pycuda", "cuda", error) from error
        raise EngineError(
            f"the NVIDIA driver cannot be loaded ({error})",
            remedy="Install the NVIDIA driver and the CUDA libraries, or choose another runtime "
            "(runtime.name)",
        ) from error
    try:
        driver.init()
        device = driver.Device(0)
        context = device.retain_primary_context()
    except driver.Error as error:
        raise EngineError(
            f"no NVIDIA GPU can be used ({error})",
            remedy="Check the GPU and its driver with nvidia-smi, or choose another runtime "
            "(runtime.name)",
        ) from error
    major, minor = device.compute_capability()
    return Gpu(driver, context, device.name(), 10 * major + minor)


def gpu_absence() -> str | None:
    """Why no GPU can be used, or None when one can."""
    try:
        open_gpu()
    except EngineError as error:
        return error.problem
    return None
