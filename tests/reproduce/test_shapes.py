"""Ellipses and rectangles: what is rendered, and by which threshold it is judged."""

from __future__ import annotations

import numpy as np
import pytest

from scripts.reproduce.shapes import (
    Judged,
    calibrated,
    ellipses,
    errors_of,
    learnt,
    rectangles,
    scores_of,
)


def test_shapes_are_as_large_as_described() -> None:
    good, anomalous = (make(400, np.random.default_rng(0)) for make in (ellipses, rectangles))
    for images in (good, anomalous):
        assert images.shape == (400, 16, 16)
        assert set(np.unique(images)) == {0, 255}
    # Mean areas: pi E[r]^2 of radii 4..6, and E[width]^2 of sides between 2..6 and 10..14.
    assert (good > 0).sum(axis=(1, 2)).mean() == pytest.approx(np.pi * 25.0, rel=0.05)
    assert (anomalous > 0).sum(axis=(1, 2)).mean() == pytest.approx(64.0, rel=0.05)
    rows = (good > 0).mean(axis=(0, 2)) * np.arange(16)
    assert rows.sum() / (good > 0).mean(axis=(0, 2)).sum() == pytest.approx(7.5, abs=0.2)


def test_what_was_learnt_is_drawn_better() -> None:
    random = np.random.default_rng(1)
    good = ellipses(64, random)
    network, curves = learnt(good, epochs=4)
    assert curves.validation[-1] < curves.validation[0]
    assert errors_of(network, good).shape == good.shape
    assert scores_of(network, good) == pytest.approx(errors_of(network, good).mean(axis=(1, 2)))
    found = calibrated(network, good)
    assert (scores_of(network, good) > found.threshold).mean() <= 0.05
    assert found.promised == 0.05


def test_matrix_counts_what_is_above_the_threshold() -> None:
    judged = Judged("t", 1.0, np.array([0.5, 1.0, 2.0]), np.array([0.1, 3.0]))
    assert judged.matrix.tolist() == [[2, 1], [1, 1]]
    assert "good rejected 1 of 3" in str(judged)
    assert "anomalous found 1, missed 1" in str(judged)
