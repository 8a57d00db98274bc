"""Digits as a product and as an experiment, on a few made-up ones."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.core.errors import DatasetError
from inspector.core.frame import Pixels
from inspector.teaching import sources
from scripts.bench.mnist_product import lay_out
from scripts.reproduce.figures import confusion
from scripts.reproduce.mnist import SPEC, Found, draw, experiment, redrawn, scores_of

SMALL = SPEC.model_copy(
    update={"channels": (8, 4), "hidden": (32, 16), "latent": 4, "epochs": 2, "batch": 16}
)


def digits(count: int, random: np.random.Generator) -> tuple[Pixels, Pixels]:
    """Ones are strokes, zeros are frames."""
    images, names = np.zeros((count, 28, 28), np.uint8), np.arange(count) % 2
    for image, name in zip(images, names, strict=True):
        left = int(random.integers(9, 12))
        if name:
            image[4:24, left : left + 3] = 255
        else:
            image[6:22, left - 3 : left + 12] = 255
            image[9:19, left : left + 9] = 0
    return images, names.astype(np.uint8)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    train, test = digits(60, random), digits(20, random)
    path = tmp_path / "digits.npz"
    np.savez(path, x_train=train[0], y_train=train[1], x_test=test[0], y_test=test[1])
    return path


@pytest.fixture
def found(file: Path) -> Found:
    return experiment(file, 24, 1, SMALL)


def test_experiment_learns_the_normal_digit_alone(found: Found) -> None:
    assert len(found.curves.train) == 2
    assert found.good.size == found.anomalous.size == 10
    area, low, high = found.areas
    assert low <= area <= high


def test_score_is_the_sum_of_differences(found: Found) -> None:
    images, _ = digits(2, np.random.default_rng(1))
    drawn = redrawn(found.model, images)
    assert drawn.shape == images.shape
    by_hand = [np.abs(a / 255.0 - b / 255.0).sum() for a, b in zip(images, drawn, strict=True)]
    assert scores_of(found.model, images) == pytest.approx(by_hand)


@pytest.mark.panel
def test_figures_are_drawn(found: Found, file: Path, tmp_path: Path) -> None:
    draw(found, file, 1, tmp_path / "out")
    confusion(tmp_path / "out" / "c.png", "title", np.array([[9, 1], [0, 10]]))
    names = {path.name for path in (tmp_path / "out").iterdir() if path.stat().st_size > 500}
    assert names == {f"mnist-{name}.png" for name in ("loss", "scores", "roc", "sheet")} | {"c.png"}


def test_digits_become_a_product(file: Path, tmp_path: Path) -> None:
    lay_out(file, tmp_path / "mnist")
    assert len(sources.good_pictures(tmp_path / "mnist")) == 30
    first = cv2.imread(str(sources.good_pictures(tmp_path / "mnist")[0].path), cv2.IMREAD_UNCHANGED)
    assert first is not None
    assert first.shape == (32, 32)
    kinds = [picture.category for picture in sources.test_pictures(tmp_path / "mnist")]
    assert sorted(kinds) == ["0"] * 10 + ["good"] * 10
    with pytest.raises(DatasetError, match="exists already"):
        lay_out(file, tmp_path / "mnist")


def test_a_file_without_digits_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", pictures=np.zeros(3))
    with pytest.raises(DatasetError, match=r"other\.npz: no digits in it.*Give x_train"):
        lay_out(tmp_path / "other.npz", tmp_path / "mnist")
    assert not (tmp_path / "mnist").exists()
