"""The GPU computes what the reference computes, whatever the precision and the batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engines.bundle import Bundle
from engines.runtimes import self_test
from engines.runtimes.nvidia.engine import NvidiaEngine
from engines.runtimes.nvidia.sdk import Sdk
from engines.runtimes.onnxruntime import golden_of
from inspector.core.errors import EngineError
from tests.engines import graphs
from tests.engines.pictures import part
from tests.gpu.conftest import Load, differs

pytestmark = pytest.mark.gpu

TOLERANCES = {"f32": 1e-5, "f16": 1e-2, "int8": 2e-2}
"""Largest difference as a share of the largest value. INT8: a value on the edge of two steps may
round to either."""


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("precision", TOLERANCES)
def test_the_tiny_engines_agree_with_the_reference(load: Load, precision: str, count: int) -> None:
    images = graphs.images(count, seed=count)
    wanted = golden_of(graphs.tiny(precision), images)
    found = load(precision).infer(images)
    assert differs(found.maps, wanted.maps) <= TOLERANCES[precision]
    assert differs(found.scores, wanted.scores) <= TOLERANCES[precision]


def test_the_taught_engine_passes_its_self_test(sdk: Sdk, bundle: Bundle, plans: Path) -> None:
    engine = NvidiaEngine(sdk, bundle, bundle.graph, "f32", plans)
    try:
        passed = self_test(engine, bundle)
        assert passed.map_difference <= passed.allowed_cell
        assert passed.score_difference <= passed.allowed
        batch = np.stack([part(n, spot=n % 2 == 0, height=64, width=96) for n in range(5)])
        together = engine.infer(batch).scores.copy()
        alone = [float(engine.infer(image[None]).scores[0]) for image in batch]
        assert np.allclose(together, alone, rtol=5e-4)
    finally:
        engine.close()


def test_more_images_than_the_plan_takes_go_in_turns(load: Load) -> None:
    engine = load()
    images = graphs.images(2 * engine.largest_batch + 3)
    found = engine.infer(images)
    assert found.maps.shape == (len(images), *graphs.SHAPE[:2])
    assert differs(found.scores, golden_of(graphs.tiny(), images).scores) <= TOLERANCES["f32"]
    with pytest.raises(EngineError, match="its plan takes 8"):
        engine.submit(images)


def test_what_is_not_the_engines_input_is_refused(load: Load) -> None:
    with pytest.raises(EngineError, match="engine got"):
        load().infer(np.zeros((1, 3, 3, 3), np.uint8))
