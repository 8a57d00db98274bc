"""Shares of a population of which some members were looked at, each with a known probability.

A member that is looked at with probability pi stands for 1 / pi members (Horvitz and Thompson
1952). How many members had which probability is known here, so the realised share of each takes
the place of pi (post-stratification, Holt and Smith 1979): members that were lost on the way are
made good, as far as they were no others than the rest.

Where nobody counts the estimated variance is 0, which proves nothing: so the interval is not made
of it but of exact binomial bounds for each probability (Clopper and Pearson 1934), at a level at
which all of them hold together (Bonferroni), without error where all members were looked at.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from calibration.metrics import rate_interval


@dataclass(frozen=True, slots=True)
class SampledShare:
    """An estimated share of a population, its standard error, and a 95 % interval.

    ``population`` counts the members that had a chance to be looked at, ``seen`` those that were,
    ``counted`` those of them that count; ``chanceless`` had none, and nothing is said of them.
    """

    population: int
    seen: int
    counted: int
    chanceless: int
    share: float
    standard_error: float
    low: float
    high: float


def sampled_share(
    population: Iterable[float], seen: Iterable[tuple[float, bool]], confidence: float = 0.95
) -> SampledShare | None:
    """``population``: each member's probability; ``seen``: that of those looked at, and who counts.

    None where nobody was looked at.
    """
    sizes = Counter(population)
    chanceless = sizes.pop(0.0, 0)
    looked: Counter[float] = Counter()
    counted: Counter[float] = Counter()
    for probability, counts in seen:
        looked[probability] += 1
        counted[probability] += counts
    total, known = sum(sizes.values()), sum(sizes[one] for one in looked)
    if not known:
        return None
    partial = [one for one, size in sizes.items() if looked[one] < size]
    level = 1 - (1 - confidence) / max(len(partial), 1)
    estimate = variance = low = high = 0.0
    for probability, size in sizes.items():
        count, events = looked[probability], counted[probability]
        share = events / count if count else 0.0
        bounds = rate_interval(events, count, level) if probability in partial else (share, share)
        estimate += size * share
        low, high = low + size * bounds[0], high + size * bounds[1]
        if count > 1:
            variance += size * (size - count) * share * (1 - share) / (count - 1)
    return SampledShare(
        population=total,
        seen=sum(looked.values()),
        counted=sum(counted.values()),
        chanceless=chanceless,
        share=estimate / known,
        standard_error=math.sqrt(variance) / total,
        low=low / total,
        high=high / total,
    )
