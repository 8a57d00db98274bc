"""Handwritten digits laid out as a product: 1 is good, 0 is defective.

Writes PNG files in MVTec AD's layout, once: the digits of the publisher's training part are
``train/good``, those of its test part ``test/good`` and ``test/0``. Black edges of 2 px make 28 px
32, the least that a product's pictures may have (and what LeNet took); taught at 64 px.

    .venv/bin/python -m scripts.bench.mnist_product ../shared/data/mnist_0_and_1.npz /tmp/mnist
    .venv/bin/python -m scripts.bench.methods --out methods --products /tmp/mnist --size 64
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from inspector.core.errors import DatasetError
from inspector.core.frame import Pixels

EDGE = 2
"""Black pixels around a digit."""
TEST = 500
"""Test images of each digit, at most: what tells AUROCs apart to a percent."""


def digits_in(file: Path, part: str) -> tuple[Pixels, Pixels]:
    """Pictures uint8[n, 28, 28] and their digits uint8[n]; ``part`` is train or test.

    Raises ``DatasetError``.
    """
    try:
        with np.load(file, allow_pickle=False) as found:
            return found[f"x_{part}"], found[f"y_{part}"].astype(np.uint8)
    except (OSError, KeyError, ValueError) as error:
        raise DatasetError(
            f"{file}: no digits in it ({error})", remedy="Give x_train, y_train, x_test, y_test"
        ) from error


def lay_out(file: Path, folder: Path, *, good: int = 1, defective: int = 0) -> None:
    """Write the digits as files. Raises ``DatasetError``, also where the folder exists."""
    if folder.exists():
        raise DatasetError(f"{folder}: exists already", remedy="Name another folder, or use it")
    images, digits = digits_in(file, "train")
    _write(folder / "train" / "good", images[digits == good])
    images, digits = digits_in(file, "test")
    _write(folder / "test" / "good", images[digits == good][:TEST])
    _write(folder / "test" / str(defective), images[digits == defective][:TEST])


def _write(folder: Path, images: Pixels) -> None:
    folder.mkdir(parents=True)
    edges = ((0, 0), (EDGE, EDGE), (EDGE, EDGE))
    for number, image in enumerate(np.pad(images, edges)):
        (folder / f"{number:05d}.png").write_bytes(cv2.imencode(".png", image)[1].tobytes())


def main() -> None:
    """Lay the digits out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file", type=Path, help="mnist .npz with x_train, y_train, x_test, y_test")
    parser.add_argument("folder", type=Path, help="of the product, made here")
    arguments = parser.parse_args()
    lay_out(arguments.file, arguments.folder)


if __name__ == "__main__":
    main()
