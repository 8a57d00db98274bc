"""Buffers, streams, recorded graphs and threads around a plan, with a kernel in its place."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from structlog.testing import capture_logs

from engines.runtimes.nvidia.executing import Executor
from engines.runtimes.nvidia.gpu import Gpu
from inspector.core.frame import Pixels
from tests.engines.fake_gpu import FakeGpu
from tests.gpu.kernel import LARGEST, LAYOUT, SHAPE, Kernel, compiled, wanted

pytestmark = pytest.mark.gpu

Make = Callable[..., Executor]
SPARE_BYTES = 8 << 20
"""What the driver may keep for itself."""


@pytest.fixture(scope="module")
def cubin(gpu: Gpu, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    if shutil.which("nvcc") is None:
        pytest.skip("CUDA's compiler nvcc is not here")
    return compiled(tmp_path_factory.mktemp("kernel"), gpu.architecture)


@pytest.fixture
def kernel(gpu: Gpu, cubin: bytes) -> Kernel:
    with gpu.current():
        return Kernel(cubin)


@pytest.fixture
def make(gpu: Gpu, kernel: Kernel, request: pytest.FixtureRequest) -> Make:
    def executor(*, record: bool = True) -> Executor:
        made = Executor(gpu, FakeGpu().sdk(), kernel.new_context, LAYOUT, record=record)
        request.addfinalizer(made.close)
        return made

    return executor


def images(count: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (count, *SHAPE), np.uint8)


def check(executor: Executor, batch: Pixels) -> None:
    maps, scores = wanted(batch)
    found = executor.collect()
    np.testing.assert_array_equal(found.maps, maps)
    np.testing.assert_array_equal(found.scores, scores)


@pytest.mark.parametrize("record", [True, False])
def test_results_are_waited_for_and_exact_at_every_size(make: Make, record: bool) -> None:
    executor = make(record=record)
    for seed, count in enumerate([*range(1, LARGEST + 1), 3, 1, 8, 1]):
        batch = images(count, seed)
        executor.submit(batch)
        check(executor, batch)


def test_a_recorded_graph_is_launched_instead_of_queueing_anew(make: Make, kernel: Kernel) -> None:
    executor = make()
    with capture_logs() as told:
        for seed in range(20):
            batch = images(2, seed)
            executor.submit(batch)
            check(executor, batch)
    assert not told
    assert kernel.queued == 2  # to warm it up, and to record it


def test_two_batches_under_way_come_back_in_order(make: Make) -> None:
    executor = make()
    batches = [images(1 + seed % 5, seed) for seed in range(40)]
    executor.submit(batches[0])
    for before, batch in itertools.pairwise(batches):
        executor.submit(batch)
        check(executor, before)
    check(executor, batches[-1])


def test_two_executors_run_on_two_threads_at_once(make: Make) -> None:
    def run(number: int) -> None:
        executor = make()
        for seed in range(30):
            batch = images(4, 100 * number + seed)
            executor.submit(batch)
            check(executor, batch)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))


def test_one_thread_makes_it_a_second_runs_it_a_third_closes_it(make: Make) -> None:
    executor = make()

    def run() -> None:
        batch = images(3)
        executor.submit(batch)
        check(executor, batch)

    run()
    for work in (run, executor.close):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(work).result()


def test_closing_gives_the_memory_back(make: Make, gpu: Gpu) -> None:
    def free_after_a_life() -> int:
        executor = make()
        for count in range(1, LARGEST + 1):
            executor.submit(images(count))
            executor.submit(images(count))
            executor.abandon()
        executor.close()
        with gpu.current():
            return gpu.driver.mem_get_info()[0]

    before = free_after_a_life()  # what CUDA takes once and keeps is taken now
    for _ in range(5):
        after = free_after_a_life()
    assert before - after < SPARE_BYTES
