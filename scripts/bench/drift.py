"""The drift monitor on simulated scores: false alarms, delays, and what it costs.

    .venv/bin/python -m scripts.bench.drift --json drift.json

False alarms are counted at a promise that a simulation can reach (``--promise``); the bound is the
same formula at any. Delays are those of the default promise. Every row draws its calibrations anew.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.drift import DriftMonitor, Promise

Values = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Values]


def _bimodal(random: np.random.Generator, count: int) -> Values:
    return random.normal(0.0, 0.5, count) + 3.0 * (random.random(count) < 0.3)


def _dependent(random: np.random.Generator, count: int) -> Values:
    """AR(1), each part related to the one before by 0.3: no promise is made of these."""
    noise = random.normal(0.0, 1.0, count)
    for index in range(1, count):
        noise[index] += 0.3 * noise[index - 1]
    return noise


DRAWS: dict[str, Draw] = {
    "gaussian": lambda random, n: random.normal(0.0, 1.0, n),
    "gamma": lambda random, n: random.gamma(2.0, 1.0, n),
    "bimodal": _bimodal,
    "heavy": lambda random, n: random.standard_t(3, n),
    "rounded": lambda random, n: random.normal(0.0, 1.0, n).round(0),
}
DEFECT = 8.0
"""Height of a defect's score above a good one's, in standard deviations."""


@dataclass(frozen=True)
class FalseAlarms:
    """``mean`` parts between alarms over all calibrations; ``worse``: share that fell short."""

    scores: str
    images: int
    defects: float
    promised: float
    mean: float
    worse: float


@dataclass(frozen=True)
class Delay:
    """Parts from the change to the alarm: ``median`` and 90 %. ``rejected`` good ones meanwhile."""

    scores: str
    images: int
    change: str
    median: float
    p90: float
    rejected: float
    told: float
    by: str


def false_alarms(
    name: str, images: int, defects: float, *, promised: float, calibrations: int, parts: int
) -> FalseAlarms:
    """Run good parts, with a share of defective ones, and count what is told."""
    random = np.random.default_rng(images)
    draw = DRAWS.get(name, _dependent)
    spread = float(np.std(draw(random, 20_000)))
    counts = []
    for _ in range(calibrations):
        monitor = DriftMonitor({"s": draw(random, images)}, promise=Promise(promised))
        scores = draw(random, parts)
        scores += (random.random(parts) < defects) * DEFECT * spread
        counts.append(_alarms(monitor, scores))
    mean = calibrations * parts / max(sum(counts), 1)
    worse = float(np.mean(np.array(counts) > parts / promised))
    return FalseAlarms(name, images, defects, promised, mean, worse)


def _alarms(monitor: DriftMonitor, scores: Values) -> int:
    told = 0
    for score in scores.tolist():
        monitor.add("s", score)
        if any(chart.alarm for chart in monitor.charts("s")):
            told += 1
            monitor.acknowledge("s")
    return told


@dataclass(frozen=True)
class Change:
    """What happens to good scores, in their standard deviations, from one part on."""

    name: str
    shift: float = 0.0
    ramp: float = 0.0
    spread: float = 1.0
    defects: float = 0.0

    def apply(self, random: np.random.Generator, good: Values, scale: float) -> Values:
        """Scores after the change; ``ramp`` is the shift after 1,000 parts."""
        moved = self.shift + self.ramp * np.arange(len(good)) / 1000.0
        scores = good.mean() + (good - good.mean()) * self.spread + moved * scale
        return np.asarray(scores + (random.random(len(good)) < self.defects) * DEFECT * scale)


CHANGES = (
    *(Change(f"+{size} sd", shift=size) for size in (0.5, 1.0, 1.5, 2.0, 3.0)),
    *(Change(f"-{size} sd", shift=-size) for size in (1.0, 2.0)),
    Change("+1 sd, 5 % defects", shift=1.0, defects=0.05),
    Change("+1 sd per 1,000 parts", ramp=1.0),
    Change("twice the spread", spread=2.0),
    Change("a tenth of the spread", spread=0.1),
    Change("5 % defects", defects=0.05),
    Change("20 % defects", defects=0.2),
    Change("50 % defects", defects=0.5),
)


def delay(name: str, images: int, change: Change, runs: int, longest: int) -> Delay:
    """Median time to the alarm over calibrations, after 500 parts without change."""
    random = np.random.default_rng(images)
    draw = DRAWS[name]
    many = draw(random, 100_000)
    scale, threshold = float(many.std()), float(np.quantile(many, 0.99))
    delays, rejected, reasons = [], [], []
    for _ in range(runs):
        monitor = DriftMonitor({"s": draw(random, images)})
        for score in draw(random, 500).tolist():
            monitor.add("s", score)
        good = draw(random, longest)
        after = change.apply(random, good, scale)
        took, by = _until_told(monitor, after)
        good_after = Change("", change.shift, change.ramp, change.spread).apply(random, good, scale)
        delays.append(took if by else np.inf)
        rejected.append(int((good_after[:took] > threshold).sum()))
        reasons.append(by)
    told = [reason for reason in reasons if reason]
    by = max(sorted(set(told)), key=told.count) if told else ""
    median, p90 = (float(v) for v in np.quantile(delays, [0.5, 0.9], method="higher"))
    return Delay(
        name, images, change.name, median, p90, float(np.median(rejected)), len(told) / runs, by
    )


def _until_told(monitor: DriftMonitor, scores: Values) -> tuple[int, str]:
    for index, score in enumerate(scores.tolist()):
        monitor.add("s", score)
        for chart in monitor.charts("s"):
            if chart.alarm:
                return index + 1, chart.change.value
    return len(scores), ""


def cost_us(images: int = 100, parts: int = 100_000) -> tuple[float, float]:
    """Microseconds of one score, on average and at the end of a window: p50, p99.9."""
    random = np.random.default_rng(0)
    monitor = DriftMonitor({"s": random.normal(size=images)})
    taken = []
    for score in random.normal(size=parts).tolist():
        start = time.perf_counter_ns()
        monitor.add("s", score)
        taken.append((time.perf_counter_ns() - start) / 1e3)
    p50, p999 = np.quantile(taken, [0.5, 0.999])
    return float(p50), float(p999)


def _plain(row: dict[str, object]) -> dict[str, object]:
    """Infinity is no JSON: what was not told is null."""
    return {key: None if value == np.inf else value for key, value in row.items()}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--promise", type=float, default=2000.0, help="parts between false alarms")
    parser.add_argument("--calibrations", type=int, default=40, help="drawn for each row")
    parser.add_argument("--parts", type=int, default=20_000, help="for each calibration")
    parser.add_argument("--images", type=int, nargs="+", default=[30, 50, 100])
    parser.add_argument("--json", type=Path, help="write the figures here")
    given = parser.parse_args()
    alarms = [
        false_alarms(
            name,
            images,
            defects,
            promised=given.promise,
            calibrations=given.calibrations,
            parts=given.parts,
        )
        for name, shares in {**dict.fromkeys(DRAWS, (0.0, 0.05)), "dependent": (0.0,)}.items()
        for images in given.images
        for defects in shares
    ]
    print("| scores | images | defects | promised | parts between alarms | calibrations short |")
    print("|---|---|---|---|---|---|")
    for row in alarms:
        print(
            f"| {row.scores} | {row.images} | {row.defects:.0%} | {row.promised:,.0f} | "
            f"{row.mean:,.0f} | {row.worse:.0%} |"
        )
    delays = [
        delay(name, images, change, given.calibrations, 5000)
        for name in ("gaussian", "gamma", "bimodal", "heavy")
        for change in CHANGES
        for images in given.images
    ]
    print("\n| scores | change | images | median | 90 % | good rejected meanwhile | told | by |")
    print("|---|---|---|---|---|---|---|---|")
    for late in delays:
        print(
            f"| {late.scores} | {late.change} | {late.images} | {late.median:.0f} | "
            f"{late.p90:.0f} | {late.rejected:.0f} | {late.told:.0%} | {late.by} |"
        )
    p50, p999 = cost_us()
    print(f"\none score: {p50:.1f} us, p99.9 {p999:.1f} us")
    if given.json is not None:
        figures = {
            "false_alarms": [asdict(row) for row in alarms],
            "delays": [_plain(asdict(row)) for row in delays],
            "cost_us": {"p50": p50, "p999": p999},
        }
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
