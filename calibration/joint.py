"""One statistic of several checks: the weighted minimum of their p-values, as a score.

Checks depend on each other, so their thresholds cannot be made one by one: ten checks at 1 % each
reject anything from 1 % to 10 %. A part's joint score is ``max_c log10(w_c / p_c)`` over the checks
c, with ``p_c`` the share of good parts that exceed its score (ranks, and a fitted tail) and weights
w that say which check may spend how much of the false rejects. A part exceeds the joint threshold
just when it exceeds one of the checks' own thresholds that follow from it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.tail import Scores, Tail

STRICTER = 3.0
"""How far joint scores of good parts may push the thresholds beyond those of single checks."""


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
        return max(self._strangeness(scores))

    def score_against(
        self, thresholds: Sequence[float], joint: float, scores: Sequence[float]
    ) -> float:
        """The same counted from the checks' own thresholds, so that it exceeds ``joint`` just when
        one of them is exceeded."""
        if len(self.tails) == 1:
            return float(scores[0])
        pairs = zip(self._strangeness(scores), self._strangeness(thresholds), strict=True)
        return joint + max(found - allowed for found, allowed in pairs)

    def thresholds(self, joint: float) -> tuple[float, ...]:
        """Raw thresholds of the checks that one of the joint score means.

        One at a rarer rate than the parts can show is never below the largest of their scores.
        """
        if len(self.tails) == 1:
            return (joint,)
        return tuple(
            _threshold(tail, min(weight * 10.0**-joint, 1.0))
            for tail, weight in zip(self.tails, self.weights, strict=True)
        )

    def furthest(self, rate: float) -> float:
        """The joint score beyond which no threshold is needed for a rate.

        ``STRICTER`` times stricter than checks that each spend their share of the rate alone,
        which is enough however they depend on each other (Bonferroni), if the margins are right.
        Without it one strange calibration part would raise the thresholds of all checks.
        """
        return math.log10(STRICTER * sum(self.weights) / rate)

    def _strangeness(self, scores: Sequence[float]) -> list[float]:
        parts = zip(self.tails, self.weights, scores, strict=True)
        return [
            math.log10(weight) - math.log10(max(tail.survival(score), sys.float_info.min))
            for tail, weight, score in parts
        ]


def _threshold(tail: Tail, rate: float) -> float:
    level, count = tail.level(rate), len(tail.ordered)
    return max(level, float(tail.ordered[-1])) if rate * (count + 1) < 1.0 else level


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
