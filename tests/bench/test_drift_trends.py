"""The bench of trends measures what it says, and prints what it measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from scripts.bench import drift_trends


def test_twice_the_tolerance_is_told_soon_and_none_never() -> None:
    told = drift_trends.delay(50, 0.2, 2.0, runs=3, longest=200)
    assert (told.told, told.median < 60) == (1.0, True)
    calm = drift_trends.delay(50, 0.2, 0.5, runs=3, longest=500)
    assert calm.told == 0.0


def test_photographs_of_another_day_are_told_from_the_first_day() -> None:
    days = drift_trends.days("photographs", 2.0, runs=6, parts=200)
    line = drift_trends.days("line", 2.0, runs=6, parts=200)
    assert days.first > 0.3
    assert line.first == 0.0
    assert line.later > 0.3


def test_figures_are_printed_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "trends.json"
    monkeypatch.setattr(drift_trends, "cost_us", lambda side, *, aligned: (1.0 + aligned, side))
    monkeypatch.setattr(
        drift_trends, "days", lambda source, between, runs: drift_trends.Days(source, between, 0, 1)
    )
    options = ["--runs", "1", "--parts", "300", "--images", "30", "--json", str(out)]
    monkeypatch.setattr(sys, "argv", ["drift_trends", *options])
    drift_trends.main()
    figures = json.loads(out.read_text(encoding="utf-8"))
    printed = capsys.readouterr().out
    assert len(figures["false_alarms"]) == 4
    assert len(figures["delays"]) == 15
    assert "256 px, with its pose: 2.0 us" in printed
