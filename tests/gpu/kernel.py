"""A CUDA kernel in the place of a plan: what surrounds a plan can be tried on any NVIDIA GPU.

TensorRT-RTX does not run on every GPU and full TensorRT is not installed everywhere; buffers,
streams, recorded graphs and threads are the same for both, and for this.
"""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.runtimes.nvidia.cuda_graph import call
from engines.runtimes.nvidia.executing import Layout
from inspector.core.frame import Pixels

SHAPE, MAP, LARGEST = (256, 256, 3), (16, 16), 8
LAYOUT = Layout(
    {
        "image": (SHAPE, np.dtype(np.uint8)),
        "map": (MAP, np.dtype(np.float32)),
        "score": ((), np.dtype(np.float32)),
    },
    largest=LARGEST,
    fixed=False,
)
THREADS = 256
SPIN = 200_000
"""Clock ticks that the kernel waits first, so that whoever does not wait for it reads too early."""

SOURCE = """
extern "C" __global__ void judge(
    const unsigned char *image, float *map, float *score, int size, int cells, long long spin)
{
    __shared__ unsigned int total;
    long long begin = clock64();
    while (clock64() - begin < spin) {}
    if (threadIdx.x == 0) total = 0;
    __syncthreads();
    unsigned int own = 0;
    for (int i = threadIdx.x; i < size; i += blockDim.x)
        own += image[(size_t)blockIdx.x * size + i];
    atomicAdd(&total, own);
    __syncthreads();
    float mean = (float)total / (float)size;
    for (int i = threadIdx.x; i < cells; i += blockDim.x)
        map[blockIdx.x * cells + i] = mean + i;
    if (threadIdx.x == 0) score[blockIdx.x] = mean + (cells - 1);
}
"""


def compiled(folder: Path, architecture: int) -> bytes:
    """The kernel for a GPU, by CUDA's compiler."""
    source, made = folder / "judge.cu", folder / "judge.cubin"
    source.write_text(SOURCE, encoding="ascii")
    target = f"-arch=sm_{architecture}"
    subprocess.run(["nvcc", "-cubin", target, "-o", made, source], check=True, capture_output=True)
    return made.read_bytes()


def wanted(images: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Maps and scores, to the last bit."""
    sums = images.reshape(len(images), -1).sum(axis=1, dtype=np.uint32).astype(np.float32)
    means = sums / np.float32(np.prod(SHAPE))
    cells = np.arange(np.prod(MAP), dtype=np.float32)
    maps = means[:, None] + cells
    return maps.reshape(-1, *MAP), maps[:, -1]


class Kernel:
    """Stands for TensorRT's engine and its execution context; the GPU's context is current."""

    def __init__(self, cubin: bytes, spin: int = SPIN) -> None:
        self._spin = spin
        self.queued = 0
        """How often it was put onto a stream, recordings included."""
        module, self._function = ctypes.c_void_p(), ctypes.c_void_p()
        call("cuModuleLoadData", ctypes.byref(module), ctypes.c_char_p(cubin))
        call("cuModuleGetFunction", ctypes.byref(self._function), module, b"judge")

    def new_context(self) -> Any:
        """What executes batches of one size."""
        return _Execution(self)

    def launch(self, count: int, addresses: dict[str, int], stream: int) -> None:
        """Queue it for ``count`` images."""
        self.queued += 1
        values = [
            *(ctypes.c_void_p(addresses[name]) for name in ("image", "map", "score")),
            ctypes.c_int(int(np.prod(SHAPE))),
            ctypes.c_int(int(np.prod(MAP))),
            ctypes.c_longlong(self._spin),
        ]
        pointers = (ctypes.c_void_p * len(values))(
            *(ctypes.cast(ctypes.byref(value), ctypes.c_void_p) for value in values)
        )
        sizes = map(ctypes.c_uint, (count, 1, 1, THREADS, 1, 1, 0))
        call("cuLaunchKernel", self._function, *sizes, ctypes.c_void_p(stream), pointers, None)


class _Execution:
    """The calls that `engines.runtimes.nvidia.executing` makes of an execution context."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._addresses: dict[str, int] = {}
        self._count = 0

    def set_input_shape(self, _: str, shape: tuple[int, ...]) -> bool:
        self._count = shape[0]
        return True

    def set_tensor_address(self, name: str, address: int) -> bool:
        self._addresses[name] = address
        return True

    def execute_async_v3(self, stream: int) -> bool:
        self._kernel.launch(self._count, self._addresses, stream)
        return True
