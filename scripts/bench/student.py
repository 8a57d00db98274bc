"""Which map is the fastest: engines in turns in one process, so that a busy PC is fair to all.

Each engine is taught from a few images, since its time does not depend on what it has learned. Then
every round asks each engine on each runtime for one image. Prints medians and their ratios to the
first engine's on the same runtime.

    .venv/bin/python -m scripts.bench.student mvtec/bottle --engines patchcore padim student
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.bundle import open_bundle
from engines.runtimes import load_engine
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.station.opening import load_line
from inspector.station.places import find_config
from scripts.bench.cells import engine_of
from scripts.bench.detectability import recipe_for

RUNTIMES = ("openvino", "onnxruntime")
WARMING = 5
"""Rounds before the clock counts."""


def bundle_of(source: str, engine: str, folder: Path, options: argparse.Namespace) -> Path:
    """Teach an engine from a few images."""
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for teaching only

    line_file = find_config("line.yaml")
    section = engine_of(engine)
    line = line_file, load_line(line_file)
    content = recipe_for(source, str(section["method"]), options.size, "stretch", line).model_dump()
    if "epochs" in content["engine"]:
        section = {"epochs": 1} | section
    recipe = Recipe.model_validate(content | {"engine": content["engine"] | section})
    runtime = RuntimeConfig.model_validate({"name": "onnxruntime", "threads": 1})
    return teach(source, recipe, folder, good=options.good, runtime=runtime).bundle


def timed(bundles: dict[str, Path], rounds: int) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Milliseconds of each round, by runtime and engine; one thread each."""
    engines = {
        (name, engine): load_engine(
            open_bundle(bundle), RuntimeConfig.model_validate({"name": name, "threads": 1})
        )
        for name in RUNTIMES
        for engine, bundle in bundles.items()
    }
    images = {engine: open_bundle(path).golden().images[:1] for engine, path in bundles.items()}
    found: dict[tuple[str, str], list[float]] = {key: [] for key in engines}
    for number in range(WARMING + rounds):
        for (name, engine), loaded in engines.items():
            begun = time.perf_counter()
            loaded.infer(images[engine])
            if number >= WARMING:
                found[name, engine].append(1e3 * (time.perf_counter() - begun))
    return {key: np.array(values) for key, values in found.items()}


def main() -> None:
    """Teach, time, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("source", help="folder in MVTec layout, or demo:solar-mono")
    parser.add_argument(
        "--engines", nargs="+", default=["patchcore", "padim", "deep_rx", "student", "lista"]
    )
    parser.add_argument("--size", type=int, default=256, help="px of the square input")
    parser.add_argument("--good", type=int, default=45, help="images that each is taught from")
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bundles = {
            engine: bundle_of(options.source, engine, Path(folder) / str(number), options)
            for number, engine in enumerate(options.engines)
        }
        found = timed(bundles, options.rounds)
    print("| runtime | engine | fastest ms | p50 ms | of the first |\n|---|---|---|---|---|")
    for (name, engine), values in found.items():
        first = np.median(found[name, options.engines[0]])
        median = float(np.median(values))
        share = f"{median / first:.2f}"
        print(f"| {name} | {engine} | {values.min():.2f} | {median:.2f} | {share} |")


if __name__ == "__main__":
    main()
