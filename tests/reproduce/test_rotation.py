"""The two rendered products: one shows a direction, one does not."""

from __future__ import annotations

import numpy as np

from scripts.reproduce.rotation import Draw, bracket, flange, pictures, scratched, told, wrong


def most_changed_by_a_turn(draw: Draw) -> float:
    """Largest difference of grey between the mean picture and itself turned."""
    mean = pictures(draw, 60, 0)[..., 0].mean(axis=0)
    return max(float(np.abs(mean - np.rot90(mean, turns)).max()) for turns in (1, 2, 3))


def test_a_bracket_shows_a_direction_and_a_flange_does_not() -> None:
    assert most_changed_by_a_turn(bracket) > 80.0
    assert most_changed_by_a_turn(flange) < 50.0


def test_pictures_repeat_and_differ_where_they_say() -> None:
    assert np.array_equal(pictures(wrong, 3, 1), pictures(wrong, 3, 1))
    good, bad = (
        pictures(draw, 60, 2).astype(float).mean(axis=0)[..., 0] for draw in (bracket, wrong)
    )
    assert np.abs(good - bad)[10:16, 28:36].min() > 40.0  # the tongue
    clean, marked = pictures(bracket, 1, 3)[0].astype(int), pictures(scratched, 1, 3)[0].astype(int)
    assert 0 < (np.abs(clean - marked) > 20).sum() < 40


def test_figures_are_told() -> None:
    line = told("wrong", np.array([1.0, 2.0]), np.array([3.0, 4.0]), 1.5)
    assert line.startswith("wrong: ROC AUC 1.0000")
    assert line.endswith("good rejected 1 of 2, wrong found 2 of 2")
