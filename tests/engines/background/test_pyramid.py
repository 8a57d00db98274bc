from __future__ import annotations

import numpy as np
import pytest

from engines.background.local import LocalRx, LocalZScore
from engines.background.patches import patches_for
from engines.background.pictures import Image, reduced, resized
from engines.background.pyramid import Pyramid, gains_of
from engines.background.representation import LocalRepresentation
from engines.background.windows import windows_for
from inspector.core.errors import ConfigError
from inspector.core.frame import ScoreMap
from tests.engines.background.images import noise_image, textured


def test_the_largest_of_all_scales_counts() -> None:
    image = textured((90, 121), seed=1)
    kernel = LocalZScore(windows_for(90, 121))
    fine, coarse = kernel(image), kernel(reduced(image))
    assert coarse.shape == (45, 61)
    expected = np.maximum(fine, resized(coarse, fine.shape))
    np.testing.assert_array_equal(Pyramid((kernel, kernel))(image), expected)


def test_a_large_faint_stain_is_found_at_a_coarser_scale_only() -> None:
    image = noise_image((256, 256), seed=2)
    image[100:132, 60:92] += 10
    windows = windows_for(256, 256)

    def at_stain(found: ScoreMap) -> bool:
        row, column = np.unravel_index(found.argmax(), found.shape)
        return bool(95 < row < 137 and 55 < column < 97)

    assert not at_stain(LocalRx(windows)(image))
    assert at_stain(Pyramid((LocalRx(windows),) * 3)(image))


def test_the_grid_is_that_of_the_finest() -> None:
    image = textured((128, 160), seed=3)
    kernel = LocalRepresentation(patches_for(128, 160))
    found = Pyramid((kernel, kernel))(image)
    assert found.shape == kernel.patches.grid(128, 160)
    assert (found >= kernel(image)).all()


def test_scales_that_are_too_small_are_left_out() -> None:
    seen = []

    def kernel(image: Image) -> ScoreMap:
        seen.append(image.shape)
        return np.zeros(image.shape, np.float32)

    Pyramid((kernel,) * 4)(np.zeros((40, 64), np.uint8))
    assert seen == [(40, 64), (20, 32)]
    Pyramid((kernel,) * 4)(np.zeros((4, 4), np.uint8))
    assert seen[2:] == [(4, 4)]


def test_a_pyramid_needs_a_scale() -> None:
    with pytest.raises(ConfigError, match="scale"):
        Pyramid(())


def test_gains_are_factors_of_the_scales() -> None:
    image = textured((90, 121), seed=1)
    kernel = LocalZScore(windows_for(90, 121))
    plain = Pyramid((kernel, kernel))
    fine, coarse = plain.maps(image)
    found = Pyramid((kernel, kernel), gains=(1.0, 1.5))(image)
    np.testing.assert_array_equal(found, np.maximum(fine, np.float32(1.5) * coarse))
    np.testing.assert_array_equal(Pyramid((kernel, kernel), gains=(1.0, 1.0))(image), plain(image))
    with pytest.raises(ConfigError, match="1 gains of 2 scales"):
        Pyramid((kernel, kernel), gains=(1.0,))


def test_with_gains_every_scale_rejects_as_many_good_images() -> None:
    random = np.random.default_rng(4)
    tops = np.abs(random.normal([4.0, 3.0, 0.0], [0.5, 1.0, 0.0], (400, 3)))
    gains = np.array(gains_of(tops))
    assert gains[0] == 1.0
    assert gains[2] == 1.0, "a scale that shows nothing keeps its unit"
    level = np.quantile(tops[:, 0], 0.95)
    assert ((gains * tops)[:, :2] > level).mean(axis=0) == pytest.approx(0.05)
