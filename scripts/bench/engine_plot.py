"""Bars of the engine bench: median of one image, with a whisker to the 99th percentile."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter, QPen

SCALE = 2
"""Device pixels per unit below: sharp on dense displays."""
_INK, _QUIET, _PAPER, _WHISKER = (
    QColor(colour) for colour in ("#1c2430", "#5d6b7c", "#ffffff", "#e66100")
)
_SHADES = ("#a6cfe6", "#6badd6", "#3a87c0", "#1b5a9c", "#08306b")
_WIDTH, _LEFT, _RIGHT, _BAR, _HEAD = 760.0, 210.0, 70.0, 18.0, 56.0


@dataclass(frozen=True)
class Bar:
    """One engine; milliseconds."""

    group: str
    label: str
    p50: float
    p99: float


def draw(bars: Sequence[Bar], path: Path) -> None:
    """Write the figure; bars of one group stand together, engines keep their shade."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    groups = list(dict.fromkeys(bar.group for bar in bars))
    labels = list(dict.fromkeys(bar.label for bar in bars))
    height = _HEAD + len(groups) * 26 + len(bars) * (_BAR + 4) + 16
    image = QImage(round(_WIDTH * SCALE), round(height * SCALE), QImage.Format.Format_RGB32)
    image.fill(_PAPER)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCALE, SCALE)
    _write(painter, QRectF(20, 12, _WIDTH, 22), "One image in the engine, ms", size=16, bold=True)
    _write(painter, QRectF(20, 32, _WIDTH, 18), "bar: median; line: to the 99th percentile")
    unit = (_WIDTH - _LEFT - _RIGHT) / max(bar.p50 for bar in bars)
    y = _HEAD
    for group in groups:
        _write(painter, QRectF(20, y, _WIDTH, 22), group, bold=True)
        y += 26
        for bar in (bar for bar in bars if bar.group == group):
            shade = QColor(_SHADES[labels.index(bar.label) % len(_SHADES)])
            _draw_bar(painter, bar, y, unit, shade)
            y += _BAR + 4
    painter.end()
    image.save(str(path))
    del application


def _draw_bar(painter: QPainter, bar: Bar, y: float, unit: float, shade: QColor) -> None:
    right = Qt.AlignmentFlag.AlignRight
    _write(painter, QRectF(20, y, _LEFT - 30, _BAR), bar.label, colour=_QUIET, align=right)
    end = _LEFT + bar.p50 * unit
    painter.fillRect(QRectF(_LEFT, y, bar.p50 * unit, _BAR), shade)
    tail = min(_LEFT + bar.p99 * unit, _WIDTH - _RIGHT)
    painter.setPen(QPen(_WHISKER, 1.5))
    painter.drawLine(QLineF(QPointF(end, y + _BAR / 2), QPointF(tail, y + _BAR / 2)))
    _write(painter, QRectF(max(end, tail) + 6, y, _RIGHT, _BAR), f"{bar.p50:.1f}")


def _write(
    painter: QPainter,
    place: QRectF,
    text: str,
    *,
    size: float = 12,
    bold: bool = False,
    colour: QColor = _INK,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    font = QFont("DejaVu Sans")
    font.setPixelSize(round(size))
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(place, align | Qt.AlignmentFlag.AlignVCenter, text)
