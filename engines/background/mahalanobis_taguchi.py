"""Mahalanobis-Taguchi: how far a part's features are, all together, from those of good parts.

Taguchi & Jugulum (2002). Good parts span the *unit space*; ``MD² = z' R⁻¹ z / k`` over ``k``
standardised features is about 1 within it. What distance is too far is not said here: the joint
calibration thresholds it like any other score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inspector.core.errors import BundleError, DatasetError

Values = NDArray[np.float64]

MINIMUM_PARTS = 5
_LEAST_SHRINKAGE = 1e-3
"""Features that say the same leave a direction without variance: rounding must not rule in it."""


@dataclass(frozen=True, slots=True)
class UnitSpace:
    """Good parts over ``names``, the features.

    A feature that no good part varied in has no unit to be measured by: it is not ``used`` and
    counts for nothing, however far a part is off. ``shrinkage`` 0..1 is how far the correlations
    were drawn towards none, because ``parts`` are not many more than features.
    """

    names: tuple[str, ...]
    used: NDArray[np.bool_]
    mean: Values
    scale: Values
    whitening: Values
    """float64[k, k]: symmetric inverse root of the correlations of the features used."""
    shrinkage: float
    parts: int

    @property
    def wanted_parts(self) -> int:
        """Parts that would do without shrinking: unseen good ones then have an MD² of at most 1.25
        on average. Fewer are no error: correlations count for less then, and MD² is less sharp."""
        return 5 * (len(self.mean) + 2)

    @classmethod
    def of(cls, features: ArrayLike, names: Sequence[str], least: ArrayLike = 0.0) -> UnitSpace:
        """Fit float64[n, features] of good parts. Raises ``DatasetError``.

        ``least`` is added to the spread of each feature, as that of an error of its own would be:
        what good parts hardly vary in is not trusted without limit.
        Correlations are shrunk towards independence by the analytic amount of Schäfer & Strimmer
        (2005), which fades as n grows, so that fewer parts than features will do. The parts fitted
        have a mean MD² of about 1, or less where much was shrunk. Unseen good ones without
        shrinking: ``(n² - 1) / (n (n - k - 2))`` if normal, 1.5 for 30 parts and 8 features; with
        it 0.9 (100 parts, 8 features), 1.0 (30, 8) and 1.3 (12, 20) were found on simulated ones.
        """
        values = np.asarray(features, np.float64)
        if len(values) < MINIMUM_PARTS or not np.isfinite(values).all():
            raise DatasetError(
                f"{len(values)} good parts, or features that are no numbers, span no unit space",
                remedy=f"Give finite features of at least {MINIMUM_PARTS} good parts",
            )
        spread = np.hypot(values.std(axis=0, ddof=1), least)
        used = spread > 1e-9 * np.abs(values).max(axis=0)
        if not used.any():
            raise DatasetError(
                "no feature of the good parts varies", remedy="Give other parts or features"
            )
        mean, scale = values[:, used].mean(axis=0), spread[used]
        correlation, shrinkage = _shrunk((values[:, used] - mean) / scale)
        whitening = _inverse_root(correlation)
        return cls(tuple(names), used, mean, scale, whitening, shrinkage, len(values))

    def distances(self, features: ArrayLike) -> Values:
        """MD² of each part, float64[m], of float64[m, features]; NaN for what is no number."""
        return np.asarray(self.contributions(features).sum(axis=1))

    def contributions(self, features: ArrayLike) -> Values:
        """What each feature adds to MD², float64[m, features]: never negative, their sum is MD².

        The squares of ``R^(-1/2) z``, over k: each whitened value is the one that goes most with
        its own feature, so that correlated features share what they say alike (Garthwaite & Koch
        2016). No order of the features is preferred.
        """
        values = np.asarray(features, np.float64)
        found = np.zeros(values.shape)
        z = (values[:, self.used] - self.mean) / self.scale
        found[:, self.used] = np.square(z @ self.whitening) / len(self.mean)
        return found

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything but the names, to be kept as plain arrays."""
        return {
            "used": self.used,
            "mean": self.mean,
            "scale": self.scale,
            "whitening": self.whitening,
            "shrinkage": np.array(self.shrinkage),
            "parts": np.array(self.parts),
        }

    @classmethod
    def from_arrays(
        cls, names: Sequence[str], arrays: Mapping[str, NDArray[np.generic]]
    ) -> UnitSpace:
        """The unit space that ``arrays`` was taken from. Raises ``BundleError`` for others."""
        count = int(np.count_nonzero(arrays.get("used", 0)))
        shapes: dict[str, tuple[int, ...]] = {
            "used": (len(names),),
            "mean": (count,),
            "scale": (count,),
            "whitening": (count, count),
            "shrinkage": (),
            "parts": (),
        }
        if not count or {name: arrays[name].shape for name in arrays} != shapes:
            raise BundleError(
                "the arrays are not those of a unit space", remedy="Fit it again on good parts"
            )
        return cls(
            names=tuple(names),
            used=np.asarray(arrays["used"], bool),
            mean=np.asarray(arrays["mean"], np.float64),
            scale=np.asarray(arrays["scale"], np.float64),
            whitening=np.asarray(arrays["whitening"], np.float64),
            shrinkage=float(arrays["shrinkage"]),
            parts=int(arrays["parts"]),
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """Which factors help to tell defects; ``gains`` in decibels, one for each."""

    names: tuple[str, ...]
    gains: Values

    @property
    def useful(self) -> tuple[str, ...]:
        """What raises the signal-to-noise ratio."""
        return tuple(name for name, gain in zip(self.names, self.gains, strict=True) if gain > 0.0)


def select(good: ArrayLike, defective: ArrayLike, names: Sequence[str]) -> Selection:
    """Judge features float64[n, features] by defects float64[d, features] that are known.

    Columns of one name are one factor. Each run of a two-level orthogonal array uses some of the
    factors. The array is folded over (run once more with all levels changed), so that what two
    factors only tell together is not laid to a third. A run's signal-to-noise ratio is the
    larger-the-better ``-10 log10(mean(1 / MD²))`` over the defects; a factor's gain is the mean
    ratio of the runs with it less that of the runs without. Within the unit space all distances
    count as 1, so that no ratio is below 0 dB, that of a run without features: else mere noise
    would gain where it steadies small distances. The gains are of the defects given: use others to
    see what a choice is worth.
    """
    unit, strange = np.asarray(good, np.float64), np.asarray(defective, np.float64)
    if not len(strange):
        raise DatasetError("no defective parts to select features with", remedy="Give some")
    factors = list(dict.fromkeys(names))
    array = orthogonal_array(len(factors))
    runs = np.concatenate([array, ~array])
    column = [factors.index(name) for name in names]
    ratios = np.array([_ratio(unit[:, run[column]], strange[:, run[column]]) for run in runs])
    gains = [ratios[with_it].mean() - ratios[~with_it].mean() for with_it in runs.T]
    return Selection(tuple(factors), np.array(gains))


def _ratio(good: Values, defective: Values) -> float:
    """Larger-the-better signal-to-noise ratio of the defects' MD², dB."""
    if not good.shape[1] or not (np.ptp(good, axis=0) > 0.0).any():
        return 0.0
    names = [str(index) for index in range(good.shape[1])]
    distances = UnitSpace.of(good, names).distances(defective)
    return float(-10.0 * np.log10(np.mean(1.0 / np.maximum(distances, 1.0))))


def orthogonal_array(factors: int) -> NDArray[np.bool_]:
    """Two-level orthogonal array bool[runs, factors], True for the first level: L4, L8, L12, L16...

    Columns of the smallest Hadamard matrix that has more, by Sylvester's or Paley's construction:
    in any two columns each pair of levels is as frequent. All factors are at the first level in
    the first run.
    """
    runs = 4
    while (matrix := _hadamard(runs)) is None or runs <= factors:
        runs += 4
    return matrix[:, 1 : factors + 1] > 0


def _hadamard(order: int) -> NDArray[np.int64] | None:
    """A Hadamard matrix with ones in its first row and column; None where neither way leads."""
    if order & (order - 1) == 0:
        matrix = np.ones((1, 1), np.int64)
        while len(matrix) < order:
            matrix = np.block([[matrix, matrix], [matrix, -matrix]])
        return matrix
    prime = order - 1
    if any(prime % divisor == 0 for divisor in range(2, int(prime**0.5) + 1)):
        return None
    # Paley's first: quadratic residues modulo a prime that leaves 3 when divided by 4.
    character = np.full(prime, -1)
    character[np.arange(1, prime) ** 2 % prime] = 1
    character[0] = 0
    places = np.arange(prime)
    matrix = np.ones((order, order), np.int64)
    matrix[1:, 0] = -1
    matrix[1:, 1:] = character[(places[:, None] - places) % prime] + np.eye(prime, dtype=np.int64)
    return matrix * matrix[:, :1]


def _shrunk(z: Values) -> tuple[Values, float]:
    """Correlations of standardised float64[n, k], drawn towards the identity, and by how much."""
    count = len(z)
    products = z.T @ z / count
    variances = (np.square(z).T @ np.square(z) - count * products**2) * count / (count - 1) ** 3
    correlation = products * count / (count - 1)
    others = ~np.eye(len(products), dtype=bool)
    strength = float(np.square(correlation[others]).sum())
    wanted = float(variances[others].sum()) / strength if strength > 0.0 else 0.0
    shrinkage = float(np.clip(wanted, _LEAST_SHRINKAGE, 1.0))
    shrunk = (1.0 - shrinkage) * correlation
    np.fill_diagonal(shrunk, 1.0)
    return shrunk, shrinkage


def _inverse_root(correlation: Values) -> Values:
    values, vectors = np.linalg.eigh(correlation)
    return np.asarray((vectors / np.sqrt(values)) @ vectors.T)
