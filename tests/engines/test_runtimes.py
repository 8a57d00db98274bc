"""Both runtimes compute the bundle's own numbers, and refuse what is not theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from engines.bundle import Bundle, Golden
from engines.runtimes import load_engine, self_test
from engines.runtimes.checks import check_finite
from inspector.core.detection import Detection
from inspector.core.errors import EngineError
from inspector.core.frame import Pixels
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine
from tests.engines.pictures import part

Runtime = Literal["openvino", "onnxruntime"]
RUNTIMES: tuple[Runtime, ...] = ("openvino", "onnxruntime")
BATCH = np.stack([part(n, spot=n % 2 == 0, height=64, width=96) for n in range(4)])


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_golden_vectors_are_reproduced(any_bundle: Bundle, runtime: Runtime) -> None:
    passed = self_test(load_engine(any_bundle, RuntimeConfig(name=runtime, threads=1)), any_bundle)
    assert passed.images == 3
    assert passed.map_difference <= passed.allowed_cell
    assert passed.score_difference <= passed.allowed


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_score_is_the_maximum_of_the_map(any_bundle: Bundle, runtime: Runtime) -> None:
    found = load_engine(any_bundle, RuntimeConfig(name=runtime)).infer(BATCH)
    assert found.maps.shape == (4, *any_bundle.manifest.map_shape)
    assert found.maps.dtype == found.scores.dtype == np.float32
    assert np.array_equal(found.maps.max(axis=(1, 2)), found.scores)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_batch_equals_one_by_one(any_bundle: Bundle, runtime: Runtime) -> None:
    engine = load_engine(any_bundle, RuntimeConfig(name=runtime))
    together = engine.infer(BATCH).scores.copy()
    alone = [engine.infer(image[None]).scores[0] for image in BATCH]
    # Distances are differences of squares: float32 leaves 1e-4 of those of good parts.
    assert np.allclose(together, alone, rtol=5e-4)


def test_info_and_fingerprint(bundle: Bundle) -> None:
    info = load_engine(bundle).info
    assert (info.height, info.width, info.channels) == (64, 96, 3)
    assert (info.map_height, info.map_width) == bundle.manifest.map_shape
    assert info.bundle_hash == bundle.hash
    assert info.fingerprint.startswith("openvino 2")
    assert " f32 " in info.fingerprint


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize(
    "batch",
    [
        BATCH.astype(np.float32),
        BATCH[0],
        BATCH[:, :-1].copy(),
        BATCH[:0],
        np.repeat(BATCH, 2, axis=2)[:, :, ::2],
    ],
    ids=["dtype", "rank", "size", "empty", "strided"],
)
def test_other_input_is_refused(bundle: Bundle, runtime: Runtime, batch: np.ndarray) -> None:
    with pytest.raises(EngineError, match="engine got"):
        load_engine(bundle, RuntimeConfig(name=runtime)).infer(batch)


def test_nan_is_a_fault() -> None:
    good = np.zeros((1, 2, 2), np.float32)
    bad = good.copy()
    bad[0, 1, 1] = np.nan
    scores = np.zeros(1, np.float32)
    for detection in (Detection(bad, scores), Detection(good, scores + np.inf)):
        with pytest.raises(EngineError, match="not a number"):
            check_finite(detection)


def test_failed_self_test_gives_its_figures(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = bundle.golden()
    other = Golden(golden.images, golden.maps * 1.1, golden.scores)
    monkeypatch.setattr(Bundle, "golden", lambda self: other)
    with pytest.raises(EngineError, match=r"self-test failed.*map differs by .*allowed"):
        self_test(load_engine(bundle), bundle)


class Watched:
    """An engine that notes sizes of batches, and whose last image of each is ``off`` too high."""

    def __init__(self, engine: Engine, off: float = 0.0) -> None:
        self.info, self._engine, self._off = engine.info, engine, off
        self.sizes: list[int] = []

    def infer(self, batch: Pixels) -> Detection:
        self.sizes.append(len(batch))
        found = self._engine.infer(batch)
        maps = found.maps.copy()
        maps[-1] += self._off
        return Detection(maps, found.scores)

    def close(self) -> None:
        self._engine.close()


def test_self_test_runs_batches_as_the_station_will(any_bundle: Bundle) -> None:
    engine = Watched(load_engine(any_bundle))
    self_test(engine, any_bundle, views=2)
    assert engine.sizes == [2, 2, 2]
    with pytest.raises(EngineError, match="self-test failed"):
        self_test(Watched(load_engine(any_bundle), off=0.1), any_bundle, views=2)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_graph_that_does_not_load_is_a_fault(
    bundle: Bundle, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bundle, "graph", b"not a graph")
    with pytest.raises(EngineError, match="Teach the product again"):
        load_engine(replace(bundle), RuntimeConfig(name=runtime))
