"""Places of a map: which cells are one defect, how large it is, and whether it counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

_ANGLES = np.arange(16) * (np.pi / 16)
"""Directions that a length is measured along: so the longest is at most 0.5 % too short."""
_COS, _SIN = np.cos(_ANGLES)[:, None], np.sin(_ANGLES)[:, None]
_OCTAGON = 1.0 - math.sqrt(0.5)
"""Share of a regular octagon's width that a diamond contributes; a rectangle gives the rest."""


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a mask: labels int32[h, w] from 1 on, 0 elsewhere; of each its cells int64[n]
    and whether it counts, bool[n]."""

    labels: NDArray[np.int32]
    cells: NDArray[np.int64]
    counts: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DefectSize:
    """What one defect is on a map whose cells have this size. All in camera pixels; 0: not given.

    A place is a set of 8-connected cells, and places with a gap of at most ``merge_px`` are one;
    gaps are measured to within a cell. A place counts from ``min_area_px`` or from
    ``min_length_px`` on: either is enough. Where neither is given every cell counts. Area is that
    of the cells, without gaps; length is the largest Feret diameter, from edge to edge with gaps.

    Both only grow with the mask, so that a lower level never loses a place that counts.
    """

    cell_width_px: float
    cell_height_px: float
    min_area_px: float = 0.0
    min_length_px: float = 0.0
    merge_px: float = 0.0

    @property
    def cell_area_px(self) -> float:
        """Area of one cell."""
        return self.cell_width_px * self.cell_height_px

    @property
    def least_cells(self) -> float:
        """Cells without which no place counts; at most 1 where every cell does."""
        needed = []
        if self.min_area_px:
            needed.append(self.min_area_px / self.cell_area_px)
        if self.min_length_px:
            needed.append(1.0 if self.counts_in(np.ones((1, 1), bool)) else 2.0)
        return min(needed, default=0.0)

    def counts_in(self, mask: Mask) -> bool:
        """Whether any place of a mask bool[h, w] counts."""
        found = self._labelled(mask)
        if self._large(found.cells).any():
            return True
        if not self.min_length_px:
            return False
        # A length lies between the longer side of the place's box and its diagonal.
        if found.sides_px.max(initial=0.0) >= self.min_length_px:
            return True
        unclear = np.hypot(*found.sides_px) >= self.min_length_px
        if not unclear.any():
            return False
        return bool(self._lengths(found, mask, unclear).max() >= self.min_length_px)

    def places(self, mask: Mask) -> Places:
        """All places of a mask bool[h, w]."""
        found = self._labelled(mask)
        counts = self._large(found.cells)
        if self.min_length_px:
            every = np.ones(counts.size, bool)
            counts = counts | (self._lengths(found, mask, every) >= self.min_length_px)
        return Places(found.labels, found.cells, counts)

    def _large(self, cells: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which places count by their area."""
        if not self.min_area_px:
            return np.full(cells.shape, not self.min_length_px)
        return np.asarray(cells >= self.min_area_px / self.cell_area_px)

    def length_of(self, mask: Mask) -> float:
        """Length of all cells of a mask, as one place; 0 without any."""
        rows, columns = np.nonzero(mask)
        if not rows.size:
            return 0.0
        along = self._along(rows, columns)
        return float((along.max(axis=1) - along.min(axis=1) + self._across).max())

    @property
    def _across(self) -> NDArray[np.float64]:
        """Extent of one cell in each direction."""
        across = np.abs(_COS) * self.cell_width_px + np.abs(_SIN) * self.cell_height_px
        return np.asarray(across[:, 0])

    def _along(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float64]:
        """Positions of cells in each direction, float64[directions, n]."""
        along = _COS * (columns * self.cell_width_px) + _SIN * (rows * self.cell_height_px)
        return np.asarray(along)

    def _labelled(self, mask: Mask) -> _Labelled:
        above = mask.view(np.uint8)
        # As far as twice the longer side all of the map is one place.
        farthest = min(self.merge_px, 2 * max(self._field_px(mask)))
        reach = int(farthest / self.cell_width_px), int(farthest / self.cell_height_px)
        if reach == (0, 0):
            _, labels, stats = _components(above)
            cells: NDArray[np.signedinteger[Any]] = stats[1:, cv2.CC_STAT_AREA]
        else:
            height, width = mask.shape
            # The margin lets a place grow beyond the map: its box then tells that of its cells.
            x, y = (reach[0] + 1) // 2, (reach[1] + 1) // 2
            grown = _grown(np.pad(above, ((y, y), (x, x))), reach)
            count, wider, stats = _components(grown)
            labels = np.asarray(np.where(mask, wider[y : y + height, x : x + width], 0), np.int32)
            cells = np.bincount(labels[mask], minlength=count)[1:]
        sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].T - np.array(reach)[:, None]
        scale = np.array([[self.cell_width_px], [self.cell_height_px]])
        return _Labelled(labels, np.asarray(cells, np.int64), sides * scale)

    def _field_px(self, mask: Mask) -> tuple[float, float]:
        return mask.shape[1] * self.cell_width_px, mask.shape[0] * self.cell_height_px

    def _lengths(self, found: _Labelled, mask: Mask, chosen: Mask) -> NDArray[np.float64]:
        """Lengths of the chosen places."""
        # Only ends of rows can be ends of a place.
        inner = np.zeros_like(mask)
        inner[:, 1:-1] = mask[:, :-2] & mask[:, 2:]
        wanted = np.append(False, chosen)[found.labels]
        rows, columns = np.nonzero(mask & ~inner & wanted)
        if not rows.size:
            return np.zeros(0)
        own = found.labels[rows, columns]
        order = np.argsort(own, kind="stable")
        first = np.flatnonzero(np.diff(own[order], prepend=0))
        along = self._along(rows[order], columns[order])
        spans = np.maximum.reduceat(along, first, axis=1) - np.minimum.reduceat(
            along, first, axis=1
        )
        sides = found.sides_px[:, chosen]
        lengths = (spans + self._across[:, None]).max(axis=0)
        return np.asarray(np.clip(lengths, sides.max(axis=0), np.hypot(*sides)))


def labelled(mask: Mask) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Labels int32[h, w] of 8-connected places from 1 on, and the cells int64[n] of each."""
    _, labels, stats = _components(mask.view(np.uint8))
    return labels, stats[1:, cv2.CC_STAT_AREA].astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Labelled:
    """Labels int32[h, w] of places, cells of each, and sides float64[2, n] of its box, px."""

    labels: NDArray[np.int32]
    cells: NDArray[np.int64]
    sides_px: NDArray[np.float64]


def _components(mask: NDArray[np.uint8]) -> tuple[int, NDArray[np.int32], NDArray[np.int32]]:
    """Number of labels, labels and boxes of 8-connected places; the fastest on sparse masks."""
    count, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        mask, 8, cv2.CV_32S, cv2.CCL_BBDT
    )
    return count, np.asarray(labels, np.int32), np.asarray(stats, np.int32)


def _grown(above: NDArray[np.uint8], reach: tuple[int, int]) -> NDArray[np.uint8]:
    """Cells widened to octagons, so that those with a gap of at most ``reach`` cells touch.

    A rectangle and diamonds, for these are fast at any reach. Exact along rows and columns; oblique
    gaps are right to within a cell, or 9 % where they are long (15 % with cells half as wide again
    as high).
    """
    diamonds = round(_OCTAGON * min(reach))
    width, height = (side - 2 * diamonds + 1 for side in reach)
    if diamonds:
        cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
        above = np.asarray(cv2.dilate(above, cross, iterations=diamonds))
    if width > 1 or height > 1:
        above = np.asarray(cv2.dilate(above, np.ones((height, width), np.uint8)))
    return above
