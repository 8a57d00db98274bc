"""Contrast and sizes that hold before anything is painted."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QColor

from inspector.core.state import Health
from inspector.panel import theme
from inspector.panel.theme import Metrics


def luminance(colour: QColor) -> float:
    """Relative luminance (WCAG 2.2)."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", [theme.GROUND, theme.SURFACE])
@pytest.mark.parametrize("ink", [theme.TEXT, theme.MUTED, theme.PASS, theme.WARN])
def test_text_stands_out_seven_to_one(ink: QColor, ground: QColor) -> None:
    assert contrast(ink, ground) >= 7


@pytest.mark.parametrize("fill", [theme.REJECT, theme.STALE])
def test_large_white_words_stand_out(fill: QColor) -> None:
    assert contrast(QColor("white"), fill) >= 4.5


def test_every_status_signal_has_its_own_colour() -> None:
    assert len({theme.NE107[health].name() for health in Health}) == len(Health)


@pytest.mark.parametrize(
    ("size", "unit"), [((1280, 800), 1.0), ((1920, 1080), 1.35), ((640, 480), 0.75)]
)
def test_sizes_follow_the_window_and_targets_never_shrink(
    size: tuple[int, int], unit: float
) -> None:
    metrics = Metrics.of(QSize(*size), None)
    assert metrics.unit == pytest.approx(unit)
    assert metrics.target >= theme.SMALLEST_TARGET_PX
