"""Findings about the computer, with and without trouble."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.line_config import LineConfig
from inspector.doctor import examine, machine
from inspector.doctor.finding import Status


def test_a_processor_without_avx2_is_named() -> None:
    assert machine.cpu("fpu sse2 avx").status is Status.WARN
    modern = machine.cpu("fpu avx2 avx512f avx512_vnni")
    assert modern.status is Status.OK
    assert modern.found.endswith("avx2 avx512f avx512_vnni")


@pytest.mark.parametrize(
    ("environment", "status"),
    [
        ({}, Status.MISSING),
        ({"DISPLAY": ""}, Status.MISSING),
        ({"DISPLAY": ":0"}, Status.OK),
        ({"WAYLAND_DISPLAY": "wayland-0"}, Status.OK),
    ],
)
def test_a_display_is_looked_for(environment: dict[str, str], status: Status) -> None:
    finding = machine.display(environment, "linux")
    assert finding.status is status
    assert bool(finding.remedy) is (status is not Status.OK)


def test_windows_has_a_desktop() -> None:
    assert machine.display({}, "win32").status is Status.OK


def test_a_japanese_font_is_known_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "fonts" / "truetype"
    folder.mkdir(parents=True)
    (folder / "DejaVuSans.ttf").touch()
    assert machine.japanese_font((tmp_path / "absent", tmp_path)).status is Status.MISSING
    (folder / "VL-Gothic-Regular.ttf").touch()
    assert machine.japanese_font((tmp_path / "absent", tmp_path)).status is Status.OK


def test_the_data_folder_is_not_made_by_looking_at_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert machine.data_folder(folder).status in (Status.OK, Status.WARN)
    assert not folder.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finding = machine.data_folder(tmp_path / "file" / "data")
    assert finding.status is Status.FAILURE
    assert "data_folder" in finding.remedy


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "NEEDED_DISK_GIB", float("inf"))
    assert machine.data_folder(tmp_path).status is Status.WARN


def test_a_clock_nobody_knows_of_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    unknown = machine.clock(tmp_path / "absent")
    assert unknown.status is Status.WARN
    assert "unknown" in unknown.found
    (tmp_path / "synchronized").touch()
    assert machine.clock(tmp_path / "synchronized").status is Status.OK


@pytest.mark.parametrize(("told", "status"), [("yes", Status.OK), ("no", Status.WARN)])
def test_timedatectl_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, status: Status
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr(machine, "_run", lambda _command: (0, told))
    assert machine.clock(tmp_path / "absent").status is status


def test_a_gpu_is_described_by_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert machine.gpu().status is Status.MISSING
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr(machine, "_run", lambda _command: (0, "RTX A2000, 580.1, 6138 MiB"))
    assert machine.gpu().found == "RTX A2000, 580.1, 6138 MiB"
    monkeypatch.setattr(machine, "_run", lambda _command: (9, "couldn't talk to the driver"))
    assert machine.gpu().status is Status.WARN


def test_the_whole_examination_names_the_lines_data_folder(tmp_path: Path) -> None:
    line = LineConfig.model_validate(
        {
            "product": "washer",
            "data_folder": str(tmp_path),
            "cameras": [{"driver": "sim"}],
        }
    )
    findings = examine(line)
    assert any(str(tmp_path) in finding.found for finding in findings)
    assert all(finding.remedy for finding in findings if finding.status is not Status.OK)
    assert all("\n" not in finding.found for finding in findings)
    assert len({finding.name for finding in findings}) == len(findings)
