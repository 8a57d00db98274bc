"""The panel's tests run without a display, on Qt's offscreen platform."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

if "DISPLAY" not in os.environ:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt6.QtWidgets import QApplication

from inspector.panel.curtain import application
from inspector.panel.translation import Language


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.panel)


@pytest.fixture
def language(qapp: QApplication) -> Iterator[Language]:
    application()
    spoken = Language()
    yield spoken
    spoken.use("en")
