"""Which of several ways to teach finds most: each taught for a while, on the same pictures."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from calibration.metrics import auroc, auroc_interval, rate_interval
from calibration.threshold import MINIMUM_IMAGES
from engines.bundle import TRAINING
from inspector.core.engine_spec import TaughtSpec
from inspector.core.errors import ConfigError, DatasetError, EngineError
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.preparation import NO_OPTICS, Optics
from inspector.scoring.decision import Decision
from inspector.sim.defects import Kind
from inspector.teaching.dataset import Split
from inspector.teaching.detectability import Grid, is_found, trials
from inspector.teaching.scores import final_scores
from inspector.teaching.sizing import TAUGHT, Search, Size, Tried, field_of
from inspector.teaching.split import Chosen
from inspector.teaching.stages import Progress, Stages
from inspector.teaching.teach import paths_of

PAINTED = (Kind.SPOT, Kind.STAIN, Kind.SCRATCH, Kind.PIECE)
"""Stains are clouds of noise; pieces are cut from the part and pasted elsewhere."""
TIMES = (1.0, 2.0, 4.0)
"""Sizes that are painted, in minimum sizes."""
CONTRASTS = (0.12, 0.5)
TRIALS = 6
REAL_ENOUGH = 10
"""Labelled defects from which on they are what is found, and none are painted."""

COSTS = {
    "padim": 1.0,
    "deep_rx": 1.0,
    "patchcore": 1.0,
    "svdd": 5.0,
    "classifier": 6.0,
    "autoencoder": 15.0,
    "vae": 15.0,
    "student": 15.0,
    "flow": 20.0,
}
"""Processor time of teaching, in multiples of PatchCore's, as measured with 100 images of 256 px;
methods that are not named take as long as the longest."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What is the same for all that are tried; ``budget_ms`` is what one image may take.

    ``defects`` are labelled pictures: with enough of them these are found, instead of painted ones.
    """

    images: Sequence[Chosen]
    runtime: RuntimeConfig
    budget_ms: float
    data_folder: Path
    optics: Optics = NO_OPTICS
    defects: Sequence[Chosen] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """Area under the ROC curve, and both ends of what the pictures allow at 95 %."""

    value: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One candidate: which defects it found, the same ones in the same order as all others.

    None are shown to one that was too slow, nor to one that was taught them. ``area`` is of the
    labelled defects against good pictures held out, where there are enough: of a supervised
    engine each is judged by a network that did not see it.
    """

    recipe: Recipe
    hits: tuple[bool, ...]
    p95_ms: float
    defect_px: float
    seconds: float = 0.0
    area: Area | None = None

    @property
    def found(self) -> int:
        """Defects."""
        return sum(self.hits)

    @property
    def shown(self) -> int:
        """Defects."""
        return len(self.hits)

    @property
    def share(self) -> float:
        """Of the defects that were shown."""
        return self.found / self.shown if self.shown else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends of that share, 95 %."""
        return rate_interval(self.found, self.shown) if self.shown else (0.0, 1.0)

    @property
    def supervised(self) -> bool:
        """Whether the labelled defects teach it."""
        return is_supervised(self.recipe)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Best first; and why others were left out, by name."""

    tried: tuple[Ranked, ...]
    left_out: dict[str, str] = field(default_factory=dict)


class _TimeOver(Exception):
    """The time that all candidates have is over."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds for all candidates together, from now on."""

    seconds: float = math.inf
    clock: Callable[[], float] = time.monotonic
    since: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", self.clock())

    @property
    def left(self) -> float:
        """Seconds; below 0 when it is over."""
        return self.seconds - (self.clock() - self.since)


def rank(
    recipes: Sequence[Recipe],
    bench: Bench,
    progress: Progress,
    *,
    budget: Budget | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Ranking:
    """Teach one after the other, and order them by what they find on pictures held out.

    Half of the held-out good pictures make the threshold, defects are painted on the other half;
    with labelled defects all of them make it. One that could not end in what is left of the
    ``budget``, by how long those before it took, is not begun; one that has not ended with it is
    given up. What cannot be taught here, or cannot run, is left out. Nothing is kept.
    Raises ``DatasetError`` with too few pictures, ``ConfigError`` where nothing could be tried,
    ``Cancelled``, and whatever else teaching raises.
    """
    if len(paths_of(bench.images, Split.CALIBRATE)) < 2 * MINIMUM_IMAGES:
        raise DatasetError(
            f"{len(bench.images)} good pictures are too few to try methods with",
            remedy=f"Take at least {4 * MINIMUM_IMAGES}",
        )
    budget = budget or Budget()
    tried: list[Ranked] = []
    left_out: dict[str, str] = {}
    for recipe in recipes:
        needs = expected_seconds(recipe, tried, len(bench.defects))
        if tried and needs > budget.left:
            left_out[name_of(recipe)] = f"would take {needs:.0f} s of {max(budget.left, 0):.0f} s"
            continue
        try:
            tried.append(_Trial(recipe, bench).ranked(progress, cancelled, budget))
        except (ConfigError, EngineError) as error:
            left_out[name_of(recipe)] = str(error)
        except _TimeOver:
            left_out[name_of(recipe)] = "had not ended when the time was over"
    if not tried:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
        raise ConfigError(f"no method could be tried: {reasons}", remedy="Allow more time")
    return Ranking(tuple(in_order(tried)), left_out)


def in_order(tried: Sequence[Ranked]) -> list[Ranked]:
    """Those that find most first, but the quickest of those that may be as good as the best.

    Those that were too slow come next, supervised engines last: they have found nothing.
    """
    ordered = sorted(tried, key=lambda one: (one.supervised, -one.share, one.p95_ms))
    equal = [one for one in ordered if may_equal(one, ordered[0])]
    first = min(equal, key=lambda one: one.p95_ms)
    return [first, *(one for one in ordered if one is not first)]


def may_equal(one: Ranked, best: Ranked) -> bool:
    """Whether chance explains at 95 % what one misses and the best finds.

    Of the defects that one of the two alone found each then finds half (McNemar, Psychometrika 12,
    1947; exact).
    """
    if not one.shown:
        return one is best
    pairs = list(zip(one.hits, best.hits, strict=True))
    apart = sum(mine is not other for mine, other in pairs)
    return not apart or rate_interval(sum(mine < other for mine, other in pairs), apart)[0] <= 0.5


def expected_seconds(recipe: Recipe, tried: Sequence[Ranked], defects: int) -> float:
    """How long a candidate takes, by those before it and what methods cost; 0 for the first."""
    if not tried:
        return 0.0
    unit = median(one.seconds / _cost(one.recipe, defects) for one in tried)
    return unit * _cost(recipe, defects)


def name_of(recipe: Recipe) -> str:
    """A candidate, for people."""
    return f"{recipe.engine.method} {recipe.preparation.width}"


def is_supervised(recipe: Recipe) -> bool:
    """Whether its engine is shown defects."""
    return isinstance(recipe.engine, TaughtSpec) and recipe.engine.supervised


def _cost(recipe: Recipe, defects: int) -> float:
    images = TAUGHT + defects if is_supervised(recipe) else TAUGHT
    pixels = recipe.preparation.width * recipe.preparation.height
    return COSTS.get(recipe.engine.method, max(COSTS.values())) * pixels * images


@dataclass(frozen=True)
class _Trial:
    """One candidate."""

    recipe: Recipe
    bench: Bench

    def ranked(self, progress: Progress, cancelled: Callable[[], bool], budget: Budget) -> Ranked:
        """Teach it and see what it finds. Raises ``_TimeOver``."""

        def tell(stage: str, share: float) -> None:
            if budget.left < 0:
                raise _TimeOver
            progress(f"{name_of(self.recipe)}: {stage}", share)

        bench, spec = self.bench, self.recipe.preparation
        supervised = is_supervised(self.recipe)
        search = Search(
            *(self.recipe, bench.images, bench.runtime, bench.budget_ms, bench.data_folder),
            optics=bench.optics,
            shown=bench.defects if supervised else (),
        )
        since = budget.clock()
        stages = Stages(tell, cancelled)
        size = Size(spec.width, spec.height, getattr(self.recipe.engine, "tile", None))
        labelled = len(bench.defects) >= REAL_ENOUGH
        with search.tried(size, stages, halved=not labelled) as tried:
            hits: tuple[bool, ...] = ()
            area = None
            if supervised:
                area = left_out_area(tried.files[TRAINING])
            elif tried.p95_ms > bench.budget_ms:
                pass
            elif labelled:
                hits, area = self._labelled(tried, stages)
            else:
                hits = self._painted(tried, search.defect_px, stages)
        return Ranked(
            *(self.recipe, hits, tried.p95_ms, search.defect_px),
            seconds=budget.clock() - since,
            area=area,
        )

    def _painted(self, tried: Tried, least_px: float, stages: Stages) -> tuple[bool, ...]:
        largest = min(field_of(tried.fresh[0], tried.preparer.spec)) / 4
        sizes = [least_px * times for times in TIMES if least_px * times <= max(largest, least_px)]
        grid = Grid(dict.fromkeys(PAINTED, sizes), CONTRASTS, TRIALS, seed=self.recipe.engine.seed)
        count = len(PAINTED) * len(sizes) * len(CONTRASTS) * TRIALS
        decision = Decision(tried.calibration)
        hits: list[bool] = []
        for trial in trials(tried.preparer, tried.fresh, grid):
            stages("paint", len(hits) / count)
            hits.append(is_found(tried.engine, trial, decision))
        return tuple(hits)

    def _labelled(self, tried: Tried, stages: Stages) -> tuple[tuple[bool, ...], Area]:
        decision, defects = Decision(tried.calibration), [item.path for item in self.bench.defects]
        judged = final_scores(
            *(tried.engine, tried.preparer, [*tried.held_out, *defects], decision),
            partial(stages, "defects"),
        )
        scores = np.array([score for score, _ in judged])
        labels = np.repeat([False, True], [len(tried.held_out), len(defects)])
        hits = (scores[labels] > tried.calibration.threshold).tolist()
        return tuple(hits), _area(scores, labels)


def left_out_area(training: bytes) -> Area:
    """How a classifier parts images that were left out: of its ``training.json``."""
    content = json.loads(training)
    return _area(np.array(content["left_out"]), np.array(content["labels"]) > 0)


def _area(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> Area:
    value, interval = auroc(scores, labels), auroc_interval(scores, labels)
    assert value is not None
    assert interval is not None
    return Area(value, interval)
