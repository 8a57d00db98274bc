"""The trial of the runtimes: what is timed is warm."""

from __future__ import annotations

from pathlib import Path

import pytest

from engines.bundle import Bundle
from engines.runtimes import trial
from engines.runtimes.engine import load_engine
from engines.runtimes.trial import run_trial
from inspector.core.detection import Detection, EngineInfo
from inspector.core.frame import Pixels
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine


class ColdAtFirst:
    """An engine whose clock shows a second for the first batch of each size, else a millisecond."""

    now_ns = 0

    def __init__(self, engine: Engine) -> None:
        self.info: EngineInfo = engine.info
        self._engine = engine
        self._met: set[int] = set()

    def infer(self, batch: Pixels) -> Detection:
        ColdAtFirst.now_ns += 1_000_000 if len(batch) in self._met else 1_000_000_000
        self._met.add(len(batch))
        return self._engine.infer(batch)

    def close(self) -> None:
        self._engine.close()


def test_no_first_batch_is_timed(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    def cold(bundle: Bundle, runtime: RuntimeConfig, compiled: Path | None) -> Engine:
        return ColdAtFirst(load_engine(bundle, runtime, compiled))

    monkeypatch.setattr(trial, "load_engine", cold)
    monkeypatch.setattr("time.perf_counter_ns", lambda: ColdAtFirst.now_ns)
    candidates = [RuntimeConfig(name="openvino"), RuntimeConfig(name="onnxruntime")]
    found = run_trial(bundle, candidates, None)
    assert [item.p99_ms for item in found.tried] == [1.0, 1.0]
