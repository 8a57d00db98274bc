"""The bench of alignment runs and writes what it measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.bench import alignment


def test_it_measures_both_methods_in_all_cases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "figures.json"
    alignment.main(["--sizes", "128", "--images", "2", "--repeats", "2", "--json", str(out)])
    figures = json.loads(out.read_text(encoding="utf-8"))
    found = {(row["method"], row["case"]): row["found"] for row in figures["accuracies"]}
    assert len(found) == 2 * len(alignment.CASES)
    assert found["contour", "plain"] == found["template", "plain"] == 1.0
    assert found["contour", "no part"] == found["template", "no part"] == 0.0
    assert {"find contour", "apply template", "plain"} <= {
        row["what"] for row in figures["timings"]
    }
    assert "half a part" in capsys.readouterr().out
