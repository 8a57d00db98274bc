"""The office as the station's child: started again when it dies, never waited for."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import structlog

from inspector.cli.with_parent import start_with_parent

BACKOFF_S = (1.0, 5.0, 30.0, 120.0)
LIVED_S = 300.0
"""Whoever lived so long begins with the shortest pause again."""

_END_S = 5.0
_log = structlog.get_logger(__name__)


class OfficeChild:
    """One thread. It ends by itself when this process does, however that ends."""

    def __init__(self, line_file: Path) -> None:
        self._command = [sys.executable, "-m", "inspector", "office", "--line", str(line_file)]
        self._deaths = 0
        self._started_s = 0.0
        self._again_s = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def keep_alive(self) -> None:
        """Start it when it does not run and its pause is over. Returns at once."""
        now = time.monotonic()
        if self._process is not None and (code := self._process.poll()) is not None:
            self._rest(code, now)
        if self._process is None and now >= self._again_s:
            self._started_s = now
            self._process = start_with_parent(self._command)

    def close(self) -> None:
        """End it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._drop()

    def _rest(self, code: int, now: float) -> None:
        self._drop()
        self._deaths = 1 if now - self._started_s > LIVED_S else self._deaths + 1
        pause_s = BACKOFF_S[min(self._deaths, len(BACKOFF_S)) - 1]
        self._again_s = now + pause_s
        _log.warning("the office ended", code=code, again_in_s=pause_s)

    def _drop(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None
