"""Defect regions: the connected places where a map exceeds its threshold."""

from __future__ import annotations

import cv2
import numpy as np

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
    """Find the 8-connected regions of ``score_map > threshold``, strongest first.

    Regions below ``min_area_px`` are left out; ``cell_area_px`` is the area of one map cell in
    camera pixels. A region's area counts whole cells.
    """
    above = (score_map > threshold).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(above, connectivity=8)
    height, width = score_map.shape
    regions = []
    for label in range(1, count):
        x, y, box_width, box_height, cells = (int(value) for value in boxes[label])
        area_px = cells * cell_area_px
        if area_px < min_area_px:
            continue
        window = np.s_[y : y + box_height, x : x + box_width]
        peak = float(score_map[window][labels[window] == label].max())
        regions.append(
            Region(
                left=x / width,
                top=y / height,
                width=box_width / width,
                height=box_height / height,
                area_px=area_px,
                area_mm2=area_px * scale_mm_per_px**2 if scale_mm_per_px else None,
                peak=peak,
            )
        )
    regions.sort(key=lambda region: -region.peak)
    return tuple(regions[:MAX_REGIONS])
