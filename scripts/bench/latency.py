"""What one image costs each engine at large inputs, without teaching it in full.

An engine's time hangs on its graph and the size of its input, not on what it learned: so it is
taught on few images and, where it trains a network, for one epoch; one that refuses such a training
(a check of its own fails) is taught with the recipe's. Times are those of `inspector compile`'s
trial: in turns on every runtime that there is. A file is kept for each engine and size; a run
that was stopped goes on with those that are missing. ``--table`` prints what there is.

    .venv/bin/python -m scripts.bench.latency --out latency --product mvtec/bottle \\
        --engines patchcore "mt form=cells" --sizes 512 1024
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import product
from pathlib import Path

from engines.bundle import open_bundle
from engines.runtimes.trial import run_trial
from inspector.core.canonical import Json
from inspector.core.engine_spec import METHODS, TaughtSpec
from inspector.core.errors import ConfigError
from inspector.core.line_config import LineConfig, RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.station.opening import load_line
from inspector.station.places import find_config
from inspector.teaching.bundles import compiled_folder
from scripts.bench.cells import Cell, engine_of, found_or_measured, named_engine, path_of
from scripts.bench.detectability import recipe_for
from scripts.bench.shown import laid_out

SHORT: Mapping[str, Json] = {"epochs": 1, "turns": 5, "batch": 2}
"""Of a training that only has to end in a graph."""
RUNTIMES = ("onnxruntime", "openvino")


def measured(
    engine: str, size: int, options: argparse.Namespace, line: tuple[Path, LineConfig]
) -> Cell:
    """Teach a little and time. Raises ``ConfigError`` for what cannot be taught."""
    section = engine_of(engine)
    recipe = recipe_for(options.product, str(section["method"]), size, "stretch", line)
    content = recipe.model_dump()
    content["engine"] |= section
    shortened = content["engine"] | {key: SHORT[key] for key in SHORT if key in content["engine"]}
    try:
        times = timed(Recipe.model_validate(content | {"engine": shortened}), options)
    except ConfigError:
        if shortened == content["engine"]:
            raise
        times = timed(Recipe.model_validate(content), options)
    named = {"settings": settings_of(options, size), "product": options.product, "engine": engine}
    return {**named, "p50_ms": times}


def timed(recipe: Recipe, options: argparse.Namespace) -> dict[str, float | None]:
    """p50 in ms by runtime, None where one does not run."""
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for teaching only

    runtimes = [
        RuntimeConfig.model_validate({"name": name, "threads": options.threads})
        for name in RUNTIMES
    ]
    with tempfile.TemporaryDirectory() as folder:
        data, source = Path(folder) / "data", options.product
        if isinstance(recipe.engine, TaughtSpec) and recipe.engine.supervised:
            source = str(Path(folder) / "images")
            laid_out(options.product, Path(source), recipe.engine.seed)
        made = teach(source, recipe, data, good=options.good, runtime=runtimes[0])
        trial = run_trial(open_bundle(made.bundle), runtimes, compiled_folder(data))
    return {one.name: one.p50_ms for one in trial.tried}


def settings_of(options: argparse.Namespace, size: int) -> dict[str, Json]:
    """What cells must share to stand in one column."""
    return {"size": size, "good": options.good, "threads": options.threads}


def table(cells: Sequence[Cell], sizes: Sequence[int]) -> str:
    """Markdown: a row for each engine, the p50 of its quickest runtime at each size in ms."""
    found = {(cell["engine"], cell["settings"]["size"]): cell for cell in cells}
    heads = ["engine", *(f"ms at {size} px" for size in sizes)]
    rows = [
        [engine, *(_quickest(found.get((engine, size))) for size in sizes)]
        for engine in dict.fromkeys(cell["engine"] for cell in cells)
    ]
    rows = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _quickest(cell: Cell | None) -> str:
    if cell is None:
        return "-"
    if "problem" in cell:
        return str(cell["problem"])
    times = {name: p50 for name, p50 in cell["p50_ms"].items() if p50 is not None}
    name = min(times, key=lambda one: times[one])
    return f"{times[name]:.1f} ({name})"


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--product", required=True, help="folder in MVTec layout, demo:solar-mono")
    parser.add_argument(
        "--engines",
        nargs="+",
        type=named_engine,
        default=[name for name in METHODS if name != "none"],
        help="method and options of a recipe; default all",
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[512, 1024], help="px, square")
    parser.add_argument("--out", type=Path, required=True, help="folder of a file for each cell")
    parser.add_argument("--good", type=int, default=24, help="good images at most")
    parser.add_argument("--threads", type=int, default=1, help="of the engines; 0: all cores")
    parser.add_argument("--table", action="store_true", help="print what there is, measure nothing")
    parser.add_argument("--line", type=Path, help="its recipes are those of the demo products")
    return parser.parse_args()


def _tell(cell: Cell) -> None:
    print(f"{cell['engine']}, {cell['settings']['size']} px: {_quickest(cell)}", flush=True)


def main() -> None:
    """Measure what is missing; print the table."""
    options = parse()
    line_file = options.line or find_config("line.yaml")
    line = line_file, load_line(line_file)
    options.out.mkdir(parents=True, exist_ok=True)
    cells: list[Cell] = []
    for engine, size in product(options.engines, options.sizes):
        path = path_of(options.out, options.product, f"{engine} {size} px")
        settings = settings_of(options, size)
        named = {"settings": settings, "product": options.product, "engine": engine}
        measure = None if options.table else partial(measured, engine, size, options, line)
        cell = found_or_measured(path, named, measure, _tell)
        if cell is not None:
            cells.append(cell)
    print(f"\n{table(cells, options.sizes)}")


if __name__ == "__main__":
    main()
