"""Does memory grow with the frames? Frames go through a camera into leased slots of a ring.

``tracemalloc`` counts what Python and numpy allocate, the resident set what anybody does. It must
begin before the camera and end after it (``traced``): CPython 3.11 may crash where tracing ends
while a thread of an SDK calls Python (gh-128679).
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from inspector.core.errors import FrameCorrupt
from inspector.core.ports import Camera
from inspector.line.ring import SlotRing

_PREPARED = (64, 64, 1)
_SLOTS = 8
_TIMEOUT_S = 10.0
_WARM = 200
"""Frames after which each slot and each buffer of an SDK was written, and all rings are full."""


@dataclass(frozen=True)
class Growth:
    """From the end of the warming up to the last frame, bytes."""

    frames: int
    lost: int
    frame_bytes: int
    traced: int
    """Growth of what Python and numpy hold."""
    traced_peak: int
    """The most that they held meanwhile, above the start: a copy of a frame would show here."""
    resident: int
    """Growth of the process."""


@contextmanager
def traced() -> Iterator[None]:
    """Count what Python and numpy allocate; opened before the camera, closed after it."""
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


def memory_growth(camera: Camera, frames: int) -> Growth:
    """Take so many frames of an armed camera, opened ``traced``, through a ring; before, after."""
    ring = SlotRing(_SLOTS, 1, camera.format, _PREPARED)
    lost = _take(camera, ring, _WARM)
    before, resident = _held(), psutil.Process().memory_info().rss
    tracemalloc.reset_peak()
    lost += _take(camera, ring, frames)
    _, peak = tracemalloc.get_traced_memory()
    after = _held()
    grown = psutil.Process().memory_info().rss - resident
    height, width, channels = camera.format.shape
    return Growth(frames, lost, height * width * channels, after - before, peak - before, grown)


def _held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def _take(camera: Camera, ring: SlotRing, frames: int) -> int:
    """Frames that were lost on the way."""
    lost = 0
    for _ in range(frames):
        slot = ring.lease()
        assert slot is not None
        try:
            camera.grab(slot.pixels[0], _TIMEOUT_S)
        except FrameCorrupt:
            lost += 1
        ring.release(slot)
    return lost
