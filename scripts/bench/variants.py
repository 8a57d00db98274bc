"""Each engine on each runtime at each precision: what it says beside the reference, and its worth.

An engine is taught once for each product, from a seed, then compiled for every runtime and
precision that there is. One row each, printed when it is known: differences from onnxruntime in
float32 in percent of the largest value of a map, in brackets what the precision allows; verdicts
that flip, in brackets those outside of the band; and the figures of ``inspector evaluate`` at the
variant's own threshold. What the gate refuses is measured all the same.

    .venv/bin/python -m scripts.bench.variants --products mvtec/bottle demo:solar-mono \\
        --engines autoencoder "patchcore backbone=efficientnet-lite1 coreset=500" --json v.json
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product, starmap
from pathlib import Path
from typing import get_args

from engines.backbones.registry import PACKAGED
from engines.bundle import open_bundle
from engines.runtimes import load_engine
from engines.runtimes.parity import TOLERANCES, Parity
from engines.runtimes.trial import RUNTIMES
from inspector.core.errors import ConfigError, EngineError
from inspector.core.line_config import LineConfig, RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.durable.files import write_atomically
from inspector.station.opening import load_line
from inspector.station.places import find_config
from inspector.teaching.bundles import compiled_folder
from inspector.teaching.compiling import compile_bundle
from inspector.teaching.evaluate import Evaluation, evaluate
from scripts.bench.cells import engine_of, named_engine
from scripts.bench.detectability import recipe_for

PRECISIONS: tuple[str, ...] = get_args(RuntimeConfig.model_fields["precision"].annotation)
ENGINES = (*(f"patchcore backbone={name}" for name in PACKAGED), "autoencoder")
HEADS = (
    *("product", "engine", "runtime", "map differs, %", "score differs, %", "flips", "in the band"),
    *("gate", "image AUROC", "pixel AUROC", "AU-PRO", "false rejects", "escapes", "p50 ms"),
)


@dataclass(frozen=True)
class Row:
    """One variant; without ``parity`` and ``evaluation`` where ``refused`` before both."""

    product: str
    engine: str
    input_px: tuple[int, int]
    runtime: str
    precision: str
    parity: Parity | None = None
    evaluation: Evaluation | None = None
    refused: str = ""


@dataclass(frozen=True)
class OneRecipe:
    """`Recipes` of one product."""

    only: Recipe

    def recipe(self, product: str) -> Recipe:
        """It."""
        return self.only


@dataclass(frozen=True)
class Case:
    """What is taught: images, method with options, and the input's side in px."""

    source: str
    engine: str
    size: int | None


@dataclass(frozen=True)
class Subject:
    """One taught engine of one product, in a data folder."""

    source: str
    engine: str
    recipe: Recipe
    bundle: Path
    data_folder: Path

    @property
    def compiled(self) -> Path:
        """Where its variants are kept."""
        return compiled_folder(self.data_folder)

    def absence(self, name: str) -> str | None:
        """Why a runtime does not run here at all, or None: its variants need not be made then."""
        runtime = RuntimeConfig.model_validate({"name": name})
        try:
            load_engine(open_bundle(self.bundle), runtime, self.compiled).close()
        except EngineError as error:
            return error.problem
        return None

    def measured(self, runtime: RuntimeConfig) -> Row:
        """Compile, compare and evaluate. Raises ``ConfigError`` for what a runtime has not."""
        spec = self.recipe.preparation
        known = (self.recipe.product, self.engine, (spec.width, spec.height))
        variant = (runtime.name, runtime.precision)
        try:
            made = compile_bundle(
                *(self.bundle, self.data_folder, runtime, OneRecipe(self.recipe)),
                gate=lambda parity, engine: None,
            )
        except EngineError as error:
            words = error.problem.removeprefix(f"{self.bundle}: ")
            return Row(*known, *variant, refused=words)
        found = evaluate(self.bundle, self.source, runtime=runtime, compiled=self.compiled)
        refused = "" if made.parity.passed else str(made.parity)
        return Row(*known, *variant, made.parity, found, refused)


def taught(
    case: Case, folder: Path, options: argparse.Namespace, line: tuple[Path, LineConfig]
) -> Subject:
    """Teach in a data folder of the product. Raises ``ConfigError`` for what cannot be taught."""
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for teaching only

    section = engine_of(case.engine)
    method = str(section["method"])
    content = recipe_for(case.source, method, case.size, "stretch", line).model_dump()
    recipe = Recipe.model_validate(content | {"engine": content["engine"] | section})
    runtime = RuntimeConfig(name="onnxruntime", threads=options.threads)
    made = teach(case.source, recipe, folder, good=options.good, runtime=runtime)
    return Subject(case.source, case.engine, recipe, made.bundle, folder)


def variants(
    subject: Subject, options: argparse.Namespace, left_out: dict[str, None]
) -> Iterator[Row]:
    """Every runtime at every precision that it has; what is ``left_out`` is named with a reason."""
    for name in options.runtimes:
        absence = subject.absence(name)
        if absence is not None:
            left_out[f"{name}: {absence}"] = None
            continue
        for precision in options.precisions:
            asked = {"name": name, "precision": precision, "threads": options.threads}
            try:
                yield subject.measured(RuntimeConfig.model_validate(asked))
            except ConfigError as error:
                left_out[f"{name} {precision}: {error.problem}"] = None


def cells(row: Row) -> list[str]:
    """One row of the table, below `HEADS`."""
    shown = [f"{row.product}, {'x'.join(map(str, row.input_px))} px", row.engine]
    shown += [f"{row.runtime} {row.precision}", *_parity(row.parity, row.precision)]
    return [*shown, "refused" if row.refused else "passed", *_worth(row.evaluation)]


def _parity(parity: Parity | None, precision: str) -> list[str]:
    if parity is None:
        return ["-"] * 4
    tolerance = TOLERANCES[precision]
    largest = parity.allowed / tolerance.score
    pairs = (
        (parity.map_difference, tolerance.cell),
        (parity.score_difference, tolerance.score),
    )
    return [
        *(f"{100 * difference / largest:.2g} ({100 * allowed:g})" for difference, allowed in pairs),
        f"{parity.flips} ({parity.flips_outside})",
        f"{parity.in_band} of {parity.images}",
    ]


def _worth(found: Evaluation | None) -> list[str]:
    if found is None:
        return ["-"] * 6
    areas = (found.image_auroc, found.pixel_auroc, found.aupro)
    return [
        *("-" if area is None else f"{area:.3f}" for area in areas),
        _count(found.false_rejects, found.good),
        _count(found.escapes, found.defective),
        f"{found.latency_ms.p50:.1f}",
    ]


def _count(events: int, images: int) -> str:
    return f"{events} of {images}" if images else "-"


def refusals(rows: Sequence[Row]) -> list[str]:
    """What the gate or the self-test refused, with the figures."""
    return [
        f"{row.product}, {row.engine}, {row.runtime} {row.precision}, refused: {row.refused}"
        for row in rows
        if row.refused
    ]


def printed(texts: Sequence[str]) -> None:
    """One line of Markdown, at once: a bench of an hour shows what it has."""
    print(f"| {' | '.join(texts)} |", flush=True)


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
        default=ENGINES,
        help="method and options of a recipe",
    )
    parser.add_argument("--runtimes", nargs="+", choices=RUNTIMES, default=RUNTIMES)
    parser.add_argument("--precisions", nargs="+", choices=PRECISIONS, default=PRECISIONS)
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=[None],
        help="px of the square input, or the recipe's",
    )
    parser.add_argument("--good", type=int, help="good images at most; default all")
    parser.add_argument("--threads", type=int, default=0, help="of the engines; 0: all cores")
    parser.add_argument("--line", type=Path, help="its recipes are those of the demo products")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def main() -> None:
    """Teach, compile, measure; print a row for each."""
    options = parse()
    line_file = options.line or find_config("line.yaml")
    line = line_file, load_line(line_file)
    left_out: dict[str, None] = {}
    rows: list[Row] = []
    printed(HEADS)
    printed(["---"] * len(HEADS))
    for case in starmap(Case, product(options.products, options.engines, options.sizes)):
        with tempfile.TemporaryDirectory() as folder:
            try:
                subject = taught(case, Path(folder), options, line)
            except ConfigError as error:
                left_out[f"{case.source}, {case.engine}: {error.problem}"] = None
                continue
            for row in variants(subject, options, left_out):
                printed(cells(row))
                rows.append(row)
                _keep(options.json, rows, left_out)
    print("", *(f"- {reason}" for reason in (*refusals(rows), *left_out)), sep="\n")


def _keep(path: Path | None, rows: Sequence[Row], left_out: dict[str, None]) -> None:
    if path is not None:
        figures = {"rows": [asdict(row) for row in rows], "left_out": list(left_out)}
        write_atomically(path, f"{json.dumps(figures, indent=2)}\n".encode())


if __name__ == "__main__":
    main()
