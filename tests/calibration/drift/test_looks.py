"""Brightness and sharpness move with light and lens, and not with each other."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from calibration.drift.looks import look
from inspector.core.levels import Levels


def textured(seed: int, side: int = 200) -> Levels:
    random = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(random.normal(size=(side, side)), (0, 0), 2.0)
    return np.asarray(120 + 120 * noise, np.uint8)[:, :, None]


def test_brightness_is_the_mean_level_of_any_depth() -> None:
    grey = np.full((100, 90, 1), 51, np.uint8)
    assert look(grey, 255) == pytest.approx((0.2, 0.0))
    deep = np.full((100, 90, 1), 819, np.uint16)
    assert look(deep, 4095)[0] == pytest.approx(0.2)


def test_defocus_lowers_sharpness_and_leaves_brightness() -> None:
    image = textured(1)
    blurred = np.asarray(cv2.GaussianBlur(image, (0, 0), 3.0), np.uint8)[:, :, None]
    (bright, sharp), (bright_after, sharp_after) = look(image, 255), look(blurred, 255)
    assert sharp_after < 0.8 * sharp
    assert bright_after == pytest.approx(bright, rel=0.02)


def test_light_changes_brightness_and_leaves_sharpness() -> None:
    image = textured(2)
    darker = (0.7 * image).astype(np.uint8)
    (bright, sharp), (bright_after, sharp_after) = look(image, 255), look(darker, 255)
    assert bright_after == pytest.approx(0.7 * bright, rel=0.02)
    assert sharp_after == pytest.approx(sharp, rel=0.05)


@pytest.mark.parametrize("shape", [(2, 2, 1), (32, 3, 3), (33, 4097, 1)])
def test_any_size_of_picture_will_do(shape: tuple[int, int, int]) -> None:
    bright, sharp = look(np.random.default_rng(0).integers(0, 255, shape, np.uint8), 255)
    assert 0.0 <= bright <= 1.0
    assert sharp > 0.0
