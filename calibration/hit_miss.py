"""From hits and misses to the size that is found: the capability of an inspection (a90, a90/95)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import expit, logit

from calibration.quantiles import chi_square_quantile

_STEEPEST = 50.0
"""Slope per factor e in size that stands for a step."""


@dataclass(frozen=True, slots=True)
class Capability:
    """What size is found, in the unit of the sizes that were tried.

    ``a90`` is found in 90 % of cases by the fitted curve; ``a90_95`` is the size that is, at
    95 % confidence. The smallest size tried stands for itself and everything below it. None: not
    within the sizes tried, where the curve would be a guess.
    """

    a90: float | None
    a90_95: float | None


def capability(
    sizes: ArrayLike, hits: ArrayLike, trials: ArrayLike, confidence: float = 0.95
) -> Capability:
    """Fit the probability of detection, a logistic curve over log size, to hits in trials.

    Hit/miss regression of MIL-HDBK-1823A with its likelihood-ratio bound. The fit is Firth's
    (Biometrika 1993): where every small defect is missed and every large one hit, plain maximum
    likelihood has no solution. ``sizes`` are distinct, at least two, above 0.
    """
    likelihood = _Likelihood(
        np.log(np.asarray(sizes, np.float64)),
        np.asarray(hits, np.float64),
        np.asarray(trials, np.float64),
    )
    best, middle, slope = likelihood.maximum()
    x = likelihood.x
    wanted = float(logit(0.9))
    if slope <= 0.0:  # every size alike, or large ones worse: no size to name but the smallest
        found = np.asarray(hits) / np.asarray(trials)
        a90 = float(x.min()) if (found >= 0.9).all() else np.inf
    else:
        a90 = middle + wanted / slope
    allowed = chi_square_quantile(2.0 * confidence - 1.0, 1) / 2.0
    proven = _crossing(likelihood, max(a90, float(x.min())), best - allowed)
    return Capability(_within(a90, x), _within(proven, x))


def _crossing(likelihood: _Likelihood, start: float, level: float) -> float:
    """The smallest size from ``start`` on that fits a probability of 90 % no better than level."""

    def excess(log_size: float) -> float:
        return likelihood.given(log_size) - level

    last = float(likelihood.x.max())
    if start > last or excess(last) > 0.0:
        return np.inf
    if excess(start) <= 0.0:
        return start
    return float(brentq(excess, start, last, xtol=1e-6))


def _within(log_size: float, x: NDArray[np.float64]) -> float | None:
    if log_size > x.max() + 1e-9:
        return None
    return float(np.exp(max(log_size, x.min())))


@dataclass(frozen=True, slots=True)
class _Likelihood:
    """Penalised log-likelihood of logistic curves over log size ``x``."""

    x: NDArray[np.float64]
    hits: NDArray[np.float64]
    trials: NDArray[np.float64]

    def of(self, intercept: float, slope: float) -> float:
        """With Jeffreys' prior, the square root of the information's determinant."""
        z = intercept + slope * (self.x - self.x.mean())
        chance = expit(z)
        fit = self.hits @ -np.logaddexp(0.0, -z) + (self.trials - self.hits) @ -np.logaddexp(0.0, z)
        weight = self.trials * chance * (1.0 - chance)
        centre = weight @ self.x / max(weight.sum(), 1e-300)
        determinant = weight.sum() * (weight @ (self.x - centre) ** 2)
        return float(fit + 0.5 * np.log(max(determinant, 1e-300)))

    def maximum(self) -> tuple[float, float, float]:
        """Largest value, log size of probability one half, and slope."""
        share = (self.hits.sum() + 0.5) / (self.trials.sum() + 1.0)
        found = minimize(lambda b: -self.of(b[0], b[1]), (logit(share), 2.0), method="Nelder-Mead")
        intercept, slope = (float(value) for value in found.x)
        middle = float(self.x.mean()) - intercept / slope if slope else np.inf
        return -float(found.fun), middle, slope

    def given(self, log_size: float) -> float:
        """Largest value of all rising curves that have 90 % at a log size."""

        def negative(slope: float) -> float:
            return -self.of(float(logit(0.9)) + slope * (self.x.mean() - log_size), slope)

        found = minimize_scalar(negative, bounds=(1e-6, _STEEPEST), method="bounded")
        return -float(found.fun)
