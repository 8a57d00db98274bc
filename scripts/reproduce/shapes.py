"""Rendered shapes of 16 px: an autoencoder that has seen ellipses alone meets rectangles.

The experiment: good are filled ellipses (centre 8±2, radii 5±1, turned by ±10°), anomalous are
rectangles (corners 4±2 and 12±2, ±10°), black and white; 1,000 ellipses to learn, 500 and 500 to
test. Convolutions of 32-16-16-32-1 channels with pooling and upsampling, squared error, Adam, 50
epochs, batches of 32, a tenth for validation; the score is the mean squared error of a picture,
the threshold the 95th percentile of the training errors. What it leaves open is read so: ± is
uniform, convolutions are 3x3 with ReLU, the last with a sigmoid, two poolings by 2.

That threshold comes from pictures that the network was trained on. Beside it stands the program's
own: a fifth of the good pictures is kept from the training and calibrates the threshold for the
same 5 %; the same again where there are 100 good pictures in all.

    .venv/bin/python -m scripts.reproduce.shapes
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from calibration.metrics import auroc, rate_interval
from calibration.threshold import Calibration, calibrate
from engines.neural.kept_images import KeptImages
from engines.neural.training import Curves, Schedule, hold_out, seeded, train
from inspector.core.check_spec import DecisionBasis
from inspector.core.detection import EngineInfo
from inspector.core.frame import Pixels
from scripts.reproduce.figures import Curve, confusion, plot, sheet

SIDE = 16
EPOCHS, BATCH, RATE, HELD_OUT = 50, 32, 1e-3, 0.1
FALSE_REJECTS = 0.05
CALIBRATED = 0.2
"""Share of the good pictures that our threshold comes from."""
SHOWN = 6
_INFO = EngineInfo("shapes", "torch", "torch", "0" * 64, SIDE, SIDE, 1, SIDE, SIDE)

Scores = NDArray[np.float64]


def ellipses(count: int, random: np.random.Generator) -> Pixels:
    """Good pictures uint8[count, 16, 16], 0 or 255."""
    return _rendered(count, random, _ellipse)


def rectangles(count: int, random: np.random.Generator) -> Pixels:
    """Anomalous ones."""
    return _rendered(count, random, _rectangle)


def _rendered(
    count: int,
    random: np.random.Generator,
    shape: Callable[[np.random.Generator], NDArray[np.bool_]],
) -> Pixels:
    found = np.stack([shape(random) for _ in range(count)])
    return np.where(found, 255, 0).astype(np.uint8)


def _ellipse(random: np.random.Generator) -> NDArray[np.bool_]:
    centre, radii = random.uniform(6, 10, 2), random.uniform(4, 6, 2)
    along, across = _turned(centre, random)
    inside: NDArray[np.bool_] = (along / radii[0]) ** 2 + (across / radii[1]) ** 2 <= 1.0
    return inside


def _rectangle(random: np.random.Generator) -> NDArray[np.bool_]:
    first, second = random.uniform(2, 6, 2), random.uniform(10, 14, 2)
    half = (second - first) / 2
    along, across = _turned((first + second) / 2, random)
    inside: NDArray[np.bool_] = (np.abs(along) <= half[0]) & (np.abs(across) <= half[1])
    return inside


def _turned(centre: Scores, random: np.random.Generator) -> tuple[Scores, Scores]:
    """Each pixel's place along and across axes that are turned by ±10° about a centre."""
    angle = np.radians(random.uniform(-10, 10))
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5 - centre[::-1].reshape(2, 1, 1)
    return x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)


class Shapes(nn.Module):
    """Pictures uint8[N, 16, 16, 1] to what is drawn for them, float32[N, 1, 16, 16] in 0..1."""

    def __init__(self) -> None:
        super().__init__()
        pool, grow = nn.MaxPool2d(2), nn.Upsample(scale_factor=2)
        self.layers = nn.Sequential(
            *(_layer(1, 32), pool, _layer(32, 16), pool),
            *(_layer(16, 16), grow, _layer(16, 32), grow),
            nn.Conv2d(32, 1, 3, padding=1),
            nn.Sigmoid(),
        )

    def forward(self, batch: Tensor) -> Tensor:
        """What is drawn."""
        drawn: Tensor = self.layers(white(batch))
        return drawn

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """Mean squared error."""
        return functional.mse_loss(self(batch), white(batch))


def _layer(inner: int, outer: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inner, outer, 3, padding=1), nn.ReLU())


def white(batch: Tensor) -> Tensor:
    """Shares of white, float32[N, 1, 16, 16]."""
    return batch.permute(0, 3, 1, 2).float() / 255.0


def learnt(images: Pixels, epochs: int = EPOCHS, seed: int = 0) -> tuple[Shapes, Curves]:
    """A network of good pictures, and its losses."""
    split = hold_out(len(images), HELD_OUT, seed)
    with seeded(seed):
        network = Shapes()
    steps = max(1, len(split[0]) // BATCH)
    schedule = Schedule(epochs, epochs, BATCH, RATE, seed, steps=steps, validated=len(split[1]))
    kept = KeptImages(list(images[..., None]))
    return network, train(
        network, network.loss, kept, split, schedule=schedule, progress=lambda stage, share: None
    )


def drawn_by(network: Shapes, images: Pixels) -> Scores:
    """Reconstructions float64[n, 16, 16] in 0..1."""
    with torch.no_grad():
        found: Scores = network(torch.from_numpy(images[..., None]))[:, 0].double().numpy()
    return found


def errors_of(network: Shapes, images: Pixels) -> Scores:
    """Squared error of each pixel, float64[n, 16, 16]."""
    found: Scores = (drawn_by(network, images) - images / 255.0) ** 2
    return found


def scores_of(network: Shapes, images: Pixels) -> Scores:
    """Mean squared error of each picture."""
    found: Scores = errors_of(network, images).mean(axis=(1, 2))
    return found


@dataclass(frozen=True)
class Judged:
    """The test pictures against one threshold. Scores float64[n]."""

    title: str
    threshold: float
    good: Scores
    anomalous: Scores

    @property
    def matrix(self) -> NDArray[np.int64]:
        """Good and anomalous (rows) that were passed and rejected (columns)."""
        rejected = [(scores > self.threshold).sum() for scores in (self.good, self.anomalous)]
        sizes = self.good.size, self.anomalous.size
        return np.array([[size - r, r] for size, r in zip(sizes, rejected, strict=True)])

    def __str__(self) -> str:
        (_, false), (missed, found) = self.matrix.tolist()
        low, high = rate_interval(false, self.good.size)
        scores = np.concatenate([self.good, self.anomalous])
        area = auroc(scores, np.arange(scores.size) >= self.good.size)
        return (
            f"{self.title}: threshold {self.threshold:.5f}; good rejected {false} of "
            f"{self.good.size} (95 %: {100 * low:.1f} to {100 * high:.1f} %), anomalous found "
            f"{found}, missed {missed}; ROC AUC {area:.4f}"
        )


def calibrated(network: Shapes, images: Pixels) -> Calibration:
    """Our threshold, of good pictures that the network has not seen."""
    scores = scores_of(network, images)[:, None]
    basis = DecisionBasis()
    return calibrate(scores, FALSE_REJECTS, basis, info=_INFO, preparation_hash="0" * 64)


def percentile_judged(
    good: Pixels, tests: tuple[Pixels, Pixels], epochs: int
) -> tuple[Judged, Shapes, Curves]:
    """As published: the threshold of the pictures that were trained on."""
    network, curves = learnt(good, epochs)
    trained, _ = hold_out(len(good), HELD_OUT, 0)
    threshold = float(np.percentile(scores_of(network, good[trained]), 95))
    found = [scores_of(network, test) for test in tests]
    title = f"95th percentile of training errors, {len(good)} good"
    return Judged(title, threshold, found[0], found[1]), network, curves


def calibrated_judged(good: Pixels, tests: tuple[Pixels, Pixels], epochs: int) -> Judged:
    """By our threshold: some good pictures are kept for it."""
    kept = round(CALIBRATED * len(good))
    network, _ = learnt(good[kept:], epochs)
    threshold = calibrated(network, good[:kept]).threshold
    found = [scores_of(network, test) for test in tests]
    return Judged(f"calibrated, {len(good)} good", threshold, found[0], found[1])


def shown(network: Shapes, tests: tuple[Pixels, Pixels]) -> list[tuple[str, list[Pixels]]]:
    """The three rows of the figure: good ones, then anomalous ones."""
    images = np.concatenate([test[:SHOWN] for test in tests])
    rows = {
        "input": images / 255.0,
        "reconstruction": drawn_by(network, images),
        "squared error": errors_of(network, images),
    }
    return [(name, list((255 * row).round().astype(np.uint8))) for name, row in rows.items()]


def main() -> None:
    """Learn, judge, draw; print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("docs/images/reproduce"))
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    random = np.random.default_rng(0)
    good = ellipses(1000, random)
    tests = ellipses(500, random), rectangles(500, random)
    published, network, curves = percentile_judged(good, tests, options.epochs)
    epochs = range(1, len(curves.train) + 1)
    lines = [
        Curve("training", epochs, curves.train),
        Curve("validation", epochs, curves.validation),
    ]
    plot(options.out / "shapes-loss.png", "Loss", ("epoch", "squared error"), lines)
    sheet(options.out / "shapes-sheet.png", shown(network, tests))
    few, _, _ = percentile_judged(good[:100], tests, options.epochs)
    ours = [calibrated_judged(part, tests, options.epochs) for part in (good, good[:100])]
    for name, judged in zip(
        ("published", "100", "ours", "ours-100"), (published, few, *ours), strict=True
    ):
        confusion(options.out / f"shapes-{name}.png", judged.title, judged.matrix)
        print(judged)


if __name__ == "__main__":
    main()
