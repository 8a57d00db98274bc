"""The final statistic of image files, computed just as the line computes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from calibration.statistic import statistic
from calibration.threshold import Calibration, calibrate
from engines.bundle import Bundle
from inspector.core.frame import ScoreMap
from inspector.core.ports import Engine
from inspector.core.recipe import Recipe
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


def threshold_of(
    engine: Engine,
    bundle: Bundle,
    recipe: Recipe,
    paths: Sequence[Path],
    progress: Callable[[float], None] = lambda share: None,
) -> Calibration:
    """Threshold an engine's own final statistic on the files of held-out good images."""
    preparer = Preparer(recipe.preparation)
    scores = final_scores(engine, preparer, paths, recipe.min_area_px, progress)
    return calibrate(
        np.array([score for score, _ in scores]),
        recipe.decision.false_reject_rate,
        info=engine.info,
        preparation_hash=bundle.preparation_hash,
        min_area_px=recipe.min_area_px,
    )
