"""The bench of forecasts counts what it says, on series whose onset is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scripts.bench import forecast
from scripts.bench.forecast_series import NEVER, RENDERED, tool_wear


@pytest.fixture(scope="module")
def belt() -> forecast.Trial:
    return forecast.rendered("belt slip", taught=600, good=1000, runs=2, onset=300, after=300)


def test_a_belt_that_slips_is_told_by_a_forecast_before_drift(
    belt: forecast.Trial, tmp_path: Path
) -> None:
    rows = [forecast.row(belt, method, tmp_path) for method in ("drift", "autoregression")]
    drift, learnt = rows
    assert learnt.kept == "autoregression"
    assert learnt.error < 0.2
    assert learnt.delays[0] is not None
    assert learnt.delays[0] < (drift.delays[0] or NEVER)
    assert "| belt slip | autoregression |" in forecast.in_words(learnt)


def test_limits_are_widened_until_the_good_stretch_is_silent(belt: forecast.Trial) -> None:
    judge = forecast.Judge(belt, None)
    moved = belt.good + 0.3 * belt.taught.std()
    factor = judge.factor(moved, 0.0)
    assert factor > 1.0
    assert list(judge.alarms(moved, factor)) == []
    assert list(judge.alarms(moved, factor / 1.1))
    assert judge.factor(belt.good + 100.0, 0.0) == np.inf


@pytest.mark.parametrize("name", RENDERED)
def test_series_are_alike_until_their_onset(name: str) -> None:
    _, render = RENDERED[name]
    ill, well = (render(np.random.default_rng(3), 2500, onset) for onset in (1000, NEVER))
    assert ill.shape == (2500, 1)
    assert np.allclose(ill[:1000], well[:1000])
    assert np.abs(ill[2000:] - well[2000:]).mean() > 0.3 * np.diff(well[:, 0]).std()


def test_a_tool_is_changed_every_now_and_then() -> None:
    values = tool_wear(np.random.default_rng(0), 5000, NEVER)[:, 0]
    smooth = np.convolve(values, np.ones(25) / 25, "valid")
    falls = np.flatnonzero(smooth[25:] - smooth[:-25] < -0.75)
    assert 7 <= 1 + (np.diff(falls) > 50).sum() <= 12
