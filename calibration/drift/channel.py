"""One stream of values and the charts that watch it."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from calibration.drift.charts import Change, Cusum, Distance, DriftState
from calibration.drift.design import (
    MOST_REFERENCES,
    CusumLimits,
    Promise,
    Weight,
    cusum_limits,
    distance_limit,
    downward,
    outward,
    upward,
)


@dataclass(frozen=True, slots=True)
class _Watch:
    """What a chart weighs, which drifts tune it, and how long it may take, in parts."""

    weight: Weight
    shifts: tuple[tuple[float, float], ...]
    longest: float
    strange: bool = True
    """Strange parts can raise it: true of all but the fall of a score."""


_SUDDEN = ((1.0, 1.0), (1.5, 1.0), (2.0, 1.0), (3.0, 1.0))
_SLOW = ((0.5, 1.0), (0.7, 1.0))
_FALLING, _SLOWLY_FALLING = ((tuple((-s, w) for s, w in each)) for each in (_SUDDEN, _SLOW))
_LONGEST, _LONGEST_SLOW = 500.0, 5000.0

_SCORE = {
    Change.RISE: _Watch(upward, _SUDDEN, _LONGEST),
    Change.SLOW_RISE: _Watch(upward, _SLOW, _LONGEST_SLOW),
    Change.FALL: _Watch(downward, _FALLING, _LONGEST, strange=False),
    Change.SLOW_FALL: _Watch(downward, _SLOWLY_FALLING, _LONGEST_SLOW, strange=False),
    Change.SPREAD: _Watch(outward, ((0.0, 2.0), (0.0, 3.0)), _LONGEST),
}
_TREND = {
    Change.RISE: _Watch(upward, _SUDDEN, _LONGEST),
    Change.FALL: _Watch(downward, _FALLING, _LONGEST),
}
SCORE_CHARTS = len(_SCORE) + 1
"""Charts of a score; each adds to the false alarms of the whole line."""
TREND_CHARTS = len(_TREND)


class Channel:
    """Judges values by their place among reference values; O(log n) a value, no memory of them.

    ``references`` float[n], at least 5, of good parts. A score (``tolerance`` None) is watched for
    rise, fall, spread and shape; a trend for a rise or fall by more than ``tolerance``, in its own
    unit: parts may differ by so much without harm. ``false_alarm_parts`` is for each chart.
    Not thread-safe, but any thread may read ``state``.
    """

    def __init__(
        self, name: str, references: ArrayLike, promise: Promise, tolerance: float | None = None
    ) -> None:
        ordered = np.sort(np.asarray(references, np.float64))
        if len(ordered) > MOST_REFERENCES:
            ranks = np.linspace(0, len(ordered) - 1, MOST_REFERENCES).round().astype(np.intp)
            ordered = ordered[ranks]
        self.name = name
        self.parts = 0
        self._references: list[float] = ordered.tolist()
        self._tolerance = tolerance or 0.0
        watches = _SCORE if tolerance is None else _TREND
        charts: dict[Change, Cusum | Distance] = {}
        for change, watch in watches.items():
            limits = _limits(change, len(ordered), promise, trend=tolerance is not None)
            if limits is not None:
                charts[change] = Cusum(change, len(ordered), watch.weight, limits)
        if tolerance is None:
            limit = distance_limit(
                len(ordered),
                Distance.window,
                false_alarm_parts=promise.false_alarm_parts,
                defect_share=promise.defect_share,
                confidence=promise.confidence,
            )
            if limit < 1.0:
                charts[Change.SHAPE] = Distance(ordered, limit)
        self.charts = tuple(charts.values())
        # Moved towards the reference by the tolerance, a value can only speak less for a drift.
        falling = () if tolerance is None else (Change.FALL,)
        self._falling = tuple(chart for change, chart in charts.items() if change in falling)
        self._others = tuple(chart for change, chart in charts.items() if change not in falling)

    def add(self, value: float) -> None:
        """Take the value of one part, good or not. NaN is no value."""
        if math.isnan(value):
            return
        self.parts += 1
        place = self._place(value - self._tolerance)
        for chart in self._others:
            chart.add(place, self.parts)
        if self._falling:
            place = self._place(value + self._tolerance)
            for chart in self._falling:
                chart.add(place, self.parts)

    def _place(self, value: float) -> int:
        return bisect_left(self._references, value) + bisect_right(self._references, value)

    def state(self) -> tuple[DriftState, ...]:
        """All charts. A chart that so few references make useless is not there."""
        return tuple(
            DriftState(self.name, c.change, c.statistic, c.limit, c.alarm, c.since)
            for c in self.charts
        )

    def acknowledge(self) -> None:
        """A person has seen it: every chart begins anew. What it compares with stays."""
        for chart in self.charts:
            chart.reset(self.parts)


@lru_cache(maxsize=64)
def _limits(change: Change, count: int, promise: Promise, *, trend: bool) -> CusumLimits | None:
    watch = (_TREND if trend else _SCORE)[change]
    return cusum_limits(
        watch.weight,
        count,
        shifts=watch.shifts,
        longest=watch.longest,
        false_alarm_parts=promise.false_alarm_parts,
        defect_share=promise.defect_share if watch.strange else 0.0,
        confidence=promise.confidence,
    )
