"""Threads, recorded graphs, double buffering and memory on the GPU."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from engines.runtimes.nvidia.gpu import Gpu
from engines.runtimes.onnxruntime import golden_of
from inspector.core.errors import EngineError
from tests.engines import graphs
from tests.gpu.conftest import Load, differs

pytestmark = pytest.mark.gpu

SPARE_BYTES = 8 << 20
"""What the driver may keep for itself; one engine's buffers leaked five times are more."""


def test_an_engine_is_used_on_another_thread_than_the_one_that_made_it(load: Load) -> None:
    engine, images = load(), graphs.images(3)

    def scores() -> list[float]:
        return [float(score) for score in engine.infer(images).scores]

    here = scores()
    with ThreadPoolExecutor(1) as pool:
        there = pool.submit(scores).result()
        pool.submit(engine.close).result()
    assert here == there


def test_a_recorded_graph_gives_the_same_numbers(load: Load) -> None:
    recorded, plain = load(record=True), load(record=False)
    for count in (1, 2, 8, 2, 1):
        images = graphs.images(count, seed=count)
        first, second = recorded.infer(images), plain.infer(images)
        assert np.array_equal(first.maps, second.maps)
        assert np.array_equal(first.scores, second.scores)


def test_two_engines_in_one_process_do_not_disturb_each_other(load: Load) -> None:
    single, half = load("f32"), load("f16")
    for seed in range(5):
        images = graphs.images(4, seed)
        wanted = golden_of(graphs.tiny(), images).scores
        assert differs(single.infer(images).scores, wanted) <= 1e-5
        assert differs(half.infer(images).scores, wanted) <= 2e-2


def test_two_engines_run_on_two_threads_at_once(load: Load) -> None:
    engines = (load(), load())
    wanted = [golden_of(graphs.tiny(), graphs.images(4, seed)).scores for seed in range(20)]

    def run(number: int) -> float:
        found = (engines[number].infer(graphs.images(4, seed)).scores for seed in range(20))
        return max(differs(*pair) for pair in zip(found, wanted, strict=True))

    with ThreadPoolExecutor(2) as pool:
        assert max(pool.map(run, range(2))) <= 1e-5


def test_batches_come_back_in_their_order(load: Load) -> None:
    engine = load()
    batches = [graphs.images(1 + n % 8, seed=n) for n in range(20)]
    found = [detection.scores.copy() for detection in engine.stream(batches)]
    for images, scores in zip(batches, found, strict=True):
        assert differs(scores, golden_of(graphs.tiny(), images).scores) <= 1e-5


def test_submit_and_collect_keep_two_under_way(load: Load) -> None:
    engine, images = load(), graphs.images(1)
    with pytest.raises(EngineError, match="collect was called before submit"):
        engine.collect()
    engine.submit(images)
    with pytest.raises(EngineError, match="between submit and collect"):
        engine.infer(images)
    engine.submit(images)
    with pytest.raises(EngineError, match="Collect one first"):
        engine.submit(images)
    first = engine.collect().scores.copy()
    assert np.array_equal(first, engine.collect().scores)


def test_closing_gives_the_memory_back(load: Load, gpu: Gpu) -> None:
    def free_after_a_life() -> int:
        engine = load()
        for count in range(1, 9):
            list(engine.stream([graphs.images(count)] * 3))
        engine.close()
        engine.close()
        with gpu.current():
            return gpu.driver.mem_get_info()[0]

    before = free_after_a_life()  # what CUDA takes once and keeps is taken now
    for _ in range(5):
        after = free_after_a_life()
    assert before - after < SPARE_BYTES


def test_a_closed_engine_says_so(load: Load) -> None:
    engine = load()
    engine.close()
    with pytest.raises(EngineError, match="the engine is closed"):
        engine.infer(graphs.images(1))
