"""Whether the computer's clock follows a time source: the adapter to the operating system.

Linux is asked through ``adjtimex(2)``, reading only; elsewhere the answer is "unknown".
"""

from __future__ import annotations

import ctypes
import sys

import msgspec

_UNSYNCHRONISED, _NANOSECONDS = 0x0040, 0x2000
_FAILED = -1


class ClockState(msgspec.Struct, frozen=True, kw_only=True):
    """What the kernel says of its clock; None where it does not tell.

    ``offset_us`` is what is left to correct, ``error_us`` the largest error that it allows for.
    """

    source: str
    synchronised: bool | None = None
    offset_us: float | None = None
    error_us: int | None = None


UNKNOWN = ClockState(source="unknown")


class _Timex(ctypes.Structure):
    """``struct timex``, up to the status, with room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 512),
    )


def clock_state() -> ClockState:
    """The state at this moment. Any thread; microseconds; never raises."""
    if sys.platform != "linux":
        return UNKNOWN
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return UNKNOWN
    timex = _Timex()
    if adjtimex(ctypes.byref(timex)) == _FAILED:
        return UNKNOWN
    return state_of(timex.status, timex.offset, timex.maxerror)


def state_of(status: int, offset: int, error_us: int) -> ClockState:
    """What the kernel's answer says; its offset is in ns or in us, as ``status`` has it."""
    synchronised = not status & _UNSYNCHRONISED
    return ClockState(
        source="adjtimex",
        synchronised=synchronised,
        offset_us=offset / (1000 if status & _NANOSECONDS else 1) if synchronised else None,
        error_us=error_us if synchronised else None,
    )
