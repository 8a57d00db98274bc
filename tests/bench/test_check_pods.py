"""The bench of what checks find judges every combination on the same painted defects."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from scripts.bench.check_pods import combinations, main, named_checks
from tests.teaching.conftest import write_mvtec

pytestmark = pytest.mark.slow


def test_every_combination_is_in_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pods.json"
    options = "--size 64 --contrasts 0.5 --every 8 --trials 2 --good 4 --json"
    source = write_mvtec(tmp_path / "disc")
    monkeypatch.setattr(sys, "argv", ["check_pods", str(source), *options.split(), str(out)])
    main()
    rows = json.loads(out.read_text(encoding="utf-8"))
    chosen = combinations(named_checks(), [0.25, 1.0])
    assert [(tuple(row["checks"]), row["weight"]) for row in rows] == chosen
    assert len({row["trials"] for row in rows}) == 1
    assert rows[0]["gained"] == rows[0]["lost"] == 0
    assert all(row["gained"] + row["lost"] <= row["trials"] for row in rows)
    assert "engine + lrb 3" in capsys.readouterr().out
