"""The control chart of the share of rejects (p-chart), with limits that suit its subgroups.

Where subgroups scatter as a binomial count does, limits are its exact quantiles at 0.135 % on each
side: the normal approximation is wrong for the few rejects of a good line (negative lower limits,
false alarms). Where at least 20 of them scatter more (chi-square test of homogeneity, 1 %), as
large subgroups of any real process do, the limits are Laney's p' (Quality Engineering 14, 2002):
z = (p_i - p) / sigma_i, sigma_z = mean moving range of z / 1.128, limits p +- 3 sigma_i sigma_z. Of
fewer subgroups a single bad one would hide itself in sigma_z: they keep the binomial limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from calibration.quantiles import binomial_quantile, chi_square_quantile

TAIL = 0.00135
_LEVEL = 0.01
_FEWEST = 20
"""Subgroups below which their scatter tells nothing."""
_EXPECTED = 1.0
"""Rejects that a subgroup must have on average for the test to hold."""
_D2 = 1.128


class Limits(StrEnum):
    """Where limits come from."""

    NONE = "none"
    """Too few parts, or nothing to compare: no limits."""
    BINOMIAL = "binomial"
    LANEY = "laney"


@dataclass(frozen=True, slots=True)
class PChart:
    """Shares of rejects by subgroup, float64[k], with centre and limits of each."""

    share: NDArray[np.float64]
    centre: float
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    limits: Limits
    sigma_z: float = 1.0
    """How many times the binomial scatter there is, where limits are Laney's."""

    @property
    def outside(self) -> NDArray[np.bool_]:
        """Subgroups beyond a limit."""
        if self.limits is Limits.NONE:
            return np.zeros(len(self.share), np.bool_)
        return (self.share > self.upper) | (self.share < self.lower)


def p_chart(parts: Sequence[int], rejects: Sequence[int]) -> PChart:
    """The chart of subgroups of so many parts (each at least 1) and rejects."""
    n, x = np.asarray(parts, np.float64), np.asarray(rejects, np.float64)
    share = x / n
    centre = float(x.sum() / n.sum()) if len(n) else 0.0
    nothing = np.full(len(n), centre)
    if len(n) < 2 or not 0.0 < centre < 1.0:
        return PChart(share, centre, nothing, nothing, Limits.NONE)
    sigma = np.sqrt(centre * (1.0 - centre) / n)
    z = (share - centre) / sigma
    sigma_z = float(np.abs(np.diff(z)).mean() / _D2)
    if sigma_z > 1.0 and _overdispersed(z, centre * n):
        lower = np.maximum(centre - 3.0 * sigma * sigma_z, 0.0)
        upper = np.minimum(centre + 3.0 * sigma * sigma_z, 1.0)
        return PChart(share, centre, lower, upper, Limits.LANEY, sigma_z)
    lower, upper = (binomial_quantile(level, n, centre) / n for level in (TAIL, 1.0 - TAIL))
    return PChart(share, centre, lower, upper, Limits.BINOMIAL)


def _overdispersed(z: NDArray[np.float64], expected: NDArray[np.float64]) -> bool:
    if len(z) < _FEWEST or float(expected.mean()) < _EXPECTED:
        return False
    return float((z**2).sum()) > chi_square_quantile(1.0 - _LEVEL, len(z) - 1)
