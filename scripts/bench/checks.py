"""What each check adds to the engine: found defects at the same promise, and milliseconds.

A product is taught once. Every check scores every image once; then each combination of checks is
calibrated jointly on the calibration images, just as the line does it, and judged on the test
images. So all rows of a product rest on the same scores, and differ in nothing but the checks.
``mt`` fuses what the others of its row found; ``rx-global`` learns from the images that teach.

    .venv/bin/python -m scripts.bench.checks --products mvtec/bottle demo:solar-poly --json c.json
    .venv/bin/python -m scripts.bench.checks --products mvtec/bottle --checks engine rx-global mt
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from calibration.metrics import auroc, rate_interval
from calibration.threshold import Calibration, calibrate
from engines.bundle import open_bundle
from engines.runtimes import load_engine
from inspector.core.check_spec import CheckSpec, DecisionBasis
from inspector.core.frame import ScoreMap
from inspector.core.ports import Engine, PreparedView
from inspector.core.recipe import Recipe
from inspector.durable.files import write_atomically
from inspector.scoring.fusion import fusion_of
from inspector.scoring.raw_check import RawCheck, RawFinding, raw_checks
from inspector.station.opening import load_line
from inspector.station.places import find_config
from inspector.teaching.dataset import DatasetStore, Label, Split
from inspector.teaching.evaluate import labelled, pixel_figures
from inspector.teaching.learning import Fusing, learn_backgrounds
from inspector.teaching.prepared import Preparer
from scripts.bench.detectability import recipe_for

NAMES = ("engine", "local", "rx", "lrb", "crd", "rx-global", "mt")
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
    same_rate: int
    """Escapes where the threshold rejects as many of the good test images as was promised: what is
    left of a difference when every row spends the same false rejects."""
    threshold: float
    ms: float
    """Median time of the checks together, without the engine's."""


@dataclass(frozen=True)
class Looked:
    """What every check says of some images."""

    views: list[PreparedView]
    """Without their pixels."""
    findings: list[list[RawFinding]]
    """By image and check; with the engine's map alone."""
    maps: list[list[ScoreMap]]
    """By check; empty where nobody asks for them."""
    ms: Scores
    """float64[n, C]: time of each look."""

    def scores(self, places: Sequence[int]) -> Scores:
        """float64[n, checks] of some checks."""
        return np.array([[found[place].score for place in places] for found in self.findings])


def look(
    engine: Engine,
    preparer: Preparer,
    paths: Sequence[Path],
    checks: Sequence[RawCheck],
    *,
    keep_maps: bool,
) -> Looked:
    """Score images by every check."""
    times = np.empty((len(paths), len(checks)))
    views: list[PreparedView] = []
    findings: list[list[RawFinding]] = []
    maps: list[list[ScoreMap]] = [[] for _ in checks]
    for number, path in enumerate(paths):
        view = preparer.view(path)
        detection = engine.infer(view.pixels[None])
        views.append(replace(view, pixels=view.pixels[:0]))
        findings.append([])
        for place, check in enumerate(checks):
            start = time.perf_counter_ns()
            score_map = check.map_of(view, detection)
            score = check.score_of(score_map, view)
            times[number, place] = (time.perf_counter_ns() - start) / 1e6
            own = score_map.copy() if check.name == "engine" else None
            findings[-1].append(RawFinding(score, own))
            if keep_maps:
                maps[place].append(score_map.copy())
    return Looked(views, findings, maps, times)


def combinations(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Each check alone, the engine with each, the engine with those that learn, with all."""
    single = [(name,) for name in names if name != "mt"]
    pairs = [("engine", name) for name in names if name != "engine"]
    learned = tuple(name for name in ("engine", "rx-global", "mt") if name in names)
    more = [chosen for chosen in (learned, tuple(names)) if len(chosen) > 2]
    return list(dict.fromkeys([*single, *pairs, *more]))


def spec_of(name: str) -> CheckSpec:
    """A check as the bench asks for it."""
    content = {"check": name} | ({"scales": SCALES[name]} if name in SCALES else {})
    spec: CheckSpec = TypeAdapter(CheckSpec).validate_python(content)
    return spec


def measure(source: str, recipe: Recipe, folder: Path, names: Sequence[str]) -> list[Row]:
    """Teach, look once, calibrate and judge every combination."""
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for teaching only

    bundle = open_bundle(teach(source, recipe, folder).bundle)
    store = DatasetStore(folder / "datasets" / recipe.product)
    preparer = Preparer(recipe.preparation)
    specs = {name: spec_of(name) for name in names}
    taught, calibrating = (store.good_images(split) for split in (Split.TEACH, Split.CALIBRATE))
    raw = raw_checks(DecisionBasis(checks=tuple(specs.values())))
    checks = [one.check for one in learn_backgrounds(raw, preparer, taught, calibrating)]
    pictures = [one for one in labelled(source) if one.truth is not Label.GRADED]
    with closing(load_engine(bundle)) as engine:
        held_out = look(engine, preparer, calibrating, checks, keep_maps=False)
        paths = [picture.path for picture in pictures]
        tested = look(engine, preparer, paths, checks, keep_maps=any(one.mask for one in pictures))
        info = engine.info
    defective = np.array([picture.truth is Label.DEFECTIVE for picture in pictures])
    mapped = [check.name for check in checks]
    overlap = {
        name: pixel_figures(pictures, maps, preparer)[1] if maps else None
        for name, maps in zip(mapped, tested.maps, strict=True)
    }
    rows = []
    for chosen in combinations(names):
        places = [mapped.index(name) for name in chosen if name != "mt"]
        basis = DecisionBasis(checks=tuple(specs[name] for name in chosen))
        columns = fused(basis, held_out, tested, places)
        made: Calibration = calibrate(
            columns[0],
            recipe.decision.false_reject_rate,
            basis,
            info=info,
            preparation_hash=bundle.preparation_hash,
        )
        joint = np.array([made.joint(list(part)) for part in columns[1]])
        rejected = joint > made.threshold
        own_ms = tested.ms[:, [place for place in places if mapped[place] != "engine"]]
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
                same_rate=escapes_at(joint, defective, made.promised),
                threshold=made.threshold,
                ms=float(np.median(own_ms.sum(axis=1))) + columns[2],
            )
        )
    return rows


def escapes_at(scores: Scores, defective: NDArray[np.bool_], rate: float) -> int:
    """Defective images at or below the level that a share of the good ones exceeds."""
    good = np.sort(scores[~defective])
    level = good[len(good) - 1 - int(rate * len(good))]
    return int((scores[defective] <= level).sum())


def fused(
    basis: DecisionBasis, held_out: Looked, tested: Looked, places: Sequence[int]
) -> tuple[Scores, Scores, float]:
    """Scores of the calibration and of the test images, and ms that ``mt`` took, if it is there."""
    scores = held_out.scores(places), tested.scores(places)
    fusion = fusion_of(basis)
    if fusion is None:
        return *scores, 0.0
    found = [
        [[findings[place] for place in places] for findings in looked.findings]
        for looked in (held_out, tested)
    ]
    cells = [one.map.ravel() for findings in found[0] for one in findings if one.map is not None]
    fusing = Fusing.of(fusion, cells, len(found[0]))
    for view, findings in zip(held_out.views, found[0], strict=True):
        fusing.add(view, findings)
    known = fusion.knowing(fusing.learned())
    times, distances = [], []
    for view, findings in zip(tested.views, found[1], strict=True):
        start = time.perf_counter_ns()
        distances.append(known.distance(known.features(view, findings)))
        times.append((time.perf_counter_ns() - start) / 1e6)
    return (
        np.column_stack([scores[0], fusing.distances()]),
        np.column_stack([scores[1], distances]),
        float(np.median(times)),
    )


def table(rows: Sequence[Row]) -> str:
    """Markdown."""
    heads = [
        "product",
        "checks",
        "image AUROC",
        "AU-PRO",
        "false rejects",
        "escapes (95 %)",
        "same rate",
        "ms",
    ]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in rows:
        low, high = rate_interval(row.escaped, row.defective)
        figures = ["-" if one is None else f"{one:.3f}" for one in (row.image_auroc, row.aupro)]
        lines.append(
            f"| {row.product} | {' + '.join(row.checks)} | {' | '.join(figures)} | "
            f"{row.rejected} of {row.good} | {row.escaped} of {row.defective} "
            f"({low:.0%} to {high:.0%}) | {row.same_rate} | {row.ms:.1f} |"
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
    parser.add_argument("--checks", nargs="+", choices=NAMES, default=NAMES, help="default: all")
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
            found.append(measure(source, recipe, Path(folder), options.checks))
        print(table(found[-1]), flush=True)
    if options.json:
        rows = [asdict(row) for row in chain.from_iterable(found)]
        write_atomically(options.json, f"{json.dumps(rows, indent=2)}\n".encode())


if __name__ == "__main__":
    main()
