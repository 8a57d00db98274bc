"""Quantiles of two distributions.

``scipy.stats`` has them as well, but takes longer to load than all the rest of a command.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, bdtrik, gammaincinv


def chi_square_quantile(level: float, freedom: int) -> float:
    """What a chi-square variable of so many degrees of freedom exceeds with ``1 - level``."""
    return float(2.0 * gammaincinv(freedom / 2.0, level))


def binomial_quantile(level: float, trials: ArrayLike, chance: float) -> NDArray[np.float64]:
    """Least counts that so many trials stay at or below with ``level``; ``chance`` in 0..1."""
    count = np.asarray(trials, np.int64)
    above = np.ceil(bdtrik(level, count, chance))
    below = np.maximum(above - 1.0, 0.0)  # rounding may have taken the count above one too far
    return np.asarray(np.where(bdtr(below, count, chance) >= level, below, above), np.float64)
