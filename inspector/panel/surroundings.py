"""What every screen is given: the station's news, who to ask, and the window it lives in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from inspector.panel.models.desk import Desk
from inspector.panel.models.panel import PanelModel
from inspector.panel.translation import Language


class AnySheet(Protocol):
    """A sheet that can be laid over a screen: ``inspector.panel.widgets.sheet.Sheet``."""

    def dismiss(self) -> None:
        """Go, as if cancelled."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``model``: what the station says, and who is here. ``desk``: station and office, to ask."""

    model: PanelModel
    desk: Desk
    language: Language
    lay: Callable[[AnySheet], None]
    """Lay a sheet over the screen; the verdict strip stays in sight."""
    say: Callable[[str], None]
    """Say a sentence for some seconds."""
    go: Callable[[str], None]
    """Show another screen, by its key."""
    log_in: Callable[[], None]
    """Ask who it is."""
