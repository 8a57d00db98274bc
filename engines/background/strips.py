"""Strips of an image on all threads: each so small that its work stays in a core's cache."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import cv2


def for_each_strip(work: Callable[[int, int], None], rows: int, strip: int) -> None:
    """Call ``work(first, last)`` for every ``strip`` of some rows, and return after the last.

    As many at once as OpenCV has threads (``cv2.setNumThreads``); with one, in the caller's thread.
    NumPy and OpenCV release the interpreter's lock, so strips do run side by side.
    """
    firsts = range(0, rows, strip)
    lasts = [min(first + strip, rows) for first in firsts]
    if cv2.getNumThreads() > 1 and len(lasts) > 1:
        list(_pool(cv2.getNumThreads()).map(work, firsts, lasts))
        return
    for first, last in zip(firsts, lasts, strict=True):
        work(first, last)


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="background")


# A child process has none of its parent's threads and must start its own.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)
