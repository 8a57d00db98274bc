"""For tests that wait for another thread or process."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(what: Callable[[], object], seconds: float = 60.0) -> None:
    """Fail when it does not come to it; PCs that run tests are slow and busy."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.005)
