"""The order of what is done on a GPU, shown on a fake one (fake_gpu.py). The real: tests/gpu."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from engines.runtimes.nvidia.executing import Executor
from inspector.core.errors import EngineError
from inspector.core.frame import Pixels
from tests.engines.fake_gpu import LAYOUT, SHAPE, FakeGpu


def batch(*levels: int) -> Pixels:
    return np.stack([np.full(SHAPE, level, np.uint8) for level in levels])


@pytest.fixture
def fake() -> FakeGpu:
    return FakeGpu()


@pytest.fixture
def executor(fake: FakeGpu) -> Iterator[Executor]:
    executor = Executor(fake.gpu(), fake.sdk(), fake.new_context, LAYOUT, record=False)
    yield executor
    executor.close()


def run(executor: Executor, *levels: int) -> list[float]:
    executor.submit(batch(*levels))
    return [float(score) for score in executor.collect().scores]


def test_copy_compute_copy_with_the_context_pushed_and_popped(
    fake: FakeGpu, executor: Executor
) -> None:
    run(executor, 1)
    fake.calls.clear()
    assert run(executor, 7) == [7.0]
    assert fake.calls == [
        *("push", "to gpu", "execute", "to host", "to host", "pop"),
        *("push", "wait", "pop"),
    ]


def test_buffers_and_contexts_are_made_once_for_each_number_of_images(
    fake: FakeGpu, executor: Executor
) -> None:
    for levels in ((1,), (2, 3), (4,), (5, 6), (7, 8, 9)):
        assert run(executor, *levels) == list(levels)
    counts = {call: fake.calls.count(call) for call in ("stream", "pagelocked", "alloc", "context")}
    assert counts == {"stream": 1, "pagelocked": 3, "alloc": 3, "context": 3}


def test_two_batches_are_under_way_and_come_back_in_order(
    fake: FakeGpu, executor: Executor
) -> None:
    executor.submit(batch(1, 2))
    executor.submit(batch(3))
    with pytest.raises(EngineError, match="Collect one first"):
        executor.submit(batch(4))
    assert fake.calls.count("stream") == 2
    first = executor.collect()
    assert list(first.scores) == [1, 2]
    assert first.maps.shape == (2, 2, 3)
    assert list(executor.collect().scores) == [3]
    assert list(first.scores) == [1, 2]  # until the next submit


def test_it_may_be_made_on_one_thread_and_used_on_another(
    fake: FakeGpu, executor: Executor
) -> None:
    found: list[list[float]] = []
    thread = threading.Thread(target=lambda: found.append(run(executor, 5)))
    thread.start()
    thread.join()
    assert found == [[5.0]]
    assert run(executor, 6) == [6.0]
    assert set(fake.stack.values()) == {0}


@pytest.mark.parametrize("call", ["to gpu", "execute", "to host", "wait", "alloc", "refuse"])
def test_an_error_pops_the_context_and_leaves_nothing_under_way(
    fake: FakeGpu, executor: Executor, call: str
) -> None:
    fake.broken = call
    with pytest.raises(EngineError, match=r"Fake GPU: .* failed|Fake cannot run the plan"):
        run(executor, 1)
    assert set(fake.stack.values()) == {0}
    assert executor.under_way == 0
    fake.broken = ""
    assert run(executor, 9) == [9.0]


def test_what_is_abandoned_is_never_returned(executor: Executor) -> None:
    executor.submit(batch(1))
    executor.submit(batch(2))
    executor.abandon()
    assert executor.under_way == 0
    assert run(executor, 3) == [3.0]


def test_a_plan_of_fixed_size_is_filled_up(fake: FakeGpu) -> None:
    layout = type(LAYOUT)(LAYOUT.tensors, largest=4, fixed=True)
    executor = Executor(fake.gpu(), fake.sdk(), fake.new_context, layout, record=False)
    assert run(executor, 8, 9) == [8.0, 9.0]
    assert run(executor, 5) == [5.0]
    assert fake.calls.count("context") == 1
    executor.close()


def test_closing_on_any_thread_frees_all_and_twice_does_no_harm(
    fake: FakeGpu, executor: Executor
) -> None:
    executor.submit(batch(1))
    executor.submit(batch(2))
    kept = executor.collect()
    thread = threading.Thread(target=executor.close)
    thread.start()
    thread.join()
    executor.close()
    assert not fake.memory
    assert not fake.leaked
    assert list(kept.scores) == [1]
    with pytest.raises(EngineError, match="the engine is closed"):
        executor.submit(batch(1))


def test_where_nothing_can_be_recorded_it_runs_unrecorded(
    fake: FakeGpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise EngineError("not capturable")

    monkeypatch.setattr("engines.runtimes.nvidia.executing.CudaGraph", refuse)
    executor = Executor(fake.gpu(), fake.sdk(), fake.new_context, LAYOUT, record=True)
    assert run(executor, 3) == [3.0]
    assert run(executor, 4) == [4.0]
