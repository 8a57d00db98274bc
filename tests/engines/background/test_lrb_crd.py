"""LRB and CRD against small cases by hand and published implementations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.manifold._locally_linear import barycenter_weights  # published nowhere else

from engines.background.local import LocalCollaborative
from engines.background.patches import Patches
from engines.background.representation import Collaborative, LocalRepresentation
from engines.background.ring import Ring
from engines.background.windows import Windows
from tests.engines.background import plain

RING = Ring(outer=5, guard=1)
TINY = 1e-6
"""A noise that counts for nothing."""


def vectors(seed: int, size: int = 6) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(5, 5, size)).astype(np.float32)


def centre(kernel: LocalRepresentation | Collaborative, cells: NDArray[np.float32]) -> float:
    """The score of the middle of 5 x 5 cells, whose ring are all others."""
    chosen = np.zeros(cells.shape[:2], bool)
    chosen[2, 2] = True
    return float(kernel.at(cells, chosen)[0])


def lrb(**settings: Any) -> LocalRepresentation:
    return LocalRepresentation(Patches(), RING, noise=TINY, **settings)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("neighbours", [2, 4, 8])
def test_weights_of_lrb_are_those_of_scikit_learns_lle(seed: int, neighbours: int) -> None:
    cells = vectors(seed)
    atoms = np.delete(cells.reshape(-1, 6), 12, axis=0).astype(np.float64)
    patch = cells[2, 2].astype(np.float64)
    nearest = np.argsort(((atoms - patch) ** 2).sum(axis=1))[None, :neighbours]
    # Its regulariser is a share of the trace, ours one of the trace over their number.
    weights = barycenter_weights(patch[None], atoms, nearest, reg=0.01 / neighbours)[0]
    left = np.linalg.norm(patch - weights @ atoms[nearest[0]])
    found = centre(lrb(neighbours=neighbours), cells)
    assert found == pytest.approx(left / plain.spread(atoms, TINY), rel=1e-4)


def test_one_neighbour_leaves_the_distance_to_the_nearest() -> None:
    cells = np.zeros((5, 5, 2), np.float32)
    cells[2, 2] = 3.0, 4.0
    cells[0, 0] = 3.0, 0.0  # 4 away; the others are 5 away
    mean = 3.0 / 24
    spread = np.sqrt((9.0 + 24 * mean**2 - 2 * 3.0 * mean) / 24)
    assert centre(lrb(neighbours=1), cells) == pytest.approx(4.0 / spread, rel=1e-5)


def test_lrb_draws_what_lies_between_its_neighbours() -> None:
    cells = np.full((5, 5, 2), 50.0, np.float32)
    cells[2, 2] = 1.0, 0.0
    cells[0, 0], cells[4, 4] = (0.0, 0.0), (2.0, 0.0)
    assert centre(lrb(neighbours=2), cells) < 1e-6


@pytest.mark.parametrize("ridge", [0.01, 0.1, 10.0])
def test_what_a_ring_without_spread_leaves_is_the_distance_in_noise(ridge: float) -> None:
    cells = np.full((5, 5, 3), 7.0, np.float32)
    cells[2, 2] += (2.0, 0.0, 0.0)
    kernel = Collaborative(Patches(), RING, ridge, noise=0.5)
    assert centre(kernel, cells) == pytest.approx(2.0 / (0.5 * np.sqrt(3)), rel=1e-5)


@pytest.mark.parametrize("size", [2, 6, 40])
def test_crd_is_the_textbooks(size: int) -> None:
    cells = vectors(3, size)
    atoms = np.delete(cells.reshape(-1, size), 12, axis=0).astype(np.float64)
    wanted = plain.weighted_residual(cells[2, 2].astype(np.float64), atoms, 0.1, 0.5)
    found = centre(Collaborative(Patches(), RING, 0.1, noise=0.5), cells)
    assert found == pytest.approx(wanted, rel=1e-4)


def test_uniform_crd_of_one_pixel_off_an_even_colour() -> None:
    image = np.full((21, 21, 3), 100, np.uint8)
    image[10, 10] = 110
    found = LocalCollaborative(Windows(9, 3, 1), noise=2.0)(image)
    assert found[10, 10] == pytest.approx(10.0 / 2.0, rel=1e-5)
    assert found[2, 2] == 0.0
