"""Backgrounds for the tests."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def noise_image(shape: tuple[int, ...], seed: int) -> NDArray[np.uint8]:
    """Independent Gaussian pixels, mean 120, standard deviation 12."""
    values = np.random.default_rng(seed).normal(120.0, 12.0, shape)
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def textured(shape: tuple[int, int], seed: int) -> NDArray[np.uint8]:
    """A shaded surface with a grain of a few pixels and noise."""
    random = np.random.default_rng(seed)
    grain = cv2.GaussianBlur(random.normal(0.0, 60.0, shape), (0, 0), 2.0)
    rows, columns = np.indices(shape)
    shading = 30.0 * (rows + columns) / sum(shape)
    image = 100.0 + shading + grain + random.normal(0.0, 3.0, shape)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)
