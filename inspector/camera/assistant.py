"""Focus and exposure of a live picture as data: figures, and advice in codes to translate.

The limits are those of any picture, not of a product: they advise, and decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from calibration.illumination.focus import Focus, focus_of
from inspector.core.frame import PixelFormat, Pixels
from inspector.core.levels import Levels, levels_of

BINS = 32
_FOCUS_SIDE = 1024
"""Sharpness is measured in the middle of the picture, px a side: the lens is set there."""
_SAMPLES = 2**19
"""Pixels of which the levels are counted."""
_SATURATED = 0.001
"""Share of white pixels above which something is lost: glints are less."""
_DARK_LEVEL, _DARK = 1 / 32, 0.5
"""Levels, as shares of white, that hold hardly more than noise; share of pixels that may."""
_BRIGHT_ENOUGH = 0.35
"""Where the brightest hundredth of the pixels should reach, share of white."""
_FLAT = 0.02
"""Spread of levels, share of white, below which there is nothing to focus on."""
_PAST_FOCUS = 0.9
"""Share of the best sharpness so far, below which the ring was turned past it."""


class Advice(StrEnum):
    """What a person can do."""

    TOO_BRIGHT = "too-bright"
    """Pixels are white through and through: shorter exposure, less gain or light."""
    TOO_DARK = "too-dark"
    """The range is hardly used: longer exposure or more light, then gain."""
    FLAT = "flat"
    """Nothing to focus on: cap on the lens, no part, or far out of focus."""
    PAST_FOCUS = "past-focus"
    """It was sharper before: turn back."""


@dataclass(frozen=True, slots=True)
class Look:
    """One picture. Levels and shares are 0 .. 1; of a pixel's colours the brightest counts."""

    focus: Focus
    sharpness: float
    """Share of the best since the last ``reset``."""
    histogram: tuple[float, ...]
    """Shares of pixels in ``BINS`` equal steps of level, dark to bright; they add up to 1."""
    mean: float
    brightest: float
    """Level that one pixel in a hundred exceeds."""
    saturated: float
    """Share of pixels at white."""
    dark: float
    """Share of pixels that hold hardly more than noise."""
    advice: tuple[Advice, ...]


class Assistant:
    """Looks at pictures of one camera, and remembers how sharp the sharpest was. One thread."""

    def __init__(self) -> None:
        self._best = 0.0

    def reset(self) -> None:
        """Another scene, light or exposure: sharpness begins anew."""
        self._best = 0.0

    def look(self, pixels: Pixels, pixel_format: PixelFormat) -> Look:
        """Measure uint8[H, W, C]; some 40 ms for a picture of 5 MP."""
        levels = levels_of(pixels)
        shares = _sampled(levels).astype(np.float32) / pixel_format.white
        counts, _ = np.histogram(shares, BINS, (0.0, 1.0))
        low, brightest = (float(one) for one in np.percentile(shares, [1, 99]))
        focus = focus_of(_middle(levels))
        self._best = max(self._best, focus.tenengrad)
        sharpness = focus.tenengrad / self._best if self._best > 0 else 0.0
        saturated = float((shares >= 1.0).mean())
        dark = float((shares <= _DARK_LEVEL).mean())
        told = (
            (Advice.TOO_BRIGHT, saturated > _SATURATED),
            (Advice.TOO_DARK, brightest < _BRIGHT_ENOUGH or dark > _DARK),
            (Advice.FLAT, brightest - low < _FLAT),
            (Advice.PAST_FOCUS, 0 < sharpness < _PAST_FOCUS),
        )
        return Look(
            focus=focus,
            sharpness=sharpness,
            histogram=tuple((counts / shares.size).tolist()),
            mean=float(shares.mean()),
            brightest=brightest,
            saturated=saturated,
            dark=dark,
            advice=tuple(advice for advice, holds in told if holds),
        )


def _sampled(levels: Levels) -> NDArray[np.uint8 | np.uint16]:
    """Evenly spread pixels, of each the brightest colour."""
    height, width = levels.shape[:2]
    step = max(1, round((height * width / _SAMPLES) ** 0.5))
    found: NDArray[np.uint8 | np.uint16] = levels[::step, ::step].max(axis=2)
    return found


def _middle(levels: Levels) -> Levels:
    height, width = levels.shape[:2]
    top, left = max(0, (height - _FOCUS_SIDE) // 2), max(0, (width - _FOCUS_SIDE) // 2)
    return levels[top : top + _FOCUS_SIDE, left : left + _FOCUS_SIDE]
