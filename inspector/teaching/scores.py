"""The final statistic of image files, computed just as the line computes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from calibration.statistic import statistic
from inspector.core.frame import ScoreMap
from inspector.core.ports import Engine
from inspector.teaching.prepared import Preparer


def final_scores(
    engine: Engine,
    preparer: Preparer,
    paths: Sequence[Path],
    min_area_px: float,
    progress: Callable[[float], None] = lambda share: None,
) -> list[tuple[float, ScoreMap]]:
    """Final statistic and raw map float32[h, w] of each file, one image at a time."""
    found = []
    for index, path in enumerate(paths):
        progress(index / len(paths))
        image, field_area_px = preparer.read(path)
        score_map = engine.infer(image[None]).maps[0].copy()
        score = statistic(score_map, field_area_px / score_map.size, min_area_px)
        found.append((score, score_map))
    return found
