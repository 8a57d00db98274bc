"""Where a part lies in a picture, against where it was taught; and what was taught of its looks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Pose:
    """From the taught pose to the part: a turn about the middle of the field, then a shift.

    Camera pixels; degrees, clockwise as seen in the picture. A part that was not recognised lies in
    the taught pose, so that something can be shown.
    """

    dx_px: float = 0.0
    dy_px: float = 0.0
    angle_deg: float = 0.0
    similarity: float = 1.0
    """With what was taught; 1 = the same."""
    found: bool = True
    """Whether a part was recognised."""
    within: bool = True
    """Whether it lies as near as the recipe allows."""

    @property
    def lost(self) -> bool:
        """Nothing can be said of the part but that it is not in its place."""
        return not (self.found and self.within)

    @property
    def finding(self) -> str:
        """Why the part is rejected, in words; empty where it is in its place."""
        if not self.found:
            return "no part"
        if not self.within:
            shift = f"{round(self.dx_px):+d} px, {round(self.dy_px):+d} px"
            return f"misplaced ({shift}, {round(self.angle_deg, 1) + 0.0:+.1f}°)"
        return ""

    def matrix(self, centre: tuple[float, float]) -> NDArray[np.float64]:
        """float64[2, 3]: from pixels of the taught pose to those of the picture."""
        (x, y), cos, sin = centre, *self._cos_sin
        shift = (x - cos * x + sin * y + self.dx_px, y - sin * x - cos * y + self.dy_px)
        return np.array([[cos, -sin, shift[0]], [sin, cos, shift[1]]], np.float64)

    def after(self, first: Pose) -> Pose:
        """The movement ``first``, and then this one, about the same middle."""
        cos, sin = self._cos_sin
        return Pose(
            cos * first.dx_px - sin * first.dy_px + self.dx_px,
            sin * first.dx_px + cos * first.dy_px + self.dy_px,
            turned(self.angle_deg + first.angle_deg),
        )

    @property
    def inverse(self) -> Pose:
        """From the picture back to the taught pose."""
        cos, sin = self._cos_sin
        return Pose(
            -cos * self.dx_px - sin * self.dy_px,
            sin * self.dx_px - cos * self.dy_px,
            turned(-self.angle_deg),
        )

    @property
    def _cos_sin(self) -> tuple[float, float]:
        angle = math.radians(self.angle_deg)
        return math.cos(angle), math.sin(angle)


def turned(degrees: float) -> float:
    """The same angle, -180 to 180 degrees."""
    return math.remainder(degrees, 360.0)


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """The inspected field of a part that lies as it was taught: grey uint8[h, w].

    ``bright`` says how the part differs from its background (None: it does not stand out of it),
    ``least_contrast`` by how many grey levels at least.
    """

    grey: NDArray[np.uint8]
    bright: bool | None
    least_contrast: float
    cell_px: float
    """Side of one of these pixels, camera pixels."""
    white: int = 255
    """The highest level of the prepared images that are compared with it."""
