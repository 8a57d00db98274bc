"""Focus measures fall with blur and stay with exposure."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from calibration.illumination.focus import Focus, edge_width, focus_of


def scene() -> np.ndarray:
    random = np.random.default_rng(4)
    image = np.full((160, 200), 60.0)
    for _ in range(25):
        x, y, w, h = random.integers(0, 160), random.integers(0, 120), *random.integers(14, 40, 2)
        image[y : y + h, x : x + w] = random.uniform(40, 200)
    return image


def measured(blur: float = 0.8, light: float = 1.0) -> Focus:
    image = cv2.GaussianBlur(scene(), (0, 0), blur) * light
    return focus_of(np.rint(image).astype(np.uint8)[:, :, None])


def test_blur_lowers_sharpness_and_widens_edges() -> None:
    found = [measured(blur) for blur in (0.6, 1.2, 2.4, 4.0)]
    for sharper, softer in pairwise(found):
        assert sharper.laplacian > softer.laplacian
        assert sharper.tenengrad > softer.tenengrad
        assert sharper.edge_px < softer.edge_px


def test_exposure_drops_out() -> None:
    bright, dim = measured(light=1.0), measured(light=0.5)
    assert dim.laplacian == pytest.approx(bright.laplacian, rel=0.05)
    assert dim.tenengrad == pytest.approx(bright.tenengrad, rel=0.03)
    assert dim.edge_px == pytest.approx(bright.edge_px, rel=0.05)


@pytest.mark.parametrize("sigma", [2.0, 3.0])
def test_width_of_a_blurred_step(sigma: float) -> None:
    step = np.zeros((100, 120), np.float32)
    step[:, 60:] = 200.0
    blurred = cv2.GaussianBlur(step, (0, 0), sigma)
    assert edge_width(np.asarray(blurred, np.float32)) == pytest.approx(2.5 * sigma, rel=0.1)


def test_constant_picture_has_no_edge() -> None:
    assert focus_of(np.full((40, 40, 3), 90, np.uint8)).edge_px == np.inf


def test_deep_and_colour_pictures_are_measured_alike() -> None:
    image = np.rint(cv2.GaussianBlur(scene(), (0, 0), 1.0)).astype(np.uint8)[:, :, None]
    grey, deep = focus_of(image), focus_of(image.astype(np.uint16) * 257)
    colour = focus_of(np.repeat(image, 3, axis=2))
    for other in (deep, colour):
        assert other.laplacian == pytest.approx(grey.laplacian, rel=1e-4)
        assert other.edge_px == pytest.approx(grey.edge_px, rel=1e-4)
