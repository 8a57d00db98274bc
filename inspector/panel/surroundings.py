"""What every screen is given: the station's news, who to ask, and the window it lives in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from inspector.panel.models.desk import Desk
from inspector.panel.models.panel import PanelModel
from inspector.panel.models.signing import Signed
from inspector.panel.translation import Language
from inspector.panel.widgets.sheet import Sheet


class Sign(Protocol):
    """``then`` is called once the station has agreed."""

    def __call__(self, command: Signed, then: Callable[[], object] = ...) -> None:
        """Ask for reason and signatures."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``model``: what the station says, and who is here. ``desk``: station and office, to ask."""

    model: PanelModel
    desk: Desk
    language: Language
    lay: Callable[[Sheet], None]
    """Lay a sheet over the screen; the verdict strip stays in sight."""
    say: Callable[[str], None]
    """Say a sentence for some seconds."""
    go: Callable[[str], None]
    """Show another screen, by its key."""
    log_in: Callable[[], None]
    """Ask who it is."""
    sign: Sign
    """Have a command signed, and sent: give it without reason and signatures."""
