"""What a threshold trades: false rejects against escapes, and what others would cost. Told only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.metrics import rate_interval
from calibration.tail import Scores, Tail


@dataclass(frozen=True, slots=True)
class Share:
    """``events`` in ``images``, and the rates that fit them at 95 % (Clopper & Pearson 1934)."""

    events: int
    images: int
    rate: float
    low: float
    high: float

    @classmethod
    def of(cls, events: int, images: int) -> Share:
        """The share, of one image at least."""
        return cls(events, images, events / images, *rate_interval(events, images))


@dataclass(frozen=True, slots=True)
class Alternative:
    """The cheapest threshold where an escape costs ``cost_ratio`` false rejects.

    Chosen on the very images that it is told of: a little flattered. ``false_reject_rate`` is what
    a recipe would promise to get about this threshold.
    """

    cost_ratio: float
    threshold: float
    false_reject_rate: float
    false_rejects: Share
    escapes: Share


def roc(good: Scores, defective: Scores) -> list[tuple[float, float]]:
    """Shares of good and of defective parts rejected, from the highest threshold to the lowest."""
    levels = np.unique(np.concatenate([good, defective]))[::-1]
    rejected = [
        (float((good >= level).mean()), float((defective >= level).mean())) for level in levels
    ]
    return [(0.0, 0.0), *rejected]


def alternatives(
    good: Scores, defective: Scores, calibrated: Sequence[float], ratios: Sequence[float]
) -> list[Alternative]:
    """For each cost ratio the cheapest threshold, with as many defective parts as good ones.

    Where a share d of the parts is defective, a ratio r stands for costs of ``r (1 - d) / d``.
    ``calibrated`` are the ascending scores that the false-reject rate is read from.
    """
    found = []
    for ratio in ratios:
        threshold = cheapest(good, defective, ratio)
        found.append(
            Alternative(
                cost_ratio=ratio,
                threshold=threshold,
                false_reject_rate=expected_rate(np.array(calibrated), threshold),
                false_rejects=Share.of(int((good > threshold).sum()), good.size),
                escapes=Share.of(int((defective <= threshold).sum()), defective.size),
            )
        )
    return found


def cheapest(good: Scores, defective: Scores, ratio: float) -> float:
    """The threshold of least ``false rejects + ratio * escapes``, both as shares of their kind.

    Halfway between the scores that it parts; of several the lowest, which lets fewest escape.
    """
    levels = np.unique(np.concatenate([good, defective]))
    candidates = np.append(np.nextafter(levels[0], -np.inf), levels)
    false_rejects = 1.0 - np.searchsorted(np.sort(good), candidates, side="right") / good.size
    escapes = np.searchsorted(np.sort(defective), candidates, side="right") / defective.size
    # Equal sums may differ by rounding.
    best = int(np.argmin(np.round(false_rejects + ratio * escapes, 9)))
    if best in {0, len(candidates) - 1}:
        return float(candidates[best])
    return float((candidates[best] + candidates[best + 1]) / 2.0)


def expected_rate(ordered: Scores, threshold: float) -> float:
    """The share of new good parts above a threshold: by rank, beyond all scores by the tail."""
    above = len(ordered) - int(np.searchsorted(ordered, threshold, side="right"))
    if above or threshold == ordered[-1]:
        return (1 + above) / (len(ordered) + 1)
    return Tail.of(ordered).survival(threshold)
