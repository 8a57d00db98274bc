"""Long lists are dragged; a touch without dragging reaches what is in them."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inspector.panel.widgets.dragged import Dragged

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def touched(qtbot: QtBot) -> tuple[Dragged, list[int]]:
    heard: list[int] = []
    content = QWidget()
    column = QVBoxLayout(content)
    for number in range(20):
        button = QPushButton(str(number))
        button.setMinimumHeight(64)
        button.clicked.connect(lambda _=False, number=number: heard.append(number))
        column.addWidget(button)
    area = Dragged(content)
    qtbot.addWidget(area)
    area.resize(300, 300)
    with qtbot.waitExposed(area):
        area.show()
    return area, heard


def test_a_finger_drags_and_presses_nothing(
    qtbot: QtBot, touched: tuple[Dragged, list[int]]
) -> None:
    area, heard = touched
    bar = area.verticalScrollBar()
    assert bar is not None
    viewport = area.viewport()
    QTest.mousePress(viewport, LEFT, pos=QPoint(150, 250))  # type: ignore[call-overload]  # static, whatever the stub says
    for y in range(240, 40, -20):
        qtbot.wait(10)
        QTest.mouseMove(viewport, QPoint(150, y))  # type: ignore[call-overload]  # the same
    QTest.mouseRelease(viewport, LEFT, pos=QPoint(150, 50))  # type: ignore[call-overload]  # the same
    qtbot.waitUntil(lambda: bar.value() > 50, timeout=20_000)
    assert heard == []


def test_a_touch_reaches_the_button(qtbot: QtBot, touched: tuple[Dragged, list[int]]) -> None:
    area, heard = touched
    second = next(b for b in area.findChildren(QPushButton) if b.text() == "1")
    QTest.mouseClick(second, LEFT)  # type: ignore[call-overload]  # the same
    qtbot.waitUntil(lambda: heard == [1], timeout=20_000)
