"""Slots of the ring are page-locked by the real driver, and let go."""

from __future__ import annotations

import numpy as np
import pytest
from structlog.testing import capture_logs

from engines.runtimes.nvidia.gpu import Gpu
from engines.runtimes.nvidia.page_lock import page_lock
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.line.ring import SlotRing

pytestmark = pytest.mark.gpu

FORMAT = FrameFormat(1280, 1024, PixelFormat.MONO8)


def test_slots_are_locked_until_the_ring_is_closed(gpu: Gpu) -> None:
    ring = SlotRing(2, 2, FORMAT, (256, 256, 3), page_lock(gpu))
    slot = ring.lease()
    assert slot is not None
    for array in (slot.pixels, slot.prepared):
        assert not locks(gpu, array)
    ring.close()
    for array in (slot.pixels, slot.prepared):
        assert locks(gpu, array)


def locks(gpu: Gpu, array: Pixels) -> bool:
    """Whether it can be locked, which can be done once; unlocked again."""
    with capture_logs() as told:
        page_lock(gpu)(array)()
    return not told


def test_what_stands_in_a_locked_slot_is_what_the_gpu_reads(gpu: Gpu) -> None:
    ring = SlotRing(1, 1, FORMAT, (256, 256, 3), page_lock(gpu))
    slot = ring.lease()
    assert slot is not None
    slot.pixels[...] = np.random.default_rng(3).integers(0, 256, slot.pixels.shape, np.uint8)
    back = np.zeros_like(slot.pixels)
    with gpu.current():
        stream, memory = gpu.driver.Stream(1), gpu.driver.mem_alloc(slot.pixels.nbytes)
        gpu.driver.memcpy_htod_async(memory, slot.pixels, stream)
        gpu.driver.memcpy_dtoh_async(back, memory, stream)
        stream.synchronize()
        memory.free()
        del stream
    np.testing.assert_array_equal(back, slot.pixels)
    ring.close()
