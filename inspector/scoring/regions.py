"""Defect regions: the places where a map exceeds its threshold and that count."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calibration.places import DefectSize, labelled
from inspector.core.frame import ScoreMap
from inspector.core.judgement import Region

MAX_REGIONS = 32
"""Regions reported for one view, strongest first; a part beyond repair needs no longer list."""


def defect_regions(
    score_map: ScoreMap, threshold: float, size: DefectSize, scale_mm_per_px: float | None
) -> tuple[Region, ...]:
    """Find the places of ``score_map > threshold`` that count, strongest first.

    Places below the minimum size at the threshold are left out, as the decision leaves them out.
    What is outlined and measured is each place at half height between threshold and peak: an
    engine's map spreads a strong defect by its receptive field, so that its foot says little of its
    size. A place with several such tops gives several regions. With a merging distance a place is
    one region, of all tops of what was merged. Areas count whole cells.
    """
    above = score_map > _single(threshold)
    tops = _tops(score_map, threshold, above)
    places = size.places(above)
    regions = []
    for place in _largest(places.labels, np.where(places.counts, places.cells, 0)):
        cells = tops & place
        parts = [cells] if size.merge_px else _parts(cells)
        regions += [_region(score_map, part, size, scale_mm_per_px) for part in parts]
    regions.sort(key=lambda region: -region.peak)
    return tuple(regions[:MAX_REGIONS])


def _single(threshold: float) -> np.float32:
    """The largest float32 that is not above the threshold: the same cells exceed it."""
    single = np.float32(threshold)
    return np.nextafter(single, np.float32(-np.inf)) if float(single) > threshold else single


def _tops(score_map: ScoreMap, threshold: float, above: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells above half height, each by the peak of its own connected place."""
    labels, cells = labelled(above)
    peaks = np.full(cells.size + 1, threshold)
    np.maximum.at(peaks, labels[above], score_map[above])
    return above & (score_map >= ((threshold + peaks) / 2)[labels])


def _parts(mask: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """The largest connected places of a mask."""
    return _largest(*labelled(mask))


def _largest(labels: NDArray[np.int32], cells: NDArray[np.int64]) -> list[NDArray[np.bool_]]:
    """The largest places that have any cells."""
    order = np.argsort(-cells, kind="stable")[:MAX_REGIONS]
    return [labels == label + 1 for label in order if cells[label]]


def _region(
    score_map: ScoreMap,
    place: NDArray[np.bool_],
    size: DefectSize,
    scale_mm_per_px: float | None,
) -> Region:
    height, width = score_map.shape
    rows, columns = np.flatnonzero(place.any(axis=1)), np.flatnonzero(place.any(axis=0))
    area_px, length_px = float(place.sum() * size.cell_area_px), size.length_of(place)
    return Region(
        left=float(columns[0]) / width,
        top=float(rows[0]) / height,
        width=float(columns[-1] + 1 - columns[0]) / width,
        height=float(rows[-1] + 1 - rows[0]) / height,
        area_px=area_px,
        area_mm2=area_px * scale_mm_per_px**2 if scale_mm_per_px else None,
        peak=float(score_map[place].max()),
        length_px=length_px,
        length_mm=length_px * scale_mm_per_px if scale_mm_per_px else None,
    )
