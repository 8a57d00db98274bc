"""Noise of a camera by photon transfer, from pictures of an even light at several exposures."""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.link.question import JobQuestion, Question, Reading

Scene = Literal["dark", "light"]
"""The lens covered, or an even white card."""


class MeasureNoise(JobQuestion, frozen=True):
    """Take the pictures of one scene with the camera that is watched; result: ``NoiseKnown``.

    ``light`` turns the exposure through its range, and works the figures out.
    """

    camera: str
    scene: Scene


class AskNoise(Question, frozen=True):
    """What is known of a camera's noise."""

    camera: str


class NoiseFigures(msgspec.Struct, frozen=True):
    """As ``inspector camera noise`` has them; ``points``: light and variance of each exposure.

    ``step`` is the smallest difference of grey, as a share of white, that stands out three times of
    the noise of one pixel at half of white.
    """

    utc_us: int
    user: str
    gain_db: float | None
    gain: float
    gain_error: float
    dark_noise: float
    dark_noise_e: float
    hidden: bool
    """Rounding to whole levels hides the noise of the dark."""
    full_e: float
    snr_max: float
    range_db: float
    linearity: float
    step: float
    points: tuple[tuple[float, float], ...]
    dark: tuple[float, float]


class NoiseKnown(Reading, frozen=True):
    """``darks``: pictures of the covered lens that wait; ``figures``: None before any."""

    camera: str
    darks: int
    figures: NoiseFigures | None


AnyNoiseQuestion = MeasureNoise | AskNoise
AnyNoiseAnswer = NoiseKnown
