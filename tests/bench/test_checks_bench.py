"""The bench of the checks judges every combination on the same scores."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from scripts.bench.checks import NAMES, combinations, main
from tests.teaching.conftest import write_mvtec

pytestmark = pytest.mark.slow


def test_every_combination_is_in_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "checks.json"
    options = f"--products {write_mvtec(tmp_path / 'disc')} --size 64 --json {out}"
    monkeypatch.setattr(sys, "argv", ["checks", *options.split()])
    main()
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert [tuple(row["checks"]) for row in rows] == combinations(NAMES)
    assert all(0.0 <= row["image_auroc"] <= 1.0 for row in rows)
    assert all(row["rejected"] <= row["good"] for row in rows)
    assert rows[0]["ms"] < rows[-1]["ms"]
    printed = capsys.readouterr().out
    assert " + ".join(NAMES) in printed
