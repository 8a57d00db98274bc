"""Draws what many engines find on one set: a row for each engine, a small POD map for each kind.

Rows are sorted by the share of all defects that is found. Each map has the sizes from left to
right and the contrasts from below upwards, as in `pod_figure`, whose colours it has; figures would
not fit, so the share over all cells of a map stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter

from inspector.teaching.detectability import Pod
from scripts.bench.painting import INK, QUIET, RAMP, canvas, colour_of, saved, write

_MARGIN, _HEAD, _FOOT, _TITLES = 20.0, 66.0, 46.0, 24.0
_NAMES, _CELL_WIDTH, _CELL_HEIGHT, _SHARE, _ROW_GAP, _WORDS = 214.0, 17.0, 10.0, 40.0, 12.0, 46.0

_RIGHT = Qt.AlignmentFlag.AlignRight
_CENTRE = Qt.AlignmentFlag.AlignHCenter

Row = tuple[Sequence[Pod], str]
"""What an engine finds, and a remark that stands below its name."""


def share_of(pods: Sequence[Pod]) -> float:
    """Share of all defects that are found, 0..1."""
    return sum(pod.hits for pod in pods) / max(sum(pod.trials for pod in pods), 1)


def write_sheet(path: Path, rows: Mapping[str, Row], title: str, subtitle: str) -> None:
    """Write a PNG; needs no display."""
    kinds = list(dict.fromkeys(pod.kind for pods, _ in rows.values() for pod in pods))
    every = [pod for pods, _ in rows.values() for pod in pods]
    sizes = {kind: sorted({pod.size_px for pod in every if pod.kind is kind}) for kind in kinds}
    contrasts = sorted({pod.contrast for pod in every}, reverse=True)
    lefts, left = {}, _MARGIN + _NAMES
    for kind in kinds:
        lefts[kind] = left
        left += len(sizes[kind]) * _CELL_WIDTH + _SHARE
    row_height = max(len(contrasts) * _CELL_HEIGHT, _WORDS) + _ROW_GAP
    height = _HEAD + _TITLES + len(rows) * row_height + _FOOT
    with canvas(left + _MARGIN, height) as (image, painter):
        write(painter, QRectF(_MARGIN, 14, left, 24), title, size=17, bold=True)
        write(painter, QRectF(_MARGIN, 38, left, 18), subtitle, colour=QUIET)
        for kind in kinds:
            place = QRectF(lefts[kind], _HEAD, 200, _TITLES)
            write(painter, place, kind.value.capitalize(), size=13, bold=True)
        ordered = sorted(rows.items(), key=lambda row: -share_of(row[1][0]))
        for number, (name, (pods, remark)) in enumerate(ordered):
            top = _HEAD + _TITLES + number * row_height
            _name_row(painter, top, name, remark, share_of(pods))
            for kind in kinds:
                own = [pod for pod in pods if pod.kind is kind]
                _draw_map(painter, QPointF(lefts[kind], top), own, sizes[kind], contrasts)
        foot = height - _FOOT
        for kind in kinds:
            for column, size in enumerate(sizes[kind]):
                tick = QRectF(lefts[kind] + column * _CELL_WIDTH, foot - 8, _CELL_WIDTH, 14)
                write(painter, tick, f"{size:g}", size=9, colour=QUIET, align=_CENTRE)
        _draw_key(painter, foot + 18, contrasts)
    saved(image, path)


def _name_row(painter: QPainter, top: float, name: str, remark: str, share: float) -> None:
    """The method, its options, and how it did: long options have a line of their own."""
    method, _, options = name.partition(" ")
    lines = (options, f"{100 * share:.0f} % found, {remark}")
    write(painter, QRectF(_MARGIN, top, _NAMES, 17), method.rstrip(","), size=12, bold=True)
    for number, line in enumerate(lines):
        place = QRectF(_MARGIN, top + 16 + 15 * number, _NAMES, 15)
        write(painter, place, line, size=10, colour=QUIET)


def _draw_map(
    painter: QPainter,
    corner: QPointF,
    pods: Sequence[Pod],
    sizes: Sequence[float],
    contrasts: Sequence[float],
) -> None:
    for pod in pods:
        x = corner.x() + sizes.index(pod.size_px) * _CELL_WIDTH
        y = corner.y() + contrasts.index(pod.contrast) * _CELL_HEIGHT
        cell = QRectF(x, y, _CELL_WIDTH, _CELL_HEIGHT)
        painter.fillRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), colour_of(pod.share))
    if pods:
        place = QRectF(corner.x() + len(sizes) * _CELL_WIDTH + 4, corner.y(), _SHARE, 18)
        write(painter, place, f"{100 * share_of(pods):.0f}", colour=INK)


def _draw_key(painter: QPainter, top: float, contrasts: Sequence[float]) -> None:
    for step in range(len(RAMP) * 10):
        share = step / (len(RAMP) * 10 - 1)
        painter.fillRect(QRectF(_MARGIN + step * 2, top, 2, 10), colour_of(share))
    end = _MARGIN + len(RAMP) * 20
    write(painter, QRectF(_MARGIN, top + 11, 40, 14), "0", size=10, colour=QUIET)
    ends = QRectF(_MARGIN, top + 11, end - _MARGIN, 14)
    write(painter, ends, "100 % found", size=10, colour=QUIET, align=_RIGHT)
    levels = ", ".join(f"{100 * contrast:g}" for contrast in contrasts)
    words = f"rows of a map, from above: contrast {levels} %; beside a map: % of its defects"
    write(painter, QRectF(end + 20, top - 4, 900, 18), words, colour=QUIET)
