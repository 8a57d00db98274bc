"""The bench of the GPU: what it says without one, and its arithmetic on an engine of the CPU."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from engines.bundle import Bundle
from engines.runtimes.nvidia.gpu import gpu_absence
from engines.runtimes.onnxruntime import OnnxRuntimeEngine
from inspector.core.detection import Detection
from inspector.core.frame import Pixels
from scripts.bench.gpu import Figures, Parity, measure, parity, table
from tests.engines.tiny_bundle import write_tiny_bundle


class OnTheCpu(OnnxRuntimeEngine):
    """Stands in for an engine of the GPU."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle, bundle.graph, "f32", threads=1)

    def stream(self, batches: Iterable[Pixels]) -> Iterator[Detection]:
        return map(self.infer, batches)


@pytest.fixture
def tiny(tmp_path: Path) -> Bundle:
    return write_tiny_bundle(tmp_path / "tiny", "f32")


def test_without_a_gpu_it_says_so_and_fails() -> None:
    absence = gpu_absence()
    if absence is None:
        pytest.skip("there is a GPU here")
    done = subprocess.run(
        [sys.executable, "-m", "scripts.bench.gpu"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 1
    assert done.stderr.strip() == f"No GPU, no figures: {absence}"
    assert not done.stdout


def test_parity_is_the_largest_difference(tiny: Bundle, tmp_path: Path) -> None:
    same = parity(OnTheCpu(tiny), tiny, (1, 3))
    assert max(same.map, same.score) < 1e-5
    half = OnTheCpu(write_tiny_bundle(tmp_path / "half", "f16"))
    assert 1e-5 < parity(half, tiny, (1, 2)).map < 1e-2


def test_every_round_is_in_the_table(tiny: Bundle) -> None:
    engine, figures = OnTheCpu(tiny), Figures("cpu f32", batch=4)
    for _ in range(2):
        measure(engine, tiny.golden().images, figures, runs=5)
    assert len(figures.latency_ms) == 10
    assert len(figures.images_per_s) == 2
    assert all(value > 0 for value in (*figures.latency_ms, *figures.images_per_s))
    figures = Figures("cpu f32", 4, [1.0, 2.0, 3.0], [500.0, 700.0, 600.0])
    row = table([figures], {"cpu f32": Parity(0.5, 0.25)}).split("\n")[-1]
    assert row == "| cpu f32 | 4 | 2.00 | 2.98 | 600 | 5.0e-01 | 2.5e-01 |"
