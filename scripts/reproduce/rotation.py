"""Rotation prediction on a product that shows a direction, and on one that shows none.

The experiment (Golan & El-Yaniv, NeurIPS 2018; Gidaris et al., ICLR 2018): a network learns from
good pictures alone by which right angle they were turned, and is asked how sure it is of new ones.
Rendered in 64 px: a *bracket* with a tongue on its upper side and one hole, and a *flange* with
four equal holes, which looks the same after each turn. Of 100 good pictures each the engine
``rotation`` is taught as it is delivered; 50 more calibrate its threshold, 200 test it. Wrong
brackets have the tongue on the wrong side or none; scratched ones have a scratch and nothing else.

It finds what is wrong with the direction, hardly a scratch, and refuses the flange.

    .venv/bin/python -m scripts.reproduce.rotation
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from calibration.metrics import auroc, auroc_interval
from calibration.threshold import calibrate
from engines.bundle import TRAINING
from engines.methods import teach_engine
from engines.runtimes.onnxruntime import open_session
from engines.taught import NOWHERE, Taught
from inspector.core.check_spec import DecisionBasis
from inspector.core.detection import EngineInfo
from inspector.core.engine_spec import RotationSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from scripts.reproduce.figures import Curve, density, plot, sheet

SIDE, FINE = 64, 4
"""Pixels of a picture, and sub-pixels a side that it is drawn in."""
TAUGHT, CALIBRATED, TESTED = 100, 50, 200
FALSE_REJECTS = 0.05
SHOWN = 8
FORM = FrameFormat(SIDE, SIDE, PixelFormat.MONO8)
_INFO = EngineInfo("rotation", "onnxruntime", "reference", "0" * 64, SIDE, SIDE, 1, 1, 1)
_METAL, _GROUND = 170, 60

Scores = NDArray[np.float64]
Draw = Callable[[np.random.Generator], Pixels]


def bracket(random: np.random.Generator, side: int | None = 0) -> Pixels:
    """A plate with a hole, and a tongue on one side (0 is the upper one) or on none."""
    canvas = _ground()
    _box(canvas, (18, 18, 46, 46), _METAL)
    tongues = {0: (26, 8, 38, 18), 1: (8, 26, 18, 38), 2: (26, 46, 38, 56), 3: (46, 26, 56, 38)}
    if side is not None:
        _box(canvas, tongues[side], _METAL)
    cv2.circle(canvas, (32 * FINE, 32 * FINE), 6 * FINE, _GROUND, -1)
    return _seen(canvas, random)


def flange(random: np.random.Generator) -> Pixels:
    """A disc with four equal holes."""
    canvas = _ground()
    cv2.circle(canvas, (32 * FINE, 32 * FINE), 24 * FINE, _METAL, -1)
    for x, y in ((32, 16), (48, 32), (32, 48), (16, 32)):
        cv2.circle(canvas, (x * FINE, y * FINE), 4 * FINE, _GROUND, -1)
    return _seen(np.rot90(canvas, int(random.integers(4))).copy(), random)


def wrong(random: np.random.Generator) -> Pixels:
    """A bracket whose tongue is missing or on another side."""
    return bracket(random, (None, 1, 2, 3)[random.integers(4)])


def scratched(random: np.random.Generator) -> Pixels:
    """A bracket with a scratch."""
    image = bracket(random)
    x, y = random.integers(22, 42, 2).tolist()
    across, along = random.integers(-8, 9, 2).tolist()
    cv2.line(image, (x, y), (x + across, y + along), 230, 1, cv2.LINE_AA)
    return image


def _ground() -> Pixels:
    return np.full((SIDE * FINE, SIDE * FINE), _GROUND, np.uint8)


def _box(canvas: Pixels, box: tuple[int, int, int, int], level: int) -> None:
    left, top, right, bottom = (FINE * side for side in box)
    cv2.rectangle(canvas, (left, top), (right - 1, bottom - 1), level, -1)


def _seen(canvas: Pixels, random: np.random.Generator) -> Pixels:
    """As a camera sees it: a little shifted, turned and lit otherwise, with noise."""
    middle = SIDE * FINE / 2 - 0.5
    moved = cv2.getRotationMatrix2D((middle, middle), random.uniform(-4, 4), 1.0)
    moved = moved + np.array([[0, 0, FINE], [0, 0, FINE]]) * random.uniform(-2, 2, (2, 1))
    fine = cv2.warpAffine(canvas, moved, canvas.shape[::-1], borderValue=_GROUND)
    image = cv2.resize(fine, (SIDE, SIDE), interpolation=cv2.INTER_AREA) * random.uniform(
        0.95, 1.05
    )
    return np.clip(image + random.normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def pictures(draw: Draw, count: int, seed: int) -> Pixels:
    """uint8[count, 64, 64, 1]."""
    random = np.random.default_rng(seed)
    return np.stack([draw(random) for _ in range(count)])[..., None]


def taught_on(images: Pixels, epochs: int) -> Taught:
    """The engine as it is delivered. Raises ``ConfigError`` where turns cannot be told apart."""
    spec = RotationSpec(epochs=epochs)
    return teach_engine(list(images), FORM, spec, lambda stage, share: None, NOWHERE)


def scores_of(taught: Taught, images: Pixels) -> Scores:
    """Raw scores."""
    session = open_session(taught.graph.SerializeToString(), threads=1)
    found = [session.run(["score"], {"image": image[None]})[0] for image in images]
    return np.concatenate(found).astype(np.float64)


def told(name: str, good: Scores, bad: Scores, threshold: float) -> str:
    """One line of figures."""
    scores = np.concatenate([good, bad])
    labels = np.arange(scores.size) >= good.size
    area, ends = auroc(scores, labels), auroc_interval(scores, labels)
    assert area is not None
    assert ends is not None
    return (
        f"{name}: ROC AUC {area:.4f} (95 %: {ends[0]:.3f} to {ends[1]:.3f}); good rejected "
        f"{(good > threshold).sum()} of {good.size}, {name} found {(bad > threshold).sum()} of "
        f"{bad.size}"
    )


def main() -> None:
    """Teach both products, judge, draw; print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("docs/images/reproduce"))
    parser.add_argument("--epochs", type=int, default=RotationSpec().epochs)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    taught = taught_on(pictures(bracket, TAUGHT, 0), options.epochs)
    share = 100 * float(str(taught.parameters["held_out_views_told"]))
    print(f"bracket: angle found in {share:.0f} % of the views that were held out")
    known = scores_of(taught, pictures(bracket, CALIBRATED, 1))[:, None]
    basis = DecisionBasis()
    threshold = calibrate(
        known, FALSE_REJECTS, basis, info=_INFO, preparation_hash="0" * 64
    ).threshold
    drawn = {"good": bracket, "wrong": wrong, "scratched": scratched}
    tests = {name: pictures(draw, TESTED, 2) for name, draw in drawn.items()}
    scores = {name: scores_of(taught, images) for name, images in tests.items()}
    for name in ("wrong", "scratched"):
        print(told(name, scores["good"], scores[name], threshold))
    losses = json.loads(taught.files[TRAINING])
    lines = [
        Curve(name, range(1, len(losses["train"]) + 1), losses[key])
        for name, key in (("training", "train"), ("validation", "validation"))
    ]
    plot(options.out / "rotation-loss.png", "Loss", ("epoch", "cross-entropy"), lines)
    edges = np.linspace(0.0, max(map(np.max, scores.values())), 60)
    shapes = [density(name, found, edges) for name, found in scores.items()]
    axes = ("score, in means of good parts", "density")
    title = f"Scores; threshold {threshold:.3g}"
    plot(options.out / "rotation-scores.png", title, axes, shapes)
    round_parts = pictures(flange, TAUGHT, 3)
    rows = {**tests, "flange": round_parts}
    sheet(
        options.out / "rotation-sheet.png",
        [(name, list(images[:SHOWN, :, :, 0])) for name, images in rows.items()],
    )
    try:
        taught_on(round_parts, options.epochs)
    except ConfigError as error:
        print(f"flange: refused: {error}")
    else:
        raise SystemExit("flange: was taught, although it looks the same after each turn")


if __name__ == "__main__":
    main()
