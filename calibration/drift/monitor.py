"""All channels of a line under one promise; and how a trend gets what it is compared with."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from numpy.typing import ArrayLike

from calibration.drift.channel import SCORE_CHARTS, TREND_CHARTS, Channel
from calibration.drift.charts import Cusum, Distance, DriftState
from calibration.drift.design import Promise


@dataclass(frozen=True, slots=True)
class Trend:
    """How a measured quantity is watched: it may move by ``tolerance`` unremarked.

    The tolerance is in the quantity's unit, or a share of the references' median (``relative``).

    Without ``references`` it takes its own once, from ``learn_parts`` parts that are at least
    ``spacing_s`` apart, so that they see more than one moment of the line. It never does so again.
    """

    tolerance: float
    relative: bool = False
    references: Sequence[float] = ()
    learn_parts: int = 200
    spacing_s: float = 0.0


class DriftMonitor:
    """Tells that scores or measurements of the parts have changed since they were calibrated.

    ``scores`` maps a check's name to its calibration scores; ``trends`` names other quantities.
    ``add`` is fed with every part, good or not: a share of strange ones is no drift (`Promise`).
    It only tells: nothing that decides is touched. One thread feeds it, any thread may read
    ``state``; memory and time for a part do not grow.
    """

    def __init__(
        self,
        scores: Mapping[str, ArrayLike],
        trends: Mapping[str, Trend] | None = None,
        promise: Promise = Promise(),  # noqa: B008  # frozen
    ) -> None:
        trends = trends or {}
        charts = SCORE_CHARTS * len(scores) + TREND_CHARTS * len(trends)
        each = replace(promise, false_alarm_parts=charts * promise.false_alarm_parts)
        self._promise = each
        self._channels = {name: Channel(name, values, each) for name, values in scores.items()}
        self._learning: dict[str, _Learning] = {}
        self._references: dict[str, Sequence[float]] = {}
        for name, trend in trends.items():
            if trend.references:
                self._watch(name, trend, trend.references)
            else:
                self._learning[name] = _Learning(trend)

    def add(self, channel: str, value: float, at_s: float = 0.0) -> None:
        """Take what one part had; ``at_s`` is the time, monotonic. An unknown channel is none."""
        known = self._channels.get(channel)
        if known is not None:
            known.add(value)
            return
        learning = self._learning.get(channel)
        if learning is not None and learning.complete_with(value, at_s):
            self._watch(channel, learning.trend, tuple(learning.values))
            del self._learning[channel]

    def _watch(self, name: str, trend: Trend, references: Sequence[float]) -> None:
        unit = abs(statistics.median(references)) if trend.relative else 1.0
        tolerance = trend.tolerance * unit
        self._references[name] = references
        self._channels[name] = Channel(name, references, self._promise, tolerance)

    def charts(self, channel: str) -> tuple[Cusum | Distance, ...]:
        """The charts of one channel themselves, to look at without a copy."""
        return self._channels[channel].charts

    def state(self) -> tuple[DriftState, ...]:
        """All charts of all channels that have their reference."""
        return tuple(
            state for channel in list(self._channels.values()) for state in channel.state()
        )

    @property
    def references(self) -> Mapping[str, Sequence[float]]:
        """What trends are compared with, given or learnt: to be kept for the next start."""
        return dict(self._references)

    def acknowledge(self, channel: str) -> None:
        """A person has seen it: the channel's charts begin anew, with the same reference."""
        if channel in self._channels:
            self._channels[channel].acknowledge()


class _Learning:
    """Values of a trend until there are enough."""

    def __init__(self, trend: Trend) -> None:
        self.trend = trend
        self.values: list[float] = []
        self._next_s = float("-inf")

    def complete_with(self, value: float, at_s: float) -> bool:
        """True when this value was the last one that was wanted."""
        if not math.isnan(value) and at_s >= self._next_s:
            self.values.append(value)
            self._next_s = at_s + self.trend.spacing_s
        return len(self.values) >= self.trend.learn_parts
