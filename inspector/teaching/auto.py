"""``inspector teach --engine auto``: which engine suits a product, tried within a time.

Candidates are ranked by what they find on good pictures that were held out, as painted defects or
as labelled ones (`inspector.teaching.ranking`). Test images are never looked at: what they measure
would no longer be unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.core.errors import ConfigError
from inspector.core.gate_config import GateConfig
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.preparation import NO_OPTICS, Optics
from inspector.teaching.dataset import DatasetStore
from inspector.teaching.new_recipe import with_method
from inspector.teaching.ranking import REAL_ENOUGH, Bench, Budget, Ranked, Ranking, rank
from inspector.teaching.sizing import budget_of
from inspector.teaching.split import Chosen
from inspector.teaching.stages import Progress
from inspector.teaching.teach import chosen_images, shown_defects

CLASSIFIER = "classifier"
CANDIDATES = (
    *("patchcore", "padim", "deep_rx", "svdd", CLASSIFIER),
    *("autoencoder", "vae", "student", "flow"),
)
"""What is tried, cheapest first. The classifier only where there are labelled defects; engines that
judge an image as a whole, and those that suit few products, are asked for by name."""
BUDGET_S = 20 * 60.0


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine to teach, and what led to it; ``defects`` labelled ones there were."""

    picked: Ranked
    ranking: Ranking
    defects: int
    budget_ms: float

    @property
    def classifier(self) -> Ranked | None:
        """It, where it was tried."""
        return next((one for one in self.ranking.tried if one.supervised), None)

    @property
    def rival(self) -> Ranked | None:
        """Of the engines that know good parts alone, the one that tells labelled defects best."""
        return rival_of(self.ranking.tried)


def choose_engine(
    source: str,
    recipe: Recipe,
    data_folder: Path,
    *,
    good: int | None = None,
    budget_s: float = BUDGET_S,
    candidates: Sequence[str] | None = None,
    runtime: RuntimeConfig = RuntimeConfig(),  # noqa: B008  # frozen
    gate: GateConfig = GateConfig(),  # noqa: B008  # frozen
    optics: Optics = NO_OPTICS,
    progress: Progress = lambda stage, share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Choice:
    """Try the candidates on a source that `teach` takes; see `inspector.teaching.ranking.rank`.

    Where the recipe has one of the engines its own settings are tried. Nothing is kept but what
    the data folder's cache holds. Raises as `rank` does.
    """
    store = DatasetStore(data_folder / "datasets" / recipe.product)
    images = chosen_images(source, store, recipe.engine.seed, good)
    defects = shown_defects(source, store)
    recipes, refused = _recipes(recipe, candidates or CANDIDATES, defects)
    budget_ms = budget_of(recipe, gate)
    bench = Bench(images, runtime, budget_ms, data_folder, optics, defects)
    found = rank(recipes, bench, progress, budget=Budget(budget_s), cancelled=cancelled)
    ranking = Ranking(found.tried, refused | found.left_out)
    return Choice(pick(found.tried, budget_ms), ranking, len(defects), budget_ms)


def pick(tried: Sequence[Ranked], budget_ms: float) -> Ranked:
    """The first of those ranked, or the classifier where labelled defects are plentiful for it.

    That is where the lower end of its area's interval, by images that were left out, is above the
    area of the best engine that knows good parts alone, on the same defects.
    """
    rival = rival_of(tried)
    for one in tried:
        if not one.supervised or one.area is None or one.p95_ms > budget_ms:
            continue
        if rival is None or rival.area is None or one.area.interval[0] > rival.area.value:
            return one
    return tried[0]


def rival_of(tried: Sequence[Ranked]) -> Ranked | None:
    """Of the engines that know good parts alone, the one with the largest area."""
    known = [(one.area.value, one) for one in tried if one.area and not one.supervised]
    return max(known, key=lambda pair: pair[0])[1] if known else None


def _recipes(
    recipe: Recipe, candidates: Sequence[str], defects: Sequence[Chosen]
) -> tuple[list[Recipe], dict[str, str]]:
    """The recipe with each engine; and why others are left out."""
    found, refused = [], {}
    for method in candidates:
        if method == CLASSIFIER and len(defects) < REAL_ENOUGH:
            continue
        try:
            found.append(with_method(recipe, method))
        except ConfigError as error:
            refused[method] = str(error)
    return found, refused
