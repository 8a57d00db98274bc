"""Where a command finds the line's file when none is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.station.places import find_config


def test_the_folder_that_the_installation_names_goes_before_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "configs").mkdir(parents=True)
    (tmp_path / "here" / "configs" / "line.yaml").touch()
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "line.yaml").touch()
    monkeypatch.chdir(tmp_path / "here")
    assert find_config("line.yaml") == Path("configs/line.yaml")
    monkeypatch.setenv("INSPECTOR_CONFIG", str(tmp_path / "etc"))
    assert find_config("line.yaml") == tmp_path / "etc" / "line.yaml"
