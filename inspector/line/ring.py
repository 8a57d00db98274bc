"""The ring of slots between camera and engine: allocated once, leased, freed by the verdict."""

from __future__ import annotations

import mmap
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from inspector.core.frame import FrameFormat, Pixels

Unlock = Callable[[], None]
PageLock = Callable[[Pixels], Unlock]
"""Keeps an array's pages in memory, where a GPU copies from them by itself, until it is undone."""


def page_aligned(shape: tuple[int, ...]) -> Pixels:
    """A zeroed uint8 array that starts on a memory page, as DMA and page-locking want it."""
    return np.frombuffer(mmap.mmap(-1, int(np.prod(shape))), dtype=np.uint8).reshape(shape)


@dataclass(slots=True)
class PartSlot:
    """Room for one part: V camera views and V prepared views, side by side, ready to batch.

    ``pixels`` is uint8[V, H, W, C] as the cameras deliver, ``prepared`` uint8[V, h, w, c] as the
    engine takes it. Who holds the lease may write; after release nobody may look.
    """

    index: int
    pixels: Pixels = field(repr=False)
    prepared: Pixels = field(repr=False)


class SlotRing:
    """A fixed number of part slots. Overflow policy: the newest part gets none (overrun).

    ``lease`` is called on the capture thread, ``release`` on the inspection thread; both are O(1),
    take no lock and never allocate. With ``lock_pages`` the slots are page-locked until ``close``.
    """

    def __init__(
        self,
        slots: int,
        views: int,
        camera: FrameFormat,
        prepared: tuple[int, int, int],
        lock_pages: PageLock | None = None,
    ) -> None:
        self.size = slots
        self._free: deque[PartSlot] = deque(
            PartSlot(
                index,
                page_aligned((views, *camera.shape)),
                page_aligned((views, *prepared)),
            )
            for index in range(slots)
        )
        self._unlocks: list[Unlock] = []
        if lock_pages is not None:
            arrays = [array for slot in self._free for array in (slot.pixels, slot.prepared)]
            self._unlocks = [lock_pages(array) for array in arrays]

    def close(self) -> None:
        """Let the pages go; nobody uses a slot any more."""
        while self._unlocks:
            self._unlocks.pop()()

    def lease(self) -> PartSlot | None:
        """The slot that was freed first, or None when all are leased."""
        try:
            return self._free.popleft()
        except IndexError:
            return None

    def release(self, slot: PartSlot) -> None:
        """Give a slot back."""
        self._free.append(slot)

    @property
    def free(self) -> int:
        """Slots that are free at this moment."""
        return len(self._free)
