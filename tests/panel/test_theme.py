"""Contrast and sizes that hold before anything is painted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QColor

from inspector.core.state import Health
from inspector.panel import theme
from inspector.panel.theme import Metrics, Theme

INKS = {name: getattr(theme, name) for name in ("TEXT", "MUTED", "PASS", "WARN", "ALERT")}
GROUNDS = {name: getattr(theme, name) for name in ("GROUND", "SURFACE")}


@pytest.fixture(params=Theme)
def look(request: pytest.FixtureRequest) -> Iterator[Theme]:
    theme.use(request.param)
    yield request.param
    theme.use(Theme.DARK)


def luminance(colour: QColor) -> float:
    """Relative luminance (WCAG 2.2)."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c) for c in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.usefixtures("look")
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_text_stands_out_seven_to_one(ink: str, ground: str) -> None:
    assert contrast(INKS[ink], GROUNDS[ground]) >= 7


@pytest.mark.usefixtures("look")
def test_words_on_colours_and_buttons_stand_out() -> None:
    assert contrast(theme.ON_REJECT, theme.REJECT) >= 7
    assert contrast(theme.ON_STALE, theme.STALE) >= 7
    assert contrast(theme.TEXT, theme.RAISED) >= 7
    assert contrast(theme.GROUND, theme.TEXT) >= 7, "the button that makes sense now"
    assert contrast(theme.LINE, theme.SURFACE) >= 2.5, "what can be touched has a rim"


def test_a_theme_changes_every_token_in_place() -> None:
    held = theme.GROUND
    dark = held.name()
    theme.use(Theme.LIGHT)
    assert theme.GROUND is held
    assert held.name() != dark
    theme.use(Theme.DARK)
    assert held.name() == dark


def test_every_status_signal_has_its_own_colour() -> None:
    assert len({theme.NE107[health].name() for health in Health}) == len(Health)


@pytest.mark.parametrize(
    ("size", "unit", "portrait"),
    [
        ((1280, 800), 1.0, False),
        ((1920, 1080), 1.35, False),
        ((800, 1280), 1.0, True),
        ((640, 480), 0.75, False),
    ],
)
def test_sizes_follow_the_window(size: tuple[int, int], unit: float, portrait: bool) -> None:
    metrics = Metrics.of(QSize(*size), None)
    assert metrics.unit == pytest.approx(unit)
    assert metrics.portrait is portrait
    assert metrics.target >= 64, "12 mm where the screen does not say how dense it is"


@pytest.mark.parametrize(("dpi", "target"), [(103.0, 49), (149.0, 71), (254.0, 120)])
def test_twelve_millimetres_by_the_measured_dpi(dpi: float, target: int) -> None:
    assert Metrics.of(QSize(1280, 800), None, dpi).target == target
