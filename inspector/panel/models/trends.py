"""The trends screen without its pixels."""

from __future__ import annotations

from enum import IntEnum

from inspector.link.questions.trends import AskTrends, Trends
from inspector.panel.models.desk import Desk
from inspector.panel.models.screen import ScreenModel


class Window(IntEnum):
    """How far to look back, hours."""

    HOUR = 1
    SHIFT = 8
    DAY = 24
    WEEK = 168


class TrendsModel(ScreenModel):
    """Asks anew when the window or the product changes. Qt-free."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.window = Window.SHIFT
        self.product = ""
        self.trends: Trends | None = None

    @property
    def empty(self) -> bool:
        """True when no part was seen in this time."""
        return self.trends is None or not self.trends.groups

    @property
    def outside(self) -> int:
        """Points of the chart beyond their limits."""
        return sum(group.outside for group in self.trends.groups) if self.trends else 0

    @property
    def parts(self) -> tuple[int, int]:
        """Parts, and rejects among them."""
        groups = self.trends.groups if self.trends else ()
        return sum(group.parts for group in groups), sum(group.rejects for group in groups)

    def look_back(self, window: Window) -> None:
        """Another time."""
        self.window = window
        self.reload()

    def enter(self, product: str) -> None:
        """It comes into sight, while this product runs."""
        self.product = product
        self.reload()

    def reload(self) -> None:
        """Ask."""
        self.ask(AskTrends(float(self.window), self.product), self._take)

    def _take(self, trends: Trends) -> None:
        self.trends = trends
