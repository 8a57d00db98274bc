"""The panel is killed in the middle of a run: it comes back, and no part notices."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.tiny_plant import make_plant

pytestmark = [pytest.mark.panel, pytest.mark.chaos]


def _panel_of(station: subprocess.Popen[str], other_than: int = 0) -> psutil.Process:
    until = time.monotonic() + 60.0
    while time.monotonic() < until:
        for child in psutil.Process(station.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # a zombie until it is waited for
                if "panel" in child.cmdline() and child.pid != other_than:
                    return child
        time.sleep(0.05)
    raise AssertionError("no panel was started")


def test_a_killed_panel_costs_no_part(tmp_path: Path) -> None:
    plant = make_plant(tmp_path, belt={"parts_per_s": 25.0, "counts_per_part": 100})
    out = tmp_path / "run.json"
    command = [sys.executable, "-m", "inspector", "run", "--line", str(plant.line_file)]
    station = subprocess.Popen(
        [*command, "--parts", "400", "--json", str(out)],
        env={**os.environ, "DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    first = _panel_of(station)
    time.sleep(2.0)
    first.kill()
    second = _panel_of(station, other_than=first.pid)
    assert second.is_running()
    output, _ = station.communicate(timeout=120.0)
    assert station.returncode == 0, output
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["parts"] == figures["verdicts"] == 400
    assert figures["triggers"] == figures["frames"] == 400
    assert figures["late"] == 0
    assert figures["gate"].get("timeout-ejected", 0) == 0
    assert not second.is_running()


def test_a_panel_that_cannot_start_stops_no_line(tmp_path: Path) -> None:
    plant = make_plant(tmp_path, belt={"parts_per_s": 25.0, "counts_per_part": 100})
    out = tmp_path / "run.json"
    command = [sys.executable, "-m", "inspector", "run", "--line", str(plant.line_file)]
    with subprocess.Popen(
        [*command, "--json", str(out)],
        env={**os.environ, "DISPLAY": ":0", "QT_QPA_PLATFORM": "no-such-platform"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        said = next((line for line in running.stderr if "on without it" in line), "")
        running.send_signal(signal.SIGINT)
        rest = running.stderr.read()
    assert said, "the panel was given up"
    assert running.returncode == 0, rest
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["parts"] == figures["verdicts"] > 0
