"""The charts: a cumulative sum, and the distance of a window's distribution."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from calibration.drift.design import CusumLimits, Values, Weight, half_steps


class Change(StrEnum):
    """What a chart tells."""

    RISE = "rise"
    SLOW_RISE = "slow-rise"
    FALL = "fall"
    SLOW_FALL = "slow-fall"
    SPREAD = "spread"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class DriftState:
    """A frozen look at one chart. It alarms at the limit, and stays so until acknowledged.

    ``since`` counts the channel's parts: where the sum began to rise that reached the limit, or
    the first part of the window; None without alarm.
    """

    channel: str
    change: Change
    statistic: float
    limit: float
    alarm: bool
    since: int | None


class Cusum:
    """Page's cumulative sum (1954), one-sided: ``S = max(0, S + weight - allowance)``.

    The same number as Page & Hinkley's ``m - min(m)`` about a mean that is known: here it is the
    reference's, so that no slow drift can hide in a running mean. After an alarm it stands still.
    """

    __slots__ = ("_began", "alarm", "change", "limit", "statistic", "steps")

    def __init__(self, change: Change, count: int, weight: Weight, limits: CusumLimits) -> None:
        self.change = change
        self.limit = limits.limit
        self.steps: list[float] = (weight(half_steps(count)) - limits.allowance).tolist()
        self.reset(0)

    def reset(self, parts: int) -> None:
        """Begin anew after so many parts."""
        self.statistic, self.alarm, self._began = 0.0, False, parts

    def add(self, place: int, parts: int) -> None:
        """Take the part that is number ``parts``, at an index of ``half_steps``."""
        if self.alarm:
            return
        total = self.statistic + self.steps[place]
        if total <= 0.0:
            total, self._began = 0.0, parts
        self.statistic = total
        self.alarm = total >= self.limit

    @property
    def since(self) -> int | None:
        """The first part of the rise that was told."""
        return self._began + 1 if self.alarm else None


class Distance:
    """Two-sample Kolmogorov-Smirnov distance of each window of parts from the reference values.

    Windows do not overlap: memory is one counter per place. Ties are exact.
    """

    __slots__ = ("_counts", "_ends", "_filled", "_levels", "alarm", "limit", "since", "statistic")

    change = Change.SHAPE
    window = 250

    def __init__(self, references: Values, limit: float) -> None:
        count = len(references)
        values = np.unique(references)
        left = np.searchsorted(references, values, "left")
        right = np.searchsorted(references, values, "right")
        self._ends = np.concatenate([2 * left, left + right])
        self._levels = np.concatenate([left, right]) / count
        self._counts = np.zeros(2 * count + 1, np.int64)
        self.limit = limit
        self.reset(0)

    def reset(self, _parts: int) -> None:
        """Begin anew."""
        self._counts[:] = 0
        self._filled = 0
        self.statistic, self.alarm = 0.0, False
        self.since: int | None = None

    def add(self, place: int, parts: int) -> None:
        """Take the part that is number ``parts``, at an index of ``half_steps``."""
        if self.alarm:
            return
        self._counts[place] += 1
        self._filled += 1
        if self._filled < self.window:
            return
        below = np.cumsum(self._counts)[self._ends] / self.window
        self.statistic = float(np.abs(below - self._levels).max())
        self._counts[:] = 0
        self._filled = 0
        if self.statistic >= self.limit:
            self.alarm, self.since = True, parts - self.window + 1
