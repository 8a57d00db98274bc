"""The bench of painted defects: cells are kept, found again, and drawn on one sheet."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.core.errors import ConfigError
from inspector.core.line_config import RuntimeConfig
from inspector.sim.defects import Kind
from inspector.teaching.detectability import Grid, Pod
from scripts.bench import detectability
from scripts.bench.detectability import Result, main

pytestmark = pytest.mark.panel


def result(source: str, engine: str, grid: Grid) -> Result:
    pods = [
        Pod(kind, size, contrast, min(grid.trials, int(size * contrast)), grid.trials)
        for kind, sizes in grid.sizes_px.items()
        for size in sizes
        for contrast in grid.contrasts
    ]
    return Result(source, engine, (64, 64), "some", "0" * 64, 3.0, 0.01, 20, 1, grid.trials, pods)


def test_a_result_is_what_it_was_kept_as() -> None:
    made = result("a/bottle", "padim", Grid({Kind.SPOT: (2, 12)}, (0.1, 0.5), 4))
    assert Result.from_json(json.loads(json.dumps(made.to_json()))) == made


def test_a_stopped_run_goes_on_and_all_engines_stand_on_one_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[str] = []

    def taught(source: str, recipe: object, *rest: object) -> Path:
        if len(seen) == 2:
            raise KeyboardInterrupt
        return Path("bundle")

    def measure(
        bundle: Path, source: str, runtime: RuntimeConfig, grid: Grid, engine: str
    ) -> Result:
        seen.append(engine)
        if engine == "svdd":
            raise ConfigError("engine: no", remedy="None")
        return result(source, engine, grid)

    def recipe_for(source: str, engine: str, *rest: object) -> None: ...

    monkeypatch.setattr(detectability, "taught", taught)
    monkeypatch.setattr(detectability, "measure", measure)
    monkeypatch.setattr(detectability, "asked", recipe_for)
    engines = ("padim", "svdd", "patchcore coreset=50")
    figures, out = tmp_path / "figures", tmp_path / "out"
    asked = ["pods", "a/bottle", "--out", str(out), "--trials", "4", "--engine", *engines]
    monkeypatch.setattr(sys, "argv", [*asked, "--figures", str(figures)])
    with pytest.raises(KeyboardInterrupt):
        main()
    seen.clear()
    main()
    assert seen == ["patchcore coreset=50"]
    printed = capsys.readouterr().out
    assert "svdd: engine: no" in printed
    assert "| patchcore coreset=50 | 64x64 | 1 of 20 | dent |" in printed
    drawn = {path.name for path in figures.glob("*.png")}
    assert drawn == {f"pod-bottle-{n}.png" for n in ("all", "padim-64", "patchcore-coreset=50-64")}
    sheet = np.asarray(cv2.imread(str(figures / "pod-bottle-all.png")))
    assert sheet.min() < 60
