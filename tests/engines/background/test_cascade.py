from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines.background.cascade import Cascade
from engines.background.patches import Patches, Vectors, patches_for
from engines.background.representation import Collaborative, LocalRepresentation
from engines.background.ring import Ring
from engines.background.surroundings import surroundings
from inspector.core.frame import ScoreMap
from tests.engines.background import plain
from tests.engines.background.images import noise_image, textured

KERNELS = (LocalRepresentation, Collaborative)
P = Patches(side=6, stride=3, order=3)
R = Ring(outer=7, guard=3)


def marked(seed: int) -> NDArray[np.uint8]:
    image = textured((128, 128), seed)
    image[60:66, 40:46] += 60
    return image


@pytest.mark.parametrize("make", KERNELS)
@settings(max_examples=40)
@given(
    shape=st.tuples(st.integers(6, 60), st.integers(6, 60)),
    kind=st.sampled_from(["noise", "constant", "two levels", "edge", "marked"]),
    dtype=st.sampled_from([np.uint8, np.uint16, np.float32]),
    seed=st.integers(0, 9),
)
def test_the_bound_holds_and_the_maximum_is_the_exact_one(
    make: type, shape: tuple[int, int], kind: str, dtype: type, seed: int
) -> None:
    grey = noise_image(shape, seed)
    edge = grey // 8
    edge[:, shape[1] // 2 :] += 200
    image: NDArray[Any] = {
        "noise": grey,
        "constant": np.full_like(grey, 9),
        "two levels": grey // 128 * 255,
        "edge": edge,
        "marked": np.pad(grey[3:-3, 3:-3] // 4, 3, constant_values=255),
    }[kind].astype(dtype)
    kernel = make(P, R)
    exact, found = kernel(image), Cascade(kernel)(image)
    bound = kernel.at_most(P.vectors(image))
    assert found.shape == bound.shape == exact.shape
    assert (exact <= bound + 1e-6).all()
    assert (found >= exact - 1e-6).all()
    assert found.max() == pytest.approx(exact.max(), rel=1e-5, abs=1e-6)
    for level in np.array([0.76, 0.85, 0.99]) * exact.max():
        clear = abs(exact - level) > 1e-5 * (1 + level)
        np.testing.assert_array_equal((found > level)[clear], (exact > level)[clear])


def test_surroundings_are_those_of_every_ring() -> None:
    vectors = P.vectors(textured((40, 51), seed=3))
    around = surroundings(vectors, R)
    nearest = np.empty(vectors.shape[:2])
    for row, column in np.ndindex(nearest.shape):
        atoms = plain.moved_ring(vectors.astype(float), row, column, R.outer, R.guard)
        own = vectors[row, column].astype(float)
        mean = atoms.mean(axis=0)
        nearest[row, column] = ((atoms - own) ** 2).sum(axis=1).min()
        assert around.count[row, column] == len(atoms)
        assert around.spread[row, column] == pytest.approx(((atoms - mean) ** 2).sum(1).mean())
        assert around.off[row, column] == pytest.approx(((own - mean) ** 2).sum())
    assert (around.nearest >= nearest * (1 - 1e-5)).all()
    inner = (slice(R.outer // 2, -(R.outer // 2)),) * 2
    np.testing.assert_allclose(around.nearest[inner], nearest[inner], rtol=1e-5)


class Counted:
    """A kernel that remembers how many cells it was asked for."""

    def __init__(self, kernel: LocalRepresentation) -> None:
        self.kernel, self.asked = kernel, 0
        self.patches = kernel.patches

    def __call__(self, image: NDArray[Any]) -> ScoreMap:
        return self.kernel(image)

    def at(self, vectors: Vectors, chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
        self.asked += int(chosen.sum())
        return self.kernel.at(vectors, chosen)

    def at_most(self, vectors: Vectors) -> ScoreMap:
        return self.kernel.at_most(vectors)


def test_few_patches_are_solved_for() -> None:
    image = marked(seed=1)
    counted = Counted(LocalRepresentation(patches_for(128, 128)))
    found = Cascade(counted)(image)
    assert counted.asked < found.size / 8
    assert found.max() == counted.kernel(image).max()


@pytest.mark.parametrize("make", KERNELS)
def test_the_bound_is_of_use(make: type) -> None:
    """Most places are known to be usual without a solution, where the exact kernel finds a mark."""
    kernel = make(patches_for(128, 128))
    image = marked(seed=2)
    bound = kernel.at_most(kernel.patches.vectors(image))
    assert (bound > kernel(image).max()).mean() < 0.02
