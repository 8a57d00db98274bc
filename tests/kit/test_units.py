"""The units, as systemd reads them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import install

UNITS = Path(__file__).parents[2] / "scripts" / "kit" / "units"


def filled(folder: Path) -> Path:
    """The station's unit, with commands that are there."""
    command = folder / "opt" / "current" / "bin" / "inspector"
    command.parent.mkdir(parents=True)
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    (folder / "kit").mkdir()
    shutil.copytree(UNITS, folder / "kit" / "units")
    places = install.Places(
        prefix=folder / "opt",
        data=folder,
        config=folder / "etc",
        units=folder / "units",
        user="root",
        panel="none",
        system=False,
    )
    (unit,) = install.write_units(folder / "kit", places)
    return unit


def test_systemd_takes_the_stations_unit_as_it_is(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here")
    unit = filled(tmp_path)
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert unit.name not in done.stderr, "every key is known"


def test_the_station_is_watched_and_comes_back() -> None:
    text = (UNITS / "inspector-station.service").read_text(encoding="utf-8")
    settings = dict(line.split("=", 1) for line in text.splitlines() if "=" in line[1:])
    assert settings["Type"] == "notify"
    assert int(settings["WatchdogSec"]) > 2 * 2  # the line itself calls two seconds a stall
    assert settings["Restart"] == "always"
    assert "StartLimitBurst" in settings
    for hindrance in ("PrivateDevices", "MemoryDenyWriteExecute", "PrivateNetwork", "DevicePolicy"):
        assert hindrance not in settings
