"""The screens of the panel, in the order of the navigation: one line each.

A screen is a file here, its model a file in ``inspector.panel.models``. What is not listed is not
shown. It is loaded when it is needed, so that a panel shows the line before it can show trends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from PyQt6.QtCore import QT_TRANSLATE_NOOP

from inspector.panel.surroundings import Surroundings
from inspector.panel.widgets.icons import Icon
from inspector.panel.widgets.live import LiveScreen
from inspector.panel.widgets.screen import Screen


@dataclass(frozen=True, slots=True)
class Entry:
    """A screen. Who may not give the command, or ask the question, ``needs`` finds it locked.

    ``title`` is one short English word, to be translated in the context ``Screens``; a screen
    without one is made at once, and asked.
    """

    key: str
    icon: Icon
    needs: str
    make: Callable[[Surroundings], Screen]
    title: str = ""


def _later(name: str) -> Callable[[Surroundings], Screen]:
    """The screen ``NameScreen`` of the file ``name.py`` in this folder."""

    def make(around: Surroundings) -> Screen:
        module = import_module(f"{__name__}.{name}")
        made: Screen = getattr(module, f"{name.capitalize()}Screen")(around)
        return made

    return make


def _entry(key: str, icon: Icon, needs: str, title: str) -> Entry:
    return Entry(key, icon, needs, _later(key), title)


SCREENS: tuple[Entry, ...] = (
    Entry("live", Icon.LIVE, "", LiveScreen, QT_TRANSLATE_NOOP("Screens", "Live")),
    _entry("review", Icon.REVIEW, "ListParts", QT_TRANSLATE_NOOP("Screens", "Review")),
    _entry("teach", Icon.TEACH, "ListDraft", QT_TRANSLATE_NOOP("Screens", "Teach")),
    _entry("products", Icon.PRODUCTS, "ListTiles", QT_TRANSLATE_NOOP("Screens", "Products")),
    _entry("trends", Icon.TRENDS, "AskTrends", QT_TRANSLATE_NOOP("Screens", "Trends")),
    _entry(
        "calibration", Icon.CALIBRATION, "AskCameras", QT_TRANSLATE_NOOP("Screens", "Calibration")
    ),
    _entry("station", Icon.STATION, "AskVersions", QT_TRANSLATE_NOOP("Screens", "Station")),
    _entry("audit", Icon.AUDIT, "ListActions", QT_TRANSLATE_NOOP("Screens", "Audit")),
    _entry("users", Icon.USERS, "ListUsers", QT_TRANSLATE_NOOP("Screens", "Users")),
)
