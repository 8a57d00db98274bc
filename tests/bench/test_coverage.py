"""The bench of the promises: truths of the simulations, and rows that say what they count."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from scripts.bench.coverage import (
    HEADS,
    Coverage,
    cells,
    main,
    resampled,
    rotated,
    shuffled,
    simulated,
    simulations,
)
from tests.teaching.conftest import write_parts

CASES = {case.name: case for case in simulations(100_000)}


@pytest.mark.parametrize("name", CASES)
def test_the_truth_is_that_of_the_draws(name: str) -> None:
    case = CASES[name]
    scores = case.draw(np.random.default_rng(3), 50_000)
    raw = np.quantile(scores, 0.95, axis=0)
    seen = float((scores > raw).any(axis=1).mean())
    assert case.exceed(raw) == pytest.approx(seen, abs=0.006)


def test_rank_keeps_its_promise_on_average() -> None:
    row = simulated(CASES["gamma"], 60, 0.05, 300)
    assert not row.extrapolated
    assert row.low < row.marginal < row.high
    assert row.marginal <= 0.05
    assert row.bounded is not None
    assert row.bounded > 0.9


def test_three_checks_keep_it_together() -> None:
    row = simulated(CASES["dependent"], 40, 0.05, 60)
    assert row.checks == 3
    assert row.achieved < 0.06


def test_random_splits_expect_what_the_rank_says() -> None:
    scores = np.random.default_rng(1).normal(size=(200, 1))
    row = resampled("set", scores, 100, 0.05, shuffled(200, 400))
    assert row.achieved == pytest.approx(row.marginal, abs=0.01)
    assert row.low < row.achieved < row.high
    assert (row.unseen, row.bounded) == (100, None)


def test_neighbours_that_are_alike_break_it() -> None:
    """Scores that wander slowly: what was photographed together says little of the rest."""
    wander = np.sin(np.linspace(0.0, 2.0 * np.pi, 200))[:, None]
    noise = 0.1 * np.random.default_rng(1).normal(size=(200, 1))
    near = resampled("set", wander + noise, 60, 0.05, rotated(200))
    drawn = resampled("set", wander + noise, 60, 0.05, shuffled(200, 200))
    assert near.achieved > 3 * drawn.achieved


def test_row_has_a_cell_for_every_head() -> None:
    row = Coverage(
        *("set", 1, 30, 99, 0.01, True, 1000),
        *(0.01, 0.0184, 0.002, 0.055, 0.051, 0.77, None),
    )
    assert len(cells(row)) == len(HEADS)
    assert cells(row)[2:5] == ["30 of 129", "1%", "tail"]
    assert cells(row)[7:] == ["1.84% (0.20% .. 5.50%)", "5.1%", "77%", "-"]


@pytest.mark.slow
def test_set_is_taught_once_and_split_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root, out = tmp_path / "discs", tmp_path / "out.json"
    write_parts(root / "train/good", range(40))
    write_parts(root / "test/good", range(100, 140))
    monkeypatch.setattr("scripts.bench.coverage.GOOD", 20)
    options = "--draws 0 --counts 30 200 --promises 0.05 --splits 20"
    arguments = ["coverage", str(root), *options.split(), "--json", str(out)]
    monkeypatch.setattr(sys, "argv", arguments)
    main()
    found = json.loads(out.read_text(encoding="utf-8"))
    assert [row["scores"] for row in found["rows"]] == ["discs", "discs, neighbours"]
    assert found["rows"][0]["unseen"] == 80 - 10 - 30
    assert found["notes"][0] == "discs: 10 images taught, 70 good ones that were not"
    assert "discs: no 200 images" in capsys.readouterr().out
