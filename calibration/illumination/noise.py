"""Noise of a camera by photon transfer, in the style of EMVA 1288 (no claim of compliance).

Of two pictures of the same even light the difference is temporal noise alone. Its variance rises
with the light by the system gain K (levels per electron), so K, the dark noise in electrons and the
signal-to-noise ratio follow without knowing the light (Janesick 2007; EMVA 1288 release 4, linear
model). The mean over all pixels is taken: the light need not be even across the field.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.stills import picture_paths, stills
from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat

LEAST_LEVELS = 4
"""Levels of light above the dark: a line through fewer proves nothing."""
CLIPPED = 1e-3
"""Share of clipped pixels above which a level is left out."""
GAIN_UP_TO, LINEAR_FROM, LINEAR_UP_TO = 0.7, 0.05, 0.95
"""Shares of white that count: for the gain, and for linearity."""
_ROUNDING = 1.0 / 12.0
"""Variance of rounding to whole levels."""
QUANTISED = 0.24
"""Variance of the dark noise, levels², below which rounding hides it (EMVA 1288)."""


@dataclass(frozen=True, slots=True)
class Level:
    """One exposure: mean and temporal variance, in levels; ``exposure`` in the folder's units."""

    exposure: float
    mean: float
    variance: float
    clipped: float


@dataclass(frozen=True, slots=True)
class Noise:
    """What photon transfer says. Levels are those of the pixel format; e- are electrons.

    ``gain_error`` is the standard error of ``gain``. ``snr_max`` and ``range_db`` are at white.
    ``linearity`` is the largest deviation of the mean from a straight line over the exposure, as a
    share of the line. ``fit`` is R² of the photon transfer.
    """

    gain: float
    gain_error: float
    dark_level: float
    dark_noise: float
    dark_noise_e: float
    full_e: float
    snr_max: float
    range_db: float
    linearity: float
    fit: float
    levels: tuple[Level, ...]

    @property
    def snr(self) -> tuple[float, ...]:
        """Of each level: signal above the dark over temporal noise."""
        return tuple(
            (level.mean - self.dark_level) / math.sqrt(max(level.variance, _ROUNDING))
            for level in self.levels
        )


def read_levels(folder: Path, pixel_format: PixelFormat) -> list[Level]:
    """Read ``folder/dark`` and ``folder/<exposure>``, each with two or more pictures.

    The name of a folder begins with its exposure time, in any unit. Raises ``ImageError``.
    """
    if not (folder / "dark").is_dir():
        raise ImageError(
            f"{folder}: no folder 'dark' in it",
            remedy="Photograph twice or more with the lens covered, and put that into 'dark'",
        )
    levels = [
        level_of(picture_paths(place, 2), _exposure(place), pixel_format)
        for place in folder.iterdir()
        if place.is_dir()
    ]
    return sorted(levels, key=lambda level: level.exposure)


def level_of(paths: Sequence[Path], exposure: float, pixel_format: PixelFormat) -> Level:
    """Mean and temporal variance of each picture against the next, at one exposure.

    ``variance = mean((a - b)²) / 2 - (mean(a) - mean(b))² / 2``: the second term takes out light
    that flickers (EMVA 1288, 6.6).
    """
    means, variances, clipped = [], [], 0.0
    before: NDArray[np.float64] | None = None
    for still in stills(paths, pixel_format):
        own = still.levels.astype(np.float64)
        clipped = max(clipped, float((still.levels >= pixel_format.white).mean()))
        means.append(float(own.mean()))
        if before is not None:
            difference = own - before
            variances.append(float((difference**2).mean() - difference.mean() ** 2) / 2.0)
        before = own
    return Level(exposure, float(np.mean(means)), float(np.mean(variances)), clipped)


def measure_noise(levels: Sequence[Level], pixel_format: PixelFormat) -> Noise:
    """Photon transfer of a dark level (exposure 0) and several bright ones.

    Raises ``ImageError`` for too few levels that are not clipped, and where noise does not rise
    with the light.
    """
    dark = min(levels, key=lambda level: level.exposure)
    bright = [one for one in levels if one is not dark and one.clipped <= CLIPPED]
    if len(bright) < LEAST_LEVELS:
        raise ImageError(
            f"{len(bright)} levels of light that are not clipped",
            remedy=f"Give dark and at least {LEAST_LEVELS} exposures up to 90 % of white",
        )
    white = pixel_format.white - dark.mean
    used = [one for one in bright if one.mean - dark.mean <= GAIN_UP_TO * white]
    signal = np.array([one.mean - dark.mean for one in used])
    noise = np.array([one.variance - dark.variance for one in used])
    if len(used) < 2:
        raise ImageError("all levels are bright", remedy="Spread the exposures evenly")
    # The variance of a variance grows with its square: weighed so that each level counts the same.
    weights = 1.0 / np.maximum(signal, 1.0) ** 2
    gain = float((weights * signal * noise).sum() / (weights * signal**2).sum())
    if gain <= 0.0:
        raise ImageError(
            "noise does not rise with the light",
            remedy="Switch off noise reduction and automatic gain; spread the exposures evenly",
        )
    rest = weights * (noise - gain * signal) ** 2
    error = math.sqrt(float(rest.sum()) / (len(used) - 1) / float((weights * signal**2).sum()))
    total = float((weights * (noise - np.average(noise, weights=weights)) ** 2).sum())
    dark_e = math.sqrt(max(dark.variance - _ROUNDING, 0.0)) / gain
    full = white / gain
    return Noise(
        gain=gain,
        gain_error=error,
        dark_level=dark.mean,
        dark_noise=math.sqrt(dark.variance),
        dark_noise_e=dark_e,
        full_e=full,
        snr_max=full / math.sqrt(full + dark_e**2 + _ROUNDING / gain**2),
        range_db=20.0 * math.log10(full / max(dark_e, math.sqrt(_ROUNDING) / gain)),
        linearity=_linearity(bright, dark, white),
        fit=1.0 - float(rest.sum()) / total if total > 0.0 else 0.0,
        levels=tuple(levels),
    )


def _linearity(bright: Sequence[Level], dark: Level, white: float) -> float:
    """Largest relative deviation from the line that fits best relatively (EMVA 1288, 6.7)."""
    chosen = [
        (one.exposure, one.mean - dark.mean)
        for one in bright
        if LINEAR_FROM * white <= one.mean - dark.mean <= LINEAR_UP_TO * white
    ]
    if len(chosen) < LEAST_LEVELS - 1:
        raise ImageError(
            f"{len(chosen)} levels between 5 and 95 % of white",
            remedy="Spread the exposures evenly over the whole range",
        )
    exposures, signals = np.array(chosen).T
    design = np.stack([np.ones_like(exposures), exposures], 1) / signals[:, None]
    line, *_ = np.linalg.lstsq(design, np.ones(len(signals)), rcond=None)
    return float(np.abs(1.0 / (design @ line) - 1.0).max())


def _exposure(folder: Path) -> float:
    if folder.name == "dark":
        return 0.0
    digits = folder.name.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_ µ")
    try:
        return float(digits)
    except ValueError as error:
        raise ImageError(
            f"{folder}: its name is no exposure time", remedy="Name it such as 500us, or 'dark'"
        ) from error
