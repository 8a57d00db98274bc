"""What the doctor advises where no package index is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from inspector.doctor.packages import Package, finding_of

ABSENT = Package("plc", "no-such-package", "no_such_module", "plc")


def test_an_installation_by_kit_is_told_to_make_another_kit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert "pip install" in finding_of(ABSENT).remedy
    (tmp_path / "kit.json").touch()
    assert "--extras plc" in finding_of(ABSENT).remedy
