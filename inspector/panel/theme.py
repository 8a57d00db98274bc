"""One grid, two font weights, and colour only where it means something."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
SMALLEST_TARGET_PX = 64
REFERENCE = QSize(1280, 800)

GROUND = QColor("#0d1115")
SURFACE = QColor("#181f26")
RAISED = QColor("#26303a")
LINE = QColor("#46525e")
TEXT = QColor("#f4f7f9")
MUTED = QColor("#b4bfc9")
PASS = QColor("#45d483")
REJECT = QColor("#c8141e")
STALE = QColor("#59636d")
WARN = QColor("#ffc400")

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
    """Sizes in pixels for one window on one screen. ``unit`` is 1 at 1280 x 800."""

    unit: float
    target: int

    @classmethod
    def of(cls, size: QSize, screen: QScreen | None) -> Metrics:
        """Scale with the window; touch targets never under 12 mm, as far as the screen knows."""
        unit = min(size.width() / REFERENCE.width(), size.height() / REFERENCE.height())
        unit = max(unit, 0.75)
        dpi = screen.physicalDotsPerInch() if screen is not None else 0.0
        if not 60 <= dpi <= 400:  # projectors, virtual and remote screens tell nonsense
            dpi = 96.0
        gloved = math.ceil(TARGET_MM * dpi / 25.4)
        return cls(unit, max(SMALLEST_TARGET_PX, gloved, round(SMALLEST_TARGET_PX * unit)))

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
    QWidget#screen {{ background: {GROUND.name()}; }}
    QFrame#card {{ background: {SURFACE.name()}; border-radius: {px(6)}px; }}
    QLabel#strong {{ font-size: {px(26)}px; font-weight: 700; }}
    QLabel#strong[faded="true"] {{ color: {MUTED.name()}; }}
    QLabel#muted {{ color: {MUTED.name()}; }}
    QLabel#station {{ color: {MUTED.name()}; font-size: {px(18)}px; }}
    QLabel#alarm {{ font-size: {px(18)}px; }}
    QLabel#chip {{ border: {line}px solid {LINE.name()}; border-radius: {px(6)}px;
        padding: 0 {px(12)}px; font-weight: 700; }}
    QLabel#chip[kind="demo"] {{ color: {WARN.name()}; border-color: {WARN.name()}; }}
    QLabel#chip[kind="error"] {{ background: {REJECT.name()}; border-color: {REJECT.name()}; }}
    QLabel#chip[kind="running"] {{ border-color: {MUTED.name()}; }}
    QLabel#chip[kind="unknown"] {{ color: {MUTED.name()}; }}
    QLabel#notice {{ background: {TEXT.name()}; color: {GROUND.name()};
        border-radius: {px(6)}px; padding: {px(12)}px {px(16)}px;
        font-size: {px(22)}px; font-weight: 700; }}
    QPushButton {{ background: {RAISED.name()}; border: {line}px solid {LINE.name()};
        border-radius: {px(6)}px; min-height: {metrics.target - 2 * line}px;
        min-width: {metrics.target - 2 * line - 2 * px(12)}px; padding: 0 {px(12)}px;
        font-weight: 700; }}
    QPushButton:pressed {{ background: {LINE.name()}; }}
    QPushButton:disabled {{ color: #76828d; background: {SURFACE.name()};
        border-color: {RAISED.name()}; }}
    QPushButton[primary="true"] {{ background: {TEXT.name()}; color: {GROUND.name()};
        border-color: {TEXT.name()}; }}
    QPushButton[primary="true"]:pressed {{ background: {MUTED.name()}; }}
    QPushButton:checked {{ border-color: {TEXT.name()}; }}
    QPushButton#key {{ font-weight: 400; font-size: {px(26)}px; padding: 0; min-width: 0; }}
    QPushButton#key:checked {{ background: {TEXT.name()}; color: {GROUND.name()}; }}
    QLineEdit {{ background: {GROUND.name()}; border: {line}px solid {LINE.name()};
        border-radius: {px(6)}px; min-height: {metrics.target - 2 * line}px;
        padding: 0 {px(12)}px; font-size: {px(24)}px; selection-background-color: {LINE.name()}; }}
    QLineEdit:focus {{ border-color: {TEXT.name()}; }}
    """
