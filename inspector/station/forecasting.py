"""Tells when a line's series stop to go on as they were forecast; health alone, never verdicts."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from calibration.drift import Change, DriftState, Promise
from calibration.drift.series import SeriesMonitor
from engines.temporal import open_forecast
from inspector.core.errors import BundleError, InspectorError
from inspector.core.line_config import ForecastConfig
from inspector.core.ports import Recorder
from inspector.core.record import RecordKind
from inspector.core.state import Health
from inspector.line.part import JudgedPart
from inspector.station.alarming import Alarming
from inspector.station.forecasts import LatestParts, current_forecast
from inspector.station.line_series import LiveSignals, Signals

KEY = "forecast "
"""Begins the key of every alarm that is raised here; the channel's name ends it."""

_FAULT = KEY + "itself"
_WAITING = 4000
"""Parts that may wait for the supervisor; the oldest of more are forgotten."""
_AT_ONCE = 200
"""Parts of one turn of the supervisor: some 10 ms."""
_LACKING = 500
"""Parts in a row without a channel of the forecast: the line does not have it."""

_HIGHER = "{channel}: higher than forecast from the parts before. See what has changed on the line"
_LOWER = "{channel}: lower than forecast from the parts before. See what has changed on the line"
_WORDS = {
    Change.RISE: _HIGHER,
    Change.SLOW_RISE: _HIGHER,
    Change.FALL: _LOWER,
    Change.SLOW_FALL: _LOWER,
    Change.SPREAD: "{channel}: scatters more about its forecast than when that was taught. "
    "See what has changed on the line",
    Change.SHAPE: "{channel}: differs from its forecast otherwise than when that was taught. "
    "See what has changed on the line",
}


class ForecastTap:
    """Takes the signals of each part on the inspection thread; the supervisor does the rest.

    Whatever fails here is an alarm, and forecasts end until the product is loaded again: the line
    goes on. ``monitor`` is None where no forecast was taught: parts are kept to teach one from.
    """

    key = KEY

    def __init__(
        self,
        monitor: SeriesMonitor | None,
        signals: LiveSignals,
        latest: LatestParts | None,
        *,
        scores: Sequence[str],
        recorder: Recorder,
        problem: str = "",
    ) -> None:
        self._monitor = monitor
        self._signals = signals
        self._latest = latest
        self._scores = scores
        self._recorder = recorder
        self._problem = problem
        self._waiting: deque[Signals] = deque(maxlen=_WAITING)
        self._told: set[str] = set()
        self._lacking = 0
        self._lock = threading.Lock()

    def offer(self, part: JudgedPart) -> None:
        """Take every judged part, good or not. Inspection thread."""
        signals = self._signals.of(part)
        if signals is not None:
            self._waiting.append(signals)

    def tell(self, alarming: Alarming) -> None:
        """Predict the parts that wait, and raise an alarm for each channel that is off."""
        with self._lock:
            try:
                self._follow()
                if self._monitor is not None:
                    self._raise(self._monitor, alarming)
            except InspectorError as error:
                self._monitor, self._latest = None, None
                self._problem = str(error)
        if self._problem:
            alarming.alarm(_FAULT, Health.MAINTENANCE_REQUIRED, f"No forecast: {self._problem}")
        else:
            alarming.clear(_FAULT)

    def _follow(self) -> None:
        for _ in range(min(len(self._waiting), _AT_ONCE)):
            signals = self._waiting.popleft()
            if self._monitor is not None:
                self._predict(self._monitor, signals)
            if self._latest is not None:
                self._latest.add(signals)
        if self._latest is not None:
            self._latest.keep()

    def _predict(self, monitor: SeriesMonitor, signals: Signals) -> None:
        monitor.add([signals.get(name, math.nan) for name in monitor.channels])
        lacking = [name for name in monitor.channels if name not in signals]
        self._lacking = self._lacking + 1 if lacking else 0
        if self._lacking == _LACKING:
            self._monitor = None
            self._problem = f"parts have no {lacking[0]}. Teach it from this line's own channels"

    def _raise(self, monitor: SeriesMonitor, alarming: Alarming) -> None:
        for state in monitor.state():
            if state.alarm and state.channel not in self._told:
                self._told.add(state.channel)
                words = in_words(state)
                alarming.alarm(KEY + state.channel, self._health(state.channel), words)
                self._record(state)

    def _health(self, channel: str) -> Health:
        """Of a score: it may not be judged as calibrated. Of all else: something wears."""
        if channel in self._scores:
            return Health.OUT_OF_SPECIFICATION
        return Health.MAINTENANCE_REQUIRED

    def _record(self, state: DriftState) -> None:
        self._recorder.note(
            RecordKind.EVENT,
            {
                "event": "forecast",
                "channel": state.channel,
                "change": state.change.value,
                "statistic": state.statistic,
                "limit": state.limit,
                "since": state.since,
            },
        )

    def acknowledge(self, alarm: str, alarming: Alarming) -> None:
        """A person has seen it: the alarm is gone, and comes again while its cause is there."""
        with self._lock:
            channel = alarm.removeprefix(KEY)
            if self._monitor is not None:
                self._monitor.acknowledge(channel)
            self._told.discard(channel)
            alarming.clear(alarm)


def in_words(state: DriftState) -> str:
    """What was told."""
    return _WORDS[state.change].format(channel=state.channel)


def make_forecast_tap(
    config: ForecastConfig,
    product: str,
    data_folder: Path,
    *,
    bundle: str,
    scores: Sequence[str],
    signals: LiveSignals,
    recorder: Recorder,
) -> ForecastTap:
    """A tap for one product, judged by the bundle of this hash, whose checks are ``scores``.

    A forecast that cannot be used is an alarm, and no reason not to inspect.
    """
    monitor: SeriesMonitor | None = None
    latest: LatestParts | None = None
    problem = ""
    try:
        latest = LatestParts(data_folder, product, bundle, config.keep_parts)
        path = current_forecast(data_folder, product)
        if path is not None:
            monitor = _monitor(config, path, bundle)
    except InspectorError as error:
        problem = str(error)
    return ForecastTap(monitor, signals, latest, scores=scores, recorder=recorder, problem=problem)


def _monitor(config: ForecastConfig, path: Path, bundle: str) -> SeriesMonitor:
    forecast = open_forecast(path)
    if forecast.manifest.taught.bundle not in (None, bundle):
        raise BundleError(
            f"{path}: was taught with scores of another bundle",
            remedy="Let the line run, then: inspector forecast teach",
        )
    return SeriesMonitor(forecast, Promise(config.false_alarm_parts, config.defect_share))
