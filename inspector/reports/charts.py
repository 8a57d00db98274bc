"""Pareto chart of reasons and p-chart, as vectors on a sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from inspector.reports.pchart import Limits, PChart
from inspector.reports.sheet import BAD, BLUE, INK, LINE, PALE, QUIET, ROOM, Sheet
from inspector.reports.words import Words

_BAR = 15.0
CHART_HEIGHT = 170.0

Mark = tuple[str, str]
"""Begin and first part of a subgroup, as they are written below it."""


def pareto_height(reasons: int) -> float:
    """Points that the chart of so many reasons takes."""
    return reasons * _BAR + 26.0


def pareto(
    sheet: Sheet, left: float, bottom: float, reasons: Sequence[tuple[str, int]], words: Words
) -> None:
    """Bars from the most frequent reason down, and the share that those so far make up.

    Bars and line share one scale: the right end is all rejects.
    """
    names, width, total = 150.0, ROOM - 150.0 - 140.0, sum(count for _, count in reasons)
    canvas, x0 = sheet.canvas, left + names
    top, sofar = bottom + len(reasons) * _BAR, 0
    for place, head in enumerate((words("count"), words("share"), words("cumulative"))):
        sheet.text_right(x0 + width + 40.0 + 50.0 * place, top + 9.0, head, 7.0, QUIET)
    for quarter in range(5):
        x = x0 + width * quarter / 4.0
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.4)
        canvas.line(x, bottom, x, top)
        sheet.text_centred(x, bottom - 9.0, f"{quarter * 25} %", 6.5, QUIET)
    points = []
    for place, (name, count) in enumerate(reasons):
        y = top - (place + 1) * _BAR
        canvas.setFillColor(BLUE)
        canvas.rect(x0, y + 3.0, width * count / total, _BAR - 6.0, stroke=0, fill=1)
        sheet.text_right(x0 - 6.0, y + 4.8, sheet.letters.cut(name, names - 10.0, 8.0), 8.0)
        sofar += count
        points.append((x0 + width * sofar / total, y + _BAR / 2.0))
        for column, text in enumerate(
            (f"{count:,}", f"{count / total:.1%}", f"{sofar / total:.1%}")
        ):
            sheet.text_right(x0 + width + 40.0 + 50.0 * column, y + 4.8, text, 7.5)
    _line(sheet, points, QUIET)
    canvas.setFillColor(QUIET)
    for x, y in points:
        canvas.circle(x, y, 1.8, stroke=0, fill=1)


def control_chart(
    sheet: Sheet, left: float, bottom: float, chart: PChart, groups: Sequence[Mark]
) -> None:
    """Shares in the order of time between their limits; what lies outside is red and ringed."""
    x0, width = left + 38.0, ROOM - 38.0 - 62.0
    y0, height = bottom + 26.0, CHART_HEIGHT - 42.0
    highest = max(float(chart.share.max()), float(chart.upper.max()), 1e-4)
    step = _step(highest / 4.0)
    full = step * math.ceil(highest * 1.05 / step)
    xs = [x0 + width * (place + 0.5) / len(groups) for place in range(len(groups))]

    def at(share: float) -> float:
        return y0 + height * share / full

    canvas = sheet.canvas
    canvas.setFillColor(PALE)
    half = width / len(groups) / 2.0
    if chart.limits is not Limits.NONE:
        for x, low, high in zip(xs, chart.lower, chart.upper, strict=True):
            canvas.rect(x - half, at(low), 2 * half, at(high) - at(low), stroke=0, fill=1)
    canvas.setLineWidth(0.4)
    decimals = max(0, -math.floor(math.log10(step * 100.0) + 1e-9))
    for number in range(round(full / step) + 1):
        y = at(number * step)
        canvas.setStrokeColor(LINE)
        canvas.line(x0, y, x0 + width, y)
        sheet.text_right(x0 - 5.0, y - 2.3, f"{number * step * 100.0:.{decimals}f} %", 6.5, QUIET)
    _marks(sheet, xs, y0, groups)
    _level(sheet, (x0, x0 + width), at(chart.centre), f"p = {chart.centre:.2%}")
    if chart.limits is not Limits.NONE:
        sheet.text(x0 + width + 5.0, at(chart.upper[-1]) - 2.3, "UCL", 6.5, QUIET)
        sheet.text(x0 + width + 5.0, at(chart.lower[-1]) - 2.3, "LCL", 6.5, QUIET)
    points = [(x, at(share)) for x, share in zip(xs, chart.share, strict=True)]
    _line(sheet, points, BLUE)
    for (x, y), outside in zip(points, chart.outside, strict=True):
        canvas.setFillColor(BAD if outside else BLUE)
        canvas.circle(x, y, 1.9, stroke=0, fill=1)
        if outside:
            canvas.setStrokeColor(BAD)
            canvas.setLineWidth(0.8)
            canvas.circle(x, y, 4.0, stroke=1, fill=0)


def _marks(sheet: Sheet, xs: Sequence[float], y0: float, groups: Sequence[Mark]) -> None:
    """Time and number of the first part of some subgroups."""
    every = -(-len(groups) // 6)
    for x, (begin, first) in list(zip(xs, groups, strict=True))[::every]:
        sheet.text_centred(x, y0 - 10.0, begin, 6.5, QUIET)
        sheet.text_centred(x, y0 - 19.0, first, 6.5, QUIET)


def _level(sheet: Sheet, ends: tuple[float, float], y: float, name: str) -> None:
    canvas = sheet.canvas
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    canvas.setDash(4, 2)
    canvas.line(ends[0], y, ends[1], y)
    canvas.setDash()
    sheet.text(ends[1] + 5.0, y - 2.3, name, 6.5)


def _line(sheet: Sheet, points: Sequence[tuple[float, float]], color: object) -> None:
    sheet.canvas.setStrokeColor(color)
    sheet.canvas.setLineWidth(0.9)
    for (x, y), (to_x, to_y) in pairwise(points):
        sheet.canvas.line(x, y, to_x, to_y)


def _step(least: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return float(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least))
