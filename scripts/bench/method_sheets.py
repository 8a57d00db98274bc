"""Draws what every method finds on the same part: equal tiles, one unit, one scale of colours.

Blue grows with the map in units of the method's own threshold, darkest from three times the
threshold on. What is above the threshold is outlined, so that it reads the same in grey print. A
method that judges the part as a whole has a gauge in the same unit.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import (
    QColor,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
)

from inspector.core.frame import ScoreMap
from scripts.bench.method_families import Family, every_engine
from scripts.bench.method_findings import Finding, kept, kept_path, places
from scripts.bench.method_parts import UNSEEN, Grey, Part, Product, part_of
from scripts.bench.painting import INK, MARK, PAPER, QUIET, RAMP, canvas, colour_of, saved, write

TOP = 3.0
"""Of the scale of colours, thresholds."""
_MARGIN, _HEAD, _FOOT, _GAP = 20.0, 66.0, 50.0, 12.0
_TILE, _SMALL = 128.0, 104.0
_CAPTION = 78.0
_SHADES = 40
"""Of a map: more cannot be told apart, and make the file twice as large."""
_COLUMNS, _PAIRS = 6, 4
"""Tiles across a family's sheet, the part and its truth among them; methods across that of all."""
_FAINT, _FIELD = QColor("#c3ccd6"), QColor("#eef2f6")
_RIGHT, _CENTRE = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
_TAUGHT = "100 good pictures of 256 px, recipes of defaults"

_KEY = (
    "Map divided by the method's own threshold, the same colours everywhere. Outlined: above it.",
    "Score in thresholds; more than 1 is a reject.",
)
_MANY = 99
"""Thresholds: how much beyond that nobody needs to know."""
_MISSING = Finding(refused="not taught yet")


@dataclass(frozen=True)
class Subject:
    """A part, and what each engine finds on it."""

    product: Product
    part: Part
    found: Mapping[str, Finding]


def draw(
    folder: Path, families: Sequence[Family], products: Sequence[Product], cache: Path
) -> None:
    """Write a PNG for each family, and ``overview.png`` of what is taught; needs no display."""
    every = every_engine(families)
    subjects = []
    for product in products:
        paths = {engine: kept_path(cache, product, engine) for engine in every}
        found = {name: kept(path) if path.is_file() else _MISSING for name, path in paths.items()}
        subjects.append(Subject(product, part_of(product, product.part), found))
    for family in families:
        _draw_family(folder / f"{family.name}.png", family.title, family.engines, subjects)
    known = [name for name in every if any(one.found[name] is not _MISSING for one in subjects)]
    _draw_overview(folder / "overview.png", known, subjects)


def _draw_family(
    path: Path, title: str, engines: Sequence[str], subjects: Sequence[Subject]
) -> None:
    """A row for each part, or more where a family is large."""
    most = _COLUMNS - 2
    some = [engines[at : at + most] for at in range(0, len(engines), most)]
    width = 2 * _MARGIN + _COLUMNS * (_TILE + _GAP) - _GAP
    down = _TILE + _CAPTION + _GAP
    rows = list(itertools.product(subjects, some))
    with canvas(width, _HEAD + len(rows) * down + _FOOT) as (image, painter):
        _title(painter, width, title, f"The same part through each method: {_TAUGHT}")
        for row, (subject, shown) in enumerate(rows):
            places = [
                QRectF(_MARGIN + column * (_TILE + _GAP), _HEAD + row * down, _TILE, _TILE)
                for column in range(_COLUMNS)
            ]
            _draw_part(painter, places[0], subject)
            _draw_truth(painter, places[1], subject.part)
            write(painter, _line(places[1], 0), "Its defects", bold=True)
            words = ", ".join(subject.part.defects)
            write(painter, _line(places[1], 1), words, size=10, colour=QUIET)
            for place, engine in zip(places[2:], shown, strict=False):
                _draw_finding(painter, place, subject.found[engine])
                _caption(painter, place, engine, subject)
        _scale(painter, width, _HEAD + len(rows) * down + 6)
    saved(image, path)


def _draw_overview(path: Path, engines: Sequence[str], subjects: Sequence[Subject]) -> None:
    """All parts of a method side by side."""
    step = _SMALL + 2
    across = len(subjects) * step + 20
    width = 2 * _MARGIN + _PAIRS * across - 22
    down = _SMALL + 50
    rows = -(-(len(engines) + 2) // _PAIRS)
    with canvas(width, _HEAD + rows * down + _FOOT) as (image, painter):
        _title(painter, width, "The same two parts through every method", f"Each: {_TAUGHT}")
        for index, name in enumerate(("The part", "Its defects", *engines)):
            row, column = divmod(index, _PAIRS)
            left, top = _MARGIN + column * across, _HEAD + row * down
            _name(painter, QRectF(left, top + _SMALL + 3, across - 16, 15), name)
            for number, subject in enumerate(subjects):
                place = QRectF(left + number * step, top, _SMALL, _SMALL)
                if index == 0:
                    painter.drawImage(place, _grey(subject.part.picture))
                elif index == 1:
                    _draw_truth(painter, place, subject.part)
                else:
                    found = subject.found[name]
                    _draw_finding(painter, place, found)
                    write(painter, _line(place, 1), _verdict(found), size=10, colour=_tone(found))
        _scale(painter, width, _HEAD + rows * down + 6)
    saved(image, path)


def _title(painter: QPainter, width: float, title: str, subtitle: str) -> None:
    write(painter, QRectF(_MARGIN, 14, width, 24), title, size=17, bold=True)
    write(painter, QRectF(_MARGIN, 38, width, 18), subtitle, colour=QUIET)


def _draw_part(painter: QPainter, place: QRectF, subject: Subject) -> None:
    painter.drawImage(place, _grey(subject.part.picture))
    name, *remarks = subject.product.title.split(", ")
    write(painter, _line(place, 0), name, bold=True)
    for number, remark in enumerate((*remarks, "(rendered)"), start=1):
        write(painter, _line(place, number), remark, size=10, colour=QUIET)


def _draw_truth(painter: QPainter, place: QRectF, part: Part) -> None:
    painter.fillRect(place, _FIELD)
    every = np.logical_or.reduce(list(part.defects.values()))
    painter.fillPath(_outline(every.astype(np.float32), 0.5, place), INK)


def _draw_finding(painter: QPainter, place: QRectF, found: Finding) -> None:
    if found.refused:
        _refusal(painter, place, reason_of(found.refused))
    elif found.unit is None:
        _gauge(painter, place, found.score)
    else:
        painter.drawImage(place, _heat(found.unit))
        painter.setPen(QPen(MARK, 1.4, join=Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.save()
        painter.setClipRect(place)
        painter.drawPath(_outline(found.unit, 1.0, place))
        painter.restore()


def reason_of(refused: str) -> str:
    """``engine.method: rotation: the reason: figures`` without the figures and the name."""
    clauses = refused.split(": ")
    return next((one for one in clauses if " " in one), refused)


def _refusal(painter: QPainter, place: QRectF, words: str) -> None:
    painter.fillRect(place, _FIELD)
    write(painter, QRectF(), "", size=10)  # the font
    painter.setPen(QUIET)
    flags = Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value
    painter.drawText(place.adjusted(6, 6, -6, -6), flags, words)


def _gauge(painter: QPainter, place: QRectF, score: float) -> None:
    """A bar from 0 to the end of the scale, with a mark at the threshold."""
    painter.fillRect(place, _FIELD)
    bar = QRectF(place.left() + 12, place.center().y() - 7, place.width() - 24, 14)
    painter.fillRect(bar, PAPER)
    share = min(score / TOP, 1.0)
    full = QRectF(bar.left(), bar.top(), bar.width() * share, bar.height())
    painter.fillRect(full, colour_of(share))
    middle = bar.left() + bar.width() / TOP
    painter.setPen(QPen(MARK, 2.0))
    painter.drawLine(QPointF(middle, bar.top() - 5), QPointF(middle, bar.bottom() + 5))
    words = QRectF(place.left(), bar.bottom() + 8, place.width(), 16)
    write(painter, words, "judged as a whole", size=10, colour=QUIET, align=_CENTRE)


def _caption(painter: QPainter, place: QRectF, engine: str, subject: Subject) -> None:
    method, _, options = engine.partition(" ")
    found = subject.found[engine]
    write(painter, _line(place, 0), method, bold=True)
    write(painter, _line(place, 1), options, size=10, colour=QUIET)
    write(painter, _line(place, 2), _verdict(found), colour=_tone(found))
    if found.refused:
        return
    remark = f"{found.good_rejected} of {UNSEEN} good rejected"
    write(painter, _line(place, 3), remark, size=10, colour=QUIET)
    if found.unit is not None:
        _hits(painter, _line(place, 4), found.unit, subject.part)


def _name(painter: QPainter, place: QRectF, engine: str) -> None:
    """An engine in one line, its options small behind it."""
    method, _, options = engine.partition(" ") if engine.islower() else (engine, "", "")
    write(painter, place, method, bold=True)
    behind = place.adjusted(painter.fontMetrics().horizontalAdvance(method) + 5, 0, 8, 0)
    write(painter, behind, options, size=9, colour=QUIET)


def _hits(painter: QPainter, place: QRectF, unit: ScoreMap, part: Part) -> None:
    """The defects by name: those that are outlined dark, those that are not faint."""
    hits, elsewhere = places(unit, part)
    words = [(name, INK if name in hits else _FAINT) for name in part.defects]
    if elsewhere:
        words.append(("+ other", MARK))
    for text, colour in words:
        write(painter, place, text, size=10, colour=colour)
        place = place.adjusted(painter.fontMetrics().horizontalAdvance(text) + 5, 0, 40, 0)


def _verdict(found: Finding) -> str:
    if found.refused:
        return "" if found is _MISSING else "not taught"
    word = "reject" if found.rejects else "pass"
    return f"{word} {found.score:.1f}" if found.score < _MANY else f"{word} > {_MANY}"


def _tone(found: Finding) -> QColor:
    return MARK if found.rejects else QUIET


def _line(place: QRectF, number: int) -> QRectF:
    return QRectF(place.left(), place.bottom() + 3 + 15 * number, place.width() + _GAP, 15)


def _scale(painter: QPainter, width: float, top: float) -> None:
    bar = QRectF(_MARGIN, top, 180, 10)
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    for index, colour in enumerate(RAMP):
        gradient.setColorAt(index / (len(RAMP) - 1), QColor(colour))
    painter.fillRect(bar, gradient)
    painter.setPen(QPen(MARK, 2.0))
    middle = bar.left() + bar.width() / TOP
    painter.drawLine(QPointF(middle, top - 2), QPointF(middle, top + 12))
    ends = QRectF(bar.left(), top + 12, bar.width(), 14)
    write(painter, ends, "0", size=10, colour=QUIET)
    below = QRectF(middle - 40, top + 12, 80, 14)
    write(painter, below, "threshold", size=10, colour=QUIET, align=_CENTRE)
    write(painter, ends, f"{TOP:g} x, and more", size=10, colour=QUIET, align=_RIGHT)
    x = bar.right() + 28
    for number, words in enumerate(_KEY):
        line = QRectF(x, top - 5 + 15 * number, width - x, 15)
        write(painter, line, words, size=10, colour=QUIET)


def _heat(unit: ScoreMap) -> QImage:
    table = np.array([QColor(colour).getRgb()[:3] for colour in RAMP], np.float64)
    place = np.rint(np.clip(unit, 0.0, TOP) / TOP * _SHADES) / _SHADES * (len(RAMP) - 1)
    steps = np.arange(len(RAMP))
    colours = np.stack([np.interp(place, steps, channel) for channel in table.T], axis=-1)
    pixels = np.ascontiguousarray(np.rint(colours), np.uint8)
    height, width = unit.shape
    return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _grey(picture: Grey) -> QImage:
    height, width = picture.shape
    pixels = np.ascontiguousarray(picture)
    return QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()


def _outline(values: ScoreMap, level: float, place: QRectF) -> QPainterPath:
    """Around what is above a level, as a path in a tile; finer than the map's own pixels."""
    fine = cv2.resize(values, None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR)
    padded = np.pad((fine > level).astype(np.uint8), 1)
    contours, _ = cv2.findContours(padded, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    step = place.width() / fine.shape[1]
    path = QPainterPath()
    for contour in contours:
        points = (contour[:, 0, :] - 0.5) * step
        corners = [QPointF(place.left() + x, place.top() + y) for x, y in points.tolist()]
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
    return path
