"""The benchmarks run, and what they print is what they measured."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.runtimes.openvino import capabilities
from inspector.teaching.bundles import current_bundle
from tests.tiny_plant import TinyPlant, make_plant, picture

pytestmark = pytest.mark.slow


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    return make_plant(tmp_path)


def bench(name: str, plant: TinyPlant, out: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", f"scripts.bench.{name}", "--line", str(plant.line_file)]
    done = subprocess.run(
        [*command, "--json", str(out), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_soak(plant: TinyPlant, tmp_path: Path) -> None:
    out = tmp_path / "soak.json"
    bench("soak", plant, out, "--parts", "300", "--rate", "100", "--overload-parts", "300")
    steady, overload = json.loads(out.read_text(encoding="utf-8"))
    assert steady["parts"] == overload["parts"] == 300
    assert steady["reconciled"]
    assert overload["reconciled"]
    assert overload["rate"] == 300.0
    assert steady["memory_last_mib"] > 0


def test_line(plant: TinyPlant, tmp_path: Path) -> None:
    out = tmp_path / "line.json"
    printed = bench("line", plant, out, "--parts", "60", "--rate", "60", "--rounds", "1")
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert len(figures) == 4
    for case, stages in figures.items():
        assert case in printed
        assert stages["total"]["p50"] > 0
        for stage, values in stages.items():
            assert 0 <= values["p50"] <= values["p99"] <= values["max"], stage
            assert values["max"] <= stages["total"]["max"]


def test_detectability(plant: TinyPlant, tmp_path: Path) -> None:
    """The tiny engine finds large bright spots, and none that a pixel holds."""
    held_out, out, figures = tmp_path / "set/test/good", tmp_path / "pod.json", tmp_path / "figures"
    held_out.mkdir(parents=True)
    for number in range(4):
        cv2.imwrite(str(held_out / f"{number}.png"), picture(7000 + number, defective=False))
    bundle = current_bundle(plant.data_folder, "tiny")
    options = f"--bundle {bundle} --quick --kind spot scratch --sizes 1 12 --polarity bright"
    printed = bench(
        *("detectability", plant, out, str(held_out.parents[1]), "--figures", str(figures)),
        *options.split(),
    )
    (result,) = json.loads(out.read_text(encoding="utf-8"))
    shares = {(p["kind"], p["size_px"], p["contrast"]): p["share"] for p in result["pods"]}
    assert shares["spot", 12, 0.5] == 1.0
    assert shares["spot", 1, 0.25] == 0.0
    assert len(shares) == 8
    assert f"| {result['good_rejected']} of 4 | scratch |" in printed
    (figure,) = figures.glob("*.png")
    assert str(figure) in printed
    assert np.asarray(cv2.imread(str(figure))).min() < 250


def test_engine_bench_compares_all_with_torch(tmp_path: Path) -> None:
    out, plot = tmp_path / "engine.json", tmp_path / "engine.png"
    files = ("--json", str(out), "--plot", str(plot))
    options = "--sizes 64 --coresets 60 --projections 0 --batches 1 2 --runs 8 --teach 6"
    done = subprocess.run(
        [sys.executable, "-m", "scripts.bench.engine", *options.split(), *files],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(out.read_text(encoding="utf-8"))
    names = [row["engine"] for row in rows]
    runtimes = ["onnxruntime", "openvino", "openvino-int8"]
    runtimes += ["openvino-bf16"] if "BF16" in capabilities() else []
    assert names == 2 * ["torch eager + cdist", *runtimes]
    assert [row["faster"] for row in rows[:: len(runtimes) + 1]] == [1.0, 1.0]
    assert all(0 < row["p50"] <= row["p99"] <= row["p999"] for row in rows)
    assert "| 64 | 60 | none | 2 | openvino-int8 |" in done.stdout
    assert cv2.imread(str(plot)) is not None


def test_memory_of_teaching_is_in_the_table() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.bench.teaching", "--counts", "4", "--side", "64"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    row = done.stdout.strip().split("\n")[-1].strip("| ").split(" | ")
    assert row[0] == "4"
    assert 50 < float(row[1]) < 5000
