"""Figures of merit: how well scores part good from defective, and what counts prove."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, expit, logit, ndtri

from inspector.core.frame import ScoreMap

Mask = NDArray[np.bool_]


def auroc(scores: ArrayLike, defective: ArrayLike) -> float | None:
    """Area under the ROC curve: the chance that a defective one scores above a good one.

    Ties count half (Mann-Whitney U). None when one of the two kinds is missing.
    """
    values, labels = np.asarray(scores).ravel(), np.asarray(defective, bool).ravel()
    positives = int(labels.sum())
    negatives = labels.size - positives
    if not positives or not negatives:
        return None
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2
    rank_sum = float(mean_ranks[places][labels].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def auroc_interval(
    scores: ArrayLike, defective: ArrayLike, confidence: float = 0.95
) -> tuple[float, float] | None:
    """Both ends of the AUROC that fit these scores; None as for `auroc`.

    DeLong et al. (Biometrics 44, 1988), on the logit scale, which keeps the ends within 0..1. Where
    the two kinds part completely that variance is 0: there the smaller kind decides, by the rate
    of exceptions that its number does not exclude.
    """
    values, labels = np.asarray(scores).ravel(), np.asarray(defective, bool).ravel()
    area = auroc(values, labels)
    if area is None:
        return None
    good, bad = np.sort(values[~labels]), np.sort(values[labels])
    if area in {0.0, 1.0}:
        _, exceptions = rate_interval(0, min(good.size, bad.size), confidence)
        return (1.0 - exceptions, 1.0) if area else (0.0, exceptions)
    variance = _variance_of_mean(_shares_below(good, bad)) + _variance_of_mean(
        _shares_below(bad, good)
    )
    reach = ndtri((1.0 + confidence) / 2.0) * np.sqrt(variance) / (area * (1.0 - area))
    return float(expit(logit(area) - reach)), float(expit(logit(area) + reach))


def _shares_below(known: NDArray[Any], values: NDArray[Any]) -> NDArray[np.float64]:
    """Share of the sorted ``known`` below each value; ties count half."""
    sides = np.searchsorted(known, values, "left") + np.searchsorted(known, values, "right")
    return np.asarray(sides / (2.0 * known.size))


def _variance_of_mean(values: NDArray[np.float64]) -> float:
    return float(values.var(ddof=1) / values.size) if values.size > 1 else 0.0


def aupro(maps: Sequence[ScoreMap], masks: Sequence[Mask], limit: float = 0.3) -> float | None:
    """Area under the per-region-overlap curve up to a false-positive rate of ``limit``, 0..1.

    Every 8-connected region of a mask counts the same, however large (Bergmann et al., IJCV 2021).
    None without regions or without good pixels.
    """
    shares, regions = _region_shares(masks)
    good = ~np.concatenate([mask.ravel() for mask in masks])
    if not regions or not good.any():
        return None
    scores = np.concatenate([score_map.ravel() for score_map in maps])
    order = np.argsort(-scores)
    # One point of the curve per distinct score: equal pixels are crossed together.
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)
    false_rate = np.append(0.0, np.cumsum(good[order])[ends] / good.sum())
    overlap = np.append(0.0, np.cumsum(shares[order])[ends] / regions)
    inside = false_rate <= limit
    x = np.append(false_rate[inside], limit)
    y = np.append(overlap[inside], np.interp(limit, false_rate, overlap))
    return float(np.trapezoid(y, x)) / limit


def _region_shares(masks: Sequence[Mask]) -> tuple[NDArray[np.float64], int]:
    """Per pixel of all masks its share of its region's area (0 outside), and the regions' count."""
    shares, regions = [], 0
    for mask in masks:
        count, labels, stats, _ = cv2.connectedComponentsWithStats(
            mask.astype(np.uint8), connectivity=8
        )
        area = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
        share = 1.0 / np.maximum(area, 1.0)
        share[0] = 0.0
        shares.append(share[labels].ravel())
        regions += count - 1
    return np.concatenate(shares), regions


def rate_upper_bound(events: int, trials: int, confidence: float = 0.95) -> float:
    """The largest rate that fits ``events`` in ``trials`` (Clopper & Pearson 1934, one-sided)."""
    if events >= trials:
        return 1.0
    return float(betaincinv(events + 1, trials - events, confidence))


def rate_interval(events: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Both ends of the rates that fit ``events`` in ``trials`` (Clopper & Pearson, two-sided)."""
    beyond = (1.0 + confidence) / 2.0
    low = 1.0 - rate_upper_bound(trials - events, trials, beyond)
    return low, rate_upper_bound(events, trials, beyond)
