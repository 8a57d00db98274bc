"""The screens of the panel, in the order of the navigation: one line each.

A screen is a file here, its model a file in ``inspector.panel.models``. What is not listed is not
shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspector.panel.screens.audit import AuditScreen
from inspector.panel.screens.calibration import CalibrationScreen
from inspector.panel.screens.products import ProductsScreen
from inspector.panel.screens.review import ReviewScreen
from inspector.panel.screens.station import StationScreen
from inspector.panel.screens.teach import TeachScreen
from inspector.panel.screens.trends import TrendsScreen
from inspector.panel.screens.users import UsersScreen
from inspector.panel.surroundings import Surroundings
from inspector.panel.widgets.icons import Icon
from inspector.panel.widgets.live import LiveScreen
from inspector.panel.widgets.screen import Screen


@dataclass(frozen=True, slots=True)
class Entry:
    """A screen. Who may not give the command, or ask the question, ``needs`` finds it locked."""

    key: str
    icon: Icon
    needs: str
    make: Callable[[Surroundings], Screen]


SCREENS: tuple[Entry, ...] = (
    Entry("live", Icon.LIVE, "", LiveScreen),
    Entry("review", Icon.REVIEW, "ListParts", ReviewScreen),
    Entry("teach", Icon.TEACH, "ListDraft", TeachScreen),
    Entry("products", Icon.PRODUCTS, "ListTiles", ProductsScreen),
    Entry("trends", Icon.TRENDS, "AskTrends", TrendsScreen),
    Entry("calibration", Icon.CALIBRATION, "AskCameras", CalibrationScreen),
    Entry("station", Icon.STATION, "AskVersions", StationScreen),
    Entry("audit", Icon.AUDIT, "ListActions", AuditScreen),
    Entry("users", Icon.USERS, "ListUsers", UsersScreen),
)
