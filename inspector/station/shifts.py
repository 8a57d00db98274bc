"""Which shift it is, by the line's file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime


def shift_at(shifts: Mapping[str, str], utc_us: int) -> str:
    """The one that began last, by this PC's clock; before the day's first one the last."""
    if not shifts:
        return ""
    now = f"{datetime.fromtimestamp(utc_us / 1e6, UTC).astimezone():%H:%M}"
    begun = [(start, name) for name, start in shifts.items() if start <= now]
    return max(begun or [(start, name) for name, start in shifts.items()])[1]
