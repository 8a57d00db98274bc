from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.fft import dctn
from scipy.stats import binom

from engines.background.patches import Patches, patches_for
from engines.background.representation import Collaborative, LocalRepresentation
from engines.background.ring import Ring
from inspector.core.errors import ConfigError, ImageError
from tests.engines.background import plain
from tests.engines.background.images import noise_image, textured

KERNELS = (LocalRepresentation, Collaborative)
P = Patches(side=6, stride=3, order=3)
R = Ring(outer=7, guard=3)


def everywhere(image: NDArray[Any], judge: Any) -> NDArray[np.float64]:
    vectors = P.vectors(image).astype(float)
    grid = vectors.shape[:2]
    places = [
        (plain.moved_ring(vectors, at[0], at[1], R.outer, R.guard), at) for at in np.ndindex(grid)
    ]
    return np.array([judge(vectors[at], atoms) for atoms, at in places]).reshape(grid)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_patch_is_its_lowest_cosines_and_what_they_leave_out(dtype: type) -> None:
    image: NDArray[Any] = noise_image((20, 27), seed=1).astype(dtype)
    shift = image.mean() if dtype is np.float32 else 0.0  # floating levels count from their mean
    vectors = Patches(side=4, stride=4, order=2).vectors(image)
    assert vectors.shape == (5, 7, 4)
    assert vectors.dtype == np.float32
    for row, column in np.ndindex(5, 6):  # 27 px in 7 cells: the last ones are closer together
        start = int(np.rint((column + 0.5) * 27 / 7 - 2))
        waves = dctn(image[row * 4 : row * 4 + 4, start : start + 4] - shift, norm="ortho")
        low = [waves[0, 0], waves[0, 1], waves[1, 0]]
        left = np.sqrt((waves**2).sum() - np.sum(np.square(low)))
        np.testing.assert_allclose(vectors[row, column], [*low, left], rtol=1e-4, atol=1e-3)


def test_patches_cover_the_image_and_nothing_beyond() -> None:
    for height, width in ((64, 64), (67, 101), (8, 9)):
        rows, columns = P.grid(height, width)
        for length, cells in ((height, rows), (width, columns)):
            starts = P._starts(length, cells)
            assert starts[0] == 0
            assert starts[-1] == length - P.side
            assert (np.diff(starts) <= P.side).all()


def test_channels_stand_side_by_side() -> None:
    image = noise_image((24, 24, 3), seed=2)
    each = [P.vectors(image[..., index]) for index in range(3)]
    np.testing.assert_array_equal(P.vectors(image), np.concatenate(each, axis=-1))


def test_collaborative_solves_the_distance_weighted_problem() -> None:
    image = noise_image((30, 27), seed=3)
    expected = everywhere(image, lambda y, x: plain.weighted_residual(y, x, 0.1, 1.0))
    found = Collaborative(P, R)(image)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=2e-3)


def test_lrb_weighs_the_nearest_atoms() -> None:
    image = noise_image((30, 27), seed=4)
    expected = everywhere(image, lambda y, x: plain.nearest_residual(y, x, 5, 0.01, 1.0))
    found = LocalRepresentation(P, R, neighbours=5)(image)
    np.testing.assert_allclose(found, expected, rtol=1e-3)


@pytest.mark.parametrize("make", KERNELS)
def test_chosen_cells_are_judged_as_in_the_whole(make: type) -> None:
    kernel, image = make(P, R), textured((60, 66), seed=5)
    chosen = np.random.default_rng(5).random(P.grid(60, 66)) < 0.2
    np.testing.assert_allclose(
        kernel.at(P.vectors(image), chosen), kernel(image)[chosen], rtol=1e-4
    )
    assert not len(kernel.at(P.vectors(image), np.zeros_like(chosen)))


@pytest.mark.parametrize("make", KERNELS)
@settings(max_examples=40)
@given(
    shape=st.tuples(st.integers(6, 50), st.integers(6, 50)),
    kind=st.sampled_from(["noise", "constant", "saturated", "two levels"]),
    dtype=st.sampled_from([np.uint8, np.uint16, np.float32]),
)
def test_any_image_gives_a_finite_map(
    make: type, shape: tuple[int, int], kind: str, dtype: type
) -> None:
    image = noise_image(shape, seed=6)
    image = {
        "noise": image,
        "constant": np.full_like(image, 9),
        "saturated": np.full_like(image, 255),
        "two levels": image // 128 * 255,
    }[kind].astype(dtype)
    found = make(P, R)(image)
    assert found.shape == P.grid(*shape)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    if kind in {"constant", "saturated"}:
        assert found.max() < 1e-3


@pytest.mark.parametrize("make", KERNELS)
def test_a_grid_smaller_than_the_ring_has_no_background(make: type) -> None:
    assert not make(P, Ring(7, 5))(noise_image((9, 9), seed=7)).any()


@pytest.mark.parametrize("make", KERNELS)
def test_a_mark_on_texture_is_the_strangest_place(make: type) -> None:
    image = textured((128, 128), seed=8)
    image[60:68, 40:48] += 40
    found = make(patches_for(128, 128))(image)
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert 27 <= row < 35
    assert 17 <= column < 26


@pytest.mark.parametrize("make", KERNELS)
def test_the_border_has_no_more_peaks_than_its_share(make: type) -> None:
    kernel, images, band = make(Patches(side=4, stride=4, order=3)), 40, 2
    hits = 0
    for seed in range(images):
        found = kernel(noise_image((96, 96), seed))
        row, column = np.unravel_index(found.argmax(), found.shape)
        hits += min(row, column, 23 - row, 23 - column) < band
    share = 1 - ((24 - 2 * band) / 24) ** 2
    assert hits <= binom.ppf(0.999, images, share)


def test_too_small_for_a_patch_is_refused() -> None:
    with pytest.raises(ImageError, match="smaller than a patch"):
        P.vectors(noise_image((5, 40), seed=9))


@pytest.mark.parametrize(("side", "stride", "order"), [(4, 5, 2), (4, 0, 2), (4, 2, 5), (4, 2, 0)])
def test_patches_that_are_none_are_refused(side: int, stride: int, order: int) -> None:
    with pytest.raises(ConfigError, match="patches"):
        Patches(side, stride, order)


def test_settings_that_divide_by_nothing_are_refused() -> None:
    with pytest.raises(ConfigError, match="windows"):
        Ring(4, 3)
    with pytest.raises(ConfigError, match="neighbours"):
        LocalRepresentation(P, neighbours=0)
    with pytest.raises(ConfigError, match="ridge"):
        Collaborative(P, ridge=0.0)


def test_patches_keep_their_share_of_the_image() -> None:
    for side in (256, 512, 1024):
        assert patches_for(side, 2 * side).grid(side, 2 * side) == (64, 128)
    assert patches_for(9, 9).grid(9, 9) == (4, 4)
