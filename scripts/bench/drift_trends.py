"""Trends of the drift monitor on simulated parts: false alarms, other days, delays, cost.

    .venv/bin/python -m scripts.bench.drift_trends --json trends.json

Values are in units of their tolerance: 1 is the 5 % of brightness, or the tenth of the range that a
recipe aligns. Counts of false alarms and delays as in `scripts.bench.drift`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.drift import DriftMonitor, Promise, Trend
from inspector.core.canonical import Json
from inspector.core.judgement import CheckResult, Judgement
from inspector.core.pose import Pose
from inspector.core.record import RecordKind
from inspector.core.verdict import Cause, Outcome, StageTimes, Verdict
from inspector.line.part import JudgedPart
from inspector.station.drift import DriftTap

CHANNELS = ("brightness", "sharpness", "shift-x", "shift-y", "rotation")
Values = NDArray[np.float64]


def monitor_of(references: Values, promised: float, tolerance: float = 1.0) -> DriftMonitor:
    """One trend that is looked at, under the promise of all that a line of one camera has."""
    others = {name: Trend(1.0) for name in ("temperature", *CHANNELS[1:])}
    trend = Trend(tolerance, references=references.tolist())
    return DriftMonitor({"s": np.zeros(50)}, {"t": trend, **others}, Promise(promised))


def alarms_in(monitor: DriftMonitor, values: Values, *, first: bool = False) -> list[int]:
    """Parts at which an alarm came; each is acknowledged at once. ``first``: no more than one."""
    found = []
    for index, value in enumerate(values.tolist(), 1):
        monitor.add("t", value)
        if any(chart.alarm for chart in monitor.charts("t")):
            found.append(index)
            if first:
                break
            monitor.acknowledge("t")
    return found


@dataclass(frozen=True)
class FalseAlarms:
    """``mean`` parts between alarms over all references; ``worse``: share that fell short."""

    images: int
    tolerance_sd: float
    misplaced: float
    mean: float
    worse: float


def false_alarms(
    images: int, tolerance_sd: float, misplaced: float, *, promised: float, runs: int, parts: int
) -> FalseAlarms:
    """Parts that lie as the references do, but for a share of ``misplaced`` ones, far off."""
    random = np.random.default_rng(images)
    counts = []
    for _ in range(runs):
        monitor = monitor_of(random.normal(size=images), promised, tolerance_sd)
        values = random.normal(size=parts) + 20.0 * (random.random(parts) < misplaced)
        counts.append(len(alarms_in(monitor, values)))
    mean = runs * parts / max(sum(counts), 1)
    worse = float(np.mean(np.array(counts) > parts / promised))
    return FalseAlarms(images, tolerance_sd, misplaced, mean, worse)


@dataclass(frozen=True)
class Days:
    """Shares of runs with an alarm on the line's first day, and of its later days with one.

    Each day lies elsewhere by ``between`` tolerances (standard deviation). ``source`` of the
    references: photographs of a day before, or 200 parts of the first day on the line.
    """

    source: str
    between: float
    first: float
    later: float


def days(source: str, between: float, runs: int, parts: int = 2000, count: int = 5) -> Days:
    """A line over days."""
    random = np.random.default_rng(int(100 * between))
    told: list[list[bool]] = []
    for _ in range(runs):
        means = random.normal(0.0, between, count + 1)
        taken, number = (means[0], 50) if source == "photographs" else (means[1], 200)
        references = random.normal(taken, 0.2, number)
        told.append(
            [
                bool(alarms_in(monitor_of(references, 1e6), day, first=True))
                for day in random.normal(means[1:, None], 0.2, (count, parts))
            ]
        )
    by_day = np.array(told)
    return Days(source, between, float(by_day[:, 0].mean()), float(by_day[:, 1:].mean()))


@dataclass(frozen=True)
class Delay:
    """Parts from the change to the alarm: ``median`` and 90 %; infinite where none came.

    ``spread`` of good parts and ``change`` in tolerances.
    """

    images: int
    spread: float
    change: float
    median: float
    p90: float
    told: float


def delay(images: int, spread: float, change: float, runs: int, longest: int = 5000) -> Delay:
    """At the default promise, after 500 parts without change."""
    random = np.random.default_rng(images)
    found = []
    for _ in range(runs):
        monitor = monitor_of(random.normal(0.0, spread, images), 1e6)
        for value in random.normal(0.0, spread, 500).tolist():
            monitor.add("t", value)
        after = alarms_in(monitor, random.normal(change, spread, longest), first=True)
        found.append(float(after[0]) if after else np.inf)
    median, p90 = (float(v) for v in np.quantile(found, [0.5, 0.9], method="higher"))
    return Delay(images, spread, change, median, p90, float(np.isfinite(found).mean()))


class _Silent:
    def note(self, kind: RecordKind, payload: Mapping[str, Json]) -> None:
        """Forget it."""


def cost_us(side: int, *, aligned: bool, parts: int = 3000) -> tuple[float, float]:
    """Microseconds of one part of one view in the tap, picture looked at: p50, p99."""
    random = np.random.default_rng(0)
    references = random.normal(size=100).tolist()
    trends = {f"cam {name}": Trend(1.0, references=references) for name in CHANNELS}
    monitor = DriftMonitor({"engine": random.normal(size=100)}, trends)
    tap = DriftTap(monitor, ["cam"], 255, recorder=_Silent(), file=Path("none"))
    prepared = random.integers(0, 255, (1, side, side, 1), np.uint8)
    poses = (Pose(0.1, 0.2, 0.3),) if aligned else ()
    judgement = Judgement((CheckResult("engine", 0.0, 1.0),), poses)
    part = JudgedPart(
        Verdict(1, 1, 0, Outcome.PASS, Cause.GOOD, 0, 1, 1, judgement),
        StageTimes(*(0 for _ in range(8))),
        prepared=prepared,
    )
    taken = []
    for _ in range(parts):
        start = time.perf_counter_ns()
        tap.offer(part)
        taken.append((time.perf_counter_ns() - start) / 1e3)
    p50, p99 = np.quantile(taken, [0.5, 0.99])
    return float(p50), float(p99)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--promise", type=float, default=2000.0, help="parts between false alarms")
    parser.add_argument("--runs", type=int, default=40, help="sets of references for each row")
    parser.add_argument("--parts", type=int, default=20_000, help="for each set, false alarms")
    parser.add_argument("--images", type=int, nargs="+", default=[20, 30, 50, 100, 200])
    parser.add_argument("--json", type=Path, help="write the figures here")
    given = parser.parse_args()
    rates = [
        false_alarms(
            images,
            tolerance,
            misplaced,
            promised=given.promise,
            runs=given.runs,
            parts=given.parts,
        )
        for images in given.images
        for tolerance in (0.0, 0.5)
        for misplaced in (0.0, 0.05)
    ]
    print("| images | tolerance, sd | misplaced | parts between alarms | sets that fell short |")
    print("|---|---|---|---|---|")
    for row in rates:
        print(
            f"| {row.images} | {row.tolerance_sd} | {row.misplaced:.0%} | {row.mean:,.0f} | "
            f"{row.worse:.0%} |"
        )
    others = [
        days(source, between, given.runs)
        for source in ("photographs", "line")
        for between in (0.25, 0.5, 1.0, 2.0)
    ]
    print("\n| references | days differ by | alarm on day 1 | on a later day |\n|---|---|---|---|")
    for day in others:
        print(f"| {day.source} | {day.between} | {day.first:.0%} | {day.later:.0%} |")
    delays = [
        delay(images, spread, change, given.runs)
        for spread in (0.2, 1.0, 3.0)
        for change in (1.2, 1.5, 2.0, 3.0, 6.0)
        for images in given.images
    ]
    print("\n| spread | change | images | median | 90 % | told |\n|---|---|---|---|---|---|")
    for late in delays:
        print(
            f"| {late.spread} | {late.change} | {late.images} | {late.median:.0f} | "
            f"{late.p90:.0f} | {late.told:.0%} |"
        )
    print()
    costs = []
    for side in (64, 256, 1024):
        for aligned in (False, True):
            p50, p99 = cost_us(side, aligned=aligned)
            costs.append({"side": side, "aligned": aligned, "p50_us": p50, "p99_us": p99})
            where = ", with its pose" if aligned else ""
            print(f"{side} px{where}: {p50:.1f} us, p99 {p99:.1f} us")
    if given.json is not None:
        plain = {
            "false_alarms": [asdict(row) for row in rates],
            "days": [asdict(day) for day in others],
            "delays": [
                {key: None if value == np.inf else value for key, value in asdict(late).items()}
                for late in delays
            ],
            "cost": costs,
        }
        given.json.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
