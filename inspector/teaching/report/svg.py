"""A small chart as SVG text. Presentation attributes only, so that every viewer draws it alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

INK, QUIET, GRID, PAPER = "#1f2933", "#66717d", "#e4e8ec", "#ffffff"
GOOD, BAD, MODEL = "#2f6f9f", "#c1502e", "#8a5a9e"
"""Apart in hue and in lightness: they differ without colour vision and in grey print."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 20, 30, 46
FONT = 'font-family="system-ui, Segoe UI, Noto Sans, DejaVu Sans, sans-serif"'

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """A range of values, linear or logarithmic, with its title; ``percent`` shows shares."""

    title: str
    low: float
    high: float
    log: bool = False
    percent: bool = False

    def place(self, value: float) -> float:
        """Where a value lies, 0 to 1; beyond the ends at the ends."""
        low, high = self.low, self.high
        if self.log:
            value, low, high = (math.log10(max(v, 1e-300)) for v in (value, low, high))
        return min(max((value - low) / (high - low), 0.0), 1.0)

    def ticks(self) -> list[float]:
        """Round values in the range."""
        if self.log:
            first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
            steps = (1.0, 2.0, 5.0) if last - first <= 2 else (1.0,)
            every = [step * 10.0**power for power in range(first, last + 1) for step in steps]
            return [v for v in every if self.low * 0.999 <= v <= self.high * 1.001]
        rough = (self.high - self.low) / 7.0
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(size * factor for factor in (1.0, 2.0, 5.0, 10.0) if size * factor >= rough)
        first = math.ceil(self.low / step - 1e-9)
        return [k * step for k in range(first, math.floor(self.high / step + 1e-9) + 1)]

    def words(self, value: float) -> str:
        """A tick's label."""
        return f"{100 * value:.4g} %" if self.percent else f"{round(value, 10):,.6g}"


class Plot:
    """One chart; what is drawn later lies on top."""

    def __init__(self, x: Axis, y: Axis, *, width: int = 680, height: int = 260) -> None:
        self._x, self._y = x, y
        self._width, self._height = width, height
        self._parts: list[str] = []
        self._grid()

    def bars(self, edges: Sequence[float], heights: Sequence[float], colour: str) -> None:
        """A histogram from 0 up, or down where heights are negative."""
        zero = self._down(0.0)
        for left, right, height in zip(edges[:-1], edges[1:], heights, strict=True):
            if not height:
                continue
            x, end, y = self._across(left), self._across(right), self._down(height)
            self._add(
                f'<rect x="{x + 0.5:.1f}" y="{min(y, zero):.1f}" '
                f'width="{max(end - x - 1.0, 0.8):.1f}" height="{max(abs(zero - y), 1.0):.1f}" '
                f'fill="{colour}"/>'
            )

    def line(self, points: Sequence[Point], colour: str, *, dashed: bool = False) -> None:
        """Straight from point to point."""
        places = " ".join(f"{self._across(x):.1f},{self._down(y):.1f}" for x, y in points)
        dash = ' stroke-dasharray="6 4"' if dashed else ""
        self._add(
            f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
        )

    def dots(self, points: Sequence[Point], colour: str, *, radius: float = 2.5) -> None:
        """A dot for each point, ringed with paper where it is large."""
        ring = f' stroke="{PAPER}" stroke-width="1.5"' if radius > 4 else ""
        for x, y in points:
            self._add(
                f'<circle cx="{self._across(x):.1f}" cy="{self._down(y):.1f}" r="{radius}" '
                f'fill="{colour}"{ring}/>'
            )

    def vertical(self, x: float, label: str, *, colour: str = INK) -> None:
        """A line from top to bottom, labelled at its top on the side that has room."""
        place = self._across(x)
        self._rule((place, _TOP), (place, self._height - _BOTTOM), colour)
        right = place > self._width * 0.6
        self._text(place + (-6 if right else 6), _TOP + 11, label, colour, end=right)

    def horizontal(self, y: float, label: str, *, colour: str = INK, left: bool = True) -> None:
        """A line from left to right, labelled above it."""
        place = self._down(y)
        self._rule((_LEFT, place), (self._width - _RIGHT, place), colour)
        x = _LEFT + 6 if left else self._width - _RIGHT - 6
        self._text(x, place - 5, label, colour, end=not left)

    def shade_below(self, y: float) -> None:
        """Grey out what lies below a level."""
        top, bottom = self._down(y), float(self._height - _BOTTOM)
        self._add(
            f'<rect x="{_LEFT}" y="{top:.1f}" width="{self._width - _LEFT - _RIGHT}" '
            f'height="{max(bottom - top, 0.0):.1f}" fill="{GRID}" fill-opacity="0.6"/>'
        )

    def label(
        self, point: Point, text: str, colour: str = INK, *, dx: float = 9, dy: float = 4
    ) -> None:
        """Words beside a point; to its left with a negative ``dx``, or where they find no room."""
        if dx > 0 and self._across(point[0]) + dx + 7 * len(text) > self._width - _RIGHT:
            dx = -dx
        x, y = self._across(point[0]) + dx, self._down(point[1]) + dy
        self._text(x, y, text, colour, end=dx < 0)

    def svg(self, title: str) -> str:
        """The chart, with a title for those who do not see it."""
        size = f'viewBox="0 0 {self._width} {self._height}" width="{self._width}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} height="{self._height}" role="img" '
            f'{FONT} font-size="12"><title>{escape(title)}</title>{"".join(self._parts)}</svg>'
        )

    def _grid(self) -> None:
        bottom, right = self._height - _BOTTOM, self._width - _RIGHT
        for value in self._y.ticks():
            y = self._down(value)
            self._rule((_LEFT, y), (right, y), GRID, dash="")
            self._text(_LEFT - 8, y + 4, self._y.words(abs(value)), QUIET, end=True)
        for value in self._x.ticks():
            x = self._across(value)
            self._rule((x, bottom), (x, bottom + 5), QUIET, dash="")
            self._text(x, bottom + 18, self._x.words(value), QUIET, middle=True)
        self._rule((_LEFT, bottom), (right, bottom), QUIET, dash="")
        centre = (_LEFT + right) / 2
        self._text(centre, self._height - 8, self._x.title, QUIET, middle=True)
        self._text(4, 13, self._y.title, QUIET)

    def _rule(self, start: Point, end: Point, colour: str, dash: str = "4 3") -> None:
        (x1, y1), (x2, y2) = start, end
        pattern = f' stroke-dasharray="{dash}"' if dash else ""
        self._add(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="1"{pattern}/>'
        )

    def _text(
        self, x: float, y: float, text: str, colour: str, *, end: bool = False, middle: bool = False
    ) -> None:
        anchor = "end" if end else "middle" if middle else "start"
        self._add(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">'
            f"{escape(text)}</text>"
        )

    def _add(self, part: str) -> None:
        self._parts.append(part)

    def _across(self, x: float) -> float:
        return _LEFT + self._x.place(x) * (self._width - _LEFT - _RIGHT)

    def _down(self, y: float) -> float:
        return self._height - _BOTTOM - self._y.place(y) * (self._height - _BOTTOM - _TOP)
