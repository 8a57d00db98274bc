"""GenTL producers are listed, and never loaded."""

from __future__ import annotations

import os
from pathlib import Path

from inspector.doctor.finding import Status
from inspector.doctor.producers import GENTL_PATH, gentl_producers


def test_producers_of_every_folder_are_listed(tmp_path: Path) -> None:
    files = [tmp_path / "a" / "one.cti", tmp_path / "b" / "two.cti"]
    for file in files:
        file.parent.mkdir()
        file.write_text("not loaded", encoding="utf-8")
    (tmp_path / "b" / "other.so").touch()
    folders = [tmp_path / "b", tmp_path / "gone", tmp_path / "a"]
    finding = gentl_producers({GENTL_PATH: os.pathsep.join(map(str, folders))})
    assert finding.status is Status.OK
    assert finding.found == f"{files[0]}, {files[1]}"


def test_without_any_it_is_said_what_to_install(tmp_path: Path) -> None:
    for environment in ({}, {GENTL_PATH: ""}):
        finding = gentl_producers(environment)
        assert finding.status is Status.MISSING
        assert finding.found == f"{GENTL_PATH} is not set"
        assert "GenTL producer" in finding.remedy
    assert "no .cti file" in gentl_producers({GENTL_PATH: str(tmp_path)}).found
