"""Gauge study: does a part get the same score, and the same verdict, each time it is shown?

One-way analysis of variance: parts are drawn at random, each is shown several times. What operators
or fixtures add is in the shows, as far as they changed between them; it is not told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.metrics import rate_interval, rate_upper_bound
from calibration.quantiles import chi_square_quantile
from inspector.core.canonical import Json

Values = NDArray[np.float64]
NEAR = 3.0
"""A part so many ``sigma_repeat`` from the threshold may be judged otherwise the next time."""
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Repeatability:
    """Spread of the score, in its own unit, from show to show and from part to part."""

    sigma_repeat: float
    sigma_repeat_low: float
    """Lower end of the 95 % interval, for normal scores."""
    sigma_repeat_high: float
    sigma_part: float
    grr: float
    """``sigma_repeat`` over the total spread, 0..1 (% GRR): it depends on the parts shown."""


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement beyond chance: 1 always, 0 as by chance; None where all judged alike.

    ``low`` and ``high`` are the 95 % interval by resampling parts. Where nothing disagreed, ``low``
    is what as many parts prove (Clopper & Pearson).
    """

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Rate:
    """``events`` in ``trials``, with the 95 % interval of Clopper & Pearson."""

    events: int
    trials: int
    low: float
    high: float

    @classmethod
    def of(cls, events: int, trials: int) -> Rate:
        """Count; no trials prove nothing."""
        return cls(events, trials, *(rate_interval(events, trials) if trials else (0.0, 1.0)))


@dataclass(frozen=True, slots=True)
class AgainstReference:
    """How the verdicts agree with what is known of the parts.

    Parts count, not shows, which are not independent of each other: a good part is rejected, a bad
    one escapes, when it happens in any of its shows.
    """

    kappa: Kappa
    rejected: Rate
    escaped: Rate


@dataclass(frozen=True, slots=True)
class PartFigures:
    """One part: mean and spread of its scores, and rejects among its shows.

    ``distance`` is that of the mean from the threshold, in ``sigma_repeat``; positive is rejected.
    None where the scores repeat exactly.
    """

    name: str
    bad: bool | None
    shows: int
    rejects: int
    mean: float
    sigma: float
    distance: float | None


@dataclass(frozen=True, slots=True)
class GaugeStudy:
    """The whole study. ``near`` counts parts within 3 ``sigma_repeat`` of the threshold."""

    threshold: float
    repeatability: Repeatability
    parts: tuple[PartFigures, ...]
    repeat_over_distance: float | None
    """``sigma_repeat`` over the distance of the mean good part from the threshold (of all parts
    that are mostly passed, without a reference); None without such parts."""
    near: Rate
    alike: Rate
    """Parts that got one verdict in all their shows."""
    kappa: Kappa
    """Fleiss' kappa between shows."""
    reference: AgainstReference | None

    def to_json(self) -> dict[str, Json]:
        """Plain values for ``--json``."""
        return asdict(self)


def gauge_study(
    scores: Sequence[Sequence[float]],
    threshold: float,
    *,
    names: Sequence[str] | None = None,
    bad: Sequence[bool] | None = None,
) -> GaugeStudy:
    """Study the scores of each part's shows; above the threshold is a reject.

    At least two parts of at least two shows each, not all alike in number by need. ``bad`` says
    what is known of the parts.
    """
    shows = [np.asarray(part, np.float64) for part in scores]
    spread = repeatability(shows)
    rejects = [part > threshold for part in shows]
    kinds: Sequence[bool | None] = [None] * len(shows) if bad is None else bad
    labels = [f"part {index + 1}" for index in range(len(shows))] if names is None else names
    sigma = spread.sigma_repeat
    figures = tuple(
        PartFigures(
            name=name,
            bad=kind,
            shows=len(part),
            rejects=int(rejected.sum()),
            mean=float(part.mean()),
            sigma=float(part.std(ddof=1)),
            distance=float((part.mean() - threshold) / sigma) if sigma > 0.0 else None,
        )
        for name, kind, part, rejected in zip(labels, kinds, shows, rejects, strict=True)
    )
    near = sum(part.distance is not None and abs(part.distance) <= NEAR for part in figures)
    alike = sum(part.rejects in {0, part.shows} for part in figures)
    return GaugeStudy(
        threshold=threshold,
        repeatability=spread,
        parts=figures,
        repeat_over_distance=_over_distance(figures, threshold, sigma),
        near=Rate.of(near, len(shows)),
        alike=Rate.of(alike, len(shows)),
        kappa=kappa_between_shows(rejects),
        reference=None if bad is None else _against(rejects, bad),
    )


def repeatability(shows: Sequence[Values]) -> Repeatability:
    """One-way random effects analysis of variance; parts may differ in their number of shows."""
    counts = np.array([len(part) for part in shows])
    means = np.array([part.mean() for part in shows])
    total, parts = int(counts.sum()), len(shows)
    freedom = total - parts
    within = sum(float(((part - part.mean()) ** 2).sum()) for part in shows) / freedom
    grand = float(counts @ means) / total
    between = float(counts @ (means - grand) ** 2) / (parts - 1)
    usual = (total - float((counts**2).sum()) / total) / (parts - 1)
    part = max((between - within) / usual, 0.0)
    low, high = (
        np.sqrt(within * freedom / chi_square_quantile(level, freedom)) for level in (0.975, 0.025)
    )
    return Repeatability(
        sigma_repeat=float(np.sqrt(within)),
        sigma_repeat_low=float(low),
        sigma_repeat_high=float(high),
        sigma_part=float(np.sqrt(part)),
        grr=float(np.sqrt(within / (within + part))) if within > 0.0 else 0.0,
    )


def _over_distance(parts: Sequence[PartFigures], threshold: float, sigma: float) -> float | None:
    passing = [
        part.mean
        for part in parts
        if part.bad is False or (part.bad is None and 2 * part.rejects < part.shows)
    ]
    distance = threshold - float(np.mean(passing)) if passing else 0.0
    return sigma / distance if distance > 0.0 else None


def kappa_between_shows(rejects: Sequence[NDArray[np.bool_]]) -> Kappa:
    """Fleiss' kappa (1971) of the shows of each part, at least two, two verdicts."""
    counts = np.array([len(part) for part in rejects], np.float64)
    events = np.array([part.sum() for part in rejects], np.float64)
    differing = 2.0 * events * (counts - events) / (counts * (counts - 1.0))
    columns = np.stack([differing, events, counts], axis=1)
    return _kappa(columns, _chance_of_shows)


def kappa_with_reference(rejects: Sequence[NDArray[np.bool_]], bad: Sequence[bool]) -> Kappa:
    """Cohen's kappa (1960) of verdicts with a reference; each part weighs the same."""
    rejected = np.array([part.mean() for part in rejects])
    known = np.asarray(bad, np.float64)
    return _kappa(np.stack([np.abs(rejected - known), rejected, known], axis=1), _chance_of_pair)


def _chance_of_shows(columns: Values) -> Values:
    """Disagreement by chance, from float64[..., parts, 3]."""
    share = columns[..., 1].sum(axis=-1) / columns[..., 2].sum(axis=-1)
    return np.asarray(2.0 * share * (1.0 - share))


def _chance_of_pair(columns: Values) -> Values:
    ours, known = columns[..., 1].mean(axis=-1), columns[..., 2].mean(axis=-1)
    return np.asarray(ours * (1.0 - known) + known * (1.0 - ours))


def _kappa(columns: Values, chance_of: Callable[[Values], Values]) -> Kappa:
    """``1 - disagreement / chance``; the first column is each part's disagreement."""
    parts = len(columns)
    chance = float(chance_of(columns))
    if chance <= 0.0:
        return Kappa(None, None, None)
    disagreement = float(columns[:, 0].mean())
    if disagreement == 0.0:
        return Kappa(1.0, 1.0 - rate_upper_bound(0, parts) / chance, 1.0)
    drawn = np.random.default_rng(0).integers(0, parts, (_RESAMPLES, parts))
    again = columns[drawn]
    chances = chance_of(again)
    some = chances > 0.0
    values = 1.0 - again[some, :, 0].mean(axis=1) / chances[some]
    low, high = np.quantile(values, [0.025, 0.975])
    return Kappa(1.0 - disagreement / chance, float(low), float(high))


def _against(rejects: Sequence[NDArray[np.bool_]], bad: Sequence[bool]) -> AgainstReference:
    good = [part for part, known in zip(rejects, bad, strict=True) if not known]
    defective = [part for part, known in zip(rejects, bad, strict=True) if known]
    return AgainstReference(
        kappa=kappa_with_reference(rejects, bad),
        rejected=Rate.of(sum(bool(part.any()) for part in good), len(good)),
        escaped=Rate.of(sum(not part.all() for part in defective), len(defective)),
    )
