"""The final statistic: one number for a map, after the minimum defect size is applied."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from calibration.places import DefectSize
from inspector.core.frame import ScoreMap

VERSION = 1
"""Raised whenever the same map would get another number; thresholds belong to it."""

_WIDER = 8
"""Each time by so much more cells are looked at."""


def statistic(score_map: ScoreMap, size: DefectSize) -> float:
    """The highest level at which the map still has a place that counts.

    The largest t for which ``{map >= t}`` has a place of the minimum area or length; a threshold
    below it is exceeded by a defect that is large enough to matter, and by none otherwise.
    ``score_map`` is float32[h, w], finite. Exact: bisection over the map's own values. The map's
    maximum when one cell suffices, its minimum when the whole map does not.
    """
    needed = size.least_cells
    if needed <= 1.0:
        return float(score_map.max())
    values = _reached(score_map, size, math.ceil(needed))
    low, high = 0, values.size - 1
    while low < high:
        middle = (low + high + 1) // 2
        if size.counts_in(score_map >= values[middle]):
            low = middle
        else:
            high = middle - 1
    return float(values[low])


def _reached(score_map: ScoreMap, size: DefectSize, needed: int) -> NDArray[np.float32]:
    """Values of the map, ascending, at the first of which a place counts; the last is the level of
    the ``needed`` highest cells.

    Defects are small, so the answer is looked for among few high values, then among more.
    """
    flat = score_map.ravel()
    last = min(max(needed, 1), flat.size)
    highest = last
    while True:
        highest = min(highest * _WIDER, flat.size)
        values = np.partition(flat, flat.size - highest)[flat.size - highest :]
        if highest == flat.size or size.counts_in(score_map >= values[0]):
            return np.sort(values)[: highest - last + 1]


def top_mean(score_map: ScoreMap, share: float) -> float:
    """The mean of the strangest cells: ``share`` of the map, one at least."""
    count = max(round(share * score_map.size), 1)
    return float(np.partition(score_map, -count, axis=None)[-count:].mean(dtype=np.float64))


def area_beyond(score_map: ScoreMap, level: float, size: DefectSize) -> float:
    """Area of the places above a level that count, camera pixels."""
    places = size.places(score_map > level)
    return float(places.cells[places.counts].sum() * size.cell_area_px)
