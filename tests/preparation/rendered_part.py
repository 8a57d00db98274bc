"""A part without any symmetry, drawn in a known pose: four times as fine, then averaged."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.pose import Pose

Grey = NDArray[np.uint8]

_OUTLINE = [(-0.30, -0.28), (0.28, -0.22), (0.34, 0.12), (0.06, 0.15), (0.02, 0.34), (-0.26, 0.26)]
_HOLES = [((-0.12, -0.08), 0.07, 90), ((0.17, -0.08), 0.035, 120), ((-0.14, 0.16), 0.03, 240)]
_FINE = 4
STILL = Pose()
PART, GROUND = 190, 50


def render(
    size: int,
    pose: Pose = STILL,
    *,
    width: int | None = None,
    there: bool = True,
    half: bool = False,
    second: bool = False,
    defect: bool = False,
    seed: int | None = None,
    gain: float = 1.0,
) -> Grey:
    """uint8[size, width, 1]; the pose is about the middle of the picture. Noise where seeded."""
    width = width or size
    canvas = np.full((size * _FINE, width * _FINE), GROUND, np.uint8)
    if there:
        _draw(canvas, size, width, pose)
    if second:
        _draw(canvas, size, width, Pose(pose.dx_px + 0.45 * size, pose.dy_px - 0.4 * size, 70.0))
    matrix = pose.matrix(((width - 1) / 2, (size - 1) / 2))
    if half:
        _fill(canvas, [(0.0, -1.0), (1.0, -1.0), (1.0, 1.0), (0.0, 1.0)], GROUND, size, matrix)
    if defect:
        square = [(-0.22, -0.02), (-0.10, -0.02), (-0.10, 0.12), (-0.22, 0.12)]
        _fill(canvas, square, 30, size, matrix)
    picture = cv2.resize(canvas, (width, size), interpolation=cv2.INTER_AREA) * gain
    if seed is not None:
        picture = picture + np.random.default_rng(seed).normal(0.0, 3.0, picture.shape)
    return np.asarray(picture.clip(0, 255).round(), np.uint8)[:, :, None]


def drawn(number: int, *, px: float = 8.0, deg: float = 6.0) -> Pose:
    """A pose by number, within a range."""
    dx, dy, turn = np.random.default_rng(number).uniform(-1.0, 1.0, 3)
    return Pose(float(dx * px / 1.5), float(dy * px / 1.5), float(turn * deg))


def _draw(canvas: Grey, size: int, width: int, pose: Pose) -> None:
    matrix = pose.matrix(((width - 1) / 2, (size - 1) / 2))
    _fill(canvas, _OUTLINE, PART, size, matrix)
    for (x, y), radius, level in _HOLES:
        turns = np.linspace(0.0, 2.0 * np.pi, 48, endpoint=False)
        circle = [(x + radius * np.cos(t), y + radius * np.sin(t)) for t in turns]
        _fill(canvas, circle, level, size, matrix)


def _fill(
    canvas: Grey,
    corners: list[tuple[float, float]],
    level: int,
    size: int,
    matrix: NDArray[np.float64],
) -> None:
    """Corners in shares of the size, from the middle of the taught pose."""
    width = canvas.shape[1] / _FINE
    middle = np.array([(width - 1) / 2, (size - 1) / 2])
    taught = np.array(corners) * size + middle
    placed = taught @ matrix[:, :2].T + matrix[:, 2]
    fine = (placed + 0.5) * _FINE - 0.5
    cv2.fillPoly(canvas, [np.round(fine * 256).astype(np.int32)], float(level), shift=8)
