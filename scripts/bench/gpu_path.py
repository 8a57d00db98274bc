"""What the way to an NVIDIA GPU and back costs around a plan: copies, launches, recorded graphs.

A kernel of a few microseconds stands in the place of a plan, so that its surroundings show; they
are the same for TensorRT and TensorRT-RTX. Rounds alternate, so that a disturbance of the PC meets
all alike. Needs pycuda, a GPU and CUDA's compiler; says nothing of the speed of any engine.

    .venv/bin/python -m scripts.bench.gpu_path --runs 2000 --rounds 5
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np

from engines.runtimes.nvidia.executing import Executor
from engines.runtimes.nvidia.gpu import Gpu, gpu_absence, open_gpu
from engines.runtimes.nvidia.page_lock import page_lock
from tests.engines.fake_gpu import FakeGpu
from tests.gpu.kernel import LAYOUT, SHAPE, Kernel, compiled

BATCHES = (1, 8)
FRAMES = {"1280 x 1024 mono": (1024, 1280), "2448 x 2048 mono": (2048, 2448)}
WARM_UP = 50


def milliseconds(work: Callable[[], None], runs: int) -> list[float]:
    """Of each run."""
    found = []
    for _ in range(runs):
        began = time.perf_counter_ns()
        work()
        found.append((time.perf_counter_ns() - began) / 1e6)
    return found


def one_after_another(executor: Executor, count: int) -> Callable[[], None]:
    """A batch there and its result back."""
    batch = np.random.default_rng(0).integers(0, 256, (count, *SHAPE), np.uint8)

    def run() -> None:
        executor.submit(batch)
        executor.collect()

    return run


def two_under_way(executor: Executor, count: int) -> Callable[[], None]:
    """The same, while the next batch travels."""
    batch = np.random.default_rng(0).integers(0, 256, (count, *SHAPE), np.uint8)

    def run() -> None:
        executor.submit(batch)
        if executor.under_way == 2:
            executor.collect()

    return run


def copying(
    gpu: Gpu, shape: tuple[int, int], stack: ExitStack, *, locked: bool
) -> Callable[[], None]:
    """A frame to the GPU."""
    frame = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    with gpu.current():
        memory, stream = gpu.driver.mem_alloc(frame.nbytes), gpu.driver.Stream(1)
    if locked:
        stack.callback(page_lock(gpu)(frame))

    def run() -> None:
        with gpu.current():
            gpu.driver.memcpy_htod_async(memory, frame, stream)
            stream.synchronize()

    return run


def cases(gpu: Gpu, kernel: Kernel, stack: ExitStack) -> dict[str, Callable[[], None]]:
    """What is measured, by name."""
    found: dict[str, Callable[[], None]] = {}
    for count, record in itertools.product(BATCHES, (True, False)):
        for name, way in (("", one_after_another), (", two under way", two_under_way)):
            made = Executor(gpu, FakeGpu().sdk(), kernel.new_context, LAYOUT, record=record)
            executor = stack.enter_context(closing(made))
            kind = "recorded" if record else "queued anew"
            found[f"batch of {count}, {kind}{name}"] = way(executor, count)
    for (name, shape), locked in itertools.product(FRAMES.items(), (True, False)):
        kind = "page-locked" if locked else "pageable"
        found[f"frame {name}, {kind}"] = copying(gpu, shape, stack, locked=locked)
    return found


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=2000, help="of each case and round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    absence = gpu_absence()
    if absence is not None:
        sys.exit(f"No GPU, no figures: {absence}")
    gpu = open_gpu()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        cubin = compiled(Path(folder), gpu.architecture)
        with gpu.current():
            kernel = Kernel(cubin, spin=0)
        works = cases(gpu, kernel, stack)
        measured: dict[str, list[float]] = {name: [] for name in works}
        for _, (name, work) in itertools.product(range(options.rounds), works.items()):
            milliseconds(work, WARM_UP)
            measured[name] += milliseconds(work, options.runs)
    print(f"{gpu.name}; {options.rounds} rounds of {options.runs}; 256 x 256 x 3 px\n")
    print("| case | p50 ms | p99 ms | p99.9 ms |\n|---|---|---|---|")
    for name, found in measured.items():
        p50, p99, p999 = np.percentile(found, [50, 99, 99.9])
        print(f"| {name} | {p50:.3f} | {p99:.3f} | {p999:.3f} |")


if __name__ == "__main__":
    main()
