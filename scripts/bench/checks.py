"""What each check adds to the engine: found defects at the same promise, and milliseconds.

A product is taught once. Every check scores every image once; then each combination of checks is
calibrated jointly on the calibration images, just as the line does it, and judged on the test
images. So all rows of a product rest on the same scores, and differ in nothing but the checks.

    .venv/bin/python -m scripts.bench.checks --products mvtec/bottle demo:solar-poly --json c.json
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from calibration.metrics import auroc, rate_interval
from calibration.threshold import calibrate
from engines.bundle import open_bundle
from engines.runtimes import load_engine
from inspector.core.check_spec import CheckSpec, DecisionBasis
from inspector.core.frame import ScoreMap
from inspector.core.ports import Engine
from inspector.core.recipe import Recipe
from inspector.durable.files import write_atomically
from inspector.scoring.raw_check import RawCheck, raw_checks
from inspector.station.opening import load_line
from inspector.station.places import find_config
from inspector.teaching.dataset import DatasetStore, Label, Split
from inspector.teaching.evaluate import labelled, pixel_figures
from inspector.teaching.prepared import Preparer
from scripts.bench.detectability import recipe_for

NAMES = ("engine", "local", "rx", "lrb", "crd")
SCALES = {"local": 3, "rx": 3, "lrb": 2, "crd": 2}
"""Levels of the pyramid: pixels have finer ones than patches."""

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One combination of checks on one product."""

    product: str
    checks: tuple[str, ...]
    image_auroc: float | None
    aupro: float | None
    """Of the check's own map; of one check only."""
    good: int
    rejected: int
    defective: int
    escaped: int
    threshold: float
    ms: float
    """Median time of the checks together, without the engine's."""


@dataclass(frozen=True)
class Looked:
    """What every check says of some images."""

    scores: Scores
    """float64[n, C]."""
    maps: list[list[ScoreMap]]
    """By check; empty where nobody asks for them."""
    ms: Scores
    """float64[n, C]: time of each look."""


def look(
    engine: Engine,
    preparer: Preparer,
    paths: Sequence[Path],
    checks: Sequence[RawCheck],
    *,
    keep_maps: bool,
) -> Looked:
    """Score images by every check."""
    scores, times = np.empty((2, len(paths), len(checks)))
    maps: list[list[ScoreMap]] = [[] for _ in checks]
    for number, path in enumerate(paths):
        view = preparer.view(path)
        detection = engine.infer(view.pixels[None])
        for place, check in enumerate(checks):
            start = time.perf_counter_ns()
            score_map = check.map_of(view, detection)
            scores[number, place] = check.score_of(score_map, view)
            times[number, place] = (time.perf_counter_ns() - start) / 1e6
            if keep_maps:
                maps[place].append(score_map.copy())
    return Looked(scores, maps, times)


def combinations() -> list[tuple[str, ...]]:
    """Each check alone, the engine with each, the engine with all."""
    pairs = [("engine", name) for name in NAMES[1:]]
    return [*((name,) for name in NAMES), *pairs, NAMES]


def spec_of(name: str) -> CheckSpec:
    """A check as the bench asks for it."""
    content = {"check": name} | ({"scales": SCALES[name]} if name in SCALES else {})
    spec: CheckSpec = TypeAdapter(CheckSpec).validate_python(content)
    return spec


def measure(source: str, recipe: Recipe, folder: Path) -> list[Row]:
    """Teach, look once, calibrate and judge every combination."""
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for teaching only

    bundle = open_bundle(teach(source, recipe, folder).bundle)
    store = DatasetStore(folder / "datasets" / recipe.product)
    preparer = Preparer(recipe.preparation)
    specs = {name: spec_of(name) for name in NAMES}
    checks = raw_checks(DecisionBasis(checks=tuple(specs.values())))
    pictures = [one for one in labelled(source) if one.truth is not Label.GRADED]
    with closing(load_engine(bundle)) as engine:
        held_out = look(
            engine, preparer, store.good_images(Split.CALIBRATE), checks, keep_maps=False
        )
        paths = [picture.path for picture in pictures]
        tested = look(engine, preparer, paths, checks, keep_maps=any(one.mask for one in pictures))
        info = engine.info
    defective = np.array([picture.truth is Label.DEFECTIVE for picture in pictures])
    overlap = {
        name: pixel_figures(pictures, maps, preparer)[1] if maps else None
        for name, maps in zip(NAMES, tested.maps, strict=True)
    }
    rows = []
    for chosen in combinations():
        places = [NAMES.index(name) for name in chosen]
        basis = DecisionBasis(checks=tuple(specs[name] for name in chosen))
        made = calibrate(
            held_out.scores[:, places],
            recipe.decision.false_reject_rate,
            basis,
            info=info,
            preparation_hash=bundle.preparation_hash,
        )
        joint = np.array([made.joint(list(part)) for part in tested.scores[:, places]])
        rejected = joint > made.threshold
        rows.append(
            Row(
                product=recipe.product,
                checks=chosen,
                image_auroc=auroc(joint, defective),
                aupro=overlap[chosen[0]] if len(chosen) == 1 else None,
                good=int((~defective).sum()),
                rejected=int((rejected & ~defective).sum()),
                defective=int(defective.sum()),
                escaped=int((~rejected & defective).sum()),
                threshold=made.threshold,
                ms=float(np.median(tested.ms[:, [p for p in places if p]].sum(axis=1))),
            )
        )
    return rows


def table(rows: Sequence[Row]) -> str:
    """Markdown."""
    heads = ["product", "checks", "image AUROC", "AU-PRO", "false rejects", "escapes (95 %)", "ms"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in rows:
        low, high = rate_interval(row.escaped, row.defective)
        figures = ["-" if one is None else f"{one:.3f}" for one in (row.image_auroc, row.aupro)]
        lines.append(
            f"| {row.product} | {' + '.join(row.checks)} | {' | '.join(figures)} | "
            f"{row.rejected} of {row.good} | {row.escaped} of {row.defective} "
            f"({low:.0%} to {high:.0%}) | {row.ms:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure every product; print as it goes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--products", nargs="+", required=True, help="folders in MVTec layout, or demo:solar-mono"
    )
    parser.add_argument("--size", type=int, help="px of the square input; default the recipe's")
    parser.add_argument("--line", type=Path, help="its recipes are those of the demo products")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    line_file = options.line or find_config("line.yaml")
    line = line_file, load_line(line_file)
    found = []
    for source in options.products:
        recipe = Recipe.model_validate(
            recipe_for(source, "patchcore", options.size, "stretch", line).model_dump()
        )
        with tempfile.TemporaryDirectory() as folder:
            found.append(measure(source, recipe, Path(folder)))
        print(table(found[-1]), flush=True)
    if options.json:
        rows = [asdict(row) for row in chain.from_iterable(found)]
        write_atomically(options.json, f"{json.dumps(rows, indent=2)}\n".encode())


if __name__ == "__main__":
    main()
