"""Moments as people read them: in the time of this PC."""

from __future__ import annotations

from datetime import UTC, datetime


def date_and_time(utc_us: int) -> str:
    """Local date and time, the same in every language (ISO 8601)."""
    return f"{datetime.fromtimestamp(utc_us // 1_000_000, UTC).astimezone():%Y-%m-%d %H:%M:%S}"


def offset_min(utc_us: int) -> int:
    """Minutes east of UTC that this PC's clock shows at that moment."""
    zone = datetime.fromtimestamp(utc_us // 1_000_000, UTC).astimezone().utcoffset()
    return 0 if zone is None else round(zone.total_seconds() / 60)
