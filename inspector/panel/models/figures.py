"""The counters as an operator reads them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.core.state import StationStatus

UNKNOWN = "–"

_SCARCE = 0.1
"""Share of the deadline that should be left to the usual part."""


class Figure(StrEnum):
    """The figures of the live screen, in reading order."""

    YIELD = "yield"
    RATE = "rate"
    MARGIN = "margin"
    PARTS = "parts"
    REJECTED = "rejected"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure as text. ``alert`` when it should catch the eye."""

    text: str
    unit: str = ""
    alert: bool = False


def readings(status: StationStatus | None) -> dict[Figure, Reading]:
    """All figures of a snapshot; dashes without one. Counters that disagree alert."""
    if status is None:
        return dict.fromkeys(Figure, Reading(UNKNOWN))
    parts = status.parts
    judged = parts.passed + parts.rejected
    share = f"{_floor_percent(parts.passed, judged):.1f}" if judged else UNKNOWN
    return {
        Figure.YIELD: Reading(share, "%" if judged else ""),
        Figure.RATE: Reading(f"{status.rate_hz * 60:,.0f}"),
        Figure.MARGIN: _margin(status),
        Figure.PARTS: Reading(f"{parts.parts:,}", alert=_lost_count(status)),
        Figure.REJECTED: Reading(f"{parts.rejected:,}"),
        Figure.LATE: Reading(f"{parts.late:,}", alert=parts.late > 0),
    }


def _margin(status: StationStatus) -> Reading:
    """Time to spare of the usual part; a dash before there was one, an alert below a tenth."""
    usual = status.margin_ms + status.latency.p50_ms
    if not status.parts.verdicts:
        return Reading(UNKNOWN)
    return Reading(_ms(status.margin_ms), "ms", alert=status.margin_ms < _SCARCE * usual)


def _lost_count(status: StationStatus) -> bool:
    """True when a part has no verdict; while the line runs some are merely under way."""
    parts = status.parts
    settled = parts.verdicts == parts.passed + parts.rejected + parts.bypassed
    return not settled or (parts.parts != parts.verdicts and not status.state.running)


def _floor_percent(passed: int, judged: int) -> float:
    """Percent to one decimal, rounded down: 100 % is said only when nothing was rejected."""
    return passed * 1000 // judged / 10


def _ms(value: float) -> str:
    return f"{value:.1f}" if abs(value) < 10 else f"{value:.0f}"
