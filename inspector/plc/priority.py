"""The right to run at once, where the operating system gives it (POSIX real-time scheduling)."""

from __future__ import annotations

import os

_PRIORITY = 10
"""Of 99: before every ordinary process, behind the kernel's own threads."""


def run_at_once() -> bool:
    """This process goes before all ordinary ones from now on; False where that is not granted.

    It must sleep most of the time. Linux: CAP_SYS_NICE, or LimitRTPRIO of the service.
    """
    if not hasattr(os, "sched_setscheduler"):
        return False
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
    except OSError:
        return False
    return True
