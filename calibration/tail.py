"""A model of the largest scores, for promises beyond what the images alone can keep."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

_TAIL_SHARE = 0.2
_TAIL_LEAST = 10
_FLAT = 1e-9
"""Least scale of a tail, where scores are all alike, as a share of their size."""


@dataclass(frozen=True, slots=True)
class Tail:
    """Scores of good parts: their ranks up to ``start``, a generalised-Pareto tail beyond it.

    Fitted by probability-weighted moments to the top fifth (at least 10; Hosking & Wallis 1987).
    The shape is held within 0..0.5: a fit to few scores that promises an end of the tail is not
    believed. A model, not a guarantee: the caller says so.
    """

    ordered: Scores
    """Ascending float64[n]."""
    start: float
    share: float
    """Of good parts that lie beyond ``start``."""
    shape: float
    scale: float

    @classmethod
    def of(cls, ordered: Scores) -> Tail:
        """Fit ascending scores float64[n], two at least."""
        count = len(ordered)
        size = min(max(math.ceil(_TAIL_SHARE * count), _TAIL_LEAST), count - 1)
        start = float(ordered[-size - 1])
        shape, scale = _fit(ordered[-size:] - start)
        return cls(ordered, start, size / (count + 1), shape, scale)

    def survival(self, score: float) -> float:
        """The share of good parts that exceed a score; falls strictly from ``start`` on."""
        if score <= self.start:
            above = len(self.ordered) - int(np.searchsorted(self.ordered, score, side="left"))
            return min((1 + above) / (len(self.ordered) + 1), 1.0)
        rise = (score - self.start) / max(self.scale, _FLAT * max(1.0, abs(self.start)))
        if self.shape < 1e-6:
            return self.share * math.exp(-min(rise, 700.0))
        return float(self.share * (1.0 + self.shape * rise) ** (-1.0 / self.shape))

    def level(self, rate: float) -> float:
        """The score that good parts exceed at a rate: the tail's, or below it the ranks'."""
        beyond = rate / self.share
        if beyond > 1.0:
            rank = math.ceil((len(self.ordered) + 1) * (1.0 - rate) - 1e-9)
            return float(self.ordered[min(max(rank, 1), len(self.ordered)) - 1])
        if self.shape < 1e-6:
            return self.start - self.scale * math.log(beyond)
        return float(self.start + self.scale * (beyond**-self.shape - 1.0) / self.shape)


def tail_quantile(ordered: Scores, rate: float) -> float:
    """The level that good parts exceed at ``rate``; never below the largest of ``ordered``."""
    return max(Tail.of(ordered).level(rate), float(ordered[-1]))


def _fit(excess: Scores) -> tuple[float, float]:
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
