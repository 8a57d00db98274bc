"""Handwritten digits: an autoencoder that has seen ones alone meets zeros.

The experiment: convolutions of 128 and 64 channels (3x3), dense layers of 1024 and 64, a latent of
32, mirrored with transposed convolutions; binary cross-entropy, Adam, 30 epochs, a tenth of the
ones for validation, the weights of the best validation kept; the score is the sum of |x - x^| over
the picture, grey levels 0..1. What it leaves open is read so: each convolution halves the picture,
layers are ReLU with batch norm after convolutions, steps of 128 pictures at a rate of 0.001, halved
after 15 epochs without improvement (the program's own training loop).

    .venv/bin/python -m scripts.reproduce.mnist ../shared/data/mnist_0_and_1.npz --train 2000
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from calibration.metrics import auroc, auroc_interval
from calibration.operating import roc
from engines.neural.autoencoder import Autoencoder
from engines.neural.kept_images import KeptImages
from engines.neural.levels import standard_levels
from engines.neural.training import Curves, Schedule, hold_out, seeded, train
from inspector.core.engine_spec import AutoencoderSpec
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from scripts.bench.mnist_product import digits_in
from scripts.reproduce.figures import Curve, density, plot, sheet

FORM = FrameFormat(28, 28, PixelFormat.MONO8)
SPEC = AutoencoderSpec(
    channels=(128, 64),
    kernel=3,
    latent_form="dense",
    hidden=(1024, 64),
    latent=32,
    loss="bce",
    mend=False,
    validation_share=0.1,
    learning_rate=1e-3,
    epochs=30,
    patience=30,
    batch=128,
)
SHOWN = 8
"""Pictures of each kind on the sheet."""


@dataclass(frozen=True)
class Found:
    """What the experiment gives. Scores float64[n]."""

    curves: Curves
    model: Autoencoder
    good: NDArray[np.float64]
    anomalous: NDArray[np.float64]
    train_s: float

    @property
    def areas(self) -> tuple[float, float, float]:
        """Area under the ROC curve, and both ends of its 95 % interval."""
        scores = np.concatenate([self.good, self.anomalous])
        truth = np.arange(scores.size) >= self.good.size
        area, ends = auroc(scores, truth), auroc_interval(scores, truth)
        assert area is not None
        assert ends is not None
        return area, *ends


def learnt(images: Pixels, spec: AutoencoderSpec = SPEC) -> tuple[Autoencoder, Curves]:
    """An autoencoder of pictures uint8[n, 28, 28], and its losses."""
    kept = KeptImages(list(images[..., None]))
    split = hold_out(len(images), spec.validation_share, spec.seed)
    levels = standard_levels(kept, split[0], FORM.pixel_format, _silent)
    with seeded(spec.seed):
        model = Autoencoder(levels, FORM, spec)
    schedule = Schedule(
        spec.epochs,
        spec.patience,
        spec.batch,
        spec.learning_rate,
        spec.seed,
        steps=max(1, len(split[0]) // spec.batch),
        validated=len(split[1]),
    )
    return model, train(model, model.loss, kept, split, schedule=schedule, progress=_told)


def redrawn(model: Autoencoder, images: Pixels) -> Pixels:
    """What it makes of pictures uint8[n, 28, 28]."""
    parts = []
    with torch.no_grad():
        for start in range(0, len(images), SPEC.batch):
            batch = torch.from_numpy(images[start : start + SPEC.batch, ..., None])
            drawn = model.painted(model.drawn(model.levels(batch)))
            parts.append(model.levels.picture(drawn)[:, 0].round().byte().numpy())
    return np.concatenate(parts)


def scores_of(model: Autoencoder, images: Pixels) -> NDArray[np.float64]:
    """Sum of |x - x^| of each picture."""
    difference = np.abs(images.astype(np.float64) - redrawn(model, images))
    sums: NDArray[np.float64] = difference.sum(axis=(1, 2)) / 255.0
    return sums


def experiment(file: Path, count: int | None, normal: int, spec: AutoencoderSpec) -> Found:
    """Learn ``count`` pictures of the normal digit, judge all test pictures of both."""
    images, digits = digits_in(file, "train")
    before = time.perf_counter()
    model, curves = learnt(images[digits == normal][:count], spec)
    after = time.perf_counter()
    images, digits = digits_in(file, "test")
    good, anomalous = (
        scores_of(model, images[same]) for same in (digits == normal, digits != normal)
    )
    return Found(curves, model, good, anomalous, after - before)


def draw(found: Found, file: Path, normal: int, folder: Path) -> None:
    """All figures of the experiment."""
    epochs = range(1, len(found.curves.train) + 1)
    lines = [
        Curve("training", epochs, found.curves.train),
        Curve("validation", epochs, found.curves.validation),
    ]
    plot(folder / "mnist-loss.png", "Loss", ("epoch", "binary cross-entropy"), lines)
    edges = np.linspace(0.0, max(found.good.max(), found.anomalous.max()), 60)
    shapes = [density("good", found.good, edges), density("anomalous", found.anomalous, edges)]
    plot(folder / "mnist-scores.png", "Scores", ("sum of |x − x̂|", "density"), shapes)
    rates = [(0.0, 0.0), *roc(np.sort(found.good), np.sort(found.anomalous)), (1.0, 1.0)]
    points = np.array(sorted(rates))
    title = f"ROC, area {found.areas[0]:.4f}"
    axes = ("good rejected", "anomalous rejected")
    plot(folder / "mnist-roc.png", title, axes, [Curve("", points[:, 0], points[:, 1])])
    images, digits = digits_in(file, "test")
    rows: list[tuple[str, Sequence[Pixels]]] = []
    for name, same in (("good", digits == normal), ("anomalous", digits != normal)):
        shown = images[same][:SHOWN]
        rows += [(name, list(shown)), ("redrawn", list(redrawn(found.model, shown)))]
    sheet(folder / "mnist-sheet.png", rows)


def _silent(stage: str, share: float) -> None:
    """Levels take no time."""


def _told(stage: str, share: float) -> None:
    print(f"\r{100 * share:3.0f} % {stage}", end="", flush=True)


def main() -> None:
    """Learn, judge, draw; print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file", type=Path, help=".npz with x_train, y_train, x_test, y_test")
    parser.add_argument("--out", type=Path, default=Path("docs/images/reproduce"))
    parser.add_argument("--train", type=int, help="pictures to learn from; default all")
    parser.add_argument("--epochs", type=int, default=SPEC.epochs)
    parser.add_argument("--normal", type=int, default=1, help="the digit that is good")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    spec = SPEC.model_copy(update={"epochs": options.epochs, "patience": options.epochs})
    found = experiment(options.file, options.train, options.normal, spec)
    draw(found, options.file, options.normal, options.out)
    area, low, high = found.areas
    curves = found.curves
    print(
        f"\ntraining {found.train_s:.0f} s, {len(curves.train)} epochs, best {curves.best + 1}, "
        f"validation {curves.validation[curves.best]:.4f}\n"
        f"score good {found.good.mean():.1f} (n {found.good.size}), anomalous "
        f"{found.anomalous.mean():.1f} (n {found.anomalous.size})\n"
        f"ROC AUC {area:.4f} (95 %: {low:.4f} to {high:.4f})"
    )


if __name__ == "__main__":
    main()
