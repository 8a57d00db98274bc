"""The same part through every method: one sheet for each family, and one of all (docs/methods.md).

Two rendered products, each taught from 100 good pictures of 256 px with the recipe's defaults and
calibrated for its false-reject rate. Maps are divided by their own calibrated threshold, so that 1
is the threshold of every method. What is taught is kept in ``--cache``, a bundle for each engine:
a run that was stopped goes on with those that are missing, and ``--draw`` draws what there is.

    .venv/bin/python -m scripts.bench.method_pictures --cache methods_pictures
    .venv/bin/python -m scripts.bench.method_pictures --cache methods_pictures --draw
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from inspector.core.errors import ConfigError, EngineError
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.teaching.new_recipe import new_recipe, with_method
from scripts.bench.cells import engine_of, named_engine
from scripts.bench.method_families import every_engine, families
from scripts.bench.method_findings import Finding, judged, keep, kept, kept_path
from scripts.bench.method_parts import SIDE, Product, lay_out, part_of, products, unseen

FIGURES = Path("docs/images/methods")
GOOD = 100
_RUNTIME = RuntimeConfig(threads=1)
_SLOWEST = (
    *("lista", "svdd", "classifier", "rotation", "autoencoder", "cutpaste", "vae", "student"),
    *("flow", "masked", "gan"),
)
"""What is taught last, in this order; all others are quick."""


def order(engines: Sequence[str]) -> list[str]:
    """The quick ones first: so most are there when the time is over."""

    def rank(engine: str) -> int:
        method = "cutpaste" if " features=" in engine else engine.split(maxsplit=1)[0]
        return _SLOWEST.index(method) if method in _SLOWEST else -1

    return sorted(engines, key=rank)


def recipe_of(product: Product, engine: str, source: Path) -> Recipe:
    """Defaults, but for the engine's options."""
    section = engine_of(engine)
    recipe = with_method(new_recipe(product.name, str(source)), str(section["method"]))
    content = recipe.model_dump(mode="json")
    content["preparation"] |= {"width": product.side, "height": product.side}
    return Recipe.model_validate(content | {"engine": content["engine"] | section})


def found(product: Product, engine: str, cache: Path, good: int) -> Finding:
    """Teach and judge, unless that is kept. What cannot be taught is a finding, too."""
    path = kept_path(cache, product, engine)
    if path.is_file():
        return kept(path)
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for teaching only

    source = cache / product.name / "images"
    lay_out(product, source, good)
    bundle = (cache / product.name / path.stem).with_suffix(".bundle")
    part = part_of(product, product.part)
    try:
        if not bundle.is_dir():
            recipe = recipe_of(product, engine, source)
            teach(str(source), recipe, cache / product.name, out=bundle, runtime=_RUNTIME)
        finding = judged(bundle, part, unseen(product), _RUNTIME)
    except (ConfigError, EngineError) as error:
        finding = Finding(refused=error.problem)
    keep(path, finding)
    return finding


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder of what was taught")
    parser.add_argument("--engines", nargs="+", type=named_engine, help="default all")
    parser.add_argument("--products", nargs="+", choices=[one.name for one in products()])
    parser.add_argument("--draw", action="store_true", help="draw what there is, teach nothing")
    parser.add_argument("--figures", type=Path, default=FIGURES)
    parser.add_argument("--good", type=int, default=GOOD)
    parser.add_argument("--size", type=int, default=SIDE, help="px of a picture")
    return parser.parse_args()


def main() -> None:
    """Teach what is missing, one engine after the other; draw what there is."""
    from scripts.bench.method_sheets import draw  # noqa: PLC0415  # Qt: only where it is drawn

    options = parse()
    some = families()
    subjects = products(options.size)
    if not options.draw:
        for engine in order(options.engines or every_engine(some)):
            for product in subjects:
                if product.name in (options.products or [product.name]):
                    began = time.perf_counter()
                    one = found(product, engine, options.cache, options.good)
                    seconds = time.perf_counter() - began
                    print(f"{product.name} {engine}: {one}, {seconds:.0f} s", flush=True)
    draw(options.figures, some, subjects, options.cache)


if __name__ == "__main__":
    main()
