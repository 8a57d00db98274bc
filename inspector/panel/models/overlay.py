"""Heat map on a scale that the threshold fixes, and outlines: a good part never glows."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import ScoreMap
from inspector.core.judgement import Region

CLEAR_BELOW = 0.6
"""Fraction of the threshold below which the overlay is fully transparent."""
FULL_FROM = 1.6
"""Multiple of the threshold from which it is at its strongest."""


class Strength(StrEnum):
    """How strongly the overlay covers the picture. The scale of its colours never changes."""

    NORMAL = "normal"
    STRONG = "strong"
    OFF = "off"


_OPACITY = {Strength.NORMAL: (0.3, 0.6), Strength.STRONG: (0.55, 0.9)}
"""At the threshold, and at the top."""
_AMBER = np.array([255.0, 176.0, 0.0])
_RED = np.array([255.0, 32.0, 32.0])


def heat(
    scores: ScoreMap, threshold: float, strength: Strength = Strength.NORMAL
) -> NDArray[np.uint8]:
    """Overlay for raw scores float32[h, w]: uint8[h, w, 4], BGRA, alpha premultiplied.

    Transparent below ``CLEAR_BELOW * threshold``, a hint of amber that turns red as it comes to the
    threshold, stronger up to ``FULL_FROM`` times that, so that the top of a defect stands out from
    its foot; never scaled to the picture's own range. What is not a number stays transparent, and
    so does everything without a positive threshold.
    """
    if strength is Strength.OFF or not threshold > 0:
        return np.zeros((*scores.shape, 4), np.uint8)
    ratio = np.nan_to_num(scores / np.float32(threshold), nan=0.0, posinf=2.0, neginf=0.0)
    t = np.clip((ratio - CLEAR_BELOW) / (FULL_FROM - CLEAR_BELOW), 0, 1)
    overlay: NDArray[np.uint8] = _PALETTES[strength][np.rint(t * 255).astype(np.uint8)]
    return overlay


def _palette(at_threshold: float, strongest: float) -> NDArray[np.uint8]:
    ratio = np.linspace(CLEAR_BELOW, FULL_FROM, 256)[:, None]
    near = np.clip((ratio - CLEAR_BELOW) / (1 - CLEAR_BELOW), 0, 1)
    beyond = np.clip((ratio - 1) / (FULL_FROM - 1), 0, 1)
    # Steep below the threshold: only what is about to fail is seen.
    alpha = at_threshold * near**6 + (strongest - at_threshold) * beyond
    rgb = (_AMBER + (_RED - _AMBER) * near) * alpha
    bgra = np.hstack([rgb[:, ::-1], alpha * 255])
    palette: NDArray[np.uint8] = np.rint(bgra).astype(np.uint8)
    return palette


_PALETTES = {strength: _palette(*opacity) for strength, opacity in _OPACITY.items()}


def outline(scores: ScoreMap, threshold: float, regions: Sequence[Region]) -> NDArray[np.float32]:
    """Where the map crosses the threshold within the regions: lines float32[n, 4].

    Each is x, y, x, y in fractions of the field. Marching squares (Lorensen and Cline 1987, in two
    dimensions) with linear interpolation; both diagonals of a saddle are cut off alone.
    """
    if not threshold > 0 or not regions:
        return np.zeros((0, 4), np.float32)
    level: ScoreMap = np.full((scores.shape[0] + 2, scores.shape[1] + 2), -threshold, np.float32)
    finite: ScoreMap = np.nan_to_num(scores, nan=0.0, posinf=2 * threshold)
    level[1:-1, 1:-1] += finite
    height, width = scores.shape
    cells = np.concatenate([_segments(level, part) for part in _CORNERS])
    size: NDArray[np.float32] = np.array([width, height] * 2, np.float32)
    found: NDArray[np.float32] = (cells - np.float32(0.5)) / size
    kept: NDArray[np.float32] = np.clip(found, 0, 1)[_within(found, regions, width, height)]
    return kept


_Point = NDArray[np.float32]

# Corners of a cell as (row, column): a line parts one, two or three neighbours from the others.
_ROUND = ((0, 0), (0, 1), (1, 1), (1, 0))
_CORNERS = tuple((pick, size) for size in (1, 2, 3) for pick in range(4))


def _segments(level: ScoreMap, part: tuple[int, int]) -> NDArray[np.float32]:
    """Lines of all cells of which ``size`` corners from ``pick`` on, going round, are above."""
    first, size = part
    corners = [_corner(level, index) for index in range(4)]
    above = [corner > 0 for corner in corners]
    inside = [(first + step) % 4 for step in range(size)]
    cells = np.ones(above[0].shape, bool)
    for index in range(4):
        cells &= above[index] if index in inside else ~above[index]
    if size == 1:  # and of saddles, whose two corners are cut off one by one
        far = (first + 2) % 4
        cells |= above[first] & above[far] & ~above[(first + 1) % 4] & ~above[(first + 3) % 4]
    rows, columns = np.nonzero(cells)
    ends = [
        _crossing(corners, rows, columns, (inside[0] - 1) % 4, inside[0]),
        _crossing(corners, rows, columns, inside[-1], (inside[-1] + 1) % 4),
    ]
    return np.concatenate(ends, axis=1)


def _corner(level: ScoreMap, index: int) -> ScoreMap:
    row, column = _ROUND[index]
    height, width = level.shape
    return level[row : height - 1 + row, column : width - 1 + column]


def _crossing(
    corners: list[ScoreMap], rows: NDArray[np.intp], columns: NDArray[np.intp], a: int, b: int
) -> _Point:
    """Where the level is reached between two corners: float32[n, 2], x and y."""
    at_a, at_b = corners[a][rows, columns], corners[b][rows, columns]
    share = at_a / (at_a - at_b)
    (row_a, column_a), (row_b, column_b) = _ROUND[a], _ROUND[b]
    x = columns + column_a + share * (column_b - column_a)
    y = rows + row_a + share * (row_b - row_a)
    return np.stack([x, y], axis=1).astype(np.float32)


def _within(
    lines: NDArray[np.float32], regions: Sequence[Region], width: int, height: int
) -> NDArray[np.bool_]:
    """Lines of the regions alone: what was too small to count is not outlined."""
    x, y = lines[:, 0::2].mean(axis=1), lines[:, 1::2].mean(axis=1)
    kept = np.zeros(len(lines), bool)
    for region in regions:
        left, top = region.left - 1.5 / width, region.top - 1.5 / height
        right = region.left + region.width + 1.5 / width
        bottom = region.top + region.height + 1.5 / height
        kept |= (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    return kept
