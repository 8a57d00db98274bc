"""Which defects an engine finds: probability of detection by kind, size and contrast.

Spots, stains, scratches and dents are painted on good images that neither taught nor calibrated.
A defect counts as found when the part is rejected at the calibrated threshold and the map's
strongest place lies at it. Engines meet the same defects. Prints a Markdown table of the diameter
(of a scratch the length, px of the camera) that is found in 90 % of cases, and in brackets the one
that is, at 95 % confidence (MIL-HDBK-1823A); draws a map for every engine, and a sheet of all.

With ``--out`` every engine on every set is a cell, kept as soon as it is known: a run that was
stopped goes on with those that are missing.

    .venv/bin/python -m scripts.bench.detectability mvtec/bottle demo:solar-mono --out pods \\
        --engine patchcore "rx form=local" --trials 10 --figures figures
    .venv/bin/python -m scripts.bench.detectability mvtec/bottle --bundle bottle.bundle
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, fields
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from calibration.threshold import Calibration, load_calibration
from engines.bundle import open_bundle
from engines.runtimes import load_engine, self_test
from inspector.core.canonical import Json
from inspector.core.engine_spec import METHODS, TaughtSpec
from inspector.core.errors import ConfigError
from inspector.core.line_config import LineConfig, RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.durable.files import write_atomically
from inspector.scoring.decision import Decision
from inspector.sim.defects import Kind
from inspector.station.opening import catalogue_of, data_folder_of, load_line
from inspector.station.places import find_config
from inspector.teaching.bundles import calibration_path
from inspector.teaching.dataset import Label, Split
from inspector.teaching.detectability import Grid, Pod, capabilities, detectability
from inspector.teaching.new_recipe import checks_for, new_recipe
from inspector.teaching.prepared import Preparer
from inspector.teaching.scores import final_scores
from inspector.teaching.solar import is_demo, kind_of, solar_pictures
from inspector.teaching.sources import test_pictures
from scripts.bench.cells import Cell, engine_of, found_in, keep, named_engine, path_of
from scripts.bench.shown import laid_out

SIZES: dict[Kind, tuple[float, ...]] = {
    Kind.SPOT: (1, 2, 3, 4, 6, 8, 12, 16),
    Kind.STAIN: (8, 12, 16, 24, 32, 48, 64, 96),
    Kind.SCRATCH: (8, 12, 16, 24, 32, 48, 64, 96),
    Kind.DENT: (4, 6, 8, 12, 16, 24, 32, 48),
}
CONTRASTS = (0.03, 0.06, 0.12, 0.25, 0.5)
_FEW_IMAGES = 100
"""Held-out good images that false rejects are counted on, at most."""


@dataclass(frozen=True)
class Result:
    """One engine on one set."""

    source: str
    engine: str
    input_px: tuple[int, int]
    runtime: str
    bundle_hash: str
    threshold: float
    promised: float
    good_images: int
    good_rejected: int
    trials: int
    pods: list[Pod] = field(repr=False)

    @property
    def name(self) -> str:
        """The set, for people."""
        return self.source.removeprefix("demo:") if is_demo(self.source) else Path(self.source).name

    def to_json(self) -> dict[str, Json]:
        """Plain values, with what follows from the hits."""
        found = capabilities(self.pods)
        pods = [asdict(p) | {"share": p.share, "interval": p.interval} for p in self.pods]
        sizes = [
            {"kind": kind, "contrast": contrast, **asdict(size)}
            for (kind, contrast), size in found.items()
        ]
        return asdict(self) | {"pods": pods, "capabilities": sizes}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Result:
        """What ``to_json`` gave."""
        own = {each.name: values[each.name] for each in fields(cls)}
        width, height = own["input_px"]
        pods = [
            Pod(Kind(p["kind"]), p["size_px"], p["contrast"], p["hits"], p["trials"])
            for p in own["pods"]
        ]
        return cls(**own | {"input_px": (width, height), "pods": pods})


def held_out(source: str, seed: int) -> list[Path]:
    """Good images of the set's test part, in drawn order."""
    pictures = solar_pictures(kind_of(source)) if is_demo(source) else test_pictures(Path(source))
    good = [p.path for p in pictures if p.split is Split.TEST and p.truth is Label.GOOD]
    if not good:
        raise ConfigError(f"{source}: no good test images", remedy="Put some into test/good")
    order = np.random.default_rng(seed).permutation(len(good))
    return [good[index] for index in order]


def recipe_for(
    source: str, method: str, size: int | None, fit: str | None, line: tuple[Path, LineConfig]
) -> Recipe:
    """The demo's own recipe, or one of defaults; with the engine and sizes asked."""
    if is_demo(source):
        line_file, config = line
        catalogue = catalogue_of(line_file, data_folder_of(config))
        recipe = catalogue.recipe(source.removeprefix("demo:"))
    else:
        product = re.sub(r"[^a-z0-9_-]", "-", Path(source).resolve().name.lower())
        recipe = new_recipe(product, source)
    content = recipe.model_dump(mode="json")
    if method != recipe.engine.method:
        content["engine"] = {"method": method}
        content["checks"] = checks_for(method, content["checks"])
    if size is not None:
        content["preparation"] |= {"width": size, "height": size}
    if fit is not None:
        content["preparation"] |= {"fit": fit}
    return Recipe.model_validate(content)


def asked(
    source: str, engine: str, options: argparse.Namespace, line: tuple[Path, LineConfig]
) -> Recipe:
    """The recipe of an engine with its options (``patchcore coreset=500``) on a set."""
    section = engine_of(engine)
    recipe = recipe_for(source, str(section["method"]), options.size, options.fit, line)
    content = recipe.model_dump(mode="json")
    return Recipe.model_validate(content | {"engine": content["engine"] | section})


def taught(
    source: str, recipe: Recipe, folder: Path, runtime: RuntimeConfig, good: int | None
) -> Path:
    """A bundle in a data folder of its own; a supervised engine is shown half of the defects.

    Raises ``ConfigError`` for what cannot be taught.
    """
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for teaching only

    if isinstance(recipe.engine, TaughtSpec) and recipe.engine.supervised:
        images = folder / "images"
        laid_out(source, images, recipe.engine.seed)
        source = str(images)
    return teach(source, recipe, folder / "data", good=good, runtime=runtime).bundle


def measure(
    bundle: Path, source: str, runtime: RuntimeConfig, grid: Grid, engine_name: str | None = None
) -> Result:
    """One bundle with its calibration on one set's held-out images."""
    opened = open_bundle(bundle)
    paths = held_out(source, grid.seed)
    preparer = Preparer(opened.manifest.preparation)
    with closing(load_engine(opened, runtime)) as engine:
        self_test(engine, opened)
        calibration: Calibration = load_calibration(
            calibration_path(bundle, runtime.label), engine.info
        )
        decision = Decision(calibration)
        good = final_scores(engine, preparer, paths[:_FEW_IMAGES], decision)
        pods = detectability(engine, preparer, paths, grid, decision=decision)
        return Result(
            source=source,
            engine=engine_name or engine.info.method,
            input_px=(engine.info.width, engine.info.height),
            runtime=engine.info.fingerprint,
            bundle_hash=opened.hash,
            threshold=calibration.threshold,
            promised=calibration.promised,
            good_images=len(good),
            good_rejected=sum(score > calibration.threshold for score, _ in good),
            trials=grid.trials,
            pods=pods,
        )


def table(results: Sequence[Result], contrasts: Sequence[float]) -> str:
    """Markdown: the size found, for every kind and contrast."""
    heads = [f"{100 * contrast:g} %" for contrast in contrasts]
    rows = ["| set | engine | input | good rejected | defect | " + " | ".join(heads) + " |"]
    rows.append("|---" * (5 + len(heads)) + "|")
    for result in results:
        found = capabilities(result.pods)
        size = "x".join(str(side) for side in result.input_px)
        rejected = f"{result.good_rejected} of {result.good_images}"
        for kind in dict.fromkeys(pod.kind for pod in result.pods):
            cells = (found[kind, contrast] for contrast in contrasts)
            sizes = (f"{_px(cell.a90)} ({_px(cell.a90_95)})" for cell in cells)
            row = (result.name, result.engine, size, rejected, kind, *sizes)
            rows.append("| " + " | ".join(row) + " |")
    return "\n".join(rows)


def draw(folder: Path, result: Result) -> Path:
    """The engine's POD map as a PNG."""
    from scripts.bench.pod_figure import write_figure  # noqa: PLC0415  # Qt: only where it is drawn

    size = "x".join(str(side) for side in result.input_px)
    engine = result.engine.replace(" ", "-")
    path = folder / f"pod-{result.name}-{engine}-{result.input_px[0]}.png"
    subtitle = (
        f"Painted defects found, % of {result.trials}, by contrast (share of the part's white) and "
        "size in the camera image"
    )
    write_figure(path, result.pods, f"{result.name}: {result.engine}, {size} px", subtitle)
    return path


def _trials(results: Sequence[Result]) -> str:
    least, most = (end(one.trials for one in results) for end in (min, max))
    return str(least) if least == most else f"{least} to {most}"


def _px(size: float | None) -> str:
    return "-" if size is None else f"{size:.1f}"


def draw_sheets(folder: Path, results: Sequence[Result]) -> list[Path]:
    """For each set of several engines one PNG of all, those that find most first."""
    from scripts.bench.pod_sheet import write_sheet  # noqa: PLC0415  # Qt: only where it is drawn

    written = []
    for name in dict.fromkeys(result.name for result in results):
        own = [result for result in results if result.name == name]
        if len(own) == 1:  # its map says it all
            continue
        path = folder / f"pod-{name}-all.png"
        rows = {
            f"{one.engine}, {one.input_px[0]} px": (
                one.pods,
                f"{one.good_rejected} of {one.good_images} good rejected",
            )
            for one in own
        }
        subtitle = (
            f"Painted defects found, {_trials(own)} each, by contrast (share of the part's white, "
            "upwards) and size in the camera image, px (scratch: length)"
        )
        write_sheet(path, rows, f"{name}: what each engine finds", subtitle)
        written.append(path)
    return written


def _measured(
    source: str, engine: str, options: argparse.Namespace, line: tuple[Path, LineConfig]
) -> Cell:
    """One cell: taught and measured; with ``problem`` where it cannot be taught."""
    settings = settings_of(options)
    named = {"settings": settings, "product": source, "engine": engine}
    try:
        with tempfile.TemporaryDirectory() as folder:
            recipe, runtime = asked(source, engine, options, line), line[1].runtime
            bundle = taught(source, recipe, Path(folder), runtime, options.good)
            return {**named, **measure(bundle, source, runtime, grid_of(options), engine).to_json()}
    except ConfigError as error:
        return {**named, "problem": str(error)}


def settings_of(options: argparse.Namespace) -> dict[str, Json]:
    """What cells must share to stand in one table."""
    grid = grid_of(options)
    sizes: dict[str, Json] = {kind.value: list(sizes) for kind, sizes in grid.sizes_px.items()}
    return {name: getattr(options, name) for name in ("size", "fit", "good")} | {
        "sizes": sizes,
        "contrasts": list(grid.contrasts),
        "trials": grid.trials,
        "polarity": grid.polarity,
        "seed": grid.seed,
    }


def _cells(options: argparse.Namespace, line: tuple[Path, LineConfig]) -> Iterator[Cell]:
    """Of every engine on every set: those that are kept, and those that are missing."""
    for source, engine in product(options.sources, _engines(options)):
        path = path_of(options.out, source, engine) if options.out else None
        cell = found_in(path, settings_of(options)) if path else None
        if cell is None and not options.table:
            cell = _measured(source, engine, options, line)
            if path:
                keep(path, cell)
        if cell is not None:
            yield cell


def _engines(options: argparse.Namespace) -> list[str]:
    asked_for: list[str] = options.engine or []
    every = [] if options.bundle else [method for method in METHODS if method != "none"]
    return asked_for or every


def grid_of(arguments: argparse.Namespace) -> Grid:
    """What is painted."""
    sizes: dict[Kind, tuple[float, ...]] = {
        kind: tuple(arguments.sizes or SIZES[kind]) for kind in arguments.kind or SIZES
    }
    contrasts, trials = arguments.contrasts, arguments.trials
    if arguments.quick:
        sizes = {kind: (some[0], some[-1]) for kind, some in sizes.items()}
        contrasts, trials = contrasts[-2:], min(trials, 4)
    return Grid(sizes, tuple(contrasts), trials, arguments.polarity, arguments.seed)


def parse(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line, or these words of one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sources", nargs="+", help="folders in MVTec layout, or demo:solar-mono")
    parser.add_argument("--line", type=Path, default=None)
    parser.add_argument(
        *("--engine", "--engines"),
        nargs="+",
        type=named_engine,
        help="method and options of a recipe; default all",
    )
    parser.add_argument("--bundle", nargs="+", type=Path, default=[], help="taught before")
    parser.add_argument("--out", type=Path, help="folder of a file for each engine on each set")
    parser.add_argument("--table", action="store_true", help="show what there is, measure nothing")
    parser.add_argument("--good", type=int, help="good images at most; default all")
    parser.add_argument("--size", type=int, help="px of the square input; default the recipe's")
    parser.add_argument("--fit", choices=("exact", "stretch"))
    parser.add_argument("--kind", nargs="+", type=Kind, choices=list(SIZES))
    parser.add_argument("--sizes", nargs="+", type=float, help="defects, px; default by kind")
    parser.add_argument("--contrasts", nargs="+", type=float, default=list(CONTRASTS))
    parser.add_argument("--polarity", choices=("dark", "bright", "both"), default="both")
    parser.add_argument("--trials", type=int, default=30, help="for every size and contrast")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="a few defects only: does it run?")
    parser.add_argument("--figures", type=Path, default=None, help="folder for the POD maps")
    parser.add_argument("--json", type=Path, default=None)
    return parser.parse_args(words)


def main() -> None:
    """Teach, paint, judge what is missing; print the table, draw the maps."""
    options = parse()
    line_file = options.line or find_config("line.yaml")
    config, grid = load_line(line_file), grid_of(options)
    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
    results = [
        measure(bundle, source, config.runtime, grid)
        for source, bundle in product(options.sources, options.bundle)
    ]
    for cell in _cells(options, (line_file, config)):
        if "problem" in cell:
            print(f"{cell['product']}: {cell['engine']}: {cell['problem']}")
            continue
        results.append(Result.from_json(cell))
        print(table(results[-1:], grid.contrasts), flush=True)
    print(f"\n{table(results, grid.contrasts)}")
    if options.figures is not None:
        paths = [draw(options.figures, result) for result in results]
        print(*paths, *draw_sheets(options.figures, results), sep="\n")
    if options.json is not None:
        figures = json.dumps([result.to_json() for result in results], indent=2)
        write_atomically(options.json, f"{figures}\n".encode())


if __name__ == "__main__":
    main()
