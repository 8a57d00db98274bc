"""Fingers on the screen, as Qt tells of them."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPointF, Qt
from PyQt6.QtGui import (
    QEventPoint,
    QInputDevice,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QTouchEvent,
)
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
