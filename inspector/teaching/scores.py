"""Scores of image files, computed just as the line computes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from calibration.threshold import Calibration, calibrate, refuse_few
from inspector.core.detection import Detection
from inspector.core.errors import EngineError
from inspector.core.frame import ScoreMap
from inspector.core.ports import Engine, PreparedView
from inspector.core.recipe import Recipe
from inspector.scoring.averages import HARDLY
from inspector.scoring.decision import Decision
from inspector.scoring.fusion import Fusion, fusion_of
from inspector.scoring.raw_check import raw_checks, raw_findings
from inspector.teaching.learning import (
    CELLS,
    Fusing,
    Learning,
    learn_averages,
    learn_backgrounds,
    learn_gains,
)
from inspector.teaching.prepared import Preparer, refuse_lost

Tell = Callable[[float], None]


def final_scores(
    engine: Engine,
    preparer: Preparer,
    paths: Sequence[Path],
    decision: Decision,
    progress: Tell = lambda share: None,
) -> list[tuple[float, ScoreMap | None]]:
    """Joint score and first check's map float32[h, w] of each file, one image at a time.

    None where the first check judges the image as a whole.
    """
    found = []
    for view, detection in _looks(engine, preparer, paths, progress):
        results = decision.judge(view, detection)
        first = results[0].map
        found.append((decision.joint(results), None if first is None else first.copy()))
    return found


def threshold_of(
    engine: Engine,
    preparer: Preparer,
    recipe: Recipe,
    paths: Sequence[Path],
    progress: Tell = lambda share: None,
    *,
    taught: Sequence[Path] = (),
) -> Calibration:
    """Threshold a recipe's checks, jointly, on the files of held-out good images.

    Checks that compare with good images learn from ``taught``, which calibrate nothing; without
    any they learn from ``paths``, cross-fitted (`calibration.learned`). Scores keep the files'
    order. Raises ``DatasetError`` for too few files, ``EngineError`` naming one whose score is not
    a number.
    """
    basis = recipe.basis
    refuse_few(len(paths))
    checks = learn_backgrounds(raw_checks(basis), preparer, taught, paths)
    checks = learn_gains(checks, preparer, paths)
    checks = learn_averages(checks, lambda: _engine_maps(engine, preparer, paths), len(paths))
    fusion = fusion_of(basis)
    cells = _cells_of(engine, preparer, paths, checks, fusion)
    levels = [_level(cells[check.name]) if _counts_area(check) else None for check in checks]
    fusing = fusion and Fusing.of(fusion, cells.get("engine", []), len(paths))
    scores = []
    for index, (view, detection) in enumerate(_looks(engine, preparer, paths, progress)):
        refuse_lost(view, paths[index])
        own = [check.of(index).at_level(level) for check, level in zip(checks, levels, strict=True)]
        found = raw_findings(own, view, detection)
        scores.append([one.score for one in found])
        if not np.isfinite(scores[-1]).all():
            raise EngineError(
                f"{paths[index]}: a score is not a number", remedy="Run the self-test"
            )
        if fusing:
            fusing.add(view, found)
    columns = np.array(scores, np.float64).reshape(-1, len(checks))
    learned = [check.learned for check in checks]
    if fusing:
        columns = np.column_stack([columns, fusing.distances()])
        levels, learned = [*levels, None], [*learned, fusing.learned()]
    return calibrate(
        columns,
        recipe.decision.false_reject_rate,
        basis,
        info=engine.info,
        preparation_hash=preparer.hash,
        levels=levels,
        learned=learned,
    )


def _engine_maps(engine: Engine, preparer: Preparer, paths: Sequence[Path]) -> Iterator[ScoreMap]:
    for view, detection in _looks(engine, preparer, paths, lambda share: None):
        yield detection.maps[view.view]


def _looks(
    engine: Engine, preparer: Preparer, paths: Sequence[Path], progress: Tell
) -> Iterator[tuple[PreparedView, Detection]]:
    for index, path in enumerate(paths):
        progress(index / len(paths))
        view = preparer.view(path)
        yield view, engine.infer(view.pixels[None])


def _cells_of(
    engine: Engine,
    preparer: Preparer,
    paths: Sequence[Path],
    checks: Sequence[Learning],
    fusion: Fusion | None,
) -> dict[str, list[ScoreMap]]:
    """Some cells of each good map, by check, of those of which an area is counted."""
    engines = fusion is not None and fusion.counts_area
    kept: dict[str, list[ScoreMap]] = {
        check.name: []
        for check in checks
        if _counts_area(check) or (engines and check.name == "engine")
    }
    if not kept:
        return {}
    random = np.random.default_rng(0)
    for view, detection in _looks(engine, preparer, paths, lambda share: None):
        for check in checks:
            if check.name in kept:
                flat = check.check.map_of(view, detection).ravel()
                some = random.choice(flat, min(CELLS, flat.size), replace=False)
                kept[check.name].append(some)
    return kept


def _level(cells: Sequence[ScoreMap]) -> float:
    return float(np.quantile(np.concatenate(cells), 1.0 - HARDLY))


def _counts_area(check: Learning) -> bool:
    return check.check.spec.statistic == "area"
