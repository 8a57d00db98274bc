"""Strips of an image on all threads: each so small that its work stays in a core's cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import cv2

_asked: ContextVar[int] = ContextVar("threads", default=0)


@contextmanager
def on_threads(count: int) -> Iterator[None]:
    """Let the caller's strips, and nobody else's, run on so many threads; 0: as OpenCV has."""
    token = _asked.set(count)
    try:
        yield
    finally:
        _asked.reset(token)


def threads() -> int:
    """How many strips run side by side."""
    return _asked.get() or cv2.getNumThreads()


def for_each_strip(work: Callable[[int, int], None], rows: int, strip: int) -> None:
    """Call ``work(first, last)`` for every ``strip`` of some rows, and return after the last.

    As many at once as `threads` says, which is what OpenCV has (``cv2.setNumThreads``) unless the
    caller is held to less by `on_threads`; with one, in the caller's thread.
    NumPy and OpenCV release the interpreter's lock, so strips do run side by side.
    """
    firsts = range(0, rows, strip)
    lasts = [min(first + strip, rows) for first in firsts]
    if threads() > 1 and len(lasts) > 1:
        list(_pool(threads()).map(work, firsts, lasts))
        return
    for first, last in zip(firsts, lasts, strict=True):
        work(first, last)


@cache
def _pool(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, thread_name_prefix="background")


# A child process has none of its parent's threads and must start its own.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)
