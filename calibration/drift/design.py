"""Limits of the charts: how far a sum may rise before it can hardly be chance, for any scores.

A value's place among ``n`` reference values has a chance of its own: the spacings of ``n`` uniform
numbers, whatever the values' distribution. Which spacings these n values drew nobody knows; they
are a Dirichlet draw. So a limit is chosen that holds for ``confidence`` of all draws: with few
reference values the allowance is wide, and the drifts that can still be seen are large.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Values = NDArray[np.float64]

CLIP = 2.0
"""A single part counts as two standard deviations at most."""
MOST_REFERENCES = 999
"""More are thinned to so many order statistics: they would add nothing but work."""
_DRAWS = 1000
_EXPONENTS = np.geomspace(0.02, 8.0, 60)


@dataclass(frozen=True, slots=True)
class Promise:
    """What all charts of a line keep together, and what they overlook.

    On average at least ``false_alarm_parts`` good parts come between two false alarms, for
    ``confidence`` of all sets of reference values. Up to a share of ``defect_share`` of strange
    parts, however strange, is no drift.
    """

    false_alarm_parts: float = 1e6
    defect_share: float = 0.05
    confidence: float = 0.9


@dataclass(frozen=True, slots=True)
class CusumLimits:
    """Of a sum of ``weight - allowance`` that never falls below 0: an alarm at ``limit``."""

    allowance: float
    limit: float
    delay: float
    """Parts until a sudden drift of the size aimed at is told, about."""


Weight = Callable[[Values], Values]
"""From a place 0..1 among the reference values to what it adds to a sum."""


def upward(places: Values) -> Values:
    """The normal score, winsorised."""
    return np.asarray(np.clip(ndtri(places), -CLIP, CLIP))


def downward(places: Values) -> Values:
    """Its opposite."""
    return np.negative(upward(places))


def outward(places: Values) -> Values:
    """Its square: how far out, on either side."""
    return np.square(upward(places))


def half_steps(count: int) -> Values:
    """Places 0..1 of a value with ``left`` references below and ``right`` not above it.

    float64[2 * count + 1], at index ``left + right``: a tie stands between its neighbours.
    """
    return np.arange(1, 2 * count + 2) / (2.0 * (count + 1))


def cusum_limits(
    weight: Weight,
    count: int,
    *,
    shifts: Sequence[tuple[float, float]],
    longest: float,
    false_alarm_parts: float,
    defect_share: float,
    confidence: float,
) -> CusumLimits | None:
    """Limits for ``count`` reference values; the first of ``shifts`` that is told in time decides.

    A shift moves good scores by so many standard deviations and spreads them by a factor; it
    tunes the chart and is no assumption. ``longest`` is the delay at most, in parts. None where
    so few reference values, or so many strange parts, let none of them be told.

    With ``E exp(t * (weight - allowance)) <= 1`` the sum is a supermartingale's, and the mean time
    to a false alarm is at least ``exp(t * limit)`` (Lorden 1971). The expectation is that of the
    worst of ``confidence`` of the Dirichlet draws, with ``defect_share`` of the parts at the
    largest weight. The ``t`` of the least delay is taken.
    """
    weights = weight(half_steps(count)[::2])
    worst = float(weights.max())
    chances = _spacings(count)
    moments = chances @ np.exp(np.multiply.outer(weights - worst, _EXPONENTS))
    moments = np.quantile(moments, confidence, axis=0)
    moments = (1.0 - defect_share) * moments + defect_share
    allowances = worst + np.log(moments) / _EXPONENTS
    limits = math.log(false_alarm_parts) / _EXPONENTS
    for shift, spread in shifts:
        gain = float(_chances(count, shift, spread) @ weights) - allowances
        delays = np.where(gain > 0.0, limits / np.maximum(gain, 1e-9), np.inf)
        best = int(np.argmin(delays))
        if delays[best] <= longest:
            return CusumLimits(float(allowances[best]), float(limits[best]), float(delays[best]))
    return None


def distance_limit(
    count: int, window: int, *, false_alarm_parts: float, defect_share: float, confidence: float
) -> float:
    """How far the distribution of ``window`` parts may be from that of the reference values.

    Both distances to the truth are bounded by Dvoretzky, Kiefer & Wolfowitz with Massart's
    constant (1990); strange parts add their share. At 1 or above nothing can be told.
    """
    by_reference = math.sqrt(math.log(2.0 / (1.0 - confidence)) / (2.0 * count))
    chance = min(window / false_alarm_parts, 1.0)
    return by_reference + math.sqrt(math.log(2.0 / chance) / (2.0 * window)) + defect_share


@lru_cache(maxsize=4)
def _spacings(count: int) -> Values:
    """Chances of the ``count + 1`` places, one possible truth a row: float64[draws, count + 1]."""
    draws = np.random.default_rng(count).standard_exponential((_DRAWS, count + 1))
    return np.asarray(draws / draws.sum(axis=1, keepdims=True))


def _chances(count: int, shift: float, spread: float) -> Values:
    """Chances of the places when normal scores are moved and spread."""
    edges = ndtri(np.arange(count + 2) / (count + 1))
    return np.diff(ndtr((edges - shift) / spread))
