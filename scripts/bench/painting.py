"""What the figures of the benches share: a canvas for dense displays, ink, and one ramp of blue.

One hue from light to dark, so that a figure reads the same without colour vision and in grey print.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter

SCALE = 2
"""Device pixels per unit of a figure."""
RAMP = ("#f4f8fc", "#cfe1f2", "#93c3df", "#4b97c9", "#1b63a5", "#08306b")
INK, QUIET, PAPER, MARK = (QColor(c) for c in ("#1c2430", "#5d6b7c", "#ffffff", "#e66100"))
_LEFT = Qt.AlignmentFlag.AlignLeft


@contextmanager
def canvas(width: float, height: float) -> Iterator[tuple[QImage, QPainter]]:
    """White paper of a size in units; needs no display."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    image = QImage(round(width * SCALE), round(height * SCALE), QImage.Format.Format_RGB32)
    image.fill(PAPER)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCALE, SCALE)
    yield image, painter
    painter.end()
    del application  # alive until here: without it there are no fonts


def saved(image: QImage, path: Path) -> None:
    """Write a PNG. Raises ``SystemExit`` where that cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(path)):
        raise SystemExit(f"{path}: cannot be written")


def colour_of(share: float) -> QColor:
    """Of the ramp, 0 light to 1 dark."""
    place = share * (len(RAMP) - 1)
    low = min(int(place), len(RAMP) - 2)
    ends = (QColor(RAMP[low]).getRgb(), QColor(RAMP[low + 1]).getRgb())
    mixed = (round(a + (b - a) * (place - low)) for a, b in zip(*ends, strict=True))
    return QColor(*mixed)


def write(
    painter: QPainter,
    place: QRectF,
    text: str,
    *,
    size: float = 11,
    bold: bool = False,
    colour: QColor = INK,
    align: Qt.AlignmentFlag = _LEFT,
) -> None:
    """One line of text, in the middle of its place's height."""
    font = QFont(["Noto Sans", "DejaVu Sans", "Segoe UI"])
    font.setPixelSize(round(size))
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(place, align | Qt.AlignmentFlag.AlignVCenter, text)
