"""A camera whose truth is known: photographs of a printed target by ray casting."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np

from calibration.camera.geometry import Intrinsics
from calibration.camera.target import Grey, Target, draw

SAMPLES = 2
"""Rays a side of each pixel."""
TEXTURE_PX_PER_MM = 6.0


@dataclass(frozen=True)
class Pose:
    """Middle of the target in the camera's mm, and its turn as a rotation vector, degrees."""

    x: float
    y: float
    z: float
    turn: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class TrueCamera:
    """Intrinsics, and what spoils a picture: blur (px), noise (levels), vignetting (share)."""

    width: int = 480
    height: int = 360
    focal: float = 520.0
    centre: tuple[float, float] = (246.3, 174.8)
    distortion: tuple[float, float, float, float, float] = (-0.18, 0.05, 0.0008, -0.0006, 0.0)
    blur: float = 0.7
    noise: float = 1.5
    vignetting: float = 0.35
    seed: int = field(default=1)

    @property
    def matrix(self) -> np.ndarray:
        (cx, cy), f = self.centre, self.focal
        return np.array([[f, 0.0, cx], [0.0, f, cy], [0.0, 0.0, 1.0]])

    @property
    def intrinsics(self) -> Intrinsics:
        size = (self.width, self.height)
        return Intrinsics.of(size, self.matrix, np.array(self.distortion))

    def photograph(self, target: Target, pose: Pose, number: int = 0) -> Grey:
        """uint8[H, W]: white paper with the target, on a grey table."""
        place = np.array([pose.x, pose.y, pose.z])
        turn, _ = cv2.Rodrigues(np.radians(pose.turn))
        rays = _rays(self)
        normal = turn[:, 2]
        hits = rays * (normal @ place / (rays @ normal))[..., None] - place
        on_target = (hits @ turn[:, :2] + np.array(target.size_mm) / 2).astype(np.float32)
        paper = _paper(target)
        at = (on_target + target.mm) * TEXTURE_PX_PER_MM - 0.5
        fine = cv2.remap(
            paper, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        image = cv2.resize(fine, (self.width, self.height), interpolation=cv2.INTER_AREA)
        image = cv2.GaussianBlur(image, (0, 0), self.blur) if self.blur else image
        rows, columns = np.mgrid[-1 : 1 : self.height * 1j, -1 : 1 : self.width * 1j]
        shade = 1.0 - self.vignetting * (rows**2 + columns**2) / 2
        noise = np.random.default_rng((self.seed, number)).normal(0.0, self.noise, image.shape)
        return np.asarray(np.clip(image * shade + noise, 0, 255) + 0.5).astype(np.uint8)


@lru_cache(maxsize=4)
def _rays(camera: TrueCamera) -> np.ndarray:
    """Directions of the rays of all samples: float64[H * SAMPLES, W * SAMPLES, 3]."""
    rows, columns = (
        (np.arange(side * SAMPLES) + 0.5) / SAMPLES - 0.5 for side in (camera.height, camera.width)
    )
    pixels = np.stack(np.meshgrid(columns, rows), 2).reshape(-1, 1, 2)
    criteria = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 40, 1e-9)
    seen = cv2.undistortPointsIter(
        pixels, camera.matrix, np.array(camera.distortion), np.eye(3), np.eye(3), criteria
    ).reshape(len(rows), len(columns), 2)
    return np.concatenate([seen, np.ones((*seen.shape[:2], 1))], 2)


@lru_cache(maxsize=4)
def _paper(target: Target) -> np.ndarray:
    """The target with a white border of one step, shares of 210 levels."""
    border = round(target.mm * TEXTURE_PX_PER_MM)
    pattern = draw(target, TEXTURE_PX_PER_MM)
    white = cv2.copyMakeBorder(
        pattern, border, border, border, border, cv2.BORDER_CONSTANT, value=255
    )
    table = cv2.copyMakeBorder(white, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=120)
    return table[1:-1, 1:-1] * np.float32(190 / 255) + np.float32(20)


def poses(count: int = 9, distance: float = 150.0, step: float = 30.0) -> list[Pose]:
    """Over the whole field, tilted in all directions."""
    found = []
    for number in range(count):
        angle = 2.4 * number
        tilt = 22.0 + 6.0 * (number % 3)
        x, y = ((number % 3) - 1) * step, ((number // 3 % 3) - 1) * 0.75 * step
        turn = (tilt * np.cos(angle), tilt * np.sin(angle), 8.0 * np.sin(3 * angle))
        found.append(Pose(x, y, distance + 12 * (number % 4), turn))
    return found
