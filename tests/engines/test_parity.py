"""The gate: differences, the band, verdicts that flip. And the trial that auto stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engines.bundle import Bundle
from engines.runtimes import load_engine
from engines.runtimes.parity import TOLERANCES, Parity, check_parity, measure_parity
from engines.runtimes.trial import Trial, resolved, run_trial, write_trial
from inspector.core.detection import Detection, EngineInfo
from inspector.core.errors import BundleError, EngineError
from inspector.core.frame import Pixels
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import PreparedView
from inspector.core.recipe import Box
from tests.engines.pictures import part

REFERENCE = RuntimeConfig(name="onnxruntime")


class Altered:
    """An engine whose map is changed on the way out."""

    def __init__(self, bundle: Bundle, change: Callable[[np.ndarray], np.ndarray]) -> None:
        self._engine = load_engine(bundle, REFERENCE)
        self._change = change
        self.info: EngineInfo = replace(self._engine.info, precision="int8")

    def infer(self, batch: Pixels) -> Detection:
        found = self._engine.infer(batch)
        maps = self._change(found.maps)
        return Detection(maps, maps.max(axis=(1, 2)))

    def close(self) -> None:
        self._engine.close()


def views() -> list[PreparedView]:
    field = Box(x=0, y=0, width=96, height=64)
    return [PreparedView(part(n, spot=n % 2 == 0, height=64, width=96), field) for n in range(10)]


def measured(bundle: Bundle, change: Callable[[np.ndarray], np.ndarray], at: float) -> Parity:
    engine = Altered(bundle, change)
    reference = load_engine(bundle, REFERENCE)
    return measure_parity(engine, reference, views(), at, lambda found, view: float(found.max()))


def scores(bundle: Bundle) -> np.ndarray:
    engine = load_engine(bundle, REFERENCE)
    return np.array([engine.infer(view.pixels[None]).scores[0] for view in views()])


def test_equal_engines_pass_with_zeros(any_bundle: Bundle) -> None:
    parity = measured(any_bundle, lambda maps: maps, at=1.0)
    assert parity.images == 10
    assert parity.map_difference == parity.score_difference == parity.flips == 0
    assert parity.passed


def test_a_flip_within_the_band_is_counted_and_allowed(bundle: Bundle) -> None:
    known = np.sort(scores(bundle))
    step = 0.5 * TOLERANCES["int8"].score * float(known[-1])
    parity = measured(bundle, lambda maps: maps + np.float32(step), at=float(known[5]) + step / 2)
    assert parity.flips >= 1
    assert parity.flips_outside == 0
    assert parity.in_band >= parity.flips
    assert parity.passed


def test_what_differs_too_much_is_refused_with_its_figures(any_bundle: Bundle) -> None:
    known = np.sort(scores(any_bundle))
    parity = measured(any_bundle, lambda maps: maps * np.float32(0.4), at=float(known[-1]) * 0.9)
    assert parity.flips_outside >= 1
    assert not parity.passed
    with pytest.raises(EngineError, match=r"differs by .*flip, \d+ of them outside .*another prec"):
        check_parity(parity, load_engine(any_bundle))


def test_one_cell_alone_is_enough(any_bundle: Bundle) -> None:
    def one_cell(maps: np.ndarray) -> np.ndarray:
        changed = maps.copy()
        changed[:, 0, 0] -= 0.5 * maps.max()
        return changed

    parity = measured(any_bundle, one_cell, at=1000.0)
    assert parity.flips == 0
    assert not parity.passed


def test_trial_puts_the_fastest_first_and_names_why_others_cannot(bundle: Bundle) -> None:
    candidates = [RuntimeConfig(name=name) for name in ("rtx", "onnxruntime", "openvino")]
    trial = run_trial(bundle, candidates, Path("nowhere"))
    ran = [item for item in trial.tried if item.p50_ms is not None]
    assert [item.p50_ms for item in ran] == sorted(item.p50_ms or 0.0 for item in ran)
    assert {item.name for item in ran} == {"onnxruntime", "openvino"}
    assert trial.tried[-1].name == "rtx"
    assert trial.tried[-1].refused
    assert trial.fastest.name == ran[0].name


def test_no_runtime_at_all_is_a_fault(bundle: Bundle) -> None:
    with pytest.raises(EngineError, match="no runtime runs here: rtx: "):
        run_trial(bundle, [RuntimeConfig(name="rtx")], None)


def test_auto_is_what_was_recorded(bundle: Bundle, tmp_path: Path) -> None:
    auto = RuntimeConfig(name="auto", threads=2)
    with pytest.raises(BundleError, match=r"no trial .*inspector compile disc --target auto"):
        resolved(auto, bundle, tmp_path)
    trial = run_trial(bundle, [RuntimeConfig(name="onnxruntime", threads=2)], tmp_path)
    write_trial(trial, bundle, tmp_path)
    assert resolved(auto, bundle, tmp_path) == RuntimeConfig(name="onnxruntime", threads=2)
    assert resolved(REFERENCE, bundle, tmp_path) == REFERENCE
    write_trial(Trial(**{**trial.model_dump(), "bundle": "0" * 64}), bundle, tmp_path)
    with pytest.raises(BundleError, match="another bundle"):
        resolved(auto, bundle, tmp_path)
