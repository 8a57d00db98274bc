"""Hashing beside the station: its own process, at a priority that gives way to every verdict."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from types import ModuleType
from typing import Any

from inspector.access import hash_worker
from inspector.access.passwords import HashTimeout

LONGEST_S = 8.0
"""Clients wait for 10 s."""
_ENDS_S = 3.0


class HashProcess:
    """``Hashing`` in a process that starts at the first use and stays. Any thread, one at a time.

    A hash that takes longer than ``longest_s`` (a PC without any time to spare) is given up with
    its process: ``HashTimeout``, and the next one starts another.
    """

    def __init__(
        self,
        *,
        memory_kib: int = 19 * 1024,
        passes: int = 2,
        longest_s: float | None = None,
        worker: ModuleType = hash_worker,
    ) -> None:
        self._command = [sys.executable, "-m", worker.__name__, str(memory_kib), str(passes)]
        self._longest_s = LONGEST_S if longest_s is None else longest_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def make(self, password: str) -> str:
        """The hash to store."""
        return str(self._ask("make", password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Compare; takes the same time when there is no stored hash, and is then False."""
        return self._ask("matches", stored, password) is True

    def of_badge(self, badge: str, salt: bytes) -> str:
        """Hex digest that a badge is found by."""
        return str(self._ask("of_badge", badge, salt=salt))

    @property
    def pid(self) -> int | None:
        """Of the process, None while there is none."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process. Safe to call twice; another use starts another."""
        with self._lock:
            self._end()

    def _ask(self, method: str, *arguments: str | None, salt: bytes = b"") -> Any:
        line = json.dumps([method, arguments, salt.hex()]).encode() + b"\n"
        with self._lock:
            if self._process is not None and self._process.poll() is not None:
                self._end()  # somebody killed it
            process = self._process = self._process or self._start()
            assert process.stdin is not None
            assert process.stdout is not None
            giving_up = threading.Timer(self._longest_s, process.kill)
            giving_up.start()
            try:
                process.stdin.write(line)
                process.stdin.flush()
                answer = process.stdout.readline()
            except OSError:  # it has ended
                answer = b""
            finally:
                giving_up.cancel()
            if not answer.endswith(b"\n"):
                self._end()
                raise HashTimeout
        return json.loads(answer)

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
            )
        except OSError as error:  # no memory, no process left
            raise HashTimeout from error

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdout is not None
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(_ENDS_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
