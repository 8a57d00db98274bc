"""A child of the first start ends with its parent, and cleans up where it can."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inspector.cli.with_parent import run_with_parent

CHILD = """
import pathlib, sys, time
from inspector.cli import with_parent
with_parent._GRACE_S = float(sys.argv[3])
with_parent.end_with_parent()
folder = pathlib.Path(sys.argv[1])
try:
    (folder / "began").touch()
    for _ in range(int(60 / float(sys.argv[2]))):
        time.sleep(float(sys.argv[2]))
finally:
    (folder / "cleaned").touch()
"""
PARENT = """
import sys
from inspector.cli.with_parent import run_with_parent
run_with_parent([sys.executable, "-c", *sys.argv[1:]])
"""


def end_parent_of_child(folder: Path, end: str, *, nap_s: float, grace_s: float) -> None:
    """End the parent, and wait until the child is gone: it holds the other end of the output."""
    child = [CHILD, str(folder), str(nap_s), str(grace_s)]
    parent = subprocess.Popen([sys.executable, "-c", PARENT, *child], stdout=subprocess.PIPE)
    until = time.monotonic() + 30.0
    while not (folder / "began").exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    getattr(parent, end)()
    parent.communicate(timeout=30.0)


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_a_child_cleans_up_when_its_parent_is_ended(tmp_path: Path, end: str) -> None:
    end_parent_of_child(tmp_path, end, nap_s=0.01, grace_s=60.0)
    assert (tmp_path / "cleaned").exists()


@pytest.mark.skipif(os.name == "nt", reason="shells of Windows ignore nothing for their jobs")
def test_a_child_of_a_background_job_cleans_up_too(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # children inherit it
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    end_parent_of_child(tmp_path, "kill", nap_s=0.01, grace_s=60.0)
    assert (tmp_path / "cleaned").exists()


def test_a_child_that_does_not_come_to_an_end_is_ended(tmp_path: Path) -> None:
    end_parent_of_child(tmp_path, "terminate", nap_s=60.0, grace_s=0.2)
    assert not (tmp_path / "cleaned").exists()


def test_a_child_that_ends_by_itself_hands_back_its_code() -> None:
    ends = "from inspector.cli.with_parent import end_with_parent as e; e(); raise SystemExit(7)"
    assert run_with_parent([sys.executable, "-c", ends]) == 7
