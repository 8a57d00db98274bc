"""Printed targets: to scale, and with their points where they say."""

from __future__ import annotations

import struct

import cv2
import numpy as np
import pytest

from calibration.camera.finding import find_target
from calibration.camera.target import Kind, Target, draw, sheet
from calibration.stills import Still
from inspector.core.errors import InputError
from inspector.core.frame import PixelFormat

TARGETS = [
    Target(Kind.CHARUCO, 6, 5, 8.0),
    Target(Kind.CHECKERBOARD, 7, 6, 8.0),
    Target(Kind.DOTS, 4, 7, 8.0),
]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.kind)
def test_points_are_where_the_drawing_has_them(target: Target) -> None:
    """Found in the drawing itself: pixel centres are half a pixel from its edge."""
    scale = 5.0
    picture = cv2.copyMakeBorder(
        draw(target, scale), 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255
    )
    picture = cv2.GaussianBlur(picture, (0, 0), 1.0)
    still = Still("print.png", np.asarray(picture, np.uint8)[:, :, None], PixelFormat.MONO8)
    found = find_target(still, target)
    assert len(found.image_px) >= 0.8 * len(target.points)
    drawn = found.target_mm * scale + 40 - 0.5
    if target.kind is Kind.CHECKERBOARD:  # the same, turned by 180 degrees
        drawn = drawn[::-1] if np.abs(found.image_px - drawn).max() > 1.0 else drawn
    assert np.abs(found.image_px - drawn).max() < 0.25


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.kind)
def test_a_sheet_prints_to_scale(target: Target) -> None:
    png = sheet(target, 150)
    place = png.index(b"pHYs") + 4
    across, down, unit = struct.unpack(">IIB", png[place : place + 9])
    assert (across, unit) == (down, 1)
    image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    still = Still("sheet.png", np.asarray(image, np.uint8)[:, :, None], PixelFormat.MONO8)
    points = find_target(still, target).image_px / (across / 1000)
    apart = np.linalg.norm(points[0] - points[-1])
    true = np.linalg.norm(target.points[0] - target.points[-1])
    assert apart == pytest.approx(true, rel=2e-3)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ((Kind.CHARUCO, 2, 5, 8.0), "--columns and --rows of 3 or more"),
        ((Kind.CHARUCO, 20, 20, 8.0), "more than 100 markers"),
        ((Kind.DOTS, 4, 9, 0.0), "--mm above 0"),
    ],
)
def test_targets_that_cannot_work_are_refused(
    target: tuple[Kind, int, int, float], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        Target(*target)
