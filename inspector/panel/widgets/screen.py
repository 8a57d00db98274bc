"""The base of all screens."""

from __future__ import annotations

from PyQt6.QtCore import Qt

from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.view import View


class Screen(View):
    """One place of the panel.

    ``refresh`` shows the model as it is now; connect it to the model's ``changed``. Use ``self.tr``
    in the subclass itself alone: Qt looks words up under the name of the object's class.
    """

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self.around = around
        self.setObjectName("screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def title(self) -> str:
        """Its name in the navigation, where its ``Entry`` has none."""
        return ""

    def enter(self) -> None:
        """It comes into sight: ask for what it shows."""

    def leave(self) -> None:
        """It goes out of sight: stop what only serves the eye."""

    def rescale(self, metrics: Metrics) -> None:
        """The window's size, screen or orientation changed."""
