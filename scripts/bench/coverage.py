"""Do thresholds keep what they promise? False rejects of parts that no threshold has seen.

*Simulated* scores, whose true rate is known: Gaussian, gamma, bimodal and heavy-tailed ones, and
three checks that depend on each other. Every draw is a calibration of its own, so its intervals are
exact. *Real* sets: an engine is taught once, all good images that it was not taught with are scored
once, and many random splits of these into calibration and unseen images follow. Splits share
images, so they depend on each other: intervals count every image once, whatever its splits. A
second row calibrates with neighbours in the order of the file names: what comes of images that were
not drawn at random.

    .venv/bin/python -m scripts.bench.coverage --json coverage.json
    .venv/bin/python -m scripts.bench.coverage demo:solar-mono demo:solar-poly mvtec/bottle
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import gamma, norm, t

from calibration.metrics import rate_interval
from calibration.threshold import Calibration, calibrate
from engines.bundle import open_bundle
from engines.runtimes import load_engine
from inspector.core.check_spec import DecisionBasis
from inspector.core.detection import EngineInfo
from inspector.core.line_config import LineConfig, RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.durable.files import write_atomically
from inspector.station.opening import load_line
from inspector.station.places import find_config
from inspector.teaching.dataset import DatasetStore, Label, Split, digest_of
from inspector.teaching.prepared import Preparer
from inspector.teaching.scores import threshold_of
from inspector.teaching.solar import is_demo, kind_of, solar_pictures
from inspector.teaching.sources import good_pictures, test_pictures
from scripts.bench.detectability import recipe_for

Values = NDArray[np.float64]
Scores = NDArray[np.float64]
"""float64[n, checks]"""

COUNTS, PROMISES = (30, 100, 200), (0.01, 0.05)
GOOD = 133
"""Good images of a folder that are used to teach: 100 teach, the others are left to calibrate."""
LEAST_UNSEEN = 20
DEPENDENCE = 0.6
"""Correlation of the three checks, before each gets its own distribution."""
HEADS = (
    *("scores", "checks", "images", "promise", "threshold from", "draws", "expected"),
    *("achieved (95 %)", "19 of 20 draws below", "above the promise", "within the 95 % bound"),
)


@dataclass(frozen=True)
class Coverage:
    """False rejects against the promise, over many draws of one number of images.

    ``marginal`` is what the calibration says to expect, ``achieved`` the mean with its 95 %
    interval, ``worst`` what 19 of 20 draws stay below. ``above`` is the share of draws above the
    promise, ``bounded`` the one of those that are within their own 95 % bound: None for real sets,
    where the few unseen images scatter about the rate that the bound is for.
    """

    scores: str
    checks: int
    images: int
    unseen: int | None
    promised: float
    extrapolated: bool
    draws: int
    marginal: float
    achieved: float
    low: float
    high: float
    worst: float
    above: float
    bounded: float | None


@dataclass(frozen=True)
class Simulation:
    """Scores whose true rates are known. ``draw`` gives float64[n, checks]."""

    name: str
    draw: Callable[[np.random.Generator, int], Scores]
    exceed: Callable[[Values], float]
    """The share of all good parts of which any score exceeds its threshold float64[checks]."""


def one_check(
    name: str,
    draw: Callable[[np.random.Generator, int], Values],
    survival: Callable[[float], float],
) -> Simulation:
    """A simulation with a known distribution."""
    return Simulation(
        name, lambda random, n: draw(random, n)[:, None], lambda raw: float(survival(raw[0]))
    )


def _bimodal(random: np.random.Generator, count: int) -> Values:
    return random.normal(0.0, 0.5, count) + 3.0 * (random.random(count) < 0.3)


def _dependent(random: np.random.Generator, count: int) -> Scores:
    """Three checks of one part: Gaussian, gamma and heavy-tailed."""
    shared = math.sqrt(DEPENDENCE) * random.normal(0.0, 1.0, (count, 1))
    own = math.sqrt(1.0 - DEPENDENCE) * random.normal(0.0, 1.0, (count, 3))
    levels = ndtr(shared + own)
    columns = (norm.ppf(levels[:, 0]), gamma.ppf(levels[:, 1], 2.0), t.ppf(levels[:, 2], 3))
    return np.stack(columns, axis=1)


def simulations(population: int = 400_000) -> list[Simulation]:
    """All that are run; of dependent checks the truth is counted on a large population."""
    parts = _dependent(np.random.default_rng(1), population)
    return [
        one_check("gaussian", lambda random, n: random.normal(0.0, 1.0, n), norm.sf),
        one_check("gamma", lambda random, n: random.gamma(2.0, 1.0, n), lambda s: gamma.sf(s, 2.0)),
        one_check(
            "bimodal", _bimodal, lambda s: 0.7 * norm.sf(s / 0.5) + 0.3 * norm.sf((s - 3.0) / 0.5)
        ),
        one_check("heavy", lambda random, n: random.standard_t(3, n), lambda s: t.sf(s, 3)),
        Simulation("dependent", _dependent, lambda raw: float((parts > raw).any(axis=1).mean())),
    ]


def simulated(case: Simulation, images: int, promised: float, draws: int) -> Coverage:
    """Calibrate anew in every draw, and ask the truth."""
    random = np.random.default_rng([images, *case.name.encode()])
    rates, made = [], []
    for _ in range(draws):
        made.append(calibrated(case.draw(random, images), promised))
        rates.append(case.exceed(_raw(made[-1])))
    error = 1.96 * float(np.std(rates)) / math.sqrt(draws)
    mean = float(np.mean(rates))
    return _coverage(case.name, made, rates, (max(mean - error, 0.0), mean + error))


def resampled(
    name: str, scores: Scores, images: int, promised: float, orders: Sequence[NDArray[np.intp]]
) -> Coverage:
    """Calibrate with the first ``images`` of each order, count on the others."""
    rates, made = [], []
    for order in orders:
        made.append(calibrated(scores[order[:images]], promised))
        unseen = scores[order[images:]]
        rates.append(float((unseen > _raw(made[-1])).any(axis=1).mean()))
    rejected = round(float(np.mean(rates)) * len(scores))
    interval = rate_interval(rejected, len(scores))
    return _coverage(name, made, rates, interval, len(scores) - images)


def shuffled(count: int, splits: int) -> list[NDArray[np.intp]]:
    """Random orders."""
    random = np.random.default_rng(count)
    return [random.permutation(count) for _ in range(splits)]


def rotated(count: int) -> list[NDArray[np.intp]]:
    """Each neighbour first, once around."""
    return [np.roll(np.arange(count), -start) for start in range(count)]


def calibrated(scores: Scores, promised: float) -> Calibration:
    """The product's own calibration of raw scores."""
    info = EngineInfo("none", "none", "none", "0" * 64, *(1, 1, 1, 1, 1))
    return calibrate(
        scores, promised, _basis(scores.shape[1]), info=info, preparation_hash="0" * 64
    )


def _basis(checks: int) -> DecisionBasis:
    names = ("engine", "local", "rx", "lrb", "crd")[:checks]
    return DecisionBasis.model_validate({"checks": [{"check": name} for name in names]})


def _raw(made: Calibration) -> Values:
    return np.array([check.threshold for check in made.checks])


def _coverage(
    name: str,
    made: Sequence[Calibration],
    rates: Sequence[float],
    interval: tuple[float, float],
    unseen: int | None = None,
) -> Coverage:
    first = made[0]
    within = [rate <= one.bound95 for rate, one in zip(rates, made, strict=True)]
    return Coverage(
        scores=name,
        checks=len(first.checks),
        images=first.images,
        unseen=unseen,
        promised=first.promised,
        extrapolated=first.extrapolated,
        draws=len(made),
        marginal=first.marginal,
        achieved=float(np.mean(rates)),
        low=interval[0],
        high=interval[1],
        worst=float(np.quantile(rates, 0.95)),
        above=float(np.mean(np.array(rates) > first.promised + 1e-12)),
        bounded=float(np.mean(within)) if unseen is None else None,
    )


def scored(source: str, recipe: Recipe, runtime: RuntimeConfig) -> tuple[Scores, int]:
    """Raw scores of the good images that were not taught, and how many were."""
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for teaching only

    with tempfile.TemporaryDirectory() as folder:
        good = None if is_demo(source) else GOOD
        made = teach(source, recipe, Path(folder), good=good, runtime=runtime)
        store = DatasetStore(Path(folder) / "datasets" / recipe.product)
        taught = {path.stem for path in store.good_images(Split.TEACH)}
        images = {digest_of(path): path for path in good_images(source)}
        paths = [path for digest, path in images.items() if digest not in taught]
        with closing(load_engine(open_bundle(made.bundle), runtime)) as engine:
            judged = threshold_of(
                engine,
                Preparer(recipe.preparation),
                recipe,
                paths,
                taught=store.good_images(Split.TEACH),
            )
    return np.array([check.scores for check in judged.checks]).T, len(taught)


def good_images(source: str) -> list[Path]:
    """All good images of a set, whatever they are for."""
    if is_demo(source):
        pictures = solar_pictures(kind_of(source))
    else:
        pictures = [*good_pictures(Path(source)), *test_pictures(Path(source))]
    return [picture.path for picture in pictures if picture.truth is Label.GOOD]


def cells(row: Coverage) -> list[str]:
    """One row of the table, below `HEADS`."""
    images = f"{row.images}" if row.unseen is None else f"{row.images} of {row.images + row.unseen}"
    return [
        *(row.scores, f"{row.checks}", images, f"{row.promised:.0%}"),
        *("tail" if row.extrapolated else "rank", f"{row.draws}", f"{row.marginal:.2%}"),
        f"{row.achieved:.2%} ({row.low:.2%} .. {row.high:.2%})",
        *(f"{row.worst:.1%}", f"{row.above:.0%}"),
        "-" if row.bounded is None else f"{row.bounded:.1%}",
    ]


def rows(
    options: argparse.Namespace, line: tuple[Path, LineConfig], notes: list[str]
) -> Iterator[Coverage]:
    """Every case that there are images for; ``notes`` gets what is left out."""
    if options.draws:
        for case in (case for case in simulations() if case.name in options.simulated):
            for images in options.counts:
                for promised in options.promises:
                    yield simulated(case, images, promised, options.draws)
    runtime = line[1].runtime.model_copy(update={"threads": options.threads})
    for source in options.sources:
        content = recipe_for(source, options.engine, None, "stretch", line).model_dump(mode="json")
        checks = {"checks": [{"check": name} for name in options.checks]}
        scores, taught = scored(source, Recipe.model_validate(content | checks), runtime)
        name = Path(source).name.removeprefix("demo:")
        notes.append(f"{name}: {taught} images taught, {len(scores)} good ones that were not")
        for images in options.counts:
            if len(scores) - images < LEAST_UNSEEN:
                notes.append(f"{name}: no {images} images: too few good ones would stay unseen")
                continue
            for promised in options.promises:
                orders = shuffled(len(scores), options.splits)
                yield resampled(name, scores, images, promised, orders)
                near = rotated(len(scores))
                yield resampled(f"{name}, neighbours", scores, images, promised, near)


def main() -> None:
    """Draw, calibrate, count; print a row for each case when it is known."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sources", nargs="*", help="folders in MVTec layout, or demo:solar-mono")
    parser.add_argument("--line", type=Path, default=None)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS, help="calibration images")
    parser.add_argument("--promises", type=float, nargs="+", default=PROMISES)
    parser.add_argument("--engine", default="patchcore", help="method that is taught")
    parser.add_argument("--checks", nargs="+", default=["engine"], help="of the recipe")
    parser.add_argument("--draws", type=int, default=2000, help="of each simulation; 0: none")
    names = [case.name for case in simulations(1)]
    parser.add_argument("--simulated", nargs="+", choices=names, default=names)
    parser.add_argument("--splits", type=int, default=1000, help="of each real set")
    parser.add_argument("--threads", type=int, default=1, help="of the engine")
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    line_file = options.line or find_config("line.yaml")
    found: list[Coverage] = []
    notes: list[str] = []
    print(f"| {' | '.join(HEADS)} |\n{'|---' * len(HEADS)}|")
    for row in rows(options, (line_file, load_line(line_file)), notes):
        print(f"| {' | '.join(cells(row))} |", flush=True)
        found.append(row)
    print("", *(f"- {note}" for note in notes), sep="\n")
    if options.json is not None:
        figures = {"rows": [asdict(row) for row in found], "notes": notes}
        write_atomically(options.json, f"{json.dumps(figures, indent=2)}\n".encode())


if __name__ == "__main__":
    main()
