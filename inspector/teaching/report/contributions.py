"""What the features of one picture add to its score, as bars."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from inspector.teaching.report.svg import BAD, FONT, INK, PAPER, QUIET

SHOWN = 20
"""Features that have a bar of their own, at most; all others share one."""
_WIDTH, _ROW, _TOP, _NAMES, _VALUES = 760, 20, 36, 280, 130


def contribution_chart(contributions: Mapping[str, float], title: str) -> str:
    """Bars, largest first, of features by name, as SVG text; their sum stands above."""
    ordered = sorted(contributions.items(), key=lambda one: -one[1])
    total = sum(contributions.values())
    rows = ordered[:SHOWN]
    if others := ordered[SHOWN:]:
        rows.append((f"{len(others)} others", sum(value for _, value in others)))
    longest = max((value for _, value in rows), default=0.0) or 1.0
    room = _WIDTH - _NAMES - _VALUES
    parts = [_text(8, 20, f"{title}: {total:.4g} in all", INK)]
    for number, (name, value) in enumerate(rows):
        top = _TOP + number * _ROW
        length = room * max(value, 0.0) / longest
        share = f" ({value / total:.0%})" if total > 0.0 else ""
        colour = QUIET if number >= SHOWN else BAD
        parts += [
            _text(_NAMES - 8, top + 13, name, INK, anchor="end"),
            _bar(top + 2, length, colour),
            _text(_NAMES + length + 6, top + 13, f"{value:.4g}{share}", QUIET),
        ]
    height = _TOP + len(rows) * _ROW + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" {FONT} font-size="12">'
        f'<title>{escape(title)}</title><rect width="{_WIDTH}" height="{height}" fill="{PAPER}"/>'
        f"{''.join(parts)}</svg>"
    )


def _bar(top: float, length: float, colour: str) -> str:
    place = f'x="{_NAMES}" y="{top}" width="{length:.1f}" height="{_ROW - 4}"'
    return f'<rect {place} fill="{colour}"/>'


def _text(x: float, y: float, words: str, colour: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )
