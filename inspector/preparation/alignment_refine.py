"""The last steps of finding a part: from a pose that is nearly right to a fraction of a pixel.

A few thousand pixels of the strongest gradients are looked up where the pose says that they lie.
What they show is regressed on the taught levels and on what a small movement would change in them:
movement, gain and offset come out of one weighted least-squares fit (Lucas & Kanade 1981; the
template's gradients as in Baker & Matthews, IJCV 2004). Gain and offset may slope, as light does: a
slope that is not allowed for looks like a shift. Pixels that a defect, a shadow or a missing piece
has changed lose their weight (Geman & McClure 1987).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.background.outline import Grey
from inspector.core.pose import Pose

Floats = NDArray[np.float64]
Centre = tuple[float, float]

POINTS = 1500
_SETTLED_PX = 0.01
_STRIDE_PX = 4.0
"""Farthest that one round moves: beyond it gradients say little."""
_LEAST_GAIN = 0.05
_LEAST_GRADIENT = 1.0
"""Grey levels a pixel, below which nothing can be told of a movement."""


class Refiner:
    """Refines poses against one picture, in the pixels of that picture. Any thread.

    ``inside`` bool[h, w] says which of its pixels belong to the part.
    """

    def __init__(self, picture: Grey, inside: NDArray[np.bool_], centre: Centre) -> None:
        self.centre = centre
        levels = _smooth(picture)
        across = cv2.Scharr(levels, cv2.CV_32F, 1, 0, scale=1 / 32)
        down = cv2.Scharr(levels, cv2.CV_32F, 0, 1, scale=1 / 32)
        steep = np.hypot(across, down)
        steep[~inside] = 0.0
        rows, columns = _strongest(steep)
        self.points = np.column_stack([columns, rows]).astype(np.float64)
        """float64[n, 2]: x, y."""
        x, y = (self.points - centre).T
        gx, gy = across[rows, columns].astype(np.float64), down[rows, columns].astype(np.float64)
        self._radius = max(float(np.sqrt((x * x + y * y).mean())), 1.0) if len(x) else 1.0
        u, v = x / self._radius, y / self._radius
        turn = u * gy - v * gx
        taught = levels[rows, columns].astype(np.float64)
        light = [taught, np.ones_like(u), taught * u, taught * v, u, v]
        self._columns = np.column_stack([gx, gy, turn, *light])
        # What is round cannot be told to have turned: its angle stays as it is.
        self._prior = 1e-6 * np.eye(self._columns.shape[1])
        self._prior[2, 2] += 0.01 * float((gx * gx + gy * gy).sum())

    @property
    def usable(self) -> bool:
        """Whether there is enough structure to tell a pose by."""
        return len(self.points) >= 30

    def refine(self, picture: Grey, pose: Pose, rounds: int = 15) -> Pose:
        """A nearly right pose, made right; similarity and verdict are not touched."""
        levels = _smooth(picture)
        trust = np.ones(len(self.points))
        for _ in range(rounds):
            matrix = pose.matrix(self.centre)
            places = self.points @ matrix[:, :2].T + matrix[:, 2]
            seen = _sampled(levels, places)
            fit = self._fit(seen, trust * _inside(places, levels.shape))
            if fit is None:
                break
            rest = seen - self._columns @ fit
            usual = 3.0 * float(np.median(np.abs(rest))) + 1.0
            trust = 1.0 / (1.0 + (rest / usual) ** 2) ** 2
            # The picture shows the template moved too far by this: the pose takes it back.
            dx, dy, turn = (fit[:3] / fit[3]).clip(-_STRIDE_PX, _STRIDE_PX).tolist()
            pose = pose.after(Pose(dx, dy, math.degrees(turn / self._radius)).inverse)
            if max(abs(dx), abs(dy), abs(turn)) < _SETTLED_PX:
                break
        return pose

    def _fit(self, seen: Floats, weights: NDArray[Any]) -> Floats | None:
        """Movement times gain, gain, and the rest; None where the picture shows nothing alike."""
        weighted = self._columns * weights[:, None]
        normal = weighted.T @ self._columns + self._prior
        solution: Floats = np.linalg.solve(normal, weighted.T @ seen)
        return solution if solution[3] > _LEAST_GAIN else None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well a picture, moved back by a pose, correlates with the taught one."""

    picture: Grey
    inside: NDArray[np.bool_]
    centre: Centre

    def of(self, picture: Grey, pose: Pose) -> float:
        """-1 to 1: zero-mean normalised correlation, where the picture shows anything."""
        height, width = self.picture.shape
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        matrix = pose.matrix(self.centre)
        back = cv2.warpAffine(
            picture, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        seen, taught = back[self.inside].astype(np.float32), self.picture[self.inside]
        seen -= seen.mean()
        known = taught - np.float32(taught.mean())
        power = float(np.sqrt((seen @ seen) * (known @ known)))
        return float(seen @ known) / power if power > 0.0 else 0.0


def _smooth(picture: Grey) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(picture, (5, 5), 1.0).astype(np.float32))


def _strongest(steep: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the steepest pixels, not all of them from one strong edge."""
    flat = steep.ravel()
    strong = np.flatnonzero(flat >= max(_LEAST_GRADIENT, 0.2 * float(flat.max(initial=0.0))))
    if len(strong) > POINTS:
        strong = np.sort(np.random.default_rng(0).choice(strong, POINTS, replace=False))
    rows, columns = np.unravel_index(strong, steep.shape)
    return rows, columns


def _sampled(levels: NDArray[np.float32], places: Floats) -> Floats:
    x, y = places.astype(np.float32).T[:, :, None]
    seen = cv2.remap(levels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen[:, 0], np.float64)


def _inside(places: Floats, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    height, width = shape
    x, y = places.T
    inside: NDArray[np.bool_] = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    return inside
