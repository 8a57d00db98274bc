"""The drift bench measures what it says, and prints what it measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from scripts.bench import drift


def test_a_large_shift_is_told_soon_and_a_few_defects_are_not() -> None:
    told = drift.delay("gamma", 30, drift.Change("+3 sd", shift=3.0), runs=5, longest=200)
    assert told.told == 1.0
    assert told.median < 60
    assert told.by == "rise"
    calm = drift.delay("gamma", 100, drift.Change("5 % defects", defects=0.05), 5, 300)
    assert (calm.told, calm.by) == (0.0, "")


def test_figures_are_printed_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "drift.json"
    monkeypatch.setattr(drift, "CHANGES", drift.CHANGES[3:5])
    options = ["--calibrations", "2", "--parts", "600", "--images", "30", "--json", str(out)]
    monkeypatch.setattr(sys, "argv", ["drift", *options])
    drift.main()
    figures = json.loads(out.read_text(encoding="utf-8"))
    printed = capsys.readouterr().out
    assert len(figures["false_alarms"]) == 11
    assert len(figures["delays"]) == 8
    for row in figures["delays"]:
        assert f"| {row['scores']} | {row['change']} | 30 | {row['median']:.0f} |" in printed
