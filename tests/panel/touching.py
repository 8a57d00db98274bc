"""Fingers on the screen, as Qt tells of them."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import (
    QEventPoint,
    QInputDevice,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QTouchEvent,
)
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget


def touch(kind: QEvent.Type, state: QEventPoint.State, widget: QWidget) -> QTouchEvent:
    """A finger in the middle of a widget."""
    device = QPointingDevice(
        "finger",
        77,
        QInputDevice.DeviceType.TouchScreen,
        QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.Position,
        10,
        0,
        "",
        QPointingDeviceUniqueId(),
    )
    place = QPointF(widget.mapToGlobal(widget.rect().center()))
    point = QEventPoint(0, state, place, place)
    return QTouchEvent(kind, device, Qt.KeyboardModifier.NoModifier, [point])


def drag(widget: QWidget, begin: QPoint, end: QPoint, *, let_go: bool = True) -> None:
    """By the mouse, or what Qt makes of a finger that nobody takes; in four steps."""
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(widget, left, pos=begin)  # type: ignore[call-overload]  # static, whatever the stub says
    for step in range(1, 5):
        at = begin + (end - begin) * step / 4
        QTest.mouseMove(widget, at)  # type: ignore[call-overload]  # static, whatever the stub says
    if let_go:
        QTest.mouseRelease(widget, left, pos=end)  # type: ignore[call-overload]  # static, whatever the stub says
