"""Every engine on every product: how well it parts good from defective, and what it costs.

One cell for each engine and product: taught from a seed with the recipe's defaults, held against
onnxruntime in float32, evaluated on all test images. A cell is kept as a file of its own as soon
as it is known; a run that was stopped goes on with those that are missing. ``--table`` prints what
there is. A supervised engine is shown half of the defects of each kind, drawn by seed, and tested
on the other half; its row says how many it was shown. With ``--pods`` defects are painted for each
engine with a map as well, while it is there; `scripts.bench.detectability` draws what is kept.

    .venv/bin/python -m scripts.bench.methods --out methods --good 100 --size 256 \\
        --products mvtec/bottle demo:solar-mono --engines patchcore padim "deep_rx components=0.5"
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from itertools import product
from pathlib import Path

from engines.bundle import open_bundle
from engines.runtimes.parity import TOLERANCES, Parity
from engines.runtimes.trial import run_trial
from inspector.core.engine_spec import METHODS, TaughtSpec
from inspector.core.line_config import LineConfig, RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.station.opening import load_line
from inspector.station.places import find_config
from scripts.bench.cells import Cell, engine_of, found_or_measured, keep, named_engine, path_of
from scripts.bench.detectability import grid_of, measure, recipe_for
from scripts.bench.detectability import parse as detectability_of
from scripts.bench.detectability import settings_of as painted_settings_of
from scripts.bench.shown import laid_out
from scripts.bench.variants import Subject

HEADS = (
    *("product", "engine", "image AUROC", "95 %", "pixel AUROC", "AU-PRO", "teach s (CPU s)"),
    *("p50 ms", "bundle MB", "map, score differ, %", "gate"),
)


def measured(
    source: str, engine: str, options: argparse.Namespace, line: tuple[Path, LineConfig]
) -> Cell:
    """Teach, compare, time and evaluate. Raises ``ConfigError`` for what cannot be taught."""
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for teaching only

    section = engine_of(engine)
    content = recipe_for(source, str(section["method"]), options.size, "stretch", line).model_dump()
    recipe = Recipe.model_validate(content | {"engine": content["engine"] | section})
    reference, runtime = (
        RuntimeConfig.model_validate({"name": name, "threads": options.threads})
        for name in ("onnxruntime", "openvino")
    )
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        images, shown = source, 0
        if isinstance(recipe.engine, TaughtSpec) and recipe.engine.supervised:
            images = str(Path(folder) / "images")
            shown = laid_out(source, Path(images), recipe.engine.seed)
        wall, cpu = time.perf_counter(), time.process_time()
        made = teach(images, recipe, data, good=options.good, runtime=reference)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        subject = Subject(images, engine, recipe, made.bundle, data)
        row = subject.measured(runtime)
        if options.pods is not None and row.parity and open_bundle(made.bundle).manifest.has_map:
            keep_pods(source, engine, options, subject, runtime)
        trial = run_trial(open_bundle(made.bundle), (reference, runtime), subject.compiled)
        size = sum(path.stat().st_size for path in made.bundle.iterdir())
    return {
        "settings": settings_of(options),
        "product": source,
        "engine": engine,
        "taught_images": made.teach_images,
        "shown_defects": shown,
        "teach_s": wall,
        "teach_cpu_s": cpu,
        "stages_s": made.seconds,
        "bundle_bytes": size,
        "p50_ms": {one.name: one.p50_ms for one in trial.tried},
        "parity": row.parity and asdict(row.parity) | {"largest": _largest(row.parity)},
        "refused": row.refused,
        "evaluation": row.evaluation and row.evaluation.to_json(),
    }


def keep_pods(
    source: str, engine: str, options: argparse.Namespace, subject: Subject, runtime: RuntimeConfig
) -> None:
    """Which painted defects it finds, in the file that ``detectability --out`` would write."""
    words = [source, "--fit", "stretch", "--trials", str(options.trials)]
    for name in ("size", "good"):
        value = getattr(options, name)
        words += [] if value is None else [f"--{name}", str(value)]
    asked = detectability_of(words)
    found = measure(subject.bundle, source, runtime, grid_of(asked), engine).to_json()
    named = {"settings": painted_settings_of(asked), "product": source, "engine": engine}
    keep(path_of(options.pods, source, engine), {**named, **found})


def _largest(parity: Parity) -> float:
    """The largest reference value, which all that is allowed is a share of."""
    return parity.allowed / TOLERANCES["f32"].score


def settings_of(options: argparse.Namespace) -> dict[str, int | None]:
    """What cells must share to stand in one table."""
    return {name: getattr(options, name) for name in ("size", "good", "threads")}


def row_of(cell: Cell) -> list[str]:
    """One row of the table, below `HEADS`."""
    defects = cell.get("shown_defects")
    engine = f"{cell['engine']} (shown {defects} defects)" if defects else cell["engine"]
    shown = [Path(cell["product"]).name, engine]
    if "problem" in cell:
        return [*shown, *["-"] * (len(HEADS) - 3), cell["problem"]]
    worth, parity = cell["evaluation"] or {}, cell["parity"]
    ends = worth.get("image_auroc_interval")
    times = ", ".join(
        f"{name} {p50:.1f}" for name, p50 in sorted(cell["p50_ms"].items()) if p50 is not None
    )
    return [
        *shown,
        _share(worth.get("image_auroc")),
        "-" if ends is None else "–".join(map(_share, ends)),
        *(_share(worth.get(name)) for name in ("pixel_auroc", "aupro")),
        f"{cell['teach_s']:.0f} ({cell['teach_cpu_s']:.0f})",
        times,
        f"{cell['bundle_bytes'] / 1e6:.0f}",
        "-" if parity is None else _differences(parity),
        "refused" if cell["refused"] else "passed",
    ]


def _differences(parity: Mapping[str, float]) -> str:
    """As shares of the largest reference value."""
    return ", ".join(
        f"{100.0 * parity[name] / parity['largest']:.2g}"
        for name in ("map_difference", "score_difference")
    )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100.0 * value:.1f}"


def table(cells: Sequence[Cell]) -> str:
    """Markdown, areas in percent."""
    rows = [HEADS, ["---"] * len(HEADS), *map(row_of, cells)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def summary(cells: Sequence[Cell]) -> str:
    """Markdown: an engine each row, a product each column; image AUROC and its 95 %, in percent."""
    products = list(dict.fromkeys(Path(cell["product"]).name for cell in cells))
    engines = list(dict.fromkeys(cell["engine"] for cell in cells))
    known = {(cell["engine"], Path(cell["product"]).name): cell for cell in cells}
    rows = [["engine", *products], ["---"] * (1 + len(products))]
    for engine in engines:
        found = (known.get((engine, name)) for name in products)
        rows.append([f"`{engine}`", *map(_area, found)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _area(cell: Cell | None) -> str:
    """Empty where nothing was measured."""
    if cell is None:
        return ""
    if "problem" in cell:
        return "refused"
    worth = cell["evaluation"] or {}
    ends = worth.get("image_auroc_interval")
    words = _share(worth.get("image_auroc"))
    words += "" if ends is None else f" ({'–'.join(f'{100.0 * end:.0f}' for end in ends)})"
    return f"{words}, gate refuses" if cell["refused"] else words


def parse() -> argparse.Namespace:
    """The command line."""

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--products", nargs="+", required=True, help="folders in MVTec layout, or demo:solar-mono"
    )
    parser.add_argument(
        "--engines",
        nargs="+",
        type=named_engine,
        default=[name for name in METHODS if name != "none"],
        help="method and options of a recipe; default all",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of a file for each cell")
    parser.add_argument("--pods", type=Path, help="folder of a file of found defects for each")
    parser.add_argument("--trials", type=int, default=10, help="for each size and contrast of them")
    parser.add_argument("--size", type=int, help="px of the square input; default the recipe's")
    parser.add_argument("--good", type=int, help="good images at most; default all")
    parser.add_argument("--threads", type=int, default=0, help="of the engines; 0: all cores")
    parser.add_argument("--table", action="store_true", help="print what there is, measure nothing")
    parser.add_argument("--summary", action="store_true", help="the table of image AUROCs alone")
    parser.add_argument("--line", type=Path, help="its recipes are those of the demo products")
    return parser.parse_args()


def main() -> None:
    """Measure what is missing; print the table."""
    options = parse()
    line_file = options.line or find_config("line.yaml")
    line = line_file, load_line(line_file)
    for folder in (options.out, *filter(None, [options.pods])):
        folder.mkdir(parents=True, exist_ok=True)
    cells: list[Cell] = []
    for source, engine in product(options.products, options.engines):
        path = path_of(options.out, source, engine)
        named = {"settings": settings_of(options), "product": source, "engine": engine}
        measure = None if options.table else partial(measured, source, engine, options, line)
        cell = found_or_measured(path, named, measure, lambda new: print(table([new]), flush=True))
        if cell is not None:
            cells.append(cell)
    print(f"\n{(summary if options.summary else table)(cells)}")


if __name__ == "__main__":
    main()
