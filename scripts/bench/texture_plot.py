"""Draws what the texture bench found: local against global methods, and scales against one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from inspector.sim.defects import Flaw, Kind
from inspector.sim.textures import Texture, TexturedScene
from scripts.bench.painting import INK, MARK, PAPER, QUIET, canvas, colour_of, saved, write
from scripts.bench.texture_methods import SCALES
from scripts.bench.textures import RATE, Merit, Plan

_CENTRE, _RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
_MARGIN, _NAMES, _CELL_WIDTH, _CELL_HEIGHT, _HEAD = 20.0, 270.0, 92.0, 24.0, 66.0
_PLOT_WIDTH, _PLOT_HEIGHT, _AXIS = 250.0, 170.0, 40.0
_LINES = {
    SCALES[0]: QPen(QColor("#93c3df"), 2.0),
    SCALES[1]: QPen(QColor("#4b97c9"), 2.0),
    SCALES[2]: QPen(QColor("#08306b"), 2.0),
    "joined": QPen(MARK, 1.5, Qt.PenStyle.DashLine),
    "counted": QPen(MARK, 4.0),
}
_WORDS = ("whole image", "half its size", "a quarter", "largest of all", "each counted, largest")


def draw(folder: Path, rows: Sequence[Merit], plan: Plan) -> list[Path]:
    """Write both figures; the paths."""
    local, scales = folder / "local-global.png", folder / "scales.png"
    draw_methods(local, [row for row in rows if row.column == SCALES[0]], plan)
    draw_scales(scales, rows)
    return [local, scales]


def draw_methods(path: Path, rows: Sequence[Merit], plan: Plan) -> None:
    """Methods by textures: the share of defects found, under a piece of each texture."""
    textures = list(dict.fromkeys(row.texture for row in rows))
    reaches = ("local", "global")
    names = {
        reach: list(dict.fromkeys(row.method for row in rows if row.reach == reach))
        for reach in reaches
    }
    found = {(row.method, row.texture): row.found for row in rows}
    lines = sum(len(own) for own in names.values())
    top = _HEAD + _CELL_WIDTH + 24
    width = 2 * _MARGIN + _NAMES + (len(textures) + 1) * _CELL_WIDTH
    height = top + lines * _CELL_HEIGHT + len(reaches) * 30 + 20
    with canvas(width, height) as (image, painter):
        title = "Changing lamp: local and global methods"
        write(painter, QRectF(_MARGIN, 14, width, 24), title, size=17, bold=True)
        words = (
            f"% of painted defects found (3 to 60 px, five kinds, three contrasts), one scale, at "
            f"{100 * RATE:g} % false rejects"
        )
        write(painter, QRectF(_MARGIN, 38, width, 18), words, colour=QUIET)
        for column, texture in enumerate(textures):
            left = _MARGIN + _NAMES + column * _CELL_WIDTH
            painter.drawImage(
                QRectF(left + 2, _HEAD, _CELL_WIDTH - 4, _CELL_WIDTH - 4), _piece(texture, plan)
            )
            place = QRectF(left, _HEAD + _CELL_WIDTH - 2, _CELL_WIDTH, 20)
            write(painter, place, texture, size=12, bold=True, align=_CENTRE)
        mean = QRectF(width - _MARGIN - _CELL_WIDTH, _HEAD + _CELL_WIDTH - 2, _CELL_WIDTH, 20)
        write(painter, mean, "mean", size=12, bold=True, align=_CENTRE)
        for reach in reaches:
            write(painter, QRectF(_MARGIN, top, _NAMES, 28), reach.capitalize(), size=13, bold=True)
            top += 30
            for name in names[reach]:
                place = QRectF(_MARGIN, top, _NAMES - 10, _CELL_HEIGHT)
                write(painter, place, name, size=12, align=_RIGHT)
                own = [found.get((name, texture)) for texture in textures]
                known = [share for share in own if share is not None]
                for column, share in enumerate([*own, float(np.mean(known))]):
                    left = _MARGIN + _NAMES + column * _CELL_WIDTH
                    _draw_share(painter, QRectF(left, top, _CELL_WIDTH, _CELL_HEIGHT), share)
                top += _CELL_HEIGHT
    saved(image, path)


def _draw_share(painter: QPainter, cell: QRectF, share: float | None) -> None:
    if share is None:
        return
    painter.fillRect(cell.adjusted(1, 1, -1, -1), colour_of(share))
    ink = PAPER if share > 0.55 else INK
    write(painter, cell, f"{100 * share:.0f}", size=12, colour=ink, align=_CENTRE)


def _piece(texture: str, plan: Plan) -> QImage:
    """A piece with a spot, as the bench has them, uncompressed."""
    scene = TexturedScene(Texture(texture), plan.side, plan.seed, plan.lamp)
    levels = scene.render(1, Flaw(Kind.SPOT, 20, 0.5)).levels
    bright = np.clip(levels.astype(float) * 1.5, 0, 255).astype(np.uint8)
    height, width = bright.shape
    return QImage(bright.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()


def draw_scales(path: Path, rows: Sequence[Merit]) -> None:
    """For each method: the share found by size of the defect, at each scale and at all together."""
    names = list(dict.fromkeys(row.method for row in rows if row.column == "joined"))
    columns = 3
    down = -(-len(names) // columns)
    across = _PLOT_WIDTH + 30
    width = 2 * _MARGIN + columns * across
    height = _HEAD + 30 + down * (_PLOT_HEIGHT + _AXIS + 26)
    with canvas(width, height) as (image, painter):
        title = "Sizes of defects: one scale, and three together"
        write(painter, QRectF(_MARGIN, 14, width, 24), title, size=17, bold=True)
        words = (
            f"% of painted defects found over all textures, by size (px, logarithmic), at "
            f"{100 * RATE:g} % false rejects; beside each plot the mean over sizes"
        )
        write(painter, QRectF(_MARGIN, 38, width, 18), words, colour=QUIET)
        _draw_key(painter, _HEAD)
        for index, name in enumerate(names):
            row, column = divmod(index, columns)
            corner = QPointF(
                _MARGIN + column * across + 24, _HEAD + 36 + row * (_PLOT_HEIGHT + _AXIS + 26)
            )
            _draw_plot(painter, corner, [one for one in rows if one.method == name])
    saved(image, path)


def _draw_key(painter: QPainter, top: float) -> None:
    left = _MARGIN + 24
    for pen, words in zip(_LINES.values(), _WORDS, strict=True):
        painter.setPen(pen)
        painter.drawLine(QLineF(left, top + 9, left + 26, top + 9))
        write(painter, QRectF(left + 32, top, 200, 18), words)
        left += 58 + 6.5 * len(words)


def _draw_plot(painter: QPainter, corner: QPointF, rows: Sequence[Merit]) -> None:
    left, top = corner.x(), corner.y() + 20
    write(painter, QRectF(left, corner.y(), 220, 18), rows[0].method, size=13, bold=True)
    sizes = list(rows[0].by_size)
    first, span = np.log(sizes[0]), np.log(sizes[-1] / sizes[0])

    def x_of(size: float) -> float:
        return left + float((np.log(size) - first) / span) * (_PLOT_WIDTH - 60)

    def y_of(share: float) -> float:
        return top + (1.0 - share) * _PLOT_HEIGHT

    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        painter.setPen(QPen(QColor("#dde3ea"), 1.0))
        painter.drawLine(QLineF(left, y_of(share), left + _PLOT_WIDTH - 60, y_of(share)))
        label = QRectF(left - 34, y_of(share) - 8, 28, 16)
        write(painter, label, f"{100 * share:.0f}", size=10, colour=QUIET, align=_RIGHT)
    for size in sizes:
        place = QRectF(x_of(size) - 15, top + _PLOT_HEIGHT + 3, 30, 14)
        write(painter, place, f"{size:g}", size=10, colour=QUIET, align=_CENTRE)
    for line, (column, pen) in enumerate(_LINES.items()):
        own = [row for row in rows if row.column == column]
        shares = [float(np.mean([row.by_size[size] for row in own])) for size in sizes]
        painter.setPen(pen)
        points = [
            QPointF(x_of(size), y_of(share)) for size, share in zip(sizes, shares, strict=True)
        ]
        painter.drawPolyline(QPolygonF(points))
        place = QRectF(left + _PLOT_WIDTH - 54, top + 8 + line * 17, 54, 16)
        words = f"{100 * np.mean(shares):.0f} %"
        write(painter, place, words, bold=pen.widthF() > 2.0, colour=pen.color())
