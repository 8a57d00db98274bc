"""How sharp a picture is, in figures that can be compared from day to day.

Focus measures depend on the scene: compare the same part or target under the same light alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.levels import Levels


@dataclass(frozen=True, slots=True)
class Focus:
    """Sharpness of one picture. Dividing by the squared mean makes exposure drop out of the first.

    ``laplacian``: variance of the Laplacian over the squared mean. ``tenengrad``: mean squared
    Sobel gradient over the squared mean (Tenenbaum 1970). ``edge_px``: width of the steepest edges
    from dark to bright, px; a Gaussian blur of sigma s gives 2.5 s, and it hardly depends on how
    many edges there are.
    """

    laplacian: float
    tenengrad: float
    edge_px: float


def focus_of(levels: Levels) -> Focus:
    """Measure levels [H, W, C]; colours are averaged. A constant picture has no edge: inf."""
    grey = levels.reshape(*levels.shape[:2], -1).mean(axis=2, dtype=np.float32)
    square = max(float(grey.mean()) ** 2, 1e-12)
    slope = _slope(grey)
    return Focus(
        laplacian=float(cv2.Laplacian(grey, cv2.CV_32F).var()) / square,
        tenengrad=float((slope**2).mean()) / square,
        edge_px=_edge_width(grey, slope),
    )


def edge_width(grey: NDArray[np.float32]) -> float:
    """Width of the steepest edges of float32[H, W], px: contrast over slope."""
    return _edge_width(grey, _slope(grey))


def _slope(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Levels per px."""
    across = cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=1 / 8)
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _edge_width(grey: NDArray[np.float32], slope: NDArray[np.float32]) -> float:
    dark, bright = np.percentile(grey, [2, 98])
    steepest = float(np.percentile(slope, 99.5))
    # Of a constant picture there is nothing but rounding.
    return float(bright - dark) / steepest if steepest > 1e-6 * max(float(bright), 1.0) else np.inf
