"""How a picture looks: two numbers that light and lens move, cheap enough for every part."""

from __future__ import annotations

import numpy as np

from inspector.core.levels import Levels

_ROWS, _COLUMNS = 48, 64


def look(levels: Levels, white: int) -> tuple[float, float]:
    """Brightness (mean level, 0..1) and sharpness of one picture, uint8 or uint16[h, w, colours].

    Sharpness is the root mean square step between neighbours over the standard deviation of the
    levels: free of unit, indifferent to brightness and contrast, less where the lens is out of
    focus; 0 for a picture of one level. Of colours the middle one. At most 48 rows of 64 pairs of
    neighbours are looked at, evenly spread: the cost does not grow with the picture.
    """
    height, width, colours = levels.shape
    row_step, step = max(height // _ROWS, 1), max(width // _COLUMNS, 2)
    sample = levels[::row_step, :, colours // 2]
    left = sample[:, : width - 1 : step].astype(np.float32)
    right = sample[:, 1::step].astype(np.float32)
    mean = float(left.mean())
    left_off, steps = left - mean, (right - left).ravel()
    spread = float(np.dot(left_off.ravel(), left_off.ravel()))
    sharpness = (float(np.dot(steps, steps)) / spread) ** 0.5 if spread > 0.0 else 0.0
    return mean / white, sharpness
