from __future__ import annotations

from itertools import product
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy.stats import binom

from engines.background.local import (
    RIDGE,
    LocalCollaborative,
    LocalRx,
    LocalZScore,
    inverse_factor,
)
from engines.background.pictures import Kernel
from engines.background.windows import Windows, windows_for
from inspector.core.errors import ConfigError, ImageError
from tests.engines.background import plain
from tests.engines.background.images import noise_image, textured

KERNELS = (LocalZScore, LocalRx, LocalCollaborative)
W = Windows(7, 3, 1)


def everywhere(planes: NDArray[Any], judge: Any, windows: Windows = W) -> NDArray[np.float64]:
    """A plain judgement of every pixel."""
    height, width = planes.shape[1:]
    result = np.empty((height, width))
    for row, column in product(range(height), range(width)):
        atoms = plain.ring(planes, row, column, windows.outer, windows.guard)
        result[row, column] = judge(planes[:, row, column].astype(float), atoms)
    return result


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_z_is_the_plain_one(dtype: type) -> None:
    image: NDArray[Any] = noise_image((13, 11), seed=1).astype(dtype)
    expected = everywhere(image[None], lambda y, x: plain.mahalanobis(y, x, 1.0))
    np.testing.assert_allclose(LocalZScore(W)(image), expected, rtol=2e-5, atol=1e-6)


def test_z_of_colours_is_that_of_the_strangest() -> None:
    image = noise_image((9, 9, 3), seed=2)
    channels = [LocalZScore(W)(image[..., index]) for index in range(3)]
    np.testing.assert_array_equal(LocalZScore(W)(image), np.max(channels, axis=0))


@pytest.mark.parametrize("colours", [2, 3])
def test_rx_of_colours_is_the_plain_one(colours: int) -> None:
    image = noise_image((11, 12, colours), seed=3)
    planes = np.moveaxis(image, 2, 0)
    expected = everywhere(planes, lambda y, x: plain.mahalanobis(y, x, 1.0))
    np.testing.assert_allclose(LocalRx(W)(image), expected, rtol=1e-4)


def test_rx_of_grey_is_the_plain_one_of_level_and_gradient() -> None:
    image = noise_image((11, 12), seed=4)
    expected = everywhere(plain.gradients(image), lambda y, x: plain.mahalanobis(y, x, 0.5))
    np.testing.assert_allclose(LocalRx(W, noise=0.5)(image), expected, rtol=1e-4)


@pytest.mark.parametrize("ridge", [0.01, RIDGE, 1.0])
def test_collaborative_closed_form_is_the_solution_for_all_weights(ridge: float) -> None:
    image = noise_image((11, 12, 3), seed=5)
    planes = np.moveaxis(image, 2, 0)
    expected = everywhere(planes, lambda y, x: plain.uniform_residual(y, x, ridge))
    found = LocalCollaborative(W, noise=1e-3, ridge=ridge)(image)
    np.testing.assert_allclose(found, expected, rtol=1e-3)


@pytest.mark.parametrize("ridge", [0.01, 10.0])
def test_collaborative_of_one_dimension_is_the_z_score(ridge: float) -> None:
    spread = np.array([[[[4.0]]]])
    found = LocalCollaborative(W, ridge=ridge)._residual(spread)
    np.testing.assert_allclose(found, 0.5)


def test_collaborative_with_a_large_ridge_is_the_plain_distance() -> None:
    image = noise_image((11, 12, 3), seed=6)
    planes = np.moveaxis(image, 2, 0)

    def distance(pixel: NDArray[np.float64], atoms: NDArray[np.float64]) -> float:
        return float(np.linalg.norm(pixel - atoms.mean(axis=0))) / plain.spread(atoms, 1.0)

    found = LocalCollaborative(W, ridge=1e4)(image)
    np.testing.assert_allclose(found, everywhere(planes, distance), rtol=1e-3)


def test_pixels_of_a_cell_share_its_ring() -> None:
    windows = Windows(5, 1, 4)
    image = textured((38, 45), seed=7)
    image[:, 20:] += 100  # an edge: interpolated statistics would belong to neither side
    expected = np.empty(image.shape)
    r, c = (index // windows.step for index in np.indices(image.shape))
    for row, column in np.ndindex(windows.cells(*image.shape)):
        away = np.maximum(abs(r - row), abs(c - column))
        atoms, own = image[(away <= 2) & (away > 0)].astype(float), away == 0
        expected[own] = abs(image[own] - atoms.mean()) / np.sqrt(atoms.var() + 1.0)
    np.testing.assert_allclose(LocalZScore(windows)(image), expected, atol=1e-4)


@pytest.mark.parametrize("make", KERNELS)
def test_an_edge_raises_nothing_beyond_itself(make: type) -> None:
    image = noise_image((128, 128), seed=15) // 8
    image[:, 70:] += 200
    found = make(windows_for(128, 128))(image)
    found[:, 68:72] = 0.0
    assert found.max() < 6.0


def test_inverse_factor_inverts() -> None:
    points = np.random.default_rng(8).normal(size=(5, 4, 6, 3))
    matrices = np.einsum("hwnd,hwne->dehw", points[..., :, :], points)
    matrices += np.eye(3)[..., None, None]
    factor = inverse_factor(matrices)
    product_ = np.einsum("kihw,kjhw,jlhw->ilhw", factor, factor, matrices)
    np.testing.assert_allclose(
        product_, np.broadcast_to(np.eye(3)[..., None, None], (3, 3, 5, 4)), atol=1e-9
    )
    assert not factor[0, 1:].any()


@pytest.mark.parametrize("make", KERNELS)
@given(
    image=arrays.arrays(
        dtype=st.sampled_from([np.uint8, np.uint16, np.float32]),
        shape=arrays.array_shapes(min_dims=2, max_dims=2, max_side=24)
        | st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 3)),
        elements=st.integers(0, 255),
    ),
    step=st.integers(1, 4),
)
def test_any_image_gives_a_finite_map(make: type, image: NDArray[Any], step: int) -> None:
    found = make(Windows(5, 3, step))(image)
    assert found.shape == image.shape[:2]
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert (found >= 0).all()


@pytest.mark.parametrize("make", KERNELS)
@given(
    image=arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 20), st.integers(1, 20)),
        elements=st.floats(-1e6, 1e6, width=32),
    )
)
def test_any_levels_give_a_finite_map(make: type, image: NDArray[Any]) -> None:
    found = make(Windows(5, 3, 2))(image)
    assert np.isfinite(found).all()
    assert (found >= 0).all()


@pytest.mark.parametrize("make", KERNELS)
@pytest.mark.parametrize("noise", [0.0, -1.0, float("nan")])
def test_a_background_without_noise_is_refused(make: type, noise: float) -> None:
    with pytest.raises(ConfigError, match="noise"):
        make(W, noise=noise)


@pytest.mark.parametrize("make", KERNELS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_constant_and_saturated_images_score_nothing(make: type, dtype: type) -> None:
    largest = 1e6 if dtype is np.float32 else int(np.iinfo(dtype).max)
    for level in (0, 7, largest):
        assert make(windows_for(70, 90))(np.full((70, 90), level, dtype)).max() < 1e-3


@pytest.mark.parametrize("make", KERNELS)
def test_rounding_of_a_flat_field_is_no_defect(make: type) -> None:
    """A faint shading crosses from one level to the next: nothing above two of the noise."""
    shading = np.linspace(100.0, 103.0, 128)
    image = np.broadcast_to(np.rint(shading), (128, 128)).astype(np.uint8)
    assert make(windows_for(128, 128))(image).max() < 2.0


@pytest.mark.parametrize("make", KERNELS)
def test_smaller_than_the_guard_there_is_no_background(make: type) -> None:
    image = noise_image((3, 3), seed=9)
    assert not make(Windows(9, 7, 1))(image).any()


@pytest.mark.parametrize("make", KERNELS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e7])
def test_one_value_that_is_no_level_is_refused(make: type, bad: float) -> None:
    image = noise_image((20, 20), seed=10).astype(np.float32)
    image[3, 4] = bad
    with pytest.raises(ImageError, match="NaN"):
        make(W)(image)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (np.zeros((4, 4), np.int32), "int32"),
        (np.zeros((4, 4), bool), "bool"),
        (np.zeros(4, np.uint8), "shape"),
        (np.zeros((0, 4), np.uint8), "shape"),
        (np.zeros((4, 4, 4), np.uint8), "4 channels"),
    ],
)
def test_what_is_no_image_is_refused(image: NDArray[Any], said: str) -> None:
    with pytest.raises(ImageError, match=said):
        LocalRx(W)(image)


@pytest.mark.parametrize("make", KERNELS)
def test_a_level_added_everywhere_changes_nothing(make: type) -> None:
    image = textured((60, 60), seed=11) // 2
    kernel = make(Windows(9, 3, 2))
    np.testing.assert_allclose(kernel(image + np.uint8(100)), kernel(image), atol=2e-3)
    deep = image.astype(np.uint16)
    np.testing.assert_allclose(kernel(deep + np.uint16(60000)), kernel(deep), atol=2e-3)


@pytest.mark.parametrize("make", KERNELS)
def test_a_spot_on_texture_is_the_strangest_place(make: type) -> None:
    image = textured((128, 128), seed=12)
    cv2.circle(image, (70, 40), 2, int(image[40, 70]) + 60, cv2.FILLED)
    found = make(windows_for(128, 128))(image)
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert np.hypot(row - 40, column - 70) < 6
    assert found.max() > 1.5 * np.partition(found.ravel(), -100)[-100]


@pytest.mark.parametrize("make", KERNELS)
def test_the_border_has_no_more_peaks_than_its_share(make: type) -> None:
    kernel: Kernel = make(windows_for(96, 96))
    band, images = 8, 60
    hits = 0
    for seed in range(images):
        found = kernel(noise_image((96, 96), seed))
        row, column = map(int, np.unravel_index(found.argmax(), found.shape))
        hits += min(row, column, 95 - row, 95 - column) < band
    share = 1 - ((96 - 2 * band) / 96) ** 2
    assert hits <= binom.ppf(0.999, images, share)


@pytest.mark.parametrize("make", KERNELS)
def test_one_thread_and_several_give_the_same(make: type) -> None:
    image = textured((300, 310), seed=13)
    kernel, threads = make(windows_for(300, 310)), cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        alone = kernel(image)
        cv2.setNumThreads(3)
        np.testing.assert_array_equal(kernel(image), alone)
    finally:
        cv2.setNumThreads(threads)


def test_rx_agrees_with_spectral() -> None:
    """Inside of the image: at the borders spectral moves its window, ours is clipped."""
    spectral = pytest.importorskip("spectral")
    image = noise_image((24, 25, 3), seed=14)
    theirs = spectral.rx(image.astype(float), window=(3, 7))
    count = 7 * 7 - 3 * 3
    ours = LocalRx(W, noise=1e-3)(image).astype(float) ** 2 * 3 * (count - 1) / count
    inner = (slice(3, -3), slice(3, -3))
    np.testing.assert_allclose(ours[inner], theirs[inner], rtol=1e-3)
