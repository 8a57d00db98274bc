"""The charts of a calibration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calibration.operating import Alternative
from calibration.tail import Tail
from calibration.threshold import Calibration, images_to_prove
from inspector.teaching.report.svg import BAD, GOOD, INK, MODEL, QUIET, Axis, Plot, Point

Scores = NDArray[np.float64]

_BINS = 44


def score_chart(made: Calibration, good: Scores, defective: Scores) -> str:
    """Histograms of good scores (up) and defective ones (down), shares of each kind."""
    low, high = _range(np.concatenate([good, defective, [made.threshold]]), made, good)
    edges = np.linspace(low, high, _BINS + 1)
    up, down = (_shares(scores, edges) for scores in (good, defective))
    title = "Share of good parts (up)" + (" and of defects (down)" if defective.size else "")
    bottom = -1.25 * max(float(down.max()), 0.05) if defective.size else 0.0
    share = Axis(title, bottom, 1.2 * float(up.max()), percent=True)
    plot = Plot(Axis(_score_words(made), low, high), share, height=290)
    plot.bars(edges.tolist(), up.tolist(), GOOD)
    plot.bars(edges.tolist(), (-down).tolist(), BAD)
    plot.vertical(made.threshold, f"threshold {made.threshold:.4g}")
    beyond = int((defective > high).sum())
    if beyond:
        words = f"{beyond} of {defective.size} defects lie beyond \N{RIGHTWARDS ARROW}"
        plot.label((high, bottom), words, BAD, dx=-4, dy=-8)
    return plot.svg("Histogram of scores with the threshold")


def tail_chart(made: Calibration) -> str:
    """The share of good parts above a score: what was seen, the fitted tail, the promise."""
    scores = np.array(made.scores)
    count, tail = len(scores), Tail.of(scores)
    floor = min(made.promised, 1.0 / (count + 1)) / 6.0
    end = max(made.threshold, float(scores[-1]))
    end += 0.25 * max(end - float(np.median(scores)), 1e-9 * max(1.0, abs(end)))
    start = float(scores[0])
    plot = Plot(
        Axis(_score_words(made), start, end),
        Axis("Share of good parts above the score", floor, 1.0, log=True, percent=True),
        height=300,
    )
    plot.shade_below(1.0 / (count + 1))
    plot.label(
        (start, floor * 1.35), f"beyond what {count} images can show: the model's word", QUIET, dx=8
    )
    seen = [(float(s), (count - i) / (count + 1)) for i, s in enumerate(scores)]
    plot.dots(seen, GOOD)
    plot.line(_fitted(tail, end, floor), MODEL)
    plot.horizontal(made.promised, f"promised {100 * made.promised:.3g} %")
    plot.vertical(made.threshold, f"threshold {made.threshold:.4g}")
    return plot.svg("Share of good parts above a score, seen and fitted")


def bound_chart(made: Calibration) -> str:
    """What numbers of images can prove, and where this calibration stands."""
    needed = images_to_prove(made.promised)
    counts = np.unique(np.geomspace(5, 4 * max(needed, made.images), 160).round())
    best: list[Point] = [(float(n), float(1.0 - 0.05 ** (1.0 / n))) for n in counts]
    low = min(made.promised, best[-1][1]) / 2.0
    plot = Plot(
        Axis("Good images to calibrate with", float(counts[0]), float(counts[-1]), log=True),
        Axis("False-reject rate that is proved, at 95 %", low, 1.0, log=True, percent=True),
        height=280,
    )
    plot.line(best, GOOD)
    plot.horizontal(made.promised, f"promised {100 * made.promised:.3g} %")
    plot.dots([(needed, made.promised)], QUIET, radius=5)
    plot.label((needed, made.promised), f"{needed:,} images, none above", QUIET, dx=-8, dy=18)
    here = (float(made.images), made.bound95)
    plot.dots([here], INK, radius=6)
    plot.label(here, f"now: {made.images} images prove {100 * made.bound95:.2g} %", dx=10, dy=-8)
    return plot.svg("Proved false-reject rate against the number of images")


def roc_chart(points: Sequence[Point], here: Point, others: Sequence[Alternative]) -> str:
    """Defects found against false rejects; the threshold, and what other costs would ask for."""
    plot = Plot(
        Axis("Good parts rejected", 0.0, 1.0, percent=True),
        Axis("Defects found", 0.0, 1.0, percent=True),
        width=420,
        height=360,
    )
    steps: list[Point] = []
    for x, y in points:
        if steps:
            steps.append((x, steps[-1][1]))
        steps.append((x, y))
    plot.line(steps, GOOD)
    marks = [(one.false_rejects.rate, 1.0 - one.escapes.rate) for one in others]
    plot.dots(marks, MODEL, radius=5)
    for one, mark in zip(others, marks, strict=True):
        plot.label(mark, f"{one.cost_ratio:g} : 1", MODEL, dx=4, dy=18)
    plot.dots([here], INK, radius=6)
    plot.label(here, "threshold", dx=10, dy=18)
    return plot.svg("Receiver operating characteristic")


def _score_words(made: Calibration) -> str:
    if len(made.checks) == 1:
        return f"Score of the check '{made.checks[0].name}'"
    return "Joint score of all checks (decades of strangeness)"


def _range(scores: Scores, made: Calibration, good: Scores) -> tuple[float, float]:
    """The good scores' range with the threshold, and as much beyond it; defects may lie outside."""
    low, high = float(scores.min()), float(scores.max())
    body = max(made.threshold, float(good.max()))
    room = body + 2.0 * max(body - low, 1e-9 * max(1.0, abs(body)))
    return low, max(min(high, room), low + 1e-9 * max(1.0, abs(low))) + 0.02 * (body - low)


def _shares(scores: Scores, edges: Scores) -> Scores:
    return np.asarray(np.histogram(scores, edges)[0] / max(scores.size, 1), np.float64)


def _fitted(tail: Tail, end: float, floor: float) -> list[Point]:
    places = np.linspace(tail.start, end, 80)[1:]
    shares = [(float(s), tail.survival(float(s))) for s in places]
    return [point for point in shares if point[1] >= floor]
