"""Buffers in which pictures wait for the disk: made once, so that a reject costs only a copy."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import Pixels, ScoreMap
from inspector.ledger.evidence import Evidence, encode_image, encode_map

_Value = TypeVar("_Value", bound=np.generic)
_Buffer = tuple[NDArray[np.uint8], NDArray[np.float32]]


class EvidencePool:
    """A fixed number of buffers for one part's images and maps each.

    ``copy`` on the inspection thread, ``Lease.release`` on the writer's; neither waits.
    """

    def __init__(self, slots: int, image_bytes: int, map_values: int) -> None:
        self.slots = slots
        # Filled, so that the operating system hands out the memory now and not in mid-line.
        self._free = deque(
            (np.full(image_bytes, 0, np.uint8), np.full(map_values, 0, np.float32))
            for _ in range(slots)
        )

    def copy(self, image: Pixels | None, score_map: ScoreMap | None) -> Lease | None:
        """Copy the pictures into a free buffer; None when all are taken or they do not fit.

        ``image`` is uint8[H, W, C] or uint8[V, H, W, C], ``score_map`` float32[h, w] or [V, h, w].
        """
        try:
            buffer = self._free.popleft()
        except IndexError:
            return None
        pixels, values = buffer
        if not (_fits(image, pixels, 3) and _fits(score_map, values, 2)):
            self._free.append(buffer)
            return None
        return Lease(self, buffer, _views(image, pixels, 3), _views(score_map, values, 2))

    @property
    def free(self) -> int:
        """Buffers that wait for a part."""
        return len(self._free)

    def take_back(self, buffer: _Buffer) -> None:
        """Make a buffer free again."""
        self._free.append(buffer)


@dataclass(frozen=True, slots=True)
class Lease:
    """One part's pictures in a buffer: views of shape [V, ...], or None."""

    pool: EvidencePool
    buffer: _Buffer
    images: Pixels | None
    maps: ScoreMap | None

    def encode(self) -> list[Evidence]:
        """Encode all views, named ``image`` and ``map``; numbered when there are several views."""
        images = [] if self.images is None else list(self.images)
        maps = [] if self.maps is None else list(self.maps)
        return [
            *(encode_image(_name("image", view, len(images)), i) for view, i in enumerate(images)),
            *(encode_map(_name("map", view, len(maps)), m) for view, m in enumerate(maps)),
        ]

    def release(self) -> None:
        """Give the buffer back."""
        self.pool.take_back(self.buffer)


def _name(kind: str, view: int, views: int) -> str:
    return kind if views == 1 else f"{kind}-{view}"


def _fits(given: NDArray[np.generic] | None, buffer: NDArray[np.generic], axes: int) -> bool:
    if given is None:
        return True
    return (
        given.dtype == buffer.dtype
        and given.ndim in (axes, axes + 1)
        and 0 < given.size <= buffer.size
    )


def _views(
    given: NDArray[_Value] | None, buffer: NDArray[_Value], axes: int
) -> NDArray[_Value] | None:
    if given is None:
        return None
    copied = buffer[: given.size].reshape(given.shape)
    np.copyto(copied, given)
    return copied.reshape((-1, *given.shape[-axes:]))
