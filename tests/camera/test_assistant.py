"""Focus and exposure as data."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inspector.camera.assistant import BINS, Advice, Assistant
from inspector.core.frame import PixelFormat, Pixels
from inspector.core.levels import pixels_of


def scene(exposure: float = 0.7, blur: float = 0.0) -> Pixels:
    """Random squares of grey with noise; ``exposure`` is the brightest's share of white."""
    random = np.random.default_rng(1)
    squares = random.uniform(0.1, 1.0, (12, 16)).astype(np.float32)
    image = cv2.resize(squares, (320, 240), interpolation=cv2.INTER_NEAREST)
    if blur:
        image = cv2.GaussianBlur(image, (0, 0), blur)
    noisy = image * exposure * 255 + random.normal(0, 1, image.shape)
    return np.asarray(noisy.clip(0, 255), np.uint8)[:, :, None]


def test_a_good_picture_needs_no_advice() -> None:
    look = Assistant().look(scene(), PixelFormat.MONO8)
    assert look.advice == ()
    assert look.sharpness == 1.0
    assert len(look.histogram) == BINS
    assert sum(look.histogram) == pytest.approx(1.0)
    assert look.mean == pytest.approx(0.7 * 0.55, rel=0.2)


@pytest.mark.parametrize(("exposure", "advice"), [(2.0, Advice.TOO_BRIGHT), (0.2, Advice.TOO_DARK)])
def test_exposure_that_loses_something_is_told(exposure: float, advice: Advice) -> None:
    assert Assistant().look(scene(exposure), PixelFormat.MONO8).advice == (advice,)


def test_shares_are_those_of_the_pixels() -> None:
    pixels = scene()
    pixels[:24] = 255
    pixels[24:96] = 3
    look = Assistant().look(pixels, PixelFormat.MONO8)
    assert look.saturated == pytest.approx(0.1)
    assert look.dark == pytest.approx(0.3)
    assert look.histogram[-1] == pytest.approx(0.1)


def test_turning_the_ring_past_the_best_focus_is_told() -> None:
    assistant = Assistant()
    told = [assistant.look(scene(blur=blur), PixelFormat.MONO8) for blur in (4, 2, 1, 2)]
    assert [Advice.PAST_FOCUS in look.advice for look in told] == [False, False, False, True]
    assert told[0].focus.edge_px > told[2].focus.edge_px
    assistant.reset()
    assert assistant.look(scene(blur=2), PixelFormat.MONO8).sharpness == 1.0


def test_exposure_hardly_moves_sharpness() -> None:
    assistant = Assistant()
    assistant.look(scene(0.8), PixelFormat.MONO8)
    assert assistant.look(scene(0.4), PixelFormat.MONO8).sharpness == pytest.approx(1.0, abs=0.05)


def test_a_covered_lens_is_flat_and_dark() -> None:
    black = np.zeros((64, 64, 1), np.uint8)
    assert set(Assistant().look(black, PixelFormat.MONO8).advice) == {Advice.TOO_DARK, Advice.FLAT}


def test_deep_and_coloured_pictures_are_measured_at_their_own_white() -> None:
    deep = pixels_of((scene().astype(np.uint32) * 4095 // 255).astype(np.uint16))
    mono = Assistant().look(deep, PixelFormat.MONO12)
    colour = np.concatenate([scene() // 3, scene(), scene() // 2], axis=2)
    rgb = Assistant().look(colour, PixelFormat.RGB8)
    plain = Assistant().look(scene(), PixelFormat.MONO8)
    assert mono.mean == pytest.approx(plain.mean, abs=0.01)
    assert rgb.mean == pytest.approx(plain.mean, abs=0.01), "the brightest colour counts"
    assert mono.advice == rgb.advice == ()
