"""What averages of the engine's map add to the map: found defects at the same promise.

A product is taught once and every image looked at once; then the same maps are calibrated and
judged with one, two and three scales.

    .venv/bin/python -m scripts.bench.engine_scales --products mvtec/bottle demo:solar-mono
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from calibration.metrics import auroc
from calibration.threshold import calibrate
from engines.bundle import open_bundle
from engines.runtimes import load_engine
from inspector.core.check_spec import EngineCheckSpec
from inspector.core.detection import Detection
from inspector.core.frame import ScoreMap
from inspector.core.ports import PreparedView
from inspector.core.recipe import Recipe
from inspector.scoring.raw_check import RawCheck, raw_checks
from inspector.station.opening import load_line
from inspector.station.places import find_config
from inspector.teaching.dataset import DatasetStore, Label, Split
from inspector.teaching.evaluate import labelled, pixel_figures
from inspector.teaching.learning import Learning, learn_averages
from inspector.teaching.prepared import Preparer
from scripts.bench.checks import Row, escapes_at, table
from scripts.bench.detectability import recipe_for

SCALES = (1, 2, 3)

Seen = tuple[PreparedView, ScoreMap]


def measure(source: str, recipe: Recipe, folder: Path) -> list[Row]:
    """Teach, look once, and judge with each number of scales."""
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for teaching only

    bundle = open_bundle(teach(source, recipe, folder).bundle)
    calibrating = DatasetStore(folder / "datasets" / recipe.product).good_images(Split.CALIBRATE)
    preparer = Preparer(recipe.preparation)
    pictures = [one for one in labelled(source) if one.truth is not Label.GRADED]
    with closing(load_engine(bundle)) as engine:

        def look(path: Path) -> Seen:
            view = preparer.view(path)
            return view, engine.infer(view.pixels[None]).maps[0].copy()

        held_out = [look(path) for path in calibrating]
        tested = [look(picture.path) for picture in pictures]
        info = engine.info
    defective = np.array([picture.truth is Label.DEFECTIVE for picture in pictures])
    rows = []
    for scales in SCALES:
        basis = recipe.basis.model_copy(update={"checks": (EngineCheckSpec(scales=scales),)})
        (learning,) = learn_averages(
            [Learning(raw_checks(basis)[0])], lambda: (seen[1] for seen in held_out), len(held_out)
        )
        made = calibrate(
            np.array([[_judged(learning.of(n), one)[0]] for n, one in enumerate(held_out)]),
            recipe.decision.false_reject_rate,
            basis,
            info=info,
            preparation_hash=bundle.preparation_hash,
        )
        start = time.perf_counter_ns()
        scores, maps = zip(*(_judged(learning.check, one) for one in tested), strict=True)
        ms = (time.perf_counter_ns() - start) / 1e6 / len(tested)
        joint = np.array(scores)
        rejected = joint > made.threshold
        rows.append(
            Row(
                product=recipe.product,
                checks=(f"{scales} scales" if scales > 1 else "engine",),
                image_auroc=auroc(joint, defective),
                aupro=pixel_figures(pictures, maps, preparer)[1],
                good=int((~defective).sum()),
                rejected=int((rejected & ~defective).sum()),
                defective=int(defective.sum()),
                escaped=int((~rejected & defective).sum()),
                same_rate=escapes_at(joint, defective, made.promised),
                threshold=made.threshold,
                ms=ms,
            )
        )
    return rows


def _judged(check: RawCheck, seen: Seen) -> tuple[float, ScoreMap]:
    view, score_map = seen
    judged = check.map_of(view, Detection(score_map[None], score_map.max(keepdims=True)[0]))
    return check.score_of(judged, view), judged


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every product; print as it goes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--products", nargs="+", required=True, help="folders in MVTec layout, or demo:solar-mono"
    )
    parser.add_argument("--method", choices=["patchcore", "autoencoder"], default="patchcore")
    parser.add_argument("--size", type=int, help="px of the square input; default the recipe's")
    options = parser.parse_args(arguments)
    line_file = find_config("line.yaml")
    line = line_file, load_line(line_file)
    for source in options.products:
        recipe = Recipe.model_validate(
            recipe_for(source, options.method, options.size, "stretch", line).model_dump()
        )
        with tempfile.TemporaryDirectory() as folder:
            print(table(measure(source, recipe, Path(folder))), flush=True)


if __name__ == "__main__":
    main()
