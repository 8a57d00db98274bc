"""Has a series stopped to go on as it was forecast? Drift's charts on the errors of prediction.

Drift compares every part with the calibration; a line whose values move for good reasons (a lamp
that warms up, a tool that is changed, a belt that swings) has changed by that measure. Here a part
is compared with what the parts before it let expect, so that only what was never taught is told.
Errors of a good forecast are independent of each other where the values are not (Alwan & Roberts
1988), and independence is what the promise of the charts needs.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from calibration.drift.charts import DriftState
from calibration.drift.design import Promise
from calibration.drift.monitor import DriftMonitor
from engines.temporal import Forecast
from engines.temporal.series import Values


class SeriesMonitor:
    """Tells that values have ceased to go on as those did that a forecast was taught from.

    Every channel's error is judged by its place among those of held-out good parts, under one
    `Promise` for all channels. One thread feeds it, any thread may read ``state``; it remembers one
    window, and neither memory nor time grow.
    """

    def __init__(
        self,
        forecast: Forecast,
        promise: Promise = Promise(),  # noqa: B008  # frozen
    ) -> None:
        self.channels = forecast.channels
        self.charts = DriftMonitor(
            {name: forecast.errors[:, place] for place, name in enumerate(self.channels)},
            promise=promise,
        )
        self._running = forecast.running()

    def add(self, values: ArrayLike) -> Values | None:
        """Take one part's vector float64[channels] and return its error; see `Running.add`."""
        errors = self._running.add(values)
        if errors is not None:
            for name, error in zip(self.channels, errors.tolist(), strict=True):
                self.charts.add(name, error)
        return errors

    def state(self) -> tuple[DriftState, ...]:
        """All charts of all channels; parts are counted from the first that was predicted."""
        return self.charts.state()

    def acknowledge(self, channel: str) -> None:
        """A person has seen it: the channel's charts begin anew."""
        self.charts.acknowledge(channel)
