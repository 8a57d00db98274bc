"""Which runtime is the fastest on this PC: measured, recorded, and then what ``auto`` means."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal

import numpy as np
import yaml
from pydantic import ValidationError

from engines.bundle import Bundle
from engines.precision.variants import folder_of
from engines.runtimes.engine import load_engine, self_test
from inspector.core.engine_spec import Digest
from inspector.core.errors import BundleError, ConfigError, EngineError
from inspector.core.line_config import Precision, RuntimeConfig
from inspector.core.ports import Engine
from inspector.core.section import Section
from inspector.durable.files import write_atomically

RUNTIMES: tuple[Literal["tensorrt", "rtx", "openvino", "onnxruntime"], ...] = (
    "tensorrt",
    "rtx",
    "openvino",
    "onnxruntime",
)
_TURNS, _WARM_UP, _TIMED = 2, 3, 20
_PAUSE_S = 0.3
"""Before each turn: idle threads of the runtime before it spin for a while."""


class Tried(Section):
    """One runtime: milliseconds for one image, or why it cannot run here."""

    name: Literal["tensorrt", "rtx", "openvino", "onnxruntime"]
    precision: Precision
    fingerprint: str = ""
    p50_ms: float | None = None
    p99_ms: float | None = None
    refused: str = ""


class Trial(Section):
    """What a trial on this PC found; ``tried`` begins with the fastest."""

    schema_version: Literal[1] = 1
    bundle: Digest
    threads: int
    tried: tuple[Tried, ...]

    @property
    def fastest(self) -> RuntimeConfig:
        """The runtime that ``auto`` stands for."""
        best = self.tried[0]
        return RuntimeConfig(name=best.name, precision=best.precision, threads=self.threads)


def run_trial(bundle: Bundle, candidates: Sequence[RuntimeConfig], compiled: Path | None) -> Trial:
    """Time the candidates in turns on a golden image, after the self-test that warms them up.

    A kernel, which is the same on all of them, is timed once. Raises ``EngineError`` with each
    one's reason when none of them runs.
    """
    if bundle.manifest.kernel is not None:
        candidates = (for_kernels(candidates[0]),)
    running: list[tuple[RuntimeConfig, Engine]] = []
    tried = []
    for candidate in candidates:
        try:
            engine = load_engine(bundle, candidate, compiled)
            self_test(engine, bundle)
        except (EngineError, ConfigError, BundleError) as error:
            tried.append(_tried(candidate, refused=error.problem))
        else:
            running.append((candidate, engine))
    if not running:
        reasons = "; ".join(f"{item.name}: {item.refused}" for item in tried)
        raise EngineError(f"no runtime runs here: {reasons}", remedy="Install one: openvino")
    times = _times([engine for _, engine in running], bundle)
    for (candidate, engine), found in zip(running, times, strict=True):
        with closing(engine):
            p50, p99 = (float(value) for value in np.percentile(found, [50, 99]))
            fingerprint = engine.info.fingerprint
            tried.append(_tried(candidate, fingerprint=fingerprint, p50_ms=p50, p99_ms=p99))
    tried.sort(key=lambda item: float("inf") if item.p50_ms is None else item.p50_ms)
    return Trial(bundle=bundle.hash, threads=candidates[0].threads, tried=tuple(tried))


def for_kernels(runtime: RuntimeConfig) -> RuntimeConfig:
    """What ``auto`` means for kernels: the name that their calibrations bear, and threads."""
    return RuntimeConfig(name="openvino", threads=runtime.threads)


def write_trial(trial: Trial, bundle: Bundle, compiled: Path) -> None:
    """Record what ``auto`` means for this bundle on this PC."""
    text: str = yaml.safe_dump(trial.model_dump(mode="json"), sort_keys=False)
    write_atomically(_path(bundle, compiled), text.encode())


def resolved(runtime: RuntimeConfig, bundle: Bundle, compiled: Path | None) -> RuntimeConfig:
    """The runtime itself; ``auto`` as it was recorded. Raises ``BundleError`` without a trial.

    A kernel needs none: nothing runs it faster.
    """
    if runtime.name != "auto":
        return runtime
    if bundle.manifest.kernel is not None:
        return for_kernels(runtime)
    remedy = f"Run: inspector compile {bundle.manifest.product} --target auto"
    if compiled is None:
        raise BundleError(f"{bundle.path}: runtime auto, and no trial is known", remedy=remedy)
    path = _path(bundle, compiled)
    try:
        trial = Trial.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, UnicodeDecodeError, ValidationError) as error:
        raise BundleError(f"{path}: no trial of the runtimes", remedy=remedy) from error
    if trial.bundle != bundle.hash:
        raise BundleError(f"{path}: bundle: a trial of another bundle", remedy=remedy)
    return trial.fastest


def _times(engines: Sequence[Engine], bundle: Bundle) -> list[list[float]]:
    image = bundle.golden().images[:1]
    times: list[list[float]] = [[] for _ in engines]
    for _ in range(_TURNS):
        for engine, found in zip(engines, times, strict=True):
            time.sleep(_PAUSE_S)
            for run in range(-_WARM_UP, _TIMED):
                start = time.perf_counter_ns()
                engine.infer(image)
                if run >= 0:
                    found.append((time.perf_counter_ns() - start) / 1e6)
    return times


def _tried(runtime: RuntimeConfig, **found: str | float) -> Tried:
    return Tried.model_validate({"name": runtime.name, "precision": runtime.precision, **found})


def _path(bundle: Bundle, compiled: Path) -> Path:
    return folder_of(bundle, compiled) / "trial.yaml"
