"""One statistic of several checks: the weighted minimum of their p-values, as a score.

Checks depend on each other, so their thresholds cannot be made one by one: ten checks at 1 % each
reject anything from 1 % to 10 %. A part's joint score is ``max_c log10(w_c / p_c)`` over the checks
c, with ``p_c`` the share of good parts that exceed its score (ranks, and a fitted tail) and weights
w that say which check may spend how much of the false rejects. A part exceeds the joint threshold
just when it exceeds one of the checks' own thresholds that follow from it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.tail import Scores, Tail


@dataclass(frozen=True, slots=True)
class Joint:
    """Margins of the checks, fitted to good parts: from a part's scores to its joint score.

    With one check the joint score is that check's raw score itself.
    """

    tails: tuple[Tail, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, scores: Scores, weights: Sequence[float]) -> Joint:
        """Fit raw scores float64[n, C] of held-out good parts."""
        columns = np.sort(scores, axis=0).T
        largest = max(weights)
        return cls(
            tuple(Tail.of(column) for column in columns),
            tuple(weight / largest for weight in weights),
        )

    def score(self, scores: Sequence[float]) -> float:
        """Joint score of one part's raw scores, in the order of the checks."""
        if len(self.tails) == 1:
            return float(scores[0])
        pairs = zip(self.tails, self.weights, scores, strict=True)
        return max(_strangeness(tail, weight, score) for tail, weight, score in pairs)

    def thresholds(self, joint: float) -> tuple[float, ...]:
        """Raw thresholds of the checks that one of the joint score means."""
        if len(self.tails) == 1:
            return (joint,)
        return tuple(
            tail.level(min(weight * 10.0**-joint, 1.0))
            for tail, weight in zip(self.tails, self.weights, strict=True)
        )


def cross_fitted(scores: Scores, weights: Sequence[float]) -> Scores:
    """Joint scores float64[n] of the parts themselves, each by margins fitted to the others.

    What a margin was fitted to looks too usual to it. Cross-fitting is nearly, not exactly, what a
    new part meets: margins of n - 1 parts instead of n.
    """
    count, checks = scores.shape
    if checks == 1:
        return scores[:, 0].copy()
    others = ~np.eye(count, dtype=bool)
    return np.array(
        [Joint.of(scores[others[part]], weights).score(scores[part]) for part in range(count)]
    )


def _strangeness(tail: Tail, weight: float, score: float) -> float:
    survival = tail.survival(score)
    return math.log10(weight) - (math.log10(survival) if survival > 0.0 else -math.inf)
