"""Looks at what is on the screen as a critical person would; each fault is one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPoint, QRect
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QWidget,
)

from inspector.panel import theme
from inspector.panel.translation import Language, sources
from inspector.panel.widgets.view import OVERLAY, ElidedLabel
from tests.panel.stage import SIZES, Stage

CONTRAST = 7.0
_TOUCHED = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@dataclass(frozen=True)
class Fault:
    """What is wrong, with which widget."""

    kind: str
    widget: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.widget}: {self.what}"


def look_everywhere(stage: Stage, language: Language) -> None:
    """Fail with every fault of what is shown: all sizes, both languages, both themes."""
    faults: dict[str, str] = {}
    for look in theme.Theme:
        theme.use(look)
        for code in ("en", "ja"):
            language.use(code)
            for size in SIZES if look is theme.Theme.DARK else [(1280, 800)]:
                stage.resize(*size)
                for fault in _grown(stage.shell, size):
                    faults.setdefault(str(fault), f"{size[0]}x{size[1]} {code} {look}")
                for fault in look_at(stage.shell, SIZES[size], japanese=code == "ja"):
                    faults.setdefault(str(fault), f"{size[0]}x{size[1]} {code} {look}")
    theme.use(theme.Theme.DARK)
    language.use("en")
    assert not faults, "\n".join(f"{where}: {fault}" for fault, where in faults.items())


def look_at(window: QWidget, dpi: float, *, japanese: bool = False) -> list[Fault]:
    """Every fault of what is shown now. ``dpi`` is that of the screen it is meant for."""
    shown = [one for one in window.findChildren(QWidget) if _in_sight(one, window)]
    image = pixels_of(window.grab().toImage())
    least = int(theme.TARGET_MM * dpi / 25.4)
    faults: list[Fault] = []
    for widget in shown:
        faults += _cut(widget)
        faults += _outside(widget)
        faults += _too_small(widget, least)
        faults += _pale(widget, window, image)
        if japanese:
            faults += _untranslated(widget)
    faults += _overlaps(shown)
    return faults


def _grown(window: QWidget, size: tuple[int, int]) -> Iterator[Fault]:
    """A display does not grow: what wants more room is off its edge."""
    if (window.width(), window.height()) != size:
        yield Fault("grown", type(window).__name__, f"to {window.width()}x{window.height()}")


def _in_sight(widget: QWidget, window: QWidget) -> bool:
    if not widget.isVisible() or widget.isWindow() or widget.visibleRegion().isEmpty():
        return False
    return not _covered(widget, window)


def _covered(widget: QWidget, window: QWidget) -> bool:
    """True below a sheet, which hides all that it lies over."""
    middle = widget.mapTo(window, widget.rect().center())
    top = window.childAt(middle)
    while top is not None and top is not window:
        if top.property(OVERLAY):
            return not (top is widget or top.isAncestorOf(widget))
        top = top.parentWidget()
    return False


def _name(widget: QWidget) -> str:
    parents: list[str] = []
    one = widget.parentWidget()
    while one is not None and len(parents) < 2:
        parents.append(type(one).__name__)
        one = one.parentWidget()
    return " < ".join([f"{type(widget).__name__} {_text(widget)[:40]!r}", *parents])


def _text(widget: QWidget) -> str:
    if isinstance(widget, ElidedLabel):
        return widget.whole
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        return widget.text()
    return ""


def _cut(widget: QWidget) -> Iterator[Fault]:
    """Text that does not fit into its place; room holds any padding of the style sheet."""
    text = _text(widget)
    if not text or isinstance(widget, ElidedLabel | QLineEdit):
        return
    room, metrics = widget.contentsRect(), widget.fontMetrics()
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            needed = widget.heightForWidth(widget.width())
            if needed > widget.height() + 2:
                yield Fault("cut", _name(widget), f"{needed} px high in {widget.height()}")
        elif widget.sizeHint().width() > widget.width() + 2:
            yield Fault("cut", _name(widget), f"{widget.sizeHint().width()} px in {room.width()}")
    elif isinstance(widget, QPushButton):
        lines = text.replace("&&", "&").split("\n")
        wide = max(metrics.horizontalAdvance(line) for line in lines)
        wide += widget.iconSize().width() if not widget.icon().isNull() else 0
        if wide > room.width() or len(lines) * metrics.height() > room.height() + 2:
            yield Fault("cut", _name(widget), f"{wide} px in {room.width()} x {room.height()}")


def _outside(widget: QWidget) -> Iterator[Fault]:
    parent = widget.parentWidget()
    if parent is None or _scrolled(widget):
        return
    if not parent.rect().adjusted(-1, -1, 1, 1).contains(widget.geometry()):
        yield Fault("outside", _name(widget), f"{widget.geometry().getRect()} of {parent.size()}")


def _scrolled(widget: QWidget) -> bool:
    one: QWidget | None = widget
    while one is not None:
        if isinstance(one.parentWidget(), QAbstractScrollArea):
            return True
        one = one.parentWidget()
    return False


def _too_small(widget: QWidget, least: int) -> Iterator[Fault]:
    if isinstance(widget, QScrollBar) or not isinstance(widget, _TOUCHED):
        return
    if isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox):
        return
    if widget.isEnabled() and min(widget.width(), widget.height()) < least:
        size = f"{widget.width()} x {widget.height()}"
        yield Fault("small", _name(widget), f"{size} px, 12 mm are {least}")


def _overlaps(shown: list[QWidget]) -> Iterator[Fault]:
    by_parent: dict[int, list[QWidget]] = {}
    for widget in shown:
        if not widget.property(OVERLAY) and widget.parentWidget() is not None:
            by_parent.setdefault(id(widget.parentWidget()), []).append(widget)
    for siblings in by_parent.values():
        for index, one in enumerate(siblings):
            for other in siblings[index + 1 :]:
                both = one.geometry().intersected(other.geometry())
                if both.width() > 1 and both.height() > 1:
                    yield Fault("overlap", _name(one), f"with {_name(other)}")


def _untranslated(widget: QWidget) -> Iterator[Fault]:
    text = _text(widget).strip()
    if text in _english() and not _JAPANESE.search(text):
        yield Fault("untranslated", _name(widget), text)


@cache
def _english() -> frozenset[str]:
    """Sources whose Japanese is another text."""
    found = set()
    for ts in sources("ja"):
        for message in ET.fromstring(ts).iter("message"):
            source, words = message.findtext("source", ""), message.findtext("translation", "")
            if _JAPANESE.search(words):
                found.add(source)
    return frozenset(found)


def _pale(widget: QWidget, window: QWidget, image: NDArray[np.uint8]) -> Iterator[Fault]:
    """Ink too close to its ground; what cannot be touched may be paler."""
    if not isinstance(widget, QLabel | QPushButton) or not _text(widget).strip():
        return
    if not widget.isEnabled() or widget.property("faded"):
        return
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(4, 4, -4, -4)
    rows = slice(max(place.top(), 0), place.bottom(), 2)
    pixels = image[rows, max(place.left(), 0) : place.right() : 2]
    if pixels.size == 0:
        return
    ink = widget.palette().color(widget.foregroundRole())
    inked = float(_luminance(np.array([[ink.red(), ink.green(), ink.blue()]], np.uint8))[0])
    light = _luminance(pixels)
    # Letters may cover more than half of a small label: the ground is on their other side.
    ground = float(np.percentile(light, 25 if inked > np.median(light) else 75))
    dark, bright = sorted((ground, inked))
    found = (bright + 0.05) / (dark + 0.05)
    if found < CONTRAST:
        yield Fault("pale", _name(widget), f"contrast {found:.1f}")


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """uint8[h, w, 3]"""
    whole = image.convertToFormat(QImage.Format.Format_RGB888)
    memory = whole.constBits()
    assert memory is not None
    flat: NDArray[np.uint8] = np.frombuffer(memory.asstring(whole.sizeInBytes()), np.uint8)
    rows = flat.reshape(whole.height(), whole.bytesPerLine())[:, : 3 * whole.width()]
    return rows.reshape(whole.height(), whole.width(), 3)


def _luminance(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Relative luminance (WCAG 2.2)."""
    return np.asarray(_LINEAR[pixels.reshape(-1, 3)] @ np.array([0.2126, 0.7152, 0.0722]))


_LEVELS = np.arange(256) / 255.0
_LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4)
