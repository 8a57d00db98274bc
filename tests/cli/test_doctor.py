"""``inspector doctor`` says what is missing and exactly what to install."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from inspector.cli.app import app


def test_doctor_names_the_extra_and_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECTOR_DATA", str(tmp_path / "here"))
    monkeypatch.setenv("COLUMNS", "250")
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0
    assert ".[gpu]" in result.output
    assert str(tmp_path / "here") in result.output
