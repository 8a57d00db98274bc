"""A cascade against its exact form: same scores, same verdicts, and what it saves.

An engine is taught with its cascade; then both forms judge the calibration images, and good and
defective test images, in turns. Above the *band*, three quarters of an image's score, their maps
have to agree cell by cell.

    .venv/bin/python -m scripts.bench.cascade magnetic_tile demo:solar-mono --engines lrb crd
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from engines.bundle import Bundle, open_bundle
from engines.runtimes import load_engine
from inspector.core.frame import Pixels, ScoreMap
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine
from inspector.core.recipe import Recipe
from inspector.station.opening import load_line
from inspector.station.places import find_config
from inspector.teaching.dataset import DatasetStore, Label, Split
from inspector.teaching.evaluate import labelled
from inspector.teaching.prepared import preparer_of
from scripts.bench.cells import engine_of
from scripts.bench.detectability import recipe_for

BAND = 0.75
"""Share of an image's score below which a cell may hold its bound."""
RUNTIME = RuntimeConfig(name="onnxruntime", threads=1)


@dataclass
class Figures:
    """What both forms said of some images."""

    scores: list[tuple[float, float]] = field(default_factory=list)
    above_band: int = 0
    differing: int = 0
    """Cells above the band, and those of them that the forms see differently."""
    times_ms: list[tuple[float, float]] = field(default_factory=list)

    def row(self, threshold: float) -> list[str]:
        """Images, equal scores, equal verdicts, differing cells, times."""
        exact, quick = np.array(self.scores).T
        same = np.isclose(exact, quick, rtol=1e-4)
        verdicts = (exact > threshold) == (quick > threshold)
        p50, p99 = np.percentile(np.array(self.times_ms), [50, 99], axis=0)
        return [
            f"{len(same)}, {int((exact > threshold).sum())} rejected",
            f"{same.sum()} of {len(same)}",
            f"{verdicts.sum()} of {len(same)}",
            f"{self.differing} of {self.above_band}",
            f"{p50[0]:.0f}, {p99[0]:.0f}",
            f"{p50[1]:.0f}, {p99[1]:.0f}",
        ]


def compared(exact: Engine, quick: Engine, images: Iterator[Pixels]) -> Figures:
    """Ask both of each image."""
    found = Figures()
    for image in images:
        maps: list[ScoreMap] = []
        times = []
        for engine in (exact, quick):
            begun = time.process_time()
            maps.append(engine.infer(image[None]).maps[0])
            times.append(1e3 * (time.process_time() - begun))
        above = maps[0] > BAND * maps[0].max()
        found.scores.append((float(maps[0].max()), float(maps[1].max())))
        found.above_band += int(above.sum())
        found.differing += int((~np.isclose(maps[0], maps[1], rtol=1e-4))[above].sum())
        found.times_ms.append((times[0], times[1]))
    return found


def pair_of(bundle: Bundle) -> tuple[Engine, Engine]:
    """The exact form, and the cascade that was taught."""
    kernel = bundle.manifest.kernel
    assert kernel is not None
    plain = kernel.model_copy(update={"cascade": False})
    manifest = bundle.manifest.model_copy(update={"kernel": plain})
    return load_engine(Bundle(bundle.path, manifest, bundle.hash), RUNTIME), load_engine(
        bundle, RUNTIME
    )


def measured(source: str, engine: str, options: argparse.Namespace) -> Iterator[list[str]]:
    """Rows of one engine on one product."""
    from inspector.teaching.teach import teach  # noqa: PLC0415  # slow to load

    line_file = find_config("line.yaml")
    section = engine_of(engine)
    line = line_file, load_line(line_file)
    content = recipe_for(source, str(section["method"]), options.size, "stretch", line).model_dump()
    recipe = Recipe.model_validate(content | {"engine": content["engine"] | section})
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        made = teach(source, recipe, data, good=options.good, runtime=RUNTIME)
        bundle = open_bundle(made.bundle)
        preparer = preparer_of(bundle, recipe.preparation)
        store = DatasetStore(data / "datasets" / recipe.product)
        sets: dict[str, Sequence[Path]] = {"calibration": store.good_images(Split.CALIBRATE)}
        for truth in (Label.GOOD, Label.DEFECTIVE):
            paths = [one.path for one in labelled(source) if one.truth is truth]
            sets[truth] = paths[:: max(1, len(paths) // options.images)][: options.images]
        for name, shown in sets.items():
            images = (preparer.read(path)[0] for path in shown)
            figures = compared(*pair_of(bundle), images)
            yield [Path(source).name, engine, name, *figures.row(made.calibration.threshold)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sources", nargs="+", help="folders in MVTec layout, or demo:solar-mono")
    parser.add_argument("--engines", nargs="+", default=["lrb", "crd"])
    parser.add_argument("--size", type=int, default=256, help="px of the square input")
    parser.add_argument("--good", type=int, default=100, help="good images that it is taught with")
    parser.add_argument("--images", type=int, default=100, help="of each kind, at most")
    options = parser.parse_args()
    heads = ["product", "engine", "images of", "number", "same score", "same verdict"]
    heads += ["cells differ", "exact, CPU ms p50, p99", "cascade, CPU ms p50, p99"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for source in options.sources:
        for engine in options.engines:
            for row in measured(source, engine, options):
                print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
