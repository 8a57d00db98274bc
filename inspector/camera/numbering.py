"""Which trigger a frame belongs to, told by what the device counts."""

from __future__ import annotations

from inspector.camera.device import FrameIds


class FrameNumbers:
    """Turns a device's frame ids, which wrap, into numbers that do not: 1, 2, 3, ... from a start.

    A jump of the ids is a jump of the numbers: frames were lost on the way. An id of up to half the
    range behind the newest is an old frame that comes late: its number is smaller.
    """

    def __init__(self, ids: FrameIds) -> None:
        self._ids = ids
        self._span = ids.last - ids.after_wrap + 1
        self._last_id = ids.first
        self._number = 1

    def number_of(self, frame_id: int) -> int:
        """The number of a frame."""
        step = (frame_id - self._last_id) % self._span
        if step > self._span // 2:
            return self._number + step - self._span
        self._last_id = frame_id
        self._number += step
        return self._number


class DeviceClock:
    """Dates on the host's clock what a device dates on its own.

    The offset is the smallest of arrival minus device time among the last frames: the frame that
    came fastest says most. So dates are late by the fastest transfer, and follow drifting clocks.
    """

    _WINDOW = 256

    def __init__(self) -> None:
        self._least: int | None = None
        self._younger: int | None = None
        self._frames = 0

    def host_ns(self, device_ns: int | None, arrived_ns: int) -> int:
        """Host-monotonic time of a frame; its arrival where the device keeps no time."""
        if device_ns is None:
            return arrived_ns
        offset = arrived_ns - device_ns
        self._younger = offset if self._younger is None else min(self._younger, offset)
        self._frames += 1
        if self._least is None or self._frames % self._WINDOW == 0:
            self._least, self._younger = self._younger, None
        self._least = min(self._least, offset)
        return device_ns + self._least
