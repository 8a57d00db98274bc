"""The bench of costs at large inputs: a short teaching, cells that are kept, a table by size."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from inspector.core.errors import ConfigError
from inspector.core.recipe import Recipe
from scripts.bench import latency
from scripts.bench.cells import Cell
from scripts.bench.latency import main, measured, table
from tests.tiny_plant import tiny_recipe

OPTIONS = Namespace(product="a/bottle", good=24, threads=1)
LINE: Any = None
"""Read by nothing here."""


def cell(engine: str, size: int, **times: float | None) -> Cell:
    settings = {"size": size, "good": 24, "threads": 1}
    return {"settings": settings, "product": "a/bottle", "engine": engine, "p50_ms": times}


def test_a_row_has_the_quickest_runtime_at_each_size() -> None:
    cells = [
        cell("mt", 512, openvino=4.26, onnxruntime=9.0),
        cell("mt", 1024, openvino=None, onnxruntime=17.0),
        cell("svdd", 512, openvino=30.0),
        {**cell("svdd", 1024), "problem": "too large"},
        cell("lrb", 512, openvino=8.0),
    ]
    assert table(cells, [512, 1024]).splitlines() == [
        "| engine | ms at 512 px | ms at 1024 px |",
        "| --- | --- | --- |",
        "| mt | 4.3 (openvino) | 17.0 (onnxruntime) |",
        "| svdd | 30.0 (openvino) | too large |",
        "| lrb | 8.0 (openvino) | - |",
    ]


def test_training_is_cut_short_and_given_in_full_where_that_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[int, int]] = []

    def timed(recipe: Recipe, options: Namespace) -> dict[str, float | None]:
        engine = recipe.engine.model_dump()
        asked.append((engine["epochs"], engine["batch"]))
        if engine["epochs"] == 1:
            raise ConfigError("collapsed", remedy="Train longer")
        return {"openvino": 5.0}

    def recipe_for(source: str, method: str, *rest: object) -> Recipe:
        content = tiny_recipe().model_dump(mode="json") | {"engine": {"method": method}}
        return Recipe.model_validate(content)

    monkeypatch.setattr(latency, "timed", timed)
    monkeypatch.setattr(latency, "recipe_for", recipe_for)
    found = measured("svdd epochs=7 batch=8", 512, OPTIONS, LINE)
    assert asked == [(1, 2), (7, 8)]
    assert found == cell("svdd epochs=7 batch=8", 512, openvino=5.0)


def test_a_stopped_run_goes_on_with_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["latency", "--out", str(tmp_path), "--product", "a/bottle", "--engines", "mt", "lrb"]
    monkeypatch.setattr(sys, "argv", words)
    asked: list[tuple[str, int]] = []

    def found(engine: str, size: int, *rest: object) -> Cell:
        if len(asked) == 3:
            raise KeyboardInterrupt
        asked.append((engine, size))
        if engine == "lrb":
            raise ConfigError("engine: no", remedy="None")
        return cell(engine, size, openvino=4.0)

    monkeypatch.setattr(latency, "measured", found)
    with pytest.raises(KeyboardInterrupt):
        main()
    assert asked == [("mt", 512), ("mt", 1024), ("lrb", 512)]
    asked.clear()
    main()
    assert asked == [("lrb", 1024)]
    last = capsys.readouterr().out.rpartition("\n\n")[2]
    assert "| mt | 4.0 (openvino) | 4.0 (openvino) |" in last
    assert last.count("engine: no") == 2
