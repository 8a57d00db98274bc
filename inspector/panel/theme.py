"""One grid, two font weights, and colour only where it means something."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QColor, QFont, QScreen

from inspector.core.state import Health

FAMILIES = [
    "Noto Sans",
    "Segoe UI",
    "DejaVu Sans",
    "Noto Sans CJK JP",
    "IPAGothic",
    "VL PGothic",
    "Yu Gothic UI",
    "Meiryo",
]
"""Latin first, then Japanese; Qt takes each character from the first family that has it."""

TARGET_MM = 12.0
SMALLEST_TARGET_PX = 44
"""However dense a screen says it is."""

BELIEVED_DPI = (60.0, 400.0)
"""Projectors, virtual and remote screens tell nonsense."""

UNKNOWN_DPI = 136.0
"""Where the screen does not say: a target of 64 pixels, 12 mm on a 10 to 15 inch panel."""

REFERENCE = QSize(1280, 800)


class Theme(StrEnum):
    """How light the panel is."""

    DARK = "dark"
    LIGHT = "light"


_COLOURS = {
    Theme.DARK: {
        "GROUND": "#0d1115",
        "SURFACE": "#181f26",
        "RAISED": "#26303a",
        "LINE": "#5b6875",
        "TEXT": "#f4f7f9",
        "MUTED": "#b4bfc9",
        "FADED": "#8994a0",
        "PASS": "#45d483",
        "REJECT": "#b0101a",
        "STALE": "#4f5963",
        "WARN": "#ffc400",
        "ALERT": "#ff8a8e",
    },
    Theme.LIGHT: {
        "GROUND": "#e9edf0",
        "SURFACE": "#ffffff",
        "RAISED": "#d7dee4",
        "LINE": "#66717c",
        "TEXT": "#0d1115",
        "MUTED": "#3a454f",
        "FADED": "#5b6670",
        "PASS": "#06592a",
        "REJECT": "#b0101a",
        "STALE": "#4f5963",
        "WARN": "#5c3a00",
        "ALERT": "#8f0a12",
    },
}

# The tokens are the same objects in every theme: what holds one follows when the theme changes.
GROUND = QColor(_COLOURS[Theme.DARK]["GROUND"])
SURFACE = QColor(_COLOURS[Theme.DARK]["SURFACE"])
RAISED = QColor(_COLOURS[Theme.DARK]["RAISED"])
LINE = QColor(_COLOURS[Theme.DARK]["LINE"])
TEXT = QColor(_COLOURS[Theme.DARK]["TEXT"])
MUTED = QColor(_COLOURS[Theme.DARK]["MUTED"])
FADED = QColor(_COLOURS[Theme.DARK]["FADED"])
"""Of what cannot be touched now."""
PASS = QColor(_COLOURS[Theme.DARK]["PASS"])
REJECT = QColor(_COLOURS[Theme.DARK]["REJECT"])
STALE = QColor(_COLOURS[Theme.DARK]["STALE"])
WARN = QColor(_COLOURS[Theme.DARK]["WARN"])
ALERT = QColor(_COLOURS[Theme.DARK]["ALERT"])
"""Red that is read as text."""
ON_REJECT = QColor("#ffffff")
ON_STALE = QColor("#ffffff")

_TOKENS = {
    "GROUND": GROUND,
    "SURFACE": SURFACE,
    "RAISED": RAISED,
    "LINE": LINE,
    "TEXT": TEXT,
    "MUTED": MUTED,
    "FADED": FADED,
    "PASS": PASS,
    "REJECT": REJECT,
    "STALE": STALE,
    "WARN": WARN,
    "ALERT": ALERT,
}


def use(theme: Theme) -> None:
    """Change all colours. GUI thread; the window draws itself anew afterwards."""
    for name, colour in _COLOURS[theme].items():
        _TOKENS[name].setRgba(QColor(colour).rgba())


NE107 = {
    Health.FAILURE: QColor("#e5262f"),
    Health.CHECK_FUNCTION: QColor("#ff8c1a"),
    Health.OUT_OF_SPECIFICATION: QColor("#ffd400"),
    Health.MAINTENANCE_REQUIRED: QColor("#4b9dff"),
    Health.GOOD: PASS,
}
"""NAMUR NE 107: red, orange, yellow, blue, green."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Sizes in pixels for one window on one screen. ``unit`` is 1 at 1280 x 800, or 800 x 1280.

    ``target`` is the least side of anything that is touched.
    """

    unit: float
    target: int
    portrait: bool = False

    @classmethod
    def of(cls, size: QSize, screen: QScreen | None, dpi: float | None = None) -> Metrics:
        """Scale with the window; touch targets never under 12 mm, as far as the screen knows.

        ``dpi`` is measured with a ruler where the screen's own word is wrong.
        """
        portrait = size.height() > size.width()
        reference = REFERENCE.transposed() if portrait else REFERENCE
        unit = min(size.width() / reference.width(), size.height() / reference.height())
        unit = max(unit, 0.75)
        if dpi is None:
            told = screen.physicalDotsPerInch() if screen is not None else 0.0
            dpi = told if BELIEVED_DPI[0] <= told <= BELIEVED_DPI[1] else UNKNOWN_DPI
        return cls(unit, max(SMALLEST_TARGET_PX, math.ceil(TARGET_MM * dpi / 25.4)), portrait)

    def px(self, at_reference: float) -> int:
        """A length given for 1280 x 800."""
        return round(at_reference * self.unit)


def base_font() -> QFont:
    """The panel's font."""
    font = QFont()
    font.setFamilies(FAMILIES)
    return font


def stylesheet(metrics: Metrics) -> str:
    """Style of the standard widgets; painted widgets take their colours from this module."""
    px, line = metrics.px, max(2, metrics.px(2))
    return f"""
    QWidget {{ color: {TEXT.name()}; font-size: {px(20)}px; }}
    QWidget#screen, QWidget#shell {{ background: {GROUND.name()}; }}
    QWidget#navigation {{ background: {SURFACE.name()}; }}
    QWidget#sheet {{ background: {GROUND.name()}; }}
    QFrame#page {{ background: {SURFACE.name()}; border: {line}px solid {LINE.name()};
        border-radius: {px(6)}px; }}
    QFrame#card {{ background: {SURFACE.name()}; border-radius: {px(6)}px; }}
    QLabel#strong {{ font-size: {px(26)}px; font-weight: 700; }}
    QLabel#strong[faded="true"] {{ color: {MUTED.name()}; }}
    QLabel#title {{ font-size: {px(30)}px; font-weight: 700; }}
    QLabel#big {{ font-size: {px(40)}px; font-weight: 700; }}
    QLabel#small {{ color: {MUTED.name()}; font-size: {px(16)}px; }}
    QLabel#group {{ color: {MUTED.name()}; font-weight: 700; }}
    QLabel[kind="good"] {{ color: {PASS.name()}; }}
    QLabel[kind="bad"] {{ color: {ALERT.name()}; }}
    QLabel#good {{ color: {PASS.name()}; font-weight: 700; }}
    QLabel#good[faulty="true"] {{ color: {ALERT.name()}; }}
    QLabel#bad {{ color: {ALERT.name()}; font-weight: 700; }}
    QLabel#muted {{ color: {MUTED.name()}; }}
    QLabel#station {{ color: {MUTED.name()}; font-size: {px(18)}px; }}
    QLabel#alarm {{ font-size: {px(18)}px; }}
    QLabel#chip {{ border: {line}px solid {LINE.name()}; border-radius: {px(6)}px;
        padding: 0 {px(12)}px; font-weight: 700; }}
    QLabel#chip[slim="true"] {{ font-size: {px(15)}px; padding: {px(2)}px {px(8)}px; }}
    QLabel#chip[kind="demo"] {{ color: {WARN.name()}; border-color: {WARN.name()}; }}
    QLabel#chip[kind="error"] {{ background: {REJECT.name()}; color: {ON_REJECT.name()};
        border-color: {REJECT.name()}; }}
    QLabel#chip[kind="running"] {{ border-color: {MUTED.name()}; }}
    QLabel#chip[kind="unknown"] {{ color: {MUTED.name()}; }}
    QLabel#notice {{ background: {TEXT.name()}; color: {GROUND.name()};
        border-radius: {px(6)}px; padding: {px(12)}px {px(16)}px;
        font-size: {px(22)}px; font-weight: 700; }}
    QPushButton#person {{ font-size: {px(17)}px; padding: 0 {px(8)}px; }}
    QPushButton {{ background: {RAISED.name()}; border: {line}px solid {LINE.name()};
        border-radius: {px(6)}px; min-height: {metrics.target - 2 * line}px;
        min-width: {metrics.target - 2 * line - 2 * px(12)}px; padding: 0 {px(12)}px;
        font-weight: 700; }}
    QPushButton:pressed {{ background: {LINE.name()}; }}
    QPushButton:disabled {{ color: {FADED.name()}; background: transparent;
        border-color: {RAISED.name()}; }}
    QPushButton[primary="true"] {{ background: {TEXT.name()}; color: {GROUND.name()};
        border-color: {TEXT.name()}; }}
    QPushButton[primary="true"]:pressed {{ background: {MUTED.name()}; }}
    QPushButton[dangerous="true"] {{ background: {REJECT.name()}; color: {ON_REJECT.name()};
        border-color: {REJECT.name()}; }}
    QPushButton[dangerous="true"]:disabled, QPushButton[primary="true"]:disabled {{
        color: {FADED.name()}; background: transparent; border-color: {RAISED.name()}; }}
    QPushButton:checked {{ border-color: {TEXT.name()}; }}
    QPushButton#choice {{ font-weight: 400; font-size: {px(18)}px; padding: 0; min-width: 0; }}
    QLabel#fingerprint {{ font-size: {px(44)}px; font-weight: 700; }}
    QLabel#secret {{ font-size: {px(56)}px; font-weight: 700; font-family: "DejaVu Sans Mono"; }}
    QPushButton#quiet {{ background: transparent; border-color: transparent; padding: 0; }}
    QPushButton#quiet:pressed {{ background: {RAISED.name()}; }}
    QPushButton#tile {{ font-size: {px(26)}px; }}
    QFrame#bypass {{ background: {WARN.name()}; border-radius: {px(6)}px; }}
    QFrame#bypass QLabel {{ color: {GROUND.name()}; }}
    QFrame#countdown {{ background: {RAISED.name()}; border: {line}px solid {WARN.name()};
        border-radius: {px(6)}px; }}
    QLabel#loud {{ font-size: {px(24)}px; font-weight: 700; }}
    QLabel[kind="warning"], QLabel#small[kind="warning"] {{
        color: {WARN.name()}; font-weight: 700; }}
    QPushButton#key[primary="true"] {{ font-weight: 700; }}
    QPushButton#key {{ font-weight: 400; font-size: {px(26)}px; padding: 0; min-width: 0; }}
    QPushButton#key:checked {{ background: {TEXT.name()}; color: {GROUND.name()}; }}
    QLineEdit {{ background: {GROUND.name()}; border: {line}px solid {LINE.name()};
        border-radius: {px(6)}px; min-height: {metrics.target - 2 * line}px;
        padding: 0 {px(12)}px; font-size: {px(24)}px; selection-background-color: {LINE.name()}; }}
    QLineEdit:focus {{ border-color: {TEXT.name()}; }}
    """
