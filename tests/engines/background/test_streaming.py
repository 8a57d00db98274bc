from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.background.pictures import picture_of
from engines.background.rx import fit_background
from engines.background.streaming import StreamingRx, Web
from inspector.core.errors import ConfigError, ImageError


def web_frame(number: int, level: float, *, spot: bool = False) -> NDArray[np.uint8]:
    random = np.random.default_rng(number)
    image = level + random.normal(0, 4, (64, 80))
    if spot:
        image[30:36, 40:46] += 40
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def vectors_of(image: NDArray[Any]) -> NDArray[np.float64]:
    planes = picture_of(image, graded=True).planes(0, len(image))
    return np.stack(planes, axis=-1).astype(np.float64)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
def test_moments_are_the_weighted_sums_over_all_lines(kind: Any) -> None:
    frames = [(web_frame(number, 90 + 5 * number)).astype(kind) for number in range(3)]
    kernel, web = StreamingRx(memory=40, block=7), None
    for frame in frames:
        _, web = kernel(web, frame)
    assert web is not None
    lines = np.concatenate([vectors_of(frame.astype(np.uint8)) for frame in frames])
    shares = np.exp(-np.arange(len(lines))[::-1] / 40.0)
    shares /= shares.sum()
    mean = np.einsum("l,lwd->d", shares, lines) / lines.shape[1]
    away = lines - mean
    covariance = np.einsum("l,lwi,lwj->ij", shares, away, away) / lines.shape[1]
    np.testing.assert_allclose(web.mean, mean, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(web.covariance, covariance, rtol=1e-5, atol=1e-5)
    assert web.weight == pytest.approx(1.0 - np.exp(-len(lines) / 40.0))


def test_a_block_is_judged_by_what_came_before_it() -> None:
    kernel = StreamingRx(memory=100, block=16)
    found, web = kernel(None, web_frame(0, 100))
    assert not found[:16].any()
    assert (found[16:] ** 2).mean() == pytest.approx(1.0, abs=0.1)
    # whether frames come in one or in parts makes no difference but for the gradient at the cut
    colours = np.random.default_rng(1).integers(80, 120, (64, 20, 3)).astype(np.uint8)
    whole, end = kernel(None, colours)
    upper, middle = kernel(None, colours[:32])
    lower, other = kernel(middle, colours[32:])
    np.testing.assert_allclose(np.concatenate([upper, lower]), whole, rtol=1e-5)
    np.testing.assert_allclose(other.covariance, end.covariance)
    assert isinstance(web, Web)


def test_drift_is_followed_and_a_defect_is_found() -> None:
    kernel, web = StreamingRx(memory=256, block=8), None
    levels = 100 + 60 * np.sin(np.arange(60) / 20)  # slowly up and down again
    first = [vectors_of(web_frame(number, 100)).astype(np.float32) for number in range(8)]
    fixed = fit_background(first)
    usual, drifted = [], []
    for number, level in enumerate(levels):
        frame = web_frame(number, level)
        found, web = kernel(web, frame)
        if number:
            usual.append(found.max())
            drifted.append(fixed.distances(vectors_of(frame).astype(np.float32)).max())
    limit = max(usual[:8]) * 1.2
    assert max(usual) < limit  # no alarm, though the level moved by 15 spreads
    assert max(drifted) > 2 * limit
    found, _ = kernel(web, web_frame(99, levels[-1], spot=True))
    assert found.max() > 1.5 * limit
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert 29 <= row <= 36
    assert 39 <= column <= 46


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigError, match="memory"):
        StreamingRx(memory=0)
    with pytest.raises(ConfigError, match="block"):
        StreamingRx(block=0)
    kernel = StreamingRx()
    _, web = kernel(None, web_frame(0, 100))
    with pytest.raises(ImageError, match="3 numbers a pixel, this frame 2"):
        kernel(web, np.zeros((8, 8, 2), np.uint8))
