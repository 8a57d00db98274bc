"""A model of the largest scores, for promises beyond what the images alone can keep."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_TAIL_SHARE = 0.2
_TAIL_LEAST = 10


def tail_quantile(ordered: NDArray[np.float64], rate: float) -> float:
    """The level that good parts exceed at ``rate``, by a generalised-Pareto tail.

    ``ordered`` float64[n], ascending. Fitted by probability-weighted moments to the top fifth (at
    least 10; Hosking & Wallis 1987). The shape is held within 0..0.5: a fit to few scores that
    promises an end of the tail is not believed. Never below the largest score. A model, not a
    guarantee: the caller says so.
    """
    count = len(ordered)
    size = min(max(math.ceil(_TAIL_SHARE * count), _TAIL_LEAST), count - 1)
    start = ordered[-size - 1]
    shape, scale = _fit(ordered[-size:] - start)
    beyond = rate * (count + 1) / size
    rise = -math.log(beyond) if shape < 1e-6 else (beyond**-shape - 1.0) / shape
    return max(float(start + scale * rise), float(ordered[-1]))


def _fit(excess: NDArray[np.float64]) -> tuple[float, float]:
    """Shape and scale of ascending excesses."""
    size = len(excess)
    mean = float(excess.mean())
    if mean <= 0.0:
        return 0.0, 0.0
    below = (np.arange(1, size + 1) - 0.35) / size
    weighted = float(((1.0 - below) * excess).mean())
    shape = min(max(2.0 - mean / (mean - 2.0 * weighted), 0.0), 0.5)
    # Given the shape, the mean of the model is scale / (1 - shape).
    return shape, mean * (1.0 - shape)
