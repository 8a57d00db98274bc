"""Running the real command in a process of its own."""

from __future__ import annotations

import subprocess
import sys


def inspector(*arguments: str, timeout_s: float = 120.0) -> subprocess.CompletedProcess[str]:
    """Run ``inspector`` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "inspector", *arguments],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def start_inspector(*arguments: str) -> subprocess.Popen[str]:
    """Start ``inspector`` and leave it running."""
    return subprocess.Popen(
        [sys.executable, "-m", "inspector", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
