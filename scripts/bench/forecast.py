"""Forecasts beside the drift monitor: error, false alarms, parts from onset to alarm, cost.

    .venv/bin/python -m scripts.bench.forecast --json forecast.json

Every method is taught on one good stretch. All charts have one promise, and how often they alarm on
good parts is counted. Delays are compared at one rate: every method's limits are widened or
narrowed by one factor until a long good stretch has at most one alarm in 10,000 parts (of real
parts: none in the good rest). A dash: not told.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from calibration.drift import DriftMonitor, Promise
from engines.temporal import Forecast, Series, writing_forecast
from engines.temporal.predicting import errors_of
from engines.temporal.spec import BASELINES, NETWORKS, Baseline, ForecastSpec, Network
from engines.temporal.teaching import teach_series
from scripts.bench.forecast_series import NEVER, RENDERED, RealParts, Values, solar_cells

PROMISE = Promise(10_000.0)
Method = Literal["drift", "auto", Baseline, Network]
METHODS: tuple[Method, ...] = ("drift", *BASELINES, *NETWORKS, "auto")
_WIDEST = 60.0


@dataclass(frozen=True)
class Row:
    """One method on one series.

    ``error``: mean absolute, in spreads, of good parts never seen; ``false_alarms`` in 10,000 good
    parts at the promise; ``factor`` of the limits at one rate; ``delays`` there, None: not told.
    """

    series: str
    method: str
    kept: str
    error: float
    false_alarms: float
    factor: float
    delays: list[int | None]
    told_by: list[str]
    teach_s: float
    step_us: float


@dataclass(frozen=True)
class Trial:
    """A taught stretch, good parts, and runs that are not well from ``onset`` on."""

    name: str
    channels: tuple[str, ...]
    taught: Values
    good: Values
    runs: Sequence[Values]
    onset: int
    allowed: float
    """Alarms that the good stretch may have at one rate."""


def rendered(name: str, *, taught: int, good: int, runs: int, onset: int, after: int) -> Trial:
    """A rendered series; every stretch is drawn anew."""
    channel, render = RENDERED[name]
    random = np.random.default_rng(20)
    return Trial(
        name,
        (channel,),
        render(random, taught, NEVER),
        render(random, good, NEVER),
        [render(random, onset + after, onset) for _ in range(runs)],
        onset,
        good / 10_000.0,
    )


def real(parts: RealParts) -> Trial:
    """Taught is what is before the onset but for 200 parts; these and the rest are good."""
    taught = parts.onset - 200
    values = parts.good.values
    return Trial(
        "solar cells",
        parts.good.channels,
        values[:taught],
        values[taught:],
        [parts.dimmed.values[taught:]],
        200,
        0.0,
    )


class Judge:
    """Errors of a method (of drift: values), and the charts that watch them."""

    def __init__(self, trial: Trial, forecast: Forecast | None) -> None:
        self._names = trial.channels
        self._forecast = forecast
        held_out = trial.taught[round(0.75 * len(trial.taught)) :]
        self._references = held_out if forecast is None else forecast.errors

    def errors(self, values: Values) -> Values:
        """What the charts see; of a forecast without the first window."""
        if self._forecast is None:
            return values
        scaling = self._forecast.scaling
        scaled = scaling.scaled(values)
        window = self._forecast.manifest.window
        return errors_of(self._forecast.predictor.predict, scaled, scaling.held(scaled), window)

    def alarms(self, errors: Values, factor: float) -> Iterator[tuple[int, str]]:
        """Parts at which an alarm came, from 1, and the chart; each is acknowledged at once."""
        references = {name: self._references[:, i] for i, name in enumerate(self._names)}
        monitor = DriftMonitor(references, promise=PROMISE)
        for name in self._names:
            for chart in monitor.charts(name):
                chart.limit *= factor
        for part, vector in enumerate(errors.tolist(), 1):
            for name, error in zip(self._names, vector, strict=True):
                monitor.add(name, error)
                told = [chart for chart in monitor.charts(name) if chart.alarm]
                if told:
                    yield part, f"{name} {told[0].change.value}"
                    monitor.acknowledge(name)

    def factor(self, good: Values, allowed: float) -> float:
        """The least factor of all limits, to 3 %, at which good errors alarm no oftener.

        Infinite where the widest is not enough: nothing is told at such a rate.
        """
        low, high = 0.2, _WIDEST
        if sum(1 for _ in self.alarms(good, high)) > allowed:
            return float("inf")
        while high / low > 1.03:
            middle = (low * high) ** 0.5
            if sum(1 for _ in self.alarms(good, middle)) <= allowed:
                high = middle
            else:
                low = middle
        return high


def taught(trial: Trial, method: Method, folder: Path) -> tuple[Forecast | None, float]:
    """The forecast and the seconds of one core that it took; None for drift."""
    if method == "drift":
        return None, 0.0
    spec = ForecastSpec(method=method, only_if_better=method == "auto")
    start = time.process_time()
    files = teach_series(Series(trial.channels, trial.taught), spec)
    took = time.process_time() - start
    with writing_forecast(folder / f"{trial.name} {method}", files) as forecast:
        return forecast, took


def row(trial: Trial, method: Method, folder: Path) -> Row:
    """One method on one series."""
    forecast, teach_s = taught(trial, method, folder)
    judge = Judge(trial, forecast)
    good = judge.errors(trial.good)
    factor = judge.factor(good, trial.allowed)
    delays: list[int | None] = []
    told_by = []
    before = trial.onset - (len(trial.runs[0]) - len(judge.errors(trial.runs[0])))
    for run in trial.runs:
        alarms = judge.alarms(judge.errors(run)[before:], factor)
        part, by = next(alarms, (0, ""))
        delays.append(part or None)
        told_by.append(by)
    error = 0.0 if forecast is None else float(np.abs(good).mean())
    false = sum(1 for _ in judge.alarms(good, 1.0)) * 10_000.0 / len(good)
    kept = forecast.manifest.method if forecast is not None else ""
    step_us = _step_us(forecast, trial.good[:2000])
    return Row(trial.name, method, kept, error, false, factor, delays, told_by, teach_s, step_us)


def _step_us(forecast: Forecast | None, values: Values) -> float:
    """Median microseconds of one part's prediction, one part at a time."""
    if forecast is None:
        return 0.0
    running, taken = forecast.running(), []
    for vector in values:
        start = time.perf_counter_ns()
        running.add(vector)
        taken.append((time.perf_counter_ns() - start) / 1e3)
    return float(np.median(taken[forecast.manifest.window :]))


def in_words(found: Row) -> str:
    """One line of the table."""
    late = sorted(np.inf if delay is None else delay for delay in found.delays)
    middle = late[len(late) // 2]
    told = sum(delay is not None for delay in found.delays)
    kept = f" ({found.kept})" if found.method == "auto" else ""
    return (
        f"| {found.series} | {found.method}{kept} | {found.error:.3f} | {found.false_alarms:.1f} | "
        f"{found.factor:.2f} | {'-' if np.isinf(middle) else f'{middle:.0f}'} | "
        f"{told} of {len(late)} | {found.told_by[0]} | {found.teach_s:.1f} | {found.step_us:.0f} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--taught", type=int, default=10_000, help="parts of the taught stretch")
    parser.add_argument("--good", type=int, default=30_000, help="good parts to count alarms in")
    parser.add_argument("--runs", type=int, default=9, help="runs with an onset, each drawn anew")
    parser.add_argument("--after", type=int, default=4000, help="parts after the onset")
    parser.add_argument("--real", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--json", type=Path, help="write the figures here")
    given = parser.parse_args()
    sizes = {"taught": given.taught, "good": given.good, "runs": given.runs, "after": given.after}
    trials = [rendered(name, onset=1000, **sizes) for name in RENDERED]
    if given.real:
        trials.append(real(solar_cells()))
    print(
        "| series | method | error | false alarms in 10,000 | factor | parts to alarm | told | by "
        "| teach, CPU s | step, us |\n|---|---|---|---|---|---|---|---|---|---|"
    )
    folder, rows = Path(tempfile.mkdtemp()), []
    for trial in trials:
        for method in METHODS:
            rows.append(row(trial, method, folder))
            print(in_words(rows[-1]), flush=True)
    shutil.rmtree(folder)
    if given.json is not None:
        figures = [
            asdict(found) | {"factor": found.factor if np.isfinite(found.factor) else None}
            for found in rows
        ]
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
