from __future__ import annotations

import mmap
from collections.abc import Callable
from dataclasses import replace

from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.line.line import Line
from inspector.line.ring import SlotRing

from .stand_ins import Faults, GreyEngine, ScriptedCamera, equipment

FORMAT = FrameFormat(30, 20, PixelFormat.RGB8)


def test_slots_begin_on_pages_and_hold_the_views_side_by_side() -> None:
    ring = SlotRing(3, 2, FORMAT, (10, 12, 1))
    slots = [ring.lease() for _ in range(3)]
    for slot in slots:
        assert slot is not None
        assert slot.pixels.shape == (2, 20, 30, 3)
        assert slot.prepared.shape == (2, 10, 12, 1)
        for array in (slot.pixels, slot.prepared):
            assert array.ctypes.data % mmap.PAGESIZE == 0
            assert array.flags.c_contiguous
    assert ring.lease() is None


def test_slots_are_page_locked_from_the_first_to_the_last_use() -> None:
    locked: list[int] = []

    def lock(array: Pixels) -> Callable[[], None]:
        address = array.ctypes.data
        locked.append(address)
        return lambda: locked.remove(address)

    ring = SlotRing(3, 2, FORMAT, (10, 12, 1), lock)
    slot = ring.lease()
    assert slot is not None
    assert len(locked) == 6
    assert {slot.pixels.ctypes.data, slot.prepared.ctypes.data} <= set(locked)
    ring.close()
    ring.close()
    assert locked == []


def test_a_run_locks_its_slots_and_lets_them_go_at_its_end() -> None:
    locked, seen = [0], list[int]()

    def lock(_array: Pixels) -> Callable[[], None]:
        locked[0] += 1
        return unlock

    def unlock() -> None:
        locked[0] -= 1

    parts = equipment(ScriptedCamera([50]), engine=GreyEngine(lambda _: seen.append(locked[0])))
    faults = Faults()
    line = Line(
        replace(parts, lock_pages=lock),
        slots=4,
        deadline_ms=60_000.0,
        timeout_ms=10.0,
        on_fault=faults.report,
        on_end=faults.ended.set,
    )
    line.start()
    assert faults.ended.wait(30.0)
    assert line.stop(30.0)
    assert seen == [8]
    assert locked == [0]
