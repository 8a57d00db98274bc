"""What checks find that the engine does not: painted defects, at the same false-reject rate.

A product is taught once. Every check looks once at each held-out good image and at each painted
one; then every combination of checks is calibrated jointly, as the line does it. So all rows meet
the same defects, rest on the same scores and differ in nothing but the checks. A defect is found
where a check rejects the part with its strongest place at the defect (`teaching.detectability`).

    .venv/bin/python -m scripts.bench.check_pods demo:solar-mono --trials 10 --json pods.json
    inspector render washers && .venv/bin/python -m scripts.bench.check_pods washers
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import chain, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from calibration.threshold import Calibration, calibrate
from engines.bundle import open_bundle
from engines.runtimes import load_engine
from inspector.core.check_spec import CheckSpec, DecisionBasis
from inspector.core.ports import Engine, PreparedView
from inspector.core.recipe import Recipe
from inspector.durable.files import write_atomically
from inspector.scoring.raw_check import RawCheck, raw_checks
from inspector.sim.defects import Kind
from inspector.station.opening import load_line
from inspector.station.places import find_config
from inspector.teaching.dataset import DatasetStore, Split
from inspector.teaching.detectability import Grid, at_defect, trials
from inspector.teaching.learning import Learning, learn_gains
from inspector.teaching.prepared import Preparer
from scripts.bench.detectability import CONTRASTS, SIZES, held_out, recipe_for

CHECKS = ("local", "rx", "lrb", "crd")
SCALES = (1, 3)
ENGINE = "engine"

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One combination of checks on one product."""

    product: str
    checks: tuple[str, ...]
    weight: float
    """Of every check beside the engine, which has 1."""
    promised: float
    good: int
    rejected: int
    trials: int
    found: dict[str, float]
    """By kind of defect: the share of its trials."""
    cells: dict[str, float]
    """The same by kind, size (px) and contrast."""
    gained: int
    """Trials that the engine alone does not find."""
    lost: int
    """Trials that only the engine alone finds: its threshold rose for the others' sake."""


@dataclass(frozen=True)
class Seen:
    """Every check's raw score of some images; of painted ones also where it saw them."""

    scores: Scores
    """float64[n, C]."""
    at_defect: NDArray[np.bool_]
    """bool[n, C]: the map's strongest place lies at the defect."""
    cells: list[tuple[Kind, float, float]]

    def found_by(self, places: Sequence[int], limits: Scores) -> NDArray[np.bool_]:
        """bool[n]: whether one of these checks, each with its own threshold, finds the defect."""
        found = (self.scores[:, places] > limits) & self.at_defect[:, places]
        return np.asarray(found.any(axis=1))


def named_checks() -> dict[str, CheckSpec]:
    """The engine, and each check at one and at three scales; patches by cascade."""
    adapter: TypeAdapter[CheckSpec] = TypeAdapter(CheckSpec)
    found = {ENGINE: adapter.validate_python({"check": ENGINE})}
    for name in CHECKS:
        for scales in SCALES:
            content = {"check": name, "scales": scales}
            if name in {"lrb", "crd"}:
                content["cascade"] = True
            found[f"{name} {scales}"] = adapter.validate_python(content)
    return found


def combinations(
    names: Iterable[str], weights: Sequence[float]
) -> list[tuple[tuple[str, ...], float]]:
    """Each alone; by weight each with the engine, and all of three scales with it."""
    others = [name for name in names if name != ENGINE]
    single: list[tuple[str, ...]] = [(ENGINE,), *((name,) for name in others)]
    many = tuple(name for name in others if name.endswith(str(SCALES[-1])))
    joint: list[tuple[str, ...]] = [*((ENGINE, name) for name in others), (ENGINE, *many)]
    return [*product(single, (1.0,)), *product(joint, weights)]


def look(engine: Engine, views: Iterable[PreparedView], checks: Sequence[Learning]) -> Scores:
    """Raw scores of good images, each by what the others taught where it calibrates."""
    found = []
    for index, view in enumerate(views):
        detection = engine.infer(view.pixels[None])
        own = [one.of(index) for one in checks]
        found.append([check.score_of(check.map_of(view, detection), view) for check in own])
    return np.array(found)


def look_at_defects(
    engine: Engine,
    preparer: Preparer,
    paths: Sequence[Path],
    grid: Grid,
    checks: Sequence[RawCheck],
) -> Seen:
    """Paint the grid, and let every check look at each image."""
    scores, places, cells = [], [], []
    for trial in trials(preparer, paths, grid):
        detection = engine.infer(trial.view.pixels[None])
        maps = [check.map_of(trial.view, detection) for check in checks]
        scores.append(
            [check.score_of(found, trial.view) for check, found in zip(checks, maps, strict=True)]
        )
        places.append([at_defect(found, trial.defect) for found in maps])
        cells.append((trial.flaw.kind, trial.flaw.size_px, trial.flaw.contrast))
    return Seen(np.array(scores), np.array(places), cells)


def measure(
    source: str,
    recipe: Recipe,
    folder: Path,
    grid: Grid,
    *,
    good_images: int,
    weights: Sequence[float],
) -> list[Row]:
    """Teach, look once, calibrate and judge every combination."""
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for teaching only

    bundle = open_bundle(teach(source, recipe, folder).bundle)
    store, preparer = (
        DatasetStore(folder / "datasets" / recipe.product),
        Preparer(recipe.preparation),
    )
    specs, paths = named_checks(), held_out(source, grid.seed)
    raw = raw_checks(DecisionBasis(checks=tuple(specs.values())))
    held_back = store.good_images(Split.CALIBRATE)
    learnt = learn_gains([Learning(check) for check in raw], preparer, held_back)
    checks = [one.check for one in learnt]
    with closing(load_engine(bundle)) as engine:
        calibrating = look(engine, map(preparer.view, held_back), learnt)
        known = [Learning(check) for check in checks]
        good = look(engine, map(preparer.view, paths[:good_images]), known)
        painted = look_at_defects(engine, preparer, paths, grid, checks)
        info = engine.info
    names = list(specs)
    rows: list[Row] = []
    alone = np.zeros(0, bool)
    for chosen, weight in combinations(names, weights):
        places = [names.index(name) for name in chosen]
        made: Calibration = calibrate(
            calibrating[:, places],
            recipe.decision.false_reject_rate,
            DecisionBasis(checks=tuple(_weighed(specs[name], weight) for name in chosen)),
            info=info,
            preparation_hash=bundle.preparation_hash,
        )
        limits = np.array([check.threshold for check in made.checks])
        hits = painted.found_by(places, limits)
        alone = alone if rows else hits
        rows.append(
            Row(
                product=recipe.product,
                checks=chosen,
                weight=weight,
                promised=made.promised,
                good=len(good),
                rejected=int((good[:, places] > limits).any(axis=1).sum()),
                trials=len(hits),
                found=_shares(hits, [str(cell[0]) for cell in painted.cells]),
                cells=_shares(
                    hits, [f"{kind} {size:g} {level:g}" for kind, size, level in painted.cells]
                ),
                gained=int((hits > alone).sum()),
                lost=int((alone > hits).sum()),
            )
        )
    return rows


def _weighed(spec: CheckSpec, weight: float) -> CheckSpec:
    return spec if spec.check == ENGINE else spec.model_copy(update={"weight": weight})


def _shares(hits: NDArray[np.bool_], groups: Sequence[str]) -> dict[str, float]:
    of = np.array(groups)
    return {group: float(hits[of == group].mean()) for group in dict.fromkeys(groups)}


def table(rows: Sequence[Row]) -> str:
    """Markdown; shares in percent."""
    kinds = list(rows[0].found)
    heads = ["product", "checks", "weight", "good rejected", *kinds, "all", "gained", "lost"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in rows:
        shares = [*row.found.values(), float(np.mean(list(row.cells.values())))]
        figures = " | ".join(f"{100 * share:.0f}" for share in shares)
        lines.append(
            f"| {row.product} | {' + '.join(row.checks)} | {row.weight:g} | "
            f"{row.rejected} of {row.good} | {figures} | {row.gained} | {row.lost} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure every product; print as it goes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sources", nargs="+", help="folders in MVTec layout, or demo:solar-mono")
    parser.add_argument("--line", type=Path, help="its recipes are those of the demo products")
    parser.add_argument("--engine", default="patchcore")
    parser.add_argument("--size", type=int, help="px of the square input; default the recipe's")
    parser.add_argument("--contrasts", nargs="+", type=float, default=list(CONTRASTS))
    parser.add_argument("--every", type=int, default=1, help="take every n-th size only")
    parser.add_argument("--trials", type=int, default=30, help="for every size and contrast")
    parser.add_argument("--good", type=int, default=100, help="held-out good images, at most")
    parser.add_argument("--weights", nargs="+", type=float, default=[0.25, 1.0], help="of checks")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    line_file = options.line or find_config("line.yaml")
    line = line_file, load_line(line_file)
    sizes = {kind: some[:: options.every] for kind, some in SIZES.items()}
    grid = Grid(sizes, tuple(options.contrasts), options.trials, seed=options.seed)
    found = []
    for source in options.sources:
        recipe = recipe_for(source, options.engine, options.size, None, line)
        with tempfile.TemporaryDirectory() as folder:
            rows = measure(
                source,
                recipe,
                Path(folder),
                grid,
                good_images=options.good,
                weights=options.weights,
            )
            found.append(rows)
        print(table(found[-1]), flush=True)
    if options.json:
        figures = [asdict(row) for row in chain.from_iterable(found)]
        write_atomically(options.json, f"{json.dumps(figures, indent=2)}\n".encode())


if __name__ == "__main__":
    main()
