"""Figures of merit against scikit-learn, and against cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from calibration.metrics import aupro, auroc, auroc_interval, rate_upper_bound


@pytest.mark.parametrize("levels", [4, 10_000])
def test_auroc_agrees_with_scikit_learn(levels: int) -> None:
    random = np.random.default_rng(levels)
    labels = random.random(500) < 0.3
    scores = random.integers(0, levels, 500) + labels * levels / 3
    assert auroc(scores, labels) == pytest.approx(roc_auc_score(labels, scores), abs=1e-12)


@pytest.mark.parametrize("label", [True, False])
def test_auroc_of_one_kind_alone_is_unknown(label: bool) -> None:
    assert auroc([1.0, 2.0], [label, label]) is None


def test_interval_covers_the_true_area_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    true = 0.856  # of normals 1.5 apart
    inside = 0
    for _ in range(400):
        scores = np.concatenate([random.normal(0, 1, 60), random.normal(1.5, 1, 40)])
        found = auroc_interval(scores, np.arange(100) >= 60)
        assert found is not None
        assert 0 < found[0] < found[1] < 1
        inside += found[0] <= true <= found[1]
    assert 0.92 <= inside / 400 <= 0.98


def test_interval_of_kinds_that_part_completely() -> None:
    labels = np.arange(120) >= 20
    assert auroc_interval(labels, labels) == pytest.approx((0.025 ** (1 / 20), 1.0))
    assert auroc_interval(~labels, labels) == pytest.approx((0.0, 1 - 0.025 ** (1 / 20)))
    assert auroc_interval([1.0, 2.0], [True, True]) is None


def two_regions() -> np.ndarray:
    mask = np.zeros((20, 20), bool)
    mask[0:2, 0:2] = True
    mask[10:18, 10:18] = True
    return mask


def test_aupro_of_a_perfect_map_is_one() -> None:
    mask = two_regions()
    assert aupro([mask.astype(np.float32)], [mask]) == pytest.approx(1.0)


def test_aupro_counts_a_small_region_as_much_as_a_large_one() -> None:
    mask = two_regions()
    score_map = np.zeros(mask.shape, np.float32)
    score_map[10:18, 10:18] = 2.0
    # The large region is found at no false positive, the small one together with everything else:
    # overlap 1/2 at rate 0, rising linearly to 1 at rate 1.
    assert aupro([score_map], [mask]) == pytest.approx((0.5 + 0.65) / 2)


def test_aupro_of_chance_is_half_the_limit() -> None:
    random = np.random.default_rng(0)
    masks = [two_regions() for _ in range(60)]
    maps = [random.random(mask.shape).astype(np.float32) for mask in masks]
    assert aupro(maps, masks) == pytest.approx(0.15, abs=0.03)


def test_aupro_without_regions_is_unknown() -> None:
    empty = np.zeros((4, 4), bool)
    assert aupro([np.zeros((4, 4), np.float32)], [empty]) is None


@pytest.mark.parametrize(
    ("events", "trials", "bound"),
    [(0, 100, 0.0295), (0, 299, 0.00997), (1, 10, 0.394), (5, 5, 1.0)],
)
def test_upper_bound_of_a_rate(events: int, trials: int, bound: float) -> None:
    assert rate_upper_bound(events, trials) == pytest.approx(bound, abs=5e-4)
