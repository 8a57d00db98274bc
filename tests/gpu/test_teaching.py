"""Engines are trained on the GPU where torch can use it, with the promises of the CPU."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engines.neural.training import training_device
from engines.runtimes.onnxruntime import open_session
from engines.taught import Taught
from inspector.core.frame import Pixels
from tests.engines.test_every_engine import DEFECTIVE, ENGINES, OTHERS, teach

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(
        not torch.cuda.is_available(), reason="torch is without CUDA here, or there is no GPU"
    ),
]


TRAINED = [name for name, spec in ENGINES.items() if "epochs" in type(spec).model_fields]


def scores_of(taught: Taught, images: list[Pixels]) -> NDArray[np.float32]:
    session = open_session(taught.graph.SerializeToString(), 1)
    return np.asarray(session.run(["score"], {"image": np.stack(images)})[0])


@pytest.mark.parametrize("name", TRAINED)
def test_teaching_uses_the_gpu_and_the_seed_decides_there_too(name: str, cache: Path) -> None:
    assert training_device().type == "cuda"
    spec = ENGINES[name]
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    first = teach(spec, cache)
    assert torch.cuda.max_memory_allocated() > before
    second = teach(spec, cache)
    images = [*OTHERS, *DEFECTIVE]
    scores, again = (scores_of(taught, images) for taught in (first, second))
    np.testing.assert_allclose(scores, again, rtol=1e-3)
    assert scores[: len(OTHERS)].max() < scores[len(OTHERS) :].min()
