"""Defect regions: the connected places where a map exceeds its threshold."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import ScoreMap
from inspector.core.judgement import Region

MAX_REGIONS = 32
"""Regions reported for one view, strongest first; a part beyond repair needs no longer list."""


def defect_regions(
    score_map: ScoreMap,
    threshold: float,
    *,
    cell_area_px: float,
    min_area_px: float,
    scale_mm_per_px: float | None,
) -> tuple[Region, ...]:
    """Find the 8-connected places of ``score_map > threshold``, strongest first.

    Places below ``min_area_px`` at the threshold are left out, as the decision leaves them out.
    What is outlined and measured is each place at half height between threshold and peak: an
    engine's map spreads a strong defect by its receptive field, so that its foot says little of its
    size. A place with several such tops gives several regions. ``cell_area_px`` is the area of one
    map cell in camera pixels; areas count whole cells.
    """
    regions = []
    for place, cells in _places(score_map > threshold):
        if cells * cell_area_px < min_area_px:
            continue
        half = (threshold + float(score_map[place].max())) / 2
        for top, top_cells in _places(place & (score_map >= half)):
            area_px = top_cells * cell_area_px
            area_mm2 = area_px * scale_mm_per_px**2 if scale_mm_per_px else None
            regions.append(_region(score_map, top, area_px, area_mm2))
    regions.sort(key=lambda region: -region.peak)
    return tuple(regions[:MAX_REGIONS])


def _places(mask: NDArray[np.bool_]) -> list[tuple[NDArray[np.bool_], int]]:
    """The largest connected places of a mask, with their numbers of cells."""
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    cells = boxes[1:, cv2.CC_STAT_AREA]
    largest = np.argsort(-cells, kind="stable")[:MAX_REGIONS]
    return [(labels == label + 1, int(cells[label])) for label in largest]


def _region(
    score_map: ScoreMap, place: NDArray[np.bool_], area_px: float, area_mm2: float | None
) -> Region:
    height, width = score_map.shape
    rows, columns = np.flatnonzero(place.any(axis=1)), np.flatnonzero(place.any(axis=0))
    return Region(
        left=float(columns[0]) / width,
        top=float(rows[0]) / height,
        width=float(columns[-1] + 1 - columns[0]) / width,
        height=float(rows[-1] + 1 - rows[0]) / height,
        area_px=area_px,
        area_mm2=area_mm2,
        peak=float(score_map[place].max()),
    )
