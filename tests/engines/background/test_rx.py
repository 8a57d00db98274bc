from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import load, save
from sklearn.covariance import ledoit_wolf

from engines.background.patches import Patches, patches_for
from engines.background.rx import Background, fit_background, fit_rx, shrunk_covariance
from inspector.core.errors import BundleError, ConfigError, DatasetError
from tests.engines.background.images import textured


@pytest.mark.parametrize(("count", "size"), [(12, 30), (50, 8), (3000, 5)])
def test_shrinkage_is_that_of_ledoit_and_wolf(count: int, size: int) -> None:
    random = np.random.default_rng(count)
    points = random.normal(size=(count, size)) @ random.normal(size=(size, size))
    points -= points.mean(axis=0)
    covariance, share = shrunk_covariance(points)
    expected, expected_share = ledoit_wolf(points, assume_centered=True)
    np.testing.assert_allclose(covariance, expected)
    assert share == pytest.approx(expected_share)


def test_points_that_are_all_alike_have_a_covariance() -> None:
    covariance, share = shrunk_covariance(np.zeros((5, 3)))
    assert not covariance.any()
    assert share == 0.0
    background = fit_background([np.ones((5, 3), np.float32)])
    np.testing.assert_allclose(background.distances(np.full((1, 3), 3.0, np.float32)), 2.0)


def test_distances_agree_with_spectral() -> None:
    spectral = pytest.importorskip("spectral")
    random = np.random.default_rng(1)
    mixing = 20 * np.eye(4) + random.normal(size=(4, 4)) * 3
    cube = (random.normal(size=(120, 130, 4)) @ mixing).astype(np.float32)
    theirs = spectral.rx(cube)
    ours = fit_background([cube], noise=1e-3).distances(cube).astype(float) ** 2 * 4
    np.testing.assert_allclose(ours, theirs, rtol=5e-3)


def test_good_vectors_have_one_on_average() -> None:
    cube = np.random.default_rng(2).normal(size=(100, 100, 6)).astype(np.float32) * 20
    squares = fit_background([cube]).distances(cube) ** 2
    assert squares.mean() == pytest.approx(1.0, abs=0.02)


def test_a_scratch_stands_out_from_good_images_and_the_fit_survives_a_file() -> None:
    patches = patches_for(128, 128)
    kernel = fit_rx(patches, (textured((128, 128), seed) for seed in range(8)))
    image = textured((128, 128), seed=50)
    image[40:42, 20:60] += 40
    found = kernel(image)
    assert found.dtype == np.float32
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert 19 <= row <= 22
    assert 8 <= column <= 31
    again = Background.from_arrays(load(save(kernel.background.to_arrays())))
    np.testing.assert_array_equal(again.distances(patches.vectors(image)), found)


def test_without_good_images_nothing_is_learned() -> None:
    with pytest.raises(DatasetError, match="no good images"):
        fit_rx(Patches(), [])
    with pytest.raises(ConfigError, match="noise"):
        fit_background([np.ones((5, 3), np.float32)], noise=0.0)


def test_arrays_of_something_else_are_refused() -> None:
    arrays = fit_background([np.ones((5, 3), np.float32)]).to_arrays()
    for wrong in (
        {},
        {name: arrays[name] for name in ("mean", "shrinkage")},
        arrays | {"whitening": np.ones((2, 2))},
        arrays | {"mean": np.ones((3, 1))},
    ):
        with pytest.raises(BundleError, match="background"):
            Background.from_arrays(wrong)
