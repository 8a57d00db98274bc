"""Which features of ``mt`` help to tell the labelled defects: told, never applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from calibration.learned import Learned
from calibration.threshold import Calibration
from engines.background.mahalanobis_taguchi import Selection, select
from inspector.core.judgement import CheckResult
from inspector.core.ports import PreparedView
from inspector.scoring.fusion import Fusion, fusion_of

Judge = Callable[[Path], tuple[PreparedView, tuple[CheckResult, ...]]]


def selection_of(
    calibration: Calibration, judge: Judge, good: Sequence[Path], defective: Sequence[Path]
) -> Selection | None:
    """Gains of all features that there are, whichever the recipe names; None where none can be
    told: without ``mt``, without defects. Raises as judging does."""
    fusion = fusion_of(calibration.basis)
    if fusion is None or not defective:
        return None
    known = fusion.knowing(calibration.of(fusion.spec.check).learned)
    every = fusion.spec.model_copy(update={"features": None})
    measuring = Fusion(every, calibration.basis, known.level)

    def features(path: Path) -> tuple[float, ...]:
        view, results = judge(path)
        return measuring.features(view, results)

    return select(
        [features(path) for path in good], [features(path) for path in defective], measuring.names
    )


def words_of_learned(calibration: Calibration) -> list[str]:
    """What checks learned, from how many images, and whether these are enough."""
    words = []
    fusion = fusion_of(calibration.basis)
    for check in calibration.checks:
        if check.learned is None:
            continue
        words.append(f"{check.name} learned from {_source(check.learned)}.")
        space = fusion.knowing(check.learned).space if fusion and check.name == "mt" else None
        if space is not None:
            wants = max(space.wanted_parts - space.parts, 0)
            more = f": {wants} more would do without" if wants else ""
            words[-1] += (
                f" Its unit space is of {space.parts} parts over {len(space.mean)} features, whose "
                f"correlations were drawn {space.shrinkage:.0%} towards none{more}."
            )
    return words


def _source(learned: Learned) -> str:
    if not learned.folds:
        return f"{learned.images} images that were taught"
    return (
        f"the {learned.images} calibration images themselves, each of them judged by what the "
        f"others taught (in {learned.folds} parts)"
    )
