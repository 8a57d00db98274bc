"""The bench of the cascade: on tiny parts both forms give the same verdicts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.bench import cascade
from tests.teaching.conftest import write_mvtec


@pytest.mark.parametrize("engine", ["lrb guard=7 patch=6", "crd guard=7 patch=6"])
def test_a_cascades_verdicts_are_those_of_its_exact_form(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    engine: str,
) -> None:
    parts = write_mvtec(tmp_path / "parts")
    options = ["--engines", engine, "--size", "64", "--images", "6"]
    monkeypatch.setattr(sys, "argv", ["cascade", str(parts), *options])
    cascade.main()
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in capsys.readouterr().out.splitlines()[2:]
    ]
    assert [row[2] for row in rows] == ["calibration", "good", "defective"]
    for row in rows:
        images = row[3].split(",")[0]
        assert row[4] == row[5] == f"{images} of {images}"
        assert row[6].startswith("0 of ")
    assert rows[2][3] == "6, 6 rejected"
