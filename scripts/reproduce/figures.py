"""Small figures as PNG files: curves, sheets of pictures, confusion matrices. Needs no display."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import Pixels

Values = NDArray[np.float64]

_COLOURS = ("#1b63a5", "#e66100", "#5d6b7c", "#117733")
_INK, _PAPER = (40, 36, 28), 255
_CELL, _GAP, _LABEL = 48, 4, 130


@dataclass(frozen=True)
class Curve:
    """A named line; a staircase where there is one more x than y."""

    name: str
    x: Sequence[float] | Values
    y: Sequence[float] | Values


def density(name: str, values: Values, edges: Values) -> Curve:
    """A histogram whose area is 1."""
    heights, _ = np.histogram(values, edges, density=True)
    return Curve(name, edges, heights)


def plot(
    path: Path,
    title: str,
    axes: tuple[str, str],
    curves: Sequence[Curve],
) -> None:
    """Draw curves over one pair of axes."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import pyqtgraph  # noqa: PLC0415  # Qt: only where it is drawn

    application = pyqtgraph.mkQApp()
    canvas = pyqtgraph.GraphicsLayoutWidget(show=False, size=(560, 340))
    canvas.setBackground("w")
    item = canvas.addPlot(title=title)
    item.setLabel("bottom", axes[0])
    item.setLabel("left", axes[1])
    for side in ("left", "bottom"):
        item.getAxis(side).enableAutoSIPrefix(False)
        item.getAxis(side).setTextPen("k")
    item.addLegend(offset=(-10, 10), labelTextColor="k")
    for curve, colour in zip(curves, _COLOURS, strict=False):
        stairs = "center" if len(curve.x) > len(curve.y) else None
        pen = pyqtgraph.mkPen(colour, width=2)
        item.plot(
            np.asarray(curve.x), np.asarray(curve.y), name=curve.name, pen=pen, stepMode=stairs
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    if not canvas.grab().save(str(path)):
        raise SystemExit(f"{path}: cannot be written")
    del application


def sheet(path: Path, rows: Sequence[tuple[str, Sequence[Pixels]]]) -> None:
    """Grey pictures uint8[h, w] in rows, each row with its name before it."""
    columns = max(len(pictures) for _, pictures in rows)
    step = _CELL + _GAP
    canvas = np.full((len(rows) * step + _GAP, _LABEL + columns * step, 3), _PAPER, np.uint8)
    for row, (name, pictures) in enumerate(rows):
        top = _GAP + row * step
        _write(canvas, name, (4, top + _CELL // 2 + 5))
        for column, picture in enumerate(pictures):
            left = _LABEL + column * step
            size = (_CELL, _CELL)
            shown = cv2.resize(picture, size, interpolation=cv2.INTER_NEAREST)
            canvas[top : top + _CELL, left : left + _CELL] = shown[..., None]
    _save(path, canvas)


def confusion(path: Path, title: str, matrix: NDArray[np.int64]) -> None:
    """Counts int[2, 2] of good and anomalous (rows) that were passed and rejected (columns)."""
    canvas = np.full((190, 360, 3), _PAPER, np.uint8)
    _write(canvas, title, (10, 22))
    for column, name in enumerate(("passed", "rejected")):
        _write(canvas, name, (140 + 100 * column, 52))
    for row, name in enumerate(("good", "anomalous")):
        _write(canvas, name, (10, 98 + 60 * row))
        for column in range(2):
            count = int(matrix[row, column])
            shade = round(255 - 150 * count / max(1, int(matrix[row].sum())))
            left, top = 130 + 100 * column, 62 + 60 * row
            cv2.rectangle(canvas, (left, top), (left + 95, top + 55), (255, shade, shade - 20), -1)
            _write(canvas, str(count), (left + 30, top + 34))
    _save(path, canvas)


def _write(canvas: Pixels, text: str, place: tuple[int, int]) -> None:
    cv2.putText(canvas, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45, _INK, 1, cv2.LINE_AA)


def _save(path: Path, canvas: Pixels) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), canvas):
        raise SystemExit(f"{path}: cannot be written")
