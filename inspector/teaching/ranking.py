"""Which of several ways to teach finds most: each taught for a while, on the same pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from calibration.threshold import MINIMUM_IMAGES
from inspector.core.errors import DatasetError
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.preparation import NO_OPTICS, Optics
from inspector.teaching.dataset import Split
from inspector.teaching.sizing import Search, Size
from inspector.teaching.split import Chosen
from inspector.teaching.stages import Progress, Stages
from inspector.teaching.teach import paths_of


@dataclass(frozen=True, slots=True)
class Bench:
    """What is the same for all that are tried; ``budget_ms`` is what one image may take."""

    images: Sequence[Chosen]
    runtime: RuntimeConfig
    budget_ms: float
    data_folder: Path
    optics: Optics = NO_OPTICS


@dataclass(frozen=True, slots=True)
class Ranked:
    """One candidate: of ``painted`` defects so many were found; none where it was too slow."""

    recipe: Recipe
    found: int
    painted: int
    p95_ms: float
    defect_px: float

    @property
    def share(self) -> float:
        """Of the painted defects."""
        return self.found / self.painted if self.painted else 0.0


def rank(recipes: Sequence[Recipe], bench: Bench, progress: Progress) -> list[Ranked]:
    """Best first: by defects found on held-out good pictures, then by time.

    Defects are painted on half of the held-out pictures, the other half makes the threshold.
    Nothing is kept. Raises ``DatasetError`` with too few pictures, and whatever teaching raises.
    """
    if len(paths_of(bench.images, Split.CALIBRATE)) < 2 * MINIMUM_IMAGES:
        raise DatasetError(
            f"{len(bench.images)} good pictures are too few to try methods with",
            remedy=f"Take at least {4 * MINIMUM_IMAGES}",
        )
    tried = [_tried(recipe, bench, progress) for recipe in recipes]
    return sorted(tried, key=lambda one: (-one.share, one.p95_ms))


def _tried(recipe: Recipe, bench: Bench, progress: Progress) -> Ranked:
    side = recipe.preparation.width
    name = f"{recipe.engine.method} {side}"

    def tell(stage: str, share: float) -> None:
        progress(f"{name}: {stage}", share)

    search = Search(
        recipe, bench.images, bench.runtime, bench.budget_ms, bench.data_folder, bench.optics
    )
    measured = search.measured(Size(side, recipe.preparation.height), Stages(tell, _never))
    hits = sum(pod.hits for pod in measured.pods)
    painted = sum(pod.trials for pod in measured.pods)
    return Ranked(recipe, hits, painted, measured.p95_ms, search.defect_px)


def _never() -> bool:
    return False
