"""Page-locking on a fake GPU (fake_gpu.py). The real: tests/gpu."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from engines.runtimes import page_lock_of
from engines.runtimes.nvidia import page_lock as page_locking
from engines.runtimes.nvidia.page_lock import page_lock
from inspector.core.errors import EngineError
from inspector.core.ports import Engine
from tests.engines.fake_gpu import FakeGpu


class FakeDriver(FakeGpu):
    """Its calls by name, beside pycuda's."""

    def __init__(self) -> None:
        super().__init__()
        self.locked: dict[int, int] = {}

    def call(self, name: str, address: ctypes.c_void_p, *more: Any) -> None:
        self.note(name)
        assert address.value is not None
        if name == "cuMemHostUnregister":
            del self.locked[address.value]
        elif self.locked:
            raise EngineError("already locked", remedy="Unlock it")
        else:
            self.locked[address.value] = more[0].value


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeDriver:
    made = FakeDriver()
    monkeypatch.setattr(page_locking, "call", made.call)
    return made


def test_an_array_is_locked_until_it_is_unlocked_with_the_context_current(
    fake: FakeDriver,
) -> None:
    array = np.zeros(4096, np.uint8)
    unlock = page_lock(fake.gpu())(array)
    assert fake.locked == {array.ctypes.data: 4096}
    unlock()
    assert fake.locked == {}
    register, unregister = "cuMemHostRegister_v2", "cuMemHostUnregister"
    assert fake.calls == ["push", register, "pop", "push", unregister, "pop"]


def test_an_array_that_cannot_be_locked_stays_as_it_is(fake: FakeDriver) -> None:
    array = np.zeros(4096, np.uint8)
    lock = page_lock(fake.gpu())
    lock(array)
    lock(array)()
    assert fake.locked == {array.ctypes.data: 4096}


def test_an_engine_without_a_gpu_locks_nothing() -> None:
    engine: Any = SimpleNamespace(info=SimpleNamespace(runtime="openvino"))
    assert page_lock_of(cast("Engine", engine)) is None
