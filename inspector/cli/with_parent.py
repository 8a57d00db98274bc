"""A child process that does not outlive its parent, however that ends."""

from __future__ import annotations

import _thread
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence

_KEY = "INSPECTOR_ENDS_WITH_PARENT"
_GRACE_S = 5.0
"""Time to clean up before the child is ended for good."""


def run_with_parent(command: Sequence[str]) -> int:
    """Run a command of ours to its end, and hand back its code; it ends when this process does."""
    with start_with_parent(command) as child:
        return child.wait()


def start_with_parent(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a command of ours, which ends when this process does.

    The child holds one end of a pipe. Whatever ends the parent closes the other one, on every
    system, which no handler of signals could promise.
    """
    return subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, _KEY: "1"})


def end_with_parent() -> None:
    """Watch the parent from now on, in a child that was started so; else nothing. Main thread."""
    if os.environ.pop(_KEY, None):
        # A shell lets its background jobs ignore it, and with it our own word to the main thread.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        threading.Thread(target=_watch, name="parent", daemon=True).start()


def _watch() -> None:
    while os.read(0, 1):  # nothing is ever written: it returns at the end of the pipe
        pass
    _thread.interrupt_main()
    time.sleep(_GRACE_S)
    os._exit(130)
