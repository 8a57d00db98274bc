"""The final statistic: one number for a map, after the minimum defect size is applied."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.core.frame import ScoreMap

VERSION = 1
"""Raised whenever the same map would get another number; thresholds belong to it."""


def statistic(score_map: ScoreMap, cell_area_px: float, min_area_px: float) -> float:
    """The highest level at which the map still has a region of the minimum size.

    The largest t for which ``{map >= t}`` has an 8-connected component of at least
    ``min_area_px``; a threshold below it is exceeded by a defect that is large enough to matter,
    and by none otherwise. ``score_map`` is float32[h, w], finite; ``cell_area_px`` the area of one
    cell, both areas in camera pixels. Exact: bisection over the map's own values. The map's
    maximum when one cell suffices, its minimum when the whole map does not.
    """
    needed = min_area_px / cell_area_px
    if needed <= 1.0:
        return float(score_map.max())
    values = np.sort(score_map, axis=None)
    # A region of the needed size reaches at most down to as many cells, so at most this level.
    low, high = 0, max(values.size - int(np.ceil(needed)), 0)
    while low < high:
        middle = (low + high + 1) // 2
        if _largest_region(score_map, values[middle]) >= needed:
            low = middle
        else:
            high = middle - 1
    return float(values[low])


def top_mean(score_map: ScoreMap, share: float) -> float:
    """The mean of the strangest cells: ``share`` of the map, one at least."""
    count = max(round(share * score_map.size), 1)
    return float(np.partition(score_map, -count, axis=None)[-count:].mean(dtype=np.float64))


def area_beyond(
    score_map: ScoreMap, level: float, cell_area_px: float, min_area_px: float
) -> float:
    """Area of the places above a level, camera pixels; places below the minimum size count not."""
    above = (score_map > level).view(np.uint8)
    stats = cv2.connectedComponentsWithStats(above, connectivity=8)[2]
    areas = stats[1:, cv2.CC_STAT_AREA] * cell_area_px
    return float(areas[areas >= min_area_px].sum())


def _largest_region(score_map: ScoreMap, level: np.float32) -> int:
    """Cells of the largest 8-connected component at or above the level; never 0."""
    above = (score_map >= level).view(np.uint8)
    stats = cv2.connectedComponentsWithStats(above, connectivity=8)[2]
    return int(stats[1:, cv2.CC_STAT_AREA].max())
