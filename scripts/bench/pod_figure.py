"""Draws an engine's POD map: per kind of defect a field of size x contrast.

One hue from light to dark, so that it reads the same without colour vision and in grey print, and
the number stands in every cell. A mark on each row shows the size that is found (a90/95).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen

from inspector.sim.defects import Kind
from inspector.teaching.detectability import Pod, capabilities
from scripts.bench.painting import INK, MARK, PAPER, QUIET, RAMP, canvas, colour_of, saved, write

_MARGIN, _HEAD, _FOOT = 20.0, 64.0, 48.0
_LABELS, _TITLE, _AXIS, _GAP = 46.0, 26.0, 34.0, 26.0
_CELL_WIDTH, _CELL_HEIGHT = 44.0, 28.0
_SIZE_NAMES = {Kind.SCRATCH: "length, px"}


class Figure:
    """One engine's figure, painted as it is built."""

    def __init__(self, pods: Sequence[Pod]) -> None:
        self._pods = {(pod.kind, pod.size_px, pod.contrast): pod for pod in pods}
        self._found = capabilities(pods)
        self._kinds = tuple(dict.fromkeys(pod.kind for pod in pods))
        self._contrasts = sorted({pod.contrast for pod in pods}, reverse=True)
        most = max(len(self._sizes(kind)) for kind in self._kinds)
        self._panel = (
            _LABELS + most * _CELL_WIDTH,
            _TITLE + len(self._contrasts) * _CELL_HEIGHT + _AXIS,
        )

    def draw(self, title: str, subtitle: str) -> QImage:
        """Paint everything."""
        columns = min(2, len(self._kinds))
        rows = math.ceil(len(self._kinds) / columns)
        across, down = self._panel
        width = 2 * _MARGIN + columns * across + (columns - 1) * _GAP
        height = _HEAD + rows * down + (rows - 1) * _GAP / 2 + _FOOT
        with canvas(width, height) as (image, painter):
            write(painter, QRectF(_MARGIN, 14, width, 24), title, size=17, bold=True)
            write(painter, QRectF(_MARGIN, 38, width, 18), subtitle, colour=QUIET)
            for index, kind in enumerate(self._kinds):
                row, column = divmod(index, columns)
                left = _MARGIN + column * (across + _GAP)
                self._draw_panel(painter, kind, left, _HEAD + row * (down + _GAP / 2))
            self._draw_scale(painter, width, height - _FOOT + 14)
        return image

    def _sizes(self, kind: Kind) -> list[float]:
        return sorted({pod.size_px for pod in self._pods.values() if pod.kind is kind})

    def _draw_panel(self, painter: QPainter, kind: Kind, left: float, top: float) -> None:
        sizes = self._sizes(kind)
        x, y = left + _LABELS, top + _TITLE
        write(painter, QRectF(x, top, 200, _TITLE), kind.value.capitalize(), size=13, bold=True)
        for row, contrast in enumerate(self._contrasts):
            cells = QRectF(x, y + row * _CELL_HEIGHT, _CELL_WIDTH, _CELL_HEIGHT)
            label = cells.translated(-_LABELS, 0)
            label.setWidth(_LABELS - 8)
            write(painter, label, f"{100 * contrast:g} %", colour=QUIET, align=_RIGHT)
            for column, size in enumerate(sizes):
                cell = cells.translated(column * _CELL_WIDTH, 0)
                self._draw_cell(painter, cell, self._pods[kind, size, contrast].share)
            self._draw_mark(painter, cells, sizes, self._found[kind, contrast].a90_95)
        bottom = y + len(self._contrasts) * _CELL_HEIGHT
        for column, size in enumerate(sizes):
            tick = QRectF(x + column * _CELL_WIDTH, bottom + 2, _CELL_WIDTH, 16)
            write(painter, tick, f"{size:g}", colour=QUIET, align=_CENTRE)
        name = QRectF(x, bottom + 17, len(sizes) * _CELL_WIDTH, 15)
        write(painter, name, _SIZE_NAMES.get(kind, "diameter, px"), colour=QUIET, align=_CENTRE)

    @staticmethod
    def _draw_cell(painter: QPainter, cell: QRectF, share: float) -> None:
        painter.fillRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), colour_of(share))
        ink = PAPER if share > 0.55 else INK
        write(painter, cell, f"{100 * share:.0f}", colour=ink, align=_CENTRE)

    @staticmethod
    def _draw_mark(
        painter: QPainter, first: QRectF, sizes: Sequence[float], proven: float | None
    ) -> None:
        if proven is None or len(sizes) < 2:
            return
        place = float(np.interp(np.log(proven), np.log(sizes), np.arange(len(sizes))))
        nearest = round(place)
        # Beside the number where the mark would strike it through, on its own side of it.
        if abs(place - nearest) < 0.36:
            place = nearest - 0.5 if place <= nearest else nearest + 0.5
        x = first.left() + (place + 0.5) * _CELL_WIDTH
        _mark(painter, x, first.top() + 2, first.bottom() - 2)

    @staticmethod
    def _draw_scale(painter: QPainter, width: float, top: float) -> None:
        bar = QRectF(_MARGIN + _LABELS, top, 160, 10)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for index in range(len(RAMP)):
            gradient.setColorAt(index / (len(RAMP) - 1), QColor(RAMP[index]))
        painter.fillRect(bar, gradient)
        ends = QRectF(bar.left(), top + 11, bar.width(), 15)
        write(painter, ends, "0", colour=QUIET)
        write(painter, ends, "100 % found", colour=QUIET, align=_RIGHT)
        x = bar.right() + 40
        _mark(painter, x, top - 4, top + 14)
        words = "from here on at least 90 % are found, at 95 % confidence"
        write(painter, QRectF(x + 10, top - 4, width, 18), words, colour=QUIET)


_RIGHT = Qt.AlignmentFlag.AlignRight
_CENTRE = Qt.AlignmentFlag.AlignHCenter


def write_figure(path: Path, pods: Sequence[Pod], title: str, subtitle: str) -> None:
    """Write a PNG; needs no display."""
    saved(Figure(pods).draw(title, subtitle), path)


def _mark(painter: QPainter, x: float, top: float, bottom: float) -> None:
    for colour, width in ((PAPER, 5.0), (MARK, 3.0)):
        painter.setPen(QPen(colour, width, cap=Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))
