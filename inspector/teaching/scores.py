"""Scores of image files, computed just as the line computes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from calibration.threshold import Calibration, calibrate
from inspector.core.detection import Detection
from inspector.core.errors import EngineError
from inspector.core.frame import ScoreMap
from inspector.core.ports import Engine, PreparedView
from inspector.core.recipe import Recipe
from inspector.scoring.decision import Decision
from inspector.scoring.raw_check import RawCheck, raw_checks
from inspector.teaching.prepared import Preparer, refuse_lost

Tell = Callable[[float], None]

HARDLY = 0.001
"""Share of the cells of good parts beyond the level that the statistic ``area`` counts from."""
_CELLS = 2_000
"""Cells of one map that the level is learned from."""


def final_scores(
    engine: Engine,
    preparer: Preparer,
    paths: Sequence[Path],
    decision: Decision,
    progress: Tell = lambda share: None,
) -> list[tuple[float, ScoreMap]]:
    """Joint score and first check's map float32[h, w] of each file, one image at a time."""
    found = []
    for view, detection in _looks(engine, preparer, paths, progress):
        maps = [raw.map_of(view, detection) for raw in decision.raw]
        scores = [
            raw.score_of(score_map, view) for raw, score_map in zip(decision.raw, maps, strict=True)
        ]
        found.append((decision.calibration.joint(scores), maps[0].copy()))
    return found


def threshold_of(
    engine: Engine,
    preparer: Preparer,
    recipe: Recipe,
    paths: Sequence[Path],
    progress: Tell = lambda share: None,
) -> Calibration:
    """Threshold a recipe's checks, jointly, on the files of held-out good images.

    Scores keep the files' order. Raises ``EngineError`` naming a file whose score is not a number.
    """
    checks = raw_checks(recipe.basis)
    if any(check.spec.statistic == "area" for check in checks):
        checks = _with_levels(engine, preparer, paths, checks)
    scores = []
    looks = _looks(engine, preparer, paths, progress)
    for path, (view, detection) in zip(paths, looks, strict=True):
        refuse_lost(view, path)
        scores.append([check.score_of(check.map_of(view, detection), view) for check in checks])
        if not np.isfinite(scores[-1]).all():
            raise EngineError(f"{path}: a score is not a number", remedy="Run the self-test")
    return calibrate(
        np.array(scores, np.float64).reshape(-1, len(checks)),
        recipe.decision.false_reject_rate,
        recipe.basis,
        info=engine.info,
        preparation_hash=preparer.hash,
        levels=[check.level for check in checks],
    )


def _looks(
    engine: Engine, preparer: Preparer, paths: Sequence[Path], progress: Tell
) -> Iterator[tuple[PreparedView, Detection]]:
    for index, path in enumerate(paths):
        progress(index / len(paths))
        view = preparer.view(path)
        yield view, engine.infer(view.pixels[None])


def _with_levels(
    engine: Engine, preparer: Preparer, paths: Sequence[Path], checks: Sequence[RawCheck]
) -> tuple[RawCheck, ...]:
    """Checks that count area know from good maps what to count from."""
    cells: list[list[ScoreMap]] = [[] for _ in checks]
    random = np.random.default_rng(0)
    for view, detection in _looks(engine, preparer, paths, lambda share: None):
        for check, kept in zip(checks, cells, strict=True):
            flat = check.map_of(view, detection).ravel()
            kept.append(random.choice(flat, min(_CELLS, flat.size), replace=False))
    return tuple(
        check.at_level(float(np.quantile(np.concatenate(kept), 1.0 - HARDLY)))
        if check.spec.statistic == "area"
        else check
        for check, kept in zip(checks, cells, strict=True)
    )
